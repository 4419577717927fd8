use std::{collections::HashMap, sync::Arc, time::Instant};

use futures_util::future::BoxFuture;
use platform::{
    Context,
    db::DbError,
    jobs::{Failure, MAX_ATTEMPTS},
};
use uuid::Uuid;

use super::{
    brake::{Brake, PendingWork, at_once},
    measure_pending::measure_pending,
    onboard::{self, NO_COACH},
    refresh_coaches,
    request_sync::RUNS,
    run_teams,
    sync_competitor::{CompetitorOutcome, CompetitorSync},
    sync_tally::RunProgress,
    trouble::{SyncTrouble, ends, is_unasked, stops},
};
use crate::{
    gateway::{FlashEvent, GamePlatform, PlatformError, Platforms},
    model::MILESTONES,
    rules::{
        merge::event_id,
        plan::{self, hindrance},
        runs::{RunOutcome, RunScope},
    },
    store::{
        events, milestones,
        runs::{self, ClaimedRun, QUEUE, RunFailure},
        sync_people::{self, Candidate, Coaches},
    },
    telemetry::SYNCS,
};

/// How long a run waits that another one precedes.
const WAIT: std::time::Duration = std::time::Duration::from_secs(2);

/// The number of competitors whose totals one run reads.
const TOTALS: i64 = 100;

/// A run that this worker claimed.
pub(crate) struct Run<'a> {
    pub(crate) context: &'a Context,
    pub(crate) platforms: &'a Platforms,
    /// The number of competitors who are asked for at once.
    pub(crate) concurrency: usize,
    pub(crate) worker: Uuid,
    pub(crate) claimed: ClaimedRun,
}

type OpenedPlatform = Result<Arc<dyn GamePlatform>, String>;
type EventAnswer = Result<Vec<FlashEvent>, PlatformError>;

/// Facts that a run reads before it asks.
pub(super) struct Plan {
    pub(super) scope: RunScope,
    pub(super) coaches: Coaches,
    /// The clients by roster, or what holds the integration back there.
    clients: HashMap<Uuid, OpenedPlatform>,
    /// The coaches' IDs on the platform by coach, or why there is none.
    coach_ids: HashMap<Uuid, Result<String, String>>,
    people: Vec<Candidate>,
    /// Answers of those who were asked first.
    first: HashMap<Uuid, EventAnswer>,
    /// True if everyone is asked for results in events.
    is_open: bool,
}

impl Plan {
    pub(super) fn client(&mut self, run: &Run<'_>, roster: Uuid) -> OpenedPlatform {
        let opened = self.clients.entry(roster).or_insert_with(|| {
            let opened = run.platforms.open(run.context, &self.coaches.subjects(roster));
            opened.map_err(|error| error.message())
        });
        opened.clone()
    }

    pub(super) fn known_client(&self, roster: Uuid) -> Option<&Arc<dyn GamePlatform>> {
        self.clients.get(&roster)?.as_ref().ok()
    }

    /// Returns the ID on the platform of the coach who is responsible for a roster, or why there is none.
    pub(super) fn coach_id(&self, roster: Uuid) -> Result<String, String> {
        let coach = self.coaches.responsible(roster);
        let coach = coach.ok_or_else(|| NO_COACH.to_owned())?;
        match (&coach.game_platform_id, self.coach_ids.get(&coach.coach_id)) {
            (Some(id), _) => Ok(id.clone()),
            (None, Some(known)) => known.clone(),
            (None, None) => Err(NO_COACH.to_owned()),
        }
    }
}

