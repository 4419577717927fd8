use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use platform::{
    Context,
    db::{DbError, Tx},
    jobs::{Failure, MAX_ATTEMPTS},
};
use uuid::Uuid;

use super::{reconcile_accounts::Page, reconcile_teams, trouble::ends};
use crate::{
    gateway::{GamePlatform, PlatformError, Platforms},
    model::RosterId,
    rules::{
        plan::hindrance,
        reconcile::sample,
        runs::{RunOutcome, SyncCounts},
    },
    store::{
        compared::{self, ComparedPerson},
        differences::DIFFERENCES,
        reconciliations::{self, ClaimedReconciliation, QUEUE, ReconciliationNumbers},
        sync_people::{self, Coaches},
    },
};

/// The number of competitors whose differences are stored at once.
const PAGE: i64 = 200;

/// A comparison that this worker claimed.
pub(crate) struct Reconciliation<'a> {
    pub(crate) context: &'a Context,
    pub(crate) platforms: &'a Platforms,
    /// The number of competitors who are asked for at once.
    pub(crate) concurrency: usize,
    pub(crate) worker: Uuid,
    pub(crate) claimed: ClaimedReconciliation,
}

/// The clients of a comparison by roster, and the reason why it ends early.
pub(super) struct Clients<'a> {
    run: &'a Reconciliation<'a>,
    pub(super) coaches: Coaches,
    opened: HashMap<Uuid, Result<Arc<dyn GamePlatform>, String>>,
    stopped: Mutex<Option<PlatformError>>,
}

impl<'a> Clients<'a> {
    async fn of(run: &'a Reconciliation<'a>) -> Result<Self, DbError> {
        Ok(Self {
            run,
            coaches: sync_people::coaches(&run.context.db, None).await?,
            opened: HashMap::new(),
            stopped: Mutex::default(),
        })
    }

    /// Returns the client for a roster, or what holds the integration back there.
    pub(super) fn open(&mut self, roster: Uuid) -> Result<Arc<dyn GamePlatform>, String> {
        let (run, coaches) = (self.run, &self.coaches);
        let opened = self.opened.entry(roster).or_insert_with(|| {
            let opened = run.platforms.open(run.context, &coaches.subjects(roster));
            opened.map_err(|error| error.message())
        });
        opened.clone()
    }

    /// Returns whether an earlier answer ends the comparison.
    pub(super) fn is_stopped(&self) -> bool {
        self.stopped().is_some()
    }

    fn stopped(&self) -> Option<PlatformError> {
        let stopped = self.stopped.lock();
        stopped.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends the comparison early if an error concerns everyone.
    pub(super) fn heed(&self, error: &PlatformError) {
        if ends(self.run.context, self.run.platforms, error) {
            let mut stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
            stopped.get_or_insert_with(|| error.clone());
        }
    }
}

impl Reconciliation<'_> {
    /// Compares what is stored with the platform. No transaction is open during calls. The differences of each page of
    /// competitors are stored with the progress, so that an interrupted comparison goes on where it was.
    ///
    /// # Errors
    /// When the database fails: the comparison is then due again.
    pub(crate) async fn execute(&self) -> Result<(), DbError> {
        let tx = self.context.begin().await?;
        reconciliations::start(&tx, self.claimed.id, self.context.now()).await?;
        tx.commit().await?;
        if self.claimed.attempts > MAX_ATTEMPTS {
            return self.finish(RunOutcome::Failure, None).await;
        }
        let scope = self.claimed.scope()?;
        if !self.platforms.is_enabled(self.context) {
            let why = self.platforms.held_back(self.context, &[]);
            return self.finish(RunOutcome::SwitchedOff, why.as_deref()).await;
        }
        let mut clients = Clients::of(self).await?;
        let mut numbers = self.claimed.numbers();
        match scope.sample() {
            None => self.everyone(&mut clients, &mut numbers).await?,
            Some((roster, number)) => {
                self.sampled(&mut clients, &mut numbers, roster, number).await?;
            }
        }
        match clients.stopped() {
            Some(error) => self.finish(outcome(&error), Some(&error.message())).await,
            None => self.finish(RunOutcome::of(&counts(&numbers)), None).await,
        }
    }

