use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::future::BoxFuture;
use platform::db::DbError;

use super::{run_sync::Run, sync_competitor::CompetitorOutcome};
use crate::{
    rules::runs::SyncCounts,
    store::{
        runs::{self, RunNumbers},
        sync_state::{self, SyncAttempt},
    },
};

/// How often the progress is stored.
const EVERY: Duration = Duration::from_secs(1);

pub(crate) struct RunProgress<'a> {
    run: &'a Run<'a>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    competitors: SyncCounts,
    teams: SyncCounts,
    /// Attempts without news, which are recorded together.
    attempts: Vec<SyncAttempt>,
}

impl<'a> RunProgress<'a> {
    pub(crate) fn new(run: &'a Run<'a>) -> Self {
        Self { run, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes the numbers of competitors who had a result before the process ended, who are not asked for, for a reason, and who
    /// are asked for. `failed` of the first failed.
    pub(crate) fn begin(&self, done: usize, skipped: usize, asked: usize, failed: usize) {
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let (found, left) = (count(done + skipped + asked), count(skipped + asked));
        let before = self.run.claimed.counts();
        let mut counts = before.resumed(found, left, count(failed));
        counts.skipped += count(skipped);
        self.state().competitors = counts;
    }

    /// Notes the result for a competitor; `None` if the run ended before.
    pub(crate) fn note(&self, done: Option<CompetitorOutcome>) {
        let mut state = self.state();
        match done {
            Some(CompetitorOutcome::News) => state.competitors.synced += 1,
            Some(CompetitorOutcome::Added(attempt)) => {
                state.competitors.synced += 1;
                state.attempts.push(*attempt);
            }
            Some(CompetitorOutcome::Same(attempt)) => {
                state.competitors.skipped += 1;
                state.attempts.extend(attempt.map(|attempt| *attempt));
            }
            Some(CompetitorOutcome::Skipped) => state.competitors.skipped += 1,
            Some(CompetitorOutcome::Failed) => state.competitors.failed += 1,
            Some(CompetitorOutcome::Unasked(_) | CompetitorOutcome::Stopped(_)) | None => {}
        }
    }

    pub(crate) fn note_team(&self, is_new: bool, has_failed: bool) {
        let teams = &mut self.state().teams;
        teams.total += 1;
        match (has_failed, is_new) {
            (true, _) => teams.failed += 1,
            (false, true) => teams.synced += 1,
            (false, false) => teams.skipped += 1,
        }
    }

    pub(crate) fn competitors(&self) -> SyncCounts {
        self.state().competitors
    }

    /// Stores the progress once a second, until the database fails.
    pub(crate) fn follow(&self) -> BoxFuture<'_, Result<(), DbError>> {
        Box::pin(async {
            loop {
                tokio::time::sleep(EVERY).await;
                self.flush().await?;
            }
        })
    }

    pub(crate) async fn flush(&self) -> Result<(), DbError> {
        let run = self.run;
        let durations = run.platforms.durations();
        let (numbers, attempts) = {
            let state = self.state();
            let numbers = RunNumbers {
                competitors: state.competitors,
                teams: state.teams,
                calls: run.claimed.calls + run.platforms.calls(),
                call_p50_ms: durations.percentile(50),
                call_p95_ms: durations.percentile(95),
            };
            (numbers, state.attempts.clone())
        };
        let tx = run.context.begin().await?;
        if !attempts.is_empty() {
            // One who is erased at the same time must not get a state again.
            let people = attempts.iter().map(|attempt| attempt.competitor.0);
            tx.lock_rows("competitors", people).await?;
            sync_state::record(&tx, &attempts).await?;
        }
        runs::note(&tx, run.worker, run.claimed.id, &numbers).await?;
        tx.commit().await?;
        self.state().attempts.drain(..attempts.len());
        Ok(())
    }
}