impl Run<'_> {
    /// Does the run, unless another one is running. No transaction is open during calls.
    ///
    /// # Errors
    /// When the database fails: the run is then due again, and goes on where it was.
    pub(crate) fn execute(&self) -> BoxFuture<'_, Result<(), DbError>> {
        Box::pin(self.steps())
    }

    async fn steps(&self) -> Result<(), DbError> {
        let began = Instant::now();
        if !self.start().await? {
            return Ok(());
        }
        if self.claimed.attempts > MAX_ATTEMPTS {
            // Each attempt ended the process.
            return self.finish(RunOutcome::Failure, began).await;
        }
        let scope = self.claimed.scope()?;
        if !self.platforms.is_enabled(self.context) {
            return self.finish(RunOutcome::SwitchedOff, began).await;
        }
        let (tally, brake) = (RunProgress::new(self), Brake::default());
        let work = self.work(scope, &tally, &brake);
        // Both are polled: on SQLite, storing the progress waits for the transactions of the work.
        tokio::select! {
            biased;
            done = work => done?,
            lost = tally.follow() => return lost,
        }
        tally.flush().await?;
        let outcome = brake.outcome();
        let outcome = outcome.unwrap_or_else(|| RunOutcome::of(&tally.competitors()));
        self.finish(outcome, began).await
    }

    async fn start(&self) -> Result<bool, DbError> {
        let (tx, id, now) = (self.context.begin().await?, self.claimed.id, self.context.now());
        tx.serialize(RUNS).await?;
        let is_started = runs::start(&tx, self.worker, id, now).await?;
        if !is_started {
            runs::wait(&tx, self.worker, id, now + WAIT).await?;
        }
        tx.commit().await?;
        Ok(is_started)
    }

    async fn finish(&self, outcome: RunOutcome, began: Instant) -> Result<(), DbError> {
        let (mut tx, now) = (self.context.begin().await?, self.context.now());
        let started = self.claimed.started_at.unwrap_or(now);
        let own = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
        let lasted = (now - started).num_milliseconds().max(own);
        runs::finish(&tx, self.worker, self.claimed.id, outcome, lasted, now).await?;
        let rosters = milestones::rosters(&tx).await?;
        tx.wake(MILESTONES, rosters, self.context.ids.as_ref(), now).await?;
        tx.commit().await?;
        SYNCS.record(&[outcome.as_str()], began.elapsed());
        measure_pending(self.context, self.platforms).await?;
        tracing::info!(
            target: "game_platform", run = %self.claimed.id, scope = self.claimed.scope,
            outcome = outcome.as_str(), milliseconds = lasted, "a sync run ended"
        );
        Ok(())
    }

    /// Records that an attempt failed, so that the run is due again after a while.
    pub(crate) async fn fail(&self, error: &DbError) -> Result<(), DbError> {
        let (tx, now) = (self.context.begin().await?, self.context.now());
        let failure = Failure::Retry(error.to_string());
        let attempt = (self.claimed.id, self.claimed.attempts);
        QUEUE.fail(&tx, self.worker, attempt, &failure, now).await?;
        runs::bury(&tx, now).await?;
        tx.commit().await
    }

    fn work<'a>(
        &'a self,
        scope: RunScope,
        tally: &'a RunProgress<'a>,
        brake: &'a Brake,
    ) -> BoxFuture<'a, Result<(), DbError>> {
        Box::pin(self.ask(scope, tally, brake))
    }

    async fn ask(
        &self,
        scope: RunScope,
        tally: &RunProgress<'_>,
        brake: &Brake,
    ) -> Result<(), DbError> {
        let mut plan = self.plan(scope, tally).await?;
        self.coaches_first(&mut plan, brake).await?;
        self.sentinels_first(&mut plan, brake).await?;
        let people = plan.people.iter();
        let work: PendingWork<'_> =
            Box::new(people.map(|person| self.noted(&plan, person, tally, brake)));
        at_once(work, self.concurrency).await?;
        if scope == RunScope::All {
            refresh_coaches::refresh(
                self.context,
                self.platforms,
                self.concurrency,
                &plan.coaches,
                brake,
            )
            .await?;
        }
        run_teams::send(self, &plan, tally, brake).await
    }

    fn noted<'a>(
        &'a self,
        plan: &'a Plan,
        person: &'a Candidate,
        tally: &'a RunProgress<'a>,
        brake: &'a Brake,
    ) -> BoxFuture<'a, Result<(), DbError>> {
        Box::pin(async move {
            tally.note(self.one(plan, person, brake).await?);
            Ok(())
        })
    }

    /// Finds the competitors, and leaves out those who must not be asked for and those of before an interruption.
    async fn plan(&self, scope: RunScope, tally: &RunProgress<'_>) -> Result<Plan, DbError> {
        let db = &self.context.db;
        let mut plan = Plan {
            scope,
            coaches: sync_people::coaches(db, None).await?,
            clients: HashMap::new(),
            coach_ids: HashMap::new(),
            people: Vec::new(),
            first: HashMap::new(),
            is_open: plan::is_open(events::latest_start(db).await?, self.context.now()),
        };
        let found = sync_people::candidates(db, scope).await?;
        let started = self.claimed.started_at;
        // Those who could not be put on the platform have no attempt, only a failure.
        let failed = runs::failed(db, self.claimed.id).await?;
        let is_done = |person: &Candidate| {
            let is_asked = started.is_some_and(|at| person.last_attempt_at >= Some(at));
            is_asked || failed.contains(&person.id)
        };
        let (done, found): (Vec<_>, Vec<_>) = found.into_iter().partition(is_done);
        let mut skipped = 0;
        for person in found {
            let held = plan.client(self, person.roster_id).err();
            match hindrance(&person.person(held)) {
                Some(_) => skipped += 1,
                None => plan.people.push(person),
            }
        }
        if scope == RunScope::Totals {
            // Those who are held back must not displace others.
            skipped = 0;
            let before = self.claimed.counts().done();
            let left = usize::try_from(TOTALS - before).unwrap_or(0);
            plan.people.truncate(left);
        }
        tally.begin(done.len(), skipped, plan.people.len(), failed.len());
        Ok(plan)
    }

    /// Puts coaches on the platform whose competitors are to follow.
    async fn coaches_first(&self, plan: &mut Plan, brake: &Brake) -> Result<(), DbError> {
        let new = plan.people.iter().filter(|person| person.game_platform_id.is_none());
        let mut rosters: Vec<Uuid> = new.map(|person| person.roster_id).collect();
        rosters.extend(run_teams::rosters(self.context, plan.scope).await?);
        rosters.sort_unstable();
        rosters.dedup();
        for roster in rosters {
            let Ok(client) = plan.client(self, roster) else {
                continue;
            };
            let Some(coach) = plan.coaches.responsible(roster) else {
                continue;
            };
            let id = coach.coach_id;
            if brake.is_on() || coach.game_platform_id.is_some() || plan.coach_ids.contains_key(&id)
            {
                continue;
            }
            let added = match onboard::onboard_coach(self.context, &*client, coach).await {
                Ok(id) => Ok(id),
                Err(SyncTrouble::Db(error)) => return Err(error),
                Err(SyncTrouble::Platform(error @ PlatformError::SwitchedOff(_)))
                    if !self.ends(&error) =>
                {
                    plan.clients.insert(roster, Err(error.message()));
                    continue;
                }
                Err(trouble) => {
                    let said = trouble.to_string();
                    if let SyncTrouble::Platform(error) = trouble
                        && self.ends(&error)
                    {
                        brake.pull(error);
                    }
                    Err(said)
                }
            };
            plan.coach_ids.insert(id, added);
        }
        Ok(())
    }

    /// Asks the latest entrants of events whether there is a new one, unless everyone is asked anyway.
    async fn sentinels_first(&self, plan: &mut Plan, brake: &Brake) -> Result<(), DbError> {
        let now = self.context.now();
        let there = |person: &&Candidate| person.game_platform_id.is_some();
        let people: Vec<&Candidate> = plan.people.iter().filter(there).collect();
        let known: Vec<plan::LastAnswers> = people.iter().map(|person| person.known()).collect();
        let is_quiet = |known: &plan::LastAnswers| !plan::flash(known, false, now);
        if plan.is_open || !known.iter().any(is_quiet) {
            return Ok(());
        }
        let (mut first, mut is_open) = (HashMap::new(), false);
        for place in plan::sentinels(&known) {
            let Some(person) = people.get(place) else {
                break;
            };
            let Some(subject) = self.subject(plan, person) else {
                continue;
            };
            if brake.is_on() {
                break;
            }
            let answer = subject.events().await;
            if let Ok(found) = &answer {
                is_open = self.has_new_event(subject.user, found).await?;
                first.insert(person.id, answer);
                break;
            }
        }
        plan.first = first;
        plan.is_open = is_open;
        Ok(())
    }

    async fn has_new_event(&self, user: &str, found: &[FlashEvent]) -> Result<bool, DbError> {
        let stored = events::stored(&self.context.db, user).await?;
        let is_new = |event: &FlashEvent| {
            let id = event_id(&event.name, event.started_at);
            !stored.iter().any(|stored| stored.facts.event_id == id)
        };
        Ok(found.iter().any(is_new))
    }

    fn subject<'a>(&'a self, plan: &'a Plan, person: &'a Candidate) -> Option<CompetitorSync<'a>> {
        Some(CompetitorSync {
            context: self.context,
            platforms: self.platforms,
            platform: &**plan.known_client(person.roster_id)?,
            candidate: person,
            user: person.game_platform_id.as_deref()?,
            run: self.claimed.id,
        })
    }

    /// Puts one competitor on the platform if they are not there, and asks for what is new about them.
    async fn one(
        &self,
        plan: &Plan,
        person: &Candidate,
        brake: &Brake,
    ) -> Result<Option<CompetitorOutcome>, DbError> {
        if brake.is_on() {
            return Ok(None);
        }
        let Some(client) = plan.known_client(person.roster_id) else {
            // The roster left the rollout since the run began.
            return Ok(Some(CompetitorOutcome::Skipped));
        };
        let (user, is_new) = match &person.game_platform_id {
            Some(user) => (user.clone(), false),
            None => match self.add(plan, person, &**client).await? {
                Ok(user) => (user, true),
                Err(done) => return Ok(self.heed(done, brake)),
            },
        };
        let subject = CompetitorSync {
            context: self.context,
            platforms: self.platforms,
            platform: &**client,
            candidate: person,
            user: &user,
            run: self.claimed.id,
        };
        let first = plan.first.get(&person.id).cloned();
        let asks_events = plan::flash(&person.known(), plan.is_open, self.context.now());
        let done = match subject.sync(first, asks_events).await? {
            CompetitorOutcome::Same(attempt) if is_new => {
                if let Some(attempt) = attempt {
                    return Ok(Some(CompetitorOutcome::Added(attempt)));
                }
                CompetitorOutcome::News
            }
            done => done,
        };
        Ok(self.heed(done, brake))
    }

    /// Returns whether an error ends the run early.
    pub(super) fn ends(&self, error: &PlatformError) -> bool {
        ends(self.context, self.platforms, error)
    }

    /// Ends the run early if a result says so. Returns `None` if the competitor was not asked for, unless only their roster is
    /// held back.
    fn heed(&self, done: CompetitorOutcome, brake: &Brake) -> Option<CompetitorOutcome> {
        match done {
            CompetitorOutcome::Unasked(error) if self.ends(&error) => {
                brake.pull(error);
                None
            }
            CompetitorOutcome::Unasked(_) => Some(CompetitorOutcome::Skipped),
            CompetitorOutcome::Stopped(error) => {
                brake.pull(error);
                Some(CompetitorOutcome::Failed)
            }
            done => Some(done),
        }
    }

    /// Puts a competitor on the platform.
    async fn add(
        &self,
        plan: &Plan,
        person: &Candidate,
        client: &dyn GamePlatform,
    ) -> Result<Result<String, CompetitorOutcome>, DbError> {
        let added = match plan.coach_id(person.roster_id) {
            Ok(coach) => onboard::onboard(self.context, client, person.key(), &coach).await,
            Err(why) => onboard::refuse(self.context, person.key(), why).await,
        };
        let trouble = match added {
            Ok(user) => return Ok(Ok(user)),
            Err(trouble) => trouble,
        };
        let failed = RunFailure {
            competitor: person.key(),
            kind: trouble.kind(),
            message: trouble.to_string(),
        };
        let done = match trouble {
            SyncTrouble::Db(error) => return Err(error),
            SyncTrouble::Skip(_) => return Ok(Err(CompetitorOutcome::Skipped)),
            SyncTrouble::Platform(error) if is_unasked(&error) => {
                return Ok(Err(CompetitorOutcome::Unasked(error)));
            }
            SyncTrouble::Platform(error) if stops(&error) => CompetitorOutcome::Stopped(error),
            _ => CompetitorOutcome::Failed,
        };
        let tx = self.context.begin().await?;
        runs::insert_failures(&tx, self.context, self.claimed.id, &[failed]).await?;
        tx.commit().await?;
        Ok(Err(done))
    }
}
