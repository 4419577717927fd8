use std::collections::BTreeSet;

use kernel::Timestamp;
use platform::{
    Context,
    db::{DbError, Tx},
};
use uuid::Uuid;

use super::{
    note_milestones::note_changes,
    onboard,
    trouble::{is_unasked, stops},
};
use crate::{
    gateway::{FlashEvent, GamePlatform, OdlScores, PlatformError, PlatformUser, Platforms, Solve},
    model::{AccountStatus, SolveSource},
    reads,
    rules::{
        accounts::{AccountFacts, is_due},
        merge::{
            self, EventFacts, ListedSolves, Merge, SolveFacts, SolveNumbers, event_id, needs_whole,
        },
        plan::{self, OdlQuestion, Skip},
    },
    store::{
        accounts::{ConfirmedAccount, Owner},
        events,
        runs::{self, RunFailure},
        solves, stats,
        sync_people::Candidate,
        sync_state::{self, AttemptEnd, SyncAttempt},
    },
};

/// The result for one competitor of a run.
#[derive(Debug)]
pub(crate) enum CompetitorOutcome {
    /// Something new was stored.
    News,
    /// Nothing is new. The attempt is still to be recorded, if there is one.
    Same(Option<Box<SyncAttempt>>),
    /// Put on the platform; nothing else is new. The attempt is still to be recorded.
    Added(Box<SyncAttempt>),
    /// Not asked for, or unknown on the platform.
    Skipped,
    /// A call failed, or an answer contradicts what is stored.
    Failed,
    /// The run ends early, before this competitor was asked for.
    Unasked(PlatformError),
    /// The run ends early, after this competitor failed.
    Stopped(PlatformError),
}

/// The questions about one competitor, and the answers.
struct SyncAnswers {
    asked_at: Timestamp,
    ask: OdlQuestion,
    scores: Result<OdlScores, PlatformError>,
    events: Option<Result<Vec<FlashEvent>, PlatformError>>,
    /// The account, if it was due and could be read; an answer about another one is an error.
    account: Result<Option<PlatformUser>, PlatformError>,
}

impl SyncAnswers {
    fn errors(&self) -> impl Iterator<Item = &PlatformError> {
        let events = self.events.as_ref().and_then(|events| events.as_ref().err());
        let own = self.scores.as_ref().err().into_iter().chain(events);
        own.chain(self.account.as_ref().err())
    }
}

pub(crate) struct CompetitorSync<'a> {
    pub(crate) context: &'a Context,
    pub(crate) platforms: &'a Platforms,
    pub(crate) platform: &'a dyn GamePlatform,
    pub(crate) candidate: &'a Candidate,
    /// The ID on the platform.
    pub(crate) user: &'a str,
    /// The run, which lists failures.
    pub(crate) run: Uuid,
}

