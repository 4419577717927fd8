use futures_util::{StreamExt as _, future::BoxFuture, stream};
use kernel::Timestamp;
use platform::db::{DbError, Tx};
use uuid::Uuid;

use super::reconcile::{Clients, Reconciliation};
use crate::{
    gateway::{GamePlatform, OdlScores, PlatformError, PlatformUser},
    rules::{
        plan::{Skip, hindrance},
        reconcile::{
            AccountThere, DifferenceSubject, FoundDifference, ResultsThere, account, results,
        },
        reconcile_kinds::DifferenceKind,
    },
    store::{
        compared::{self, ComparedPerson, StoredFacts},
        differences,
        reconciliations::ReconciliationNumbers,
    },
};

/// The platform's answers about a competitor.
struct ComparedAnswers {
    competitor: Uuid,
    asked_at: Timestamp,
    account: Option<AccountThere>,
    /// The results, unless the platform did not answer, or does not know the account.
    results: Option<Result<ResultsThere, PlatformError>>,
}

/// The reason that there are no answers about a competitor.
enum MissingAnswers {
    /// The roster left the rollout since the comparison began.
    HeldBack,
    Failed,
}

/// Competitors whose answers are compared at once.
#[derive(Default)]
pub(super) struct Page {
    answers: Vec<ComparedAnswers>,
    /// Competitors who must not be asked for, so that nothing differs.
    resting: Vec<Uuid>,
    /// The number of competitors who were left out, also by the rollout.
    skipped: i64,
    failed: i64,
}

impl Page {
    /// Asks for competitors. Those for whom the platform does not answer keep their differences.
    pub(super) async fn ask(
        run: &Reconciliation<'_>,
        clients: &mut Clients<'_>,
        people: Vec<ComparedPerson>,
    ) -> Self {
        let mut page = Self::default();
        let mut asked = Vec::new();
        for person in people {
            let opened = clients.open(person.roster_id);
            match (hindrance(&person.person(opened.clone().err())), opened) {
                (None, Ok(client)) => asked.push((person, client)),
                (Some(Skip::HeldBack(_)) | None, _) => page.skipped += 1,
                (Some(_), _) => {
                    page.skipped += 1;
                    page.resting.push(person.id);
                }
            }
        }
        let clients = &*clients;
        let mut work: Vec<BoxFuture<'_, Result<ComparedAnswers, MissingAnswers>>> =
            Vec::with_capacity(asked.len());
        for (person, client) in &asked {
            work.push(Box::pin(one(run, clients, person, &**client)));
        }
        let mut done = stream::iter(work).buffer_unordered(run.concurrency.max(1));
        while let Some(answers) = done.next().await {
            match answers {
                Ok(answers) => page.answers.push(answers),
                Err(MissingAnswers::HeldBack) => page.skipped += 1,
                Err(MissingAnswers::Failed) => page.failed += 1,
            }
        }
        page
    }

    /// Compares the answers with what is stored now, and stores the differences.
    pub(super) async fn store(
        &self,
        run: &Reconciliation<'_>,
        tx: &Tx,
        numbers: &mut ReconciliationNumbers,
    ) -> Result<(), DbError> {
        let ids: Vec<Uuid> = self.answers.iter().map(|it| it.competitor).collect();
        let stored = compared::facts(tx, &ids).await?;
        let (mut found, mut accounts, mut totals) =
            (Vec::new(), self.resting.clone(), self.resting.clone());
        for answers in &self.answers {
            let Some(facts) = stored.get(&answers.competitor) else {
                continue;
            };
            accounts.push(answers.competitor);
            let own = account(&facts.account(), answers.account.as_ref());
            found.extend(own.map(|finding| answers.about(finding)));
            if let Some(compared) = answers.compare_results(facts) {
                totals.push(answers.competitor);
                found.extend(compared.map(|finding| answers.about(finding)));
            }
        }
        let (id, now) = (run.claimed.id, run.context.now());
        differences::upsert(tx, run.context, id, &found).await?;
        let kinds = &DifferenceKind::ACCOUNTS;
        differences::resolve_of(tx, id, &accounts, kinds, now).await?;
        let kinds = &[DifferenceKind::Totals];
        differences::resolve_of(tx, id, &totals, kinds, now).await?;
        numbers.competitors += count(self.answers.len());
        numbers.skipped += self.skipped;
        numbers.failed += self.failed;
        numbers.differences += count(found.len());
        Ok(())
    }
}

impl ComparedAnswers {
    fn about(&self, finding: FoundDifference) -> (DifferenceSubject, FoundDifference) {
        (DifferenceSubject::Competitor(self.competitor.into()), finding)
    }

    /// Compares the results; `None` if they are unknown, or a sync asked for them at the same time.
    fn compare_results(&self, facts: &StoredFacts) -> Option<Option<FoundDifference>> {
        match &self.results {
            None => Some(None),
            Some(Err(_)) => None,
            Some(Ok(_)) if facts.last_attempt_at >= Some(self.asked_at) => None,
            Some(Ok(there)) => Some(results(&facts.results(), there)),
        }
    }
}

/// Asks for one competitor.
async fn one(
    run: &Reconciliation<'_>,
    clients: &Clients<'_>,
    person: &ComparedPerson,
    client: &dyn GamePlatform,
) -> Result<ComparedAnswers, MissingAnswers> {
    if clients.is_stopped() {
        return Err(MissingAnswers::Failed);
    }
    let known = person.game_platform_id.clone();
    let id = known.clone().unwrap_or_else(|| client.id_of(person.id));
    let asked_at = run.context.now();
    let account = match client.user(&id).await {
        Ok(account) => account.map(account_there),
        Err(error) => {
            clients.heed(&error);
            let is_off = matches!(error, PlatformError::SwitchedOff(_));
            return Err(if is_off && !clients.is_stopped() {
                MissingAnswers::HeldBack
            } else {
                MissingAnswers::Failed
            });
        }
    };
    let results = match (&account, known) {
        (Some(_), Some(id)) => {
            let scores = client.odl_scores(&id, None).await;
            Some(scores.map(|scores| results_there(&scores)))
        }
        _ => None,
    };
    if let Some(Err(error)) = &results {
        clients.heed(error);
    }
    Ok(ComparedAnswers { competitor: person.id, asked_at, account, results })
}

/// Returns an account as the rules compare it.
pub(super) fn account_there(user: PlatformUser) -> AccountThere {
    AccountThere { number: user.metactf_user_id, username: user.username, status: user.status }
}

/// Returns results as the rules compare them.
fn results_there(scores: &OdlScores) -> ResultsThere {
    let solves = scores.solves.iter();
    ResultsThere {
        totals: (scores.total_solved, scores.total_points),
        solves: solves.map(|solve| (solve.solved_at, solve.points)).collect(),
    }
}

pub(super) fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
