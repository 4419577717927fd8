use kernel::counted;
use platform::{
    Context,
    crypto::CryptoError,
    db::{DbError, code},
    jobs::Failure,
};
use uuid::Uuid;

use super::ring;
use crate::{
    gateway::{BoardError, Boards, OpenBoard},
    model::BoardService,
    reads,
    rules::board_exports::{CardChange, ExportPlan, ShownTask, WantedCard, mark, plan},
    store::exports::{self, ClaimedExport, QUEUE},
};

/// An export that a worker runs.
#[derive(Debug)]
pub(crate) struct ExportRun<'a> {
    pub(crate) context: &'a Context,
    pub(crate) worker: Uuid,
    /// The claimed row.
    pub(crate) claimed: ClaimedExport,
    /// The address of this server; empty if it is not configured.
    pub(crate) address: &'a str,
}

/// The reason why a board was not exported.
enum ExportError {
    Database(DbError),
    Board(BoardError),
    /// The team disconnected, or the hackathon or team is gone.
    Ended,
}

impl From<DbError> for ExportError {
    fn from(error: DbError) -> Self {
        Self::Database(error)
    }
}

impl From<BoardError> for ExportError {
    fn from(error: BoardError) -> Self {
        Self::Board(error)
    }
}

impl From<CryptoError> for ExportError {
    fn from(_: CryptoError) -> Self {
        let said = "The credentials can no longer be read. Connect the board again.";
        Self::Board(BoardError::Refused(said.to_owned()))
    }
}

impl ExportRun<'_> {
    /// Exports the board and records the result. A failure that passes is recorded in the queue, which tries again.
    ///
    /// # Errors
    /// When the database fails while the result is recorded.
    pub(crate) async fn run(&self, boards: &Boards) -> Result<(), DbError> {
        let failure = match self.export(boards).await {
            Ok(outcome) => return self.end(&outcome).await,
            Err(ExportError::Ended) => return self.end("nothing to export").await,
            Err(ExportError::Board(error)) => match error.failure() {
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
        let (tx, now) = (self.context.begin().await?, self.context.now());
        QUEUE.fail_or_wait(&tx, self.worker, attempt, &failure, now).await?;
        tx.commit().await
    }

    async fn end(&self, outcome: &str) -> Result<(), DbError> {
        let (tx, now) = (self.context.begin().await?, self.context.now());
        exports::end(&tx, self.worker, &self.claimed, outcome, now).await?;
        tx.commit().await
    }

    fn service(&self) -> Result<BoardService, DbError> {
        code("board_exports.service", &self.claimed.service, BoardService::named)
    }

    async fn export(&self, boards: &Boards) -> Result<String, ExportError> {
        let sealed = self.claimed.credentials_secret.as_ref();
        let sealed = sealed.ok_or(ExportError::Ended)?;
        let secret = ring(self.context).map_err(ExportError::from)?.open(sealed)?;
        let secret = String::from_utf8_lossy(&secret).into_owned();
        let board = boards.open(self.context, self.service()?, &secret, &self.claimed.board);
        let board = board.await?;
        let wanted = self.wanted(&*board).await?;
        let cards = board.cards().await?;
        let recorded = reads::board_cards(&self.context.db, self.claimed.id).await?;
        let plan = plan(self.claimed.team_id, wanted, &cards, &recorded);
        self.apply(&*board, plan).await
    }

    /// Returns the cards that the tasks of the team have.
    async fn wanted(&self, board: &dyn OpenBoard) -> Result<Vec<WantedCard>, ExportError> {
        let db = &self.context.db;
        let team = reads::team(db, self.claimed.team_id.into()).await?;
        let team = team.ok_or(ExportError::Ended)?;
        let hackathon = reads::hackathon_by_id(db, team.hackathon_id.into()).await?;
        let hackathon = hackathon.ok_or(ExportError::Ended)?;
        let address = format!("{}/hackathons/{}/board", self.address, hackathon.slug);
        let tasks = reads::tasks(db, team.key()).await?;
        let wanted = tasks.iter().map(|task| {
            let shown = ShownTask {
                title: &task.title,
                assignee: task.assignee.as_deref(),
                due_on: task.due_on.as_deref(),
                state: task.state,
                link: format!("{address}{}", mark(team.id, task.id)),
            };
            WantedCard { task: task.id, fields: board.fields(&shown) }
        });
        Ok(wanted.collect())
    }

    async fn apply(&self, board: &dyn OpenBoard, plan: ExportPlan) -> Result<String, ExportError> {
        for (task, card) in &plan.found {
            self.record(*task, card).await?;
        }
        let (mut added, mut changed, mut archived) = (0, 0, 0);
        for change in &plan.changes {
            match change {
                CardChange::Create(wanted) => {
                    let card = board.create(&wanted.fields).await?;
                    self.record(wanted.task, &card).await?;
                    added += 1;
                }
                CardChange::Update(card, fields) => {
                    board.update(card, fields).await?;
                    changed += 1;
                }
                CardChange::Archive(card) => {
                    board.archive(card).await?;
                    archived += 1;
                }
            }
        }
        let (one, more) = self.service()?.cards();
        let added = counted(added, one, more);
        Ok(format!("{added} added, {changed} changed, {archived} archived."))
    }

    async fn record(&self, task: Uuid, card: &str) -> Result<(), ExportError> {
        let (tx, now) = (self.context.begin().await?, self.context.now());
        let row = self.context.ids.next();
        if exports::record(&tx, row, self.claimed.id, task, card, now).await? {
            Ok(tx.commit().await?)
        } else {
            Err(ExportError::Ended)
        }
    }
}