impl CompetitorSync<'_> {
    /// Asks for what is new about a competitor, and stores it in one transaction. No transaction is open during calls.
    pub(crate) async fn sync(
        &self,
        events: Option<Result<Vec<FlashEvent>, PlatformError>>,
        asks_events: bool,
    ) -> Result<CompetitorOutcome, DbError> {
        let answers = self.ask(events, asks_events).await?;
        if let Some(error) = answers.errors().find(|error| is_unasked(error)) {
            return Ok(CompetitorOutcome::Unasked(error.clone()));
        }
        if let Ok(Some(account)) = &answers.account {
            let account = self.account(account);
            onboard::confirm(self.context, Owner::Competitor(self.candidate.key()), &account)
                .await?;
        }
        match self.quiet(&answers) {
            Some(attempt) => Ok(CompetitorOutcome::Same(Some(Box::new(attempt)))),
            None => self.store(&answers).await,
        }
    }

    /// Asks for results in Flash CTFs.
    pub(crate) async fn events(&self) -> Result<Vec<FlashEvent>, PlatformError> {
        self.platform.flash_progress(self.user).await
    }

    async fn ask(
        &self,
        events: Option<Result<Vec<FlashEvent>, PlatformError>>,
        asks_events: bool,
    ) -> Result<SyncAnswers, DbError> {
        let asked_at = self.context.now();
        let mut ask = plan::odl(&self.candidate.known(), asked_at);
        let mut scores = self.platform.odl_scores(self.user, ask.after()).await;
        if let (OdlQuestion::Since(_), Ok(found)) = (ask, &scores)
            && self.misses(found).await?
        {
            ask = OdlQuestion::Whole;
            scores = self.platform.odl_scores(self.user, None).await;
        }
        let is_known = scores.is_ok();
        let events = match events {
            Some(events) => Some(events),
            None if asks_events && is_known => Some(self.events().await),
            None => None,
        };
        let account = if is_known && self.is_account_due(asked_at) {
            self.platform.user(self.user).await.or_else(later)
        } else {
            Ok(None)
        };
        Ok(SyncAnswers { asked_at, ask, scores, events, account })
    }

    /// Returns whether the account is read again: until it is approved, and daily until it is used.
    fn is_account_due(&self, now: Timestamp) -> bool {
        let candidate = self.candidate;
        let facts = AccountFacts {
            status: AccountStatus::stated(candidate.metactf_user_status.as_deref()),
            last_login_at: candidate.last_login_at,
            read_at: candidate.game_platform_synced_at,
        };
        is_due(&facts, now)
    }

    fn account(&self, user: &PlatformUser) -> ConfirmedAccount {
        ConfirmedAccount {
            id: self.user.to_owned(),
            metactf_user_id: user.metactf_user_id,
            username: user.username.clone(),
            status: user.status.clone(),
            last_login_at: user.last_login_at,
        }
    }

    /// Returns whether an answer with a cursor shows that solves are missing. The stored solves are counted only if the platform's
    /// number has changed, because that takes longer than everything else in a sync without news.
    async fn misses(&self, scores: &OdlScores) -> Result<bool, DbError> {
        let (before, listed) = (self.candidate.challenges_completed, count(scores.solves.len()));
        let counted = scores.total_solved;
        // An answer that lists fewer, but counts as many as the last one without a cursor did.
        let counts_all = self.platforms.counts_all(listed < counted && before == Some(counted));
        if (counted == listed && !counts_all) || (listed == 0 && before == Some(counted)) {
            return Ok(false);
        }
        let known = solves::stored(&self.context.db, self.user).await?;
        let merged = merge::merge(&known, &odl_facts(scores), &ListedSolves::Part);
        let new = count(merged.inserts.len());
        let back = merged.corrections.iter().filter(|it| it.is_back);
        Ok(needs_whole(&SolveNumbers {
            counted,
            listed: (!counts_all).then_some(listed),
            stored: merge::live_odl(&known) + new + count(back.count()),
            expected: before.unwrap_or(-1) + new,
        }))
    }

    /// Returns the attempt to record if the answers contain nothing to store.
    fn quiet(&self, answers: &SyncAnswers) -> Option<SyncAttempt> {
        let scores = answers.scores.as_ref().ok()?;
        let is_part = answers.ask != OdlQuestion::Whole && answers.events.is_none();
        let is_part = is_part && answers.account.is_ok();
        let is_same = scores.last_accessed_at <= self.candidate.last_remote_accessed_at;
        (is_part && is_same && scores.solves.is_empty())
            .then(|| SyncAttempt { odl_at: Some(answers.asked_at), ..self.attempt(answers) })
    }

    /// Returns an attempt without news. One that was partial stays so until all solves are asked for again.
    fn attempt(&self, answers: &SyncAnswers) -> SyncAttempt {
        let attempt = SyncAttempt::new(self.candidate.key(), self.user, answers.asked_at);
        match self.candidate.partial() {
            Some(message) if answers.ask != OdlQuestion::Whole => {
                SyncAttempt { end: AttemptEnd::Partial(message.to_owned()), ..attempt }
            }
            _ => attempt,
        }
    }

    /// Notes how much is stored after answers without an error, and whether the platform states more than that.
    async fn note_stored(
        &self,
        tx: &Tx,
        answers: &SyncAnswers,
        attempt: &mut SyncAttempt,
    ) -> Result<(), DbError> {
        let stored = solves::counts(tx, self.user).await?;
        // What was deleted since the plan was made is noticed by the next sync.
        let is_sure = self.candidate.known().is_missing
            || self.candidate.stored_rows.is_none_or(|before| before <= stored.all);
        attempt.stored_rows = Some(stored.all).filter(|_| is_sure);
        let whole = answers.scores.as_ref().ok().filter(|_| answers.ask == OdlQuestion::Whole);
        let events = answers.events.iter().flatten().flatten();
        let incomplete = events
            .map(|event| (event.challenges_solved, count(event.solves.len())))
            .filter_map(|(stated, listed)| merge::shortfall(stated, listed));
        let odl = whole.and_then(|scores| merge::shortfall(scores.total_solved, stored.odl));
        if let Some(message) = odl.into_iter().chain(incomplete).next() {
            attempt.end = AttemptEnd::Partial(message);
        }
        Ok(())
    }

    /// Stores the answers in one transaction.
    async fn store(&self, answers: &SyncAnswers) -> Result<CompetitorOutcome, DbError> {
        let (mut tx, id) = (self.context.begin().await?, self.candidate.key());
        tx.lock_rows("competitors", [id.0]).await?;
        let view = reads::competitor(&tx, id).await?;
        let account = view.as_ref().and_then(|view| view.user_id);
        // They may have been erased, or their release withdrawn, since they were asked for.
        if view.is_none_or(|view| view.erased_at.is_some() || view.release_withdrawn_at.is_some()) {
            return Ok(CompetitorOutcome::Skipped);
        }
        if matches!(answers.scores, Err(PlatformError::Unknown)) {
            return self.skip(tx, answers).await;
        }
        let mut attempt = self.attempt(answers);
        let (mut news, mut changes, mut trouble) = (false, false, None);
        if let Ok(scores) = &answers.scores {
            let merged = self.store_scores(&tx, answers, scores, &mut attempt).await?;
            news |= merged.has_news();
            changes |= !merged.is_empty();
            trouble = conflict(&merged).or(trouble);
        }
        if let Some(Ok(found)) = &answers.events {
            let (merged, is_new) = self.store_events(&tx, found).await?;
            news |= is_new || merged.has_news();
            changes |= is_new || !merged.is_empty();
            let conflict = conflict(&merged);
            attempt.flash_at = conflict.is_none().then_some(answers.asked_at);
            trouble = conflict.or(trouble);
        }
        if let Some(error) = answers.errors().next() {
            trouble = Some((error.kind(), error.message()));
        }
        match &trouble {
            Some((_, message)) => attempt.end = AttemptEnd::Failed(message.clone()),
            None => self.note_stored(&tx, answers, &mut attempt).await?,
        }
        sync_state::record(&tx, &[attempt.clone()]).await?;
        if answers.scores.is_ok() {
            stats::store_activity(&tx, id, attempt.accessed_at, answers.asked_at).await?;
        }
        if changes {
            let is_import = self.candidate.challenges_completed.is_none();
            note_changes(&mut tx, self.context, (id, account), is_import).await?;
        }
        let failed = trouble.map(|(kind, message)| RunFailure { competitor: id, kind, message });
        let has_failed = failed.is_some();
        runs::insert_failures(&tx, self.context, self.run, failed.as_slice()).await?;
        tx.commit().await?;
        Ok(self.done(answers, news, has_failed))
    }

    /// Records that the platform does not know the competitor: a reason to skip them, and no failure.
    async fn skip(&self, tx: Tx, answers: &SyncAnswers) -> Result<CompetitorOutcome, DbError> {
        let attempt = SyncAttempt {
            end: AttemptEnd::Skipped(Skip::Unknown.message().to_owned()),
            ..self.attempt(answers)
        };
        sync_state::record(&tx, &[attempt]).await?;
        tx.commit().await?;
        Ok(CompetitorOutcome::Skipped)
    }

    fn done(&self, answers: &SyncAnswers, news: bool, has_failed: bool) -> CompetitorOutcome {
        if let Some(error) = answers.errors().find(|error| stops(error)) {
            return CompetitorOutcome::Stopped(error.clone());
        }
        match (has_failed, news) {
            (true, _) => CompetitorOutcome::Failed,
            (false, true) => CompetitorOutcome::News,
            (false, false) => CompetitorOutcome::Same(None),
        }
    }

    async fn store_scores(
        &self,
        tx: &Tx,
        answers: &SyncAnswers,
        scores: &OdlScores,
        attempt: &mut SyncAttempt,
    ) -> Result<Merge, DbError> {
        let is_whole = answers.ask == OdlQuestion::Whole;
        let facts = odl_facts(scores);
        let lists = ListedSolves::odl(!is_whole, facts.len(), scores.total_solved);
        let merged = self.merge(tx, &facts, &lists).await?;
        if merged.conflicts.is_empty() {
            attempt.odl_at = Some(answers.asked_at);
        }
        attempt.accessed_at = scores.last_accessed_at;
        if is_whole {
            attempt.totals_at = Some(answers.asked_at);
            let totals = stats::AnsweredTotals {
                challenges: scores.total_solved,
                points: scores.total_points,
            };
            stats::store_totals(
                tx,
                self.context.ids.next(),
                self.candidate.key(),
                totals,
                answers.asked_at,
            )
            .await?;
        } else {
            attempt.needs_totals = merged.has_news();
        }
        Ok(merged)
    }

    /// Stores results in events. Returns the changed solves, and whether a result changed.
    async fn store_events(&self, tx: &Tx, found: &[FlashEvent]) -> Result<(Merge, bool), DbError> {
        let (key, now) = (self.candidate.key(), self.context.now());
        let reported: Vec<EventFacts> = found.iter().map(event_facts).collect();
        let stored = events::stored(tx, self.user).await?;
        let changed = merge::merge_events(&stored, &reported);
        events::upsert(tx, self.context, key, self.user, &changed.upserts).await?;
        events::mark_vanished(tx, &changed.vanished, now).await?;
        let incomplete =
            found.iter().filter(|event| count(event.solves.len()) < event.challenges_solved);
        let incomplete: BTreeSet<String> = incomplete.map(id_of).collect();
        let facts: Vec<SolveFacts> = found.iter().flat_map(flash_facts).collect();
        let merged = self.merge(tx, &facts, &ListedSolves::AllFlash(incomplete)).await?;
        Ok((merged, changed.has_news()))
    }

    async fn merge(
        &self,
        tx: &Tx,
        facts: &[SolveFacts],
        lists: &ListedSolves,
    ) -> Result<Merge, DbError> {
        if facts.is_empty() && *lists == ListedSolves::Part {
            return Ok(Merge::default());
        }
        let (key, now) = (self.candidate.key(), self.context.now());
        let stored = solves::stored(tx, self.user).await?;
        let merged = merge::merge(&stored, facts, lists);
        solves::insert(tx, self.context, key, self.user, &merged.inserts).await?;
        solves::correct(tx, &merged.corrections, now).await?;
        solves::mark_vanished(tx, &merged.vanished, now).await?;
        Ok(merged)
    }
}