    async fn everyone(
        &self,
        clients: &mut Clients<'_>,
        numbers: &mut ReconciliationNumbers,
    ) -> Result<(), DbError> {
        let mut position = self.claimed.position;
        while !clients.is_stopped() {
            let people = compared::people(&self.context.db, position, PAGE).await?;
            let Some(last) = people.last().map(|person| person.id) else {
                break;
            };
            self.page(clients, numbers, people).await?;
            position = Some(last);
        }
        if !clients.is_stopped() {
            reconcile_teams::coaches(self, clients, numbers).await?;
        }
        if !clients.is_stopped() {
            reconcile_teams::memberships(self, clients, numbers).await?;
        }
        Ok(())
    }

    async fn sampled(
        &self,
        clients: &mut Clients<'_>,
        numbers: &mut ReconciliationNumbers,
        roster: Option<RosterId>,
        number: i64,
    ) -> Result<(), DbError> {
        let mut people = compared::on_platform(&self.context.db, roster).await?;
        // Those who must not be asked for would make the sample smaller.
        people.retain(|person| {
            let held = clients.open(person.roster_id).err();
            hindrance(&person.person(held)).is_none()
        });
        let everyone: Vec<Uuid> = people.iter().map(|person| person.id).collect();
        let number = usize::try_from(number).unwrap_or(0);
        let chosen = sample(&everyone, self.claimed.id, number);
        people.retain(|person| chosen.contains(&person.id));
        *numbers = ReconciliationNumbers::default();
        self.page(clients, numbers, people).await
    }

    async fn page(
        &self,
        clients: &mut Clients<'_>,
        numbers: &mut ReconciliationNumbers,
        people: Vec<ComparedPerson>,
    ) -> Result<(), DbError> {
        let position = people.last().map(|person| person.id);
        let page = Page::ask(self, clients, people).await;
        let tx = self.context.begin().await?;
        tx.serialize(DIFFERENCES).await?;
        page.store(self, &tx, numbers).await?;
        self.note(&tx, numbers, position).await?;
        tx.commit().await
    }

    /// Returns the number of requests to the platform so far.
    fn calls(&self) -> i64 {
        self.claimed.calls + self.platforms.calls()
    }

    /// Stores the progress.
    pub(super) async fn note(
        &self,
        tx: &Tx,
        numbers: &ReconciliationNumbers,
        position: Option<Uuid>,
    ) -> Result<(), DbError> {
        let (worker, id) = (self.worker, self.claimed.id);
        reconciliations::note(tx, worker, id, numbers, self.calls(), position).await
    }

    async fn finish(&self, outcome: RunOutcome, why: Option<&str>) -> Result<(), DbError> {
        let (tx, now) = (self.context.begin().await?, self.context.now());
        let (worker, id, calls) = (self.worker, self.claimed.id, self.calls());
        reconciliations::finish(&tx, worker, id, outcome, why, calls, now).await?;
        tx.commit().await?;
        tracing::info!(
            target: "game_platform", comparison = %self.claimed.id, scope = self.claimed.scope,
            outcome = outcome.as_str(), "a comparison with the game platform ended"
        );
        Ok(())
    }

    /// Records that an attempt failed, so that the comparison is due again after a while.
    pub(crate) async fn fail(&self, error: &DbError) -> Result<(), DbError> {
        let failure = Failure::Retry(error.to_string());
        let attempt = (self.claimed.id, self.claimed.attempts);
        QUEUE.record_failure(self.context, self.worker, attempt, &failure).await
    }
}

fn outcome(error: &PlatformError) -> RunOutcome {
    match error {
        PlatformError::Rejected => RunOutcome::Rejected,
        PlatformError::SwitchedOff(_) => RunOutcome::SwitchedOff,
        _ => RunOutcome::EndedEarly,
    }
}

fn counts(numbers: &ReconciliationNumbers) -> SyncCounts {
    SyncCounts {
        total: numbers.competitors + numbers.skipped + numbers.failed,
        synced: numbers.competitors,
        skipped: numbers.skipped,
        failed: numbers.failed,
    }
}
