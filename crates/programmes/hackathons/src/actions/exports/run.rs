use std::collections::BTreeMap;

use kernel::counted;
use platform::{Context, crypto::CryptoError, db::DbError, jobs::Failure};
use uuid::Uuid;

use super::ring;
use crate::{
    gateway::{Trello, TrelloAccess, TrelloError},
    model::TaskState,
    reads,
    rules::trello::{Change, Plan, Shown, Wanted, plan},
    store::exports::{self, Claimed, QUEUE},
};

/// An export that a worker runs.
#[derive(Debug)]
pub(crate) struct ExportRun<'a> {
    /// The context of the work.
    pub(crate) context: &'a Context,
    /// The worker.
    pub(crate) worker: Uuid,
    /// The claimed row.
    pub(crate) claimed: Claimed,
    /// The address of this server; empty if it is not configured.
    pub(crate) address: &'a str,
}

/// The reason why a board was not exported.
enum ExportError {
    Database(DbError),
    Trello(TrelloError),
    /// The team disconnected, or the hackathon or team is gone.
    Ended,
}

impl From<DbError> for ExportError {
    fn from(error: DbError) -> Self {
        Self::Database(error)
    }
}

impl From<TrelloError> for ExportError {
    fn from(error: TrelloError) -> Self {
        Self::Trello(error)
    }
}

impl From<CryptoError> for ExportError {
    fn from(_: CryptoError) -> Self {
        Self::Trello(TrelloError::Rejected)
    }
}

impl ExportRun<'_> {
    /// Exports the board and records the result. A failure that passes is recorded in the queue, which tries again.
    ///
    /// # Errors
    /// When the database fails while the result is recorded.
    pub(crate) async fn run(&self, trello: &Trello) -> Result<(), DbError> {
        let failure = match self.export(trello).await {
            Ok(outcome) => return self.end(&outcome).await,
            Err(ExportError::Ended) => return self.end("nothing to export").await,
            Err(ExportError::Trello(error)) => match error.failure() {
                Some(failure) => failure,
                // Only the team can change this.
                None => return self.end(&error.to_string()).await,
            },
            Err(ExportError::Database(error)) => {
                tracing::error!(%error, "a board could not be exported");
                Failure::Retry("The database failed. The server tries again.".to_owned())
            }
        };
        let attempt = (self.claimed.id, self.claimed.attempts);
        let (context, worker) = (self.context, self.worker);
        QUEUE
            .record_failure(context, worker, attempt, &failure)
            .await
    }

    async fn end(&self, outcome: &str) -> Result<(), DbError> {
        let (tx, now) = (self.context.begin().await?, self.context.now());
        let by = (self.worker, &self.claimed);
        exports::end(&tx, by, outcome, now).await?;
        tx.commit().await
    }

    async fn export(&self, trello: &Trello) -> Result<String, ExportError> {
        let sealed = self.claimed.credentials_secret.as_ref();
        let sealed = sealed.ok_or(ExportError::Ended)?;
        let secret = ring(self.context)
            .map_err(ExportError::from)?
            .open(sealed)?;
        let secret = String::from_utf8_lossy(&secret).into_owned();
        let access = TrelloAccess::new(self.context, &secret)?;
        let wanted = self.wanted().await?;
        let board = &self.claimed.board;
        let lists = self.lists(trello, &access).await?;
        let cards = trello.cards(&access, board).await?;
        let recorded = reads::board_cards(&self.context.db, self.claimed.id).await?;
        let team = self.claimed.team_id;
        let plan = plan(team, wanted, &cards, &recorded, &lists);
        self.apply((trello, &access), plan, &lists).await
    }

    /// Returns the cards that the tasks of the team have.
    async fn wanted(&self) -> Result<Vec<Wanted>, ExportError> {
        let db = &self.context.db;
        let team = reads::team(db, self.claimed.team_id.into()).await?;
        let team = team.ok_or(ExportError::Ended)?;
        let hackathon = reads::hackathon_by_id(db, team.hackathon_id.into()).await?;
        let hackathon = hackathon.ok_or(ExportError::Ended)?;
        let board = format!("{}/hackathons/{}/board", self.address, hackathon.slug);
        let tasks = reads::tasks(db, team.key()).await?;
        let wanted = tasks.iter().map(|task| {
            let shown = Shown {
                task: task.id,
                team: team.id,
                title: &task.title,
                assignee: task.assignee.as_deref(),
                due_on: task.due_on.as_deref(),
                state: task.state(),
            };
            Wanted::of(shown, &board)
        });
        Ok(wanted.collect())
    }

    /// Returns the IDs of the lists by state. Those that the board lacks are created.
    async fn lists(
        &self,
        trello: &Trello,
        access: &TrelloAccess<'_>,
    ) -> Result<BTreeMap<TaskState, String>, ExportError> {
        let board = &self.claimed.board;
        let found = trello.lists(access, board).await?;
        let mut lists = BTreeMap::new();
        for state in TaskState::ALL {
            let own = found.iter().find(|list| list.name == state.heading());
            let id = match own {
                Some(own) => own.id.clone(),
                None => trello.create_list(access, board, state.heading()).await?,
            };
            lists.insert(*state, id);
        }
        Ok(lists)
    }

    async fn apply(
        &self,
        (trello, access): (&Trello, &TrelloAccess<'_>),
        plan: Plan,
        lists: &BTreeMap<TaskState, String>,
    ) -> Result<String, ExportError> {
        for (task, card) in &plan.found {
            self.record(*task, card).await?;
        }
        let (mut added, mut changed, mut archived) = (0, 0, 0);
        for change in &plan.changes {
            match change {
                Change::Create(wanted) => {
                    let card = trello.create_card(access, wanted, lists).await?;
                    self.record(wanted.task, &card).await?;
                    added += 1;
                }
                Change::Update(card, wanted) => {
                    trello.update_card(access, card, wanted, lists).await?;
                    changed += 1;
                }
                Change::Archive(card) => {
                    trello.archive_card(access, card).await?;
                    archived += 1;
                }
            }
        }
        let added = counted(added, "card", "cards");
        Ok(format!(
            "{added} added, {changed} changed, {archived} archived."
        ))
    }

    async fn record(&self, task: Uuid, card: &str) -> Result<(), ExportError> {
        let (tx, now) = (self.context.begin().await?, self.context.now());
        let row = (self.context.ids.next(), self.claimed.id);
        match exports::record(&tx, row, (task, card), now).await? {
            true => Ok(tx.commit().await?),
            false => Err(ExportError::Ended),
        }
    }
}