/// Leaves reading an account to the next sync if it fails, unless the answer cannot be that of the competitor.
fn later(error: PlatformError) -> Result<Option<PlatformUser>, PlatformError> {
    match error {
        PlatformError::Malformed(_) => Err(error),
        _ => Ok(None),
    }
}

fn conflict(merged: &Merge) -> Option<(&'static str, String)> {
    let first = merged.conflicts.first()?;
    Some(("conflict", first.message()))
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn id_of(event: &FlashEvent) -> String {
    event_id(&event.name, event.started_at)
}

fn odl_facts(scores: &OdlScores) -> Vec<SolveFacts> {
    let facts = |solve: &Solve| facts(solve, SolveSource::Odl, None);
    scores.solves.iter().map(facts).collect()
}

fn flash_facts(event: &FlashEvent) -> Vec<SolveFacts> {
    let id = id_of(event);
    let facts = |solve: &Solve| facts(solve, SolveSource::FlashCtf, Some(id.clone()));
    event.solves.iter().map(facts).collect()
}

fn facts(solve: &Solve, source: SolveSource, event_id: Option<String>) -> SolveFacts {
    SolveFacts {
        solve_id: solve.solve_id.clone(),
        challenge_id: solve.challenge_id.clone(),
        title: solve.title.clone(),
        category: solve.category.clone(),
        points: solve.points,
        solved_at: kernel::truncate_to_micros(solve.solved_at),
        source,
        event_id,
        in_both: false,
        is_retired: solve.is_retired,
        nice_work_roles: solve.nice_work_roles.clone(),
        raw: solve.raw.to_string(),
    }
}

fn event_facts(event: &FlashEvent) -> EventFacts {
    EventFacts {
        event_id: id_of(event),
        name: event.name.clone(),
        challenges_solved: event.challenges_solved,
        points_earned: event.points_earned,
        max_points: event.max_points,
        rank: event.rank,
        started_at: kernel::truncate_to_micros(event.started_at),
        raw: event.raw.to_string(),
    }
}
