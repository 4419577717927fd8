use std::{str::FromStr, sync::Arc, time::Instant};

use chrono::DurationRound;
use croner::Cron;
use futures_util::future::BoxFuture;
use kernel::Timestamp;
use tokio::{sync::Notify, task::JoinSet};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    Failure, JobError, JobName, Lease, MAX_ATTEMPTS, Settings,
    metrics::{failed, ran, took},
    pause::Pauses,
    store::runs::{self, Claimed, JOBS},
};
use crate::{
    Context,
    db::DbError,
    flags::Flag,
    telemetry::{
        activity::{self, Work},
        errors, news, traces, works,
    },
};

type Run = dyn Fn(Context) -> BoxFuture<'static, Result<String, JobError>> + Send + Sync;

/// A job that runs at set times, once across all processes.
#[derive(Clone)]
pub struct Schedule {
    name: JobName,
    cron: Cron,
    flag: Option<&'static Flag>,
    run: Arc<Run>,
}

impl Schedule {
    /// Creates a schedule that runs `run` at the times of `cron` (five fields, UTC). `run` returns a summary of
    /// what it did.
    ///
    /// # Panics
    /// When `cron` is not five valid fields. It is a constant in the code, not configuration.
    pub fn new<F, R>(name: &'static str, cron: &str, run: F) -> Self
    where
        F: Fn(Context) -> R + Send + Sync + 'static,
        R: Future<Output = Result<String, JobError>> + Send + 'static,
    {
        Self {
            name: name.into(),
            cron: Cron::from_str(cron).expect("a schedule written in the code is valid"),
            flag: None,
            run: Arc::new(move |context| Box::pin(run(context))),
        }
    }

    /// Names the flag of the feature that it belongs to. While that is off for everyone, it does nothing.
    #[must_use]
    pub fn of(mut self, flag: &'static Flag) -> Self {
        self.flag = Some(flag);
        self
    }

    /// Names it as it was called in the release before.
    #[must_use]
    pub fn formerly(mut self, name: &'static str) -> Self {
        self.name.formerly = Some(name);
        self
    }

    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name.now
    }

    /// Returns its present and its former name.
    #[must_use]
    pub fn names(&self) -> JobName {
        self.name
    }

    /// Returns its cron expression of five fields: minute, hour, day, month, day of the week.
    #[must_use]
    pub fn cron(&self) -> String {
        self.cron.pattern.to_string()
    }

    /// Runs the job now, whatever the time. Returns a summary of what it did.
    ///
    /// # Errors
    /// When the job fails.
    pub fn run(&self, context: Context) -> BoxFuture<'static, Result<String, JobError>> {
        match self.flag {
            Some(flag) if !context.flags.is_on_for_anyone(flag) => {
                Box::pin(async move { Ok(format!("nothing: the flag {} is off", flag.name)) })
            }
            _ => (self.run)(context),
        }
    }

    /// Returns the next time after `now` at which it is due.
    #[must_use]
    pub fn next_tick(&self, now: Timestamp) -> Option<Timestamp> {
        let now = now.duration_trunc(chrono::TimeDelta::seconds(1)).ok()?;
        self.cron.find_next_occurrence(&now, false).ok()
    }

    /// Returns the latest time at or before `now` at which it was due.
    fn latest_tick(&self, now: Timestamp) -> Option<Timestamp> {
        // croner keeps the sub-seconds of its argument.
        let now = now.duration_trunc(chrono::TimeDelta::seconds(1)).ok()?;
        self.cron.find_previous_occurrence(&now, true).ok()
    }
}

impl std::fmt::Debug for Schedule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Schedule").field("name", &self.name.now).finish_non_exhaustive()
    }
}

/// Returns for each schedule the latest time at which it was due: those are not run by a process that starts now.
pub(super) fn due_before(context: &Context, schedules: &[Schedule]) -> Vec<Option<Timestamp>> {
    let now = context.now();
    let ticks = schedules.iter().map(|schedule| schedule.latest_tick(now));
    ticks.collect()
}

/// Runs the schedules at their ticks after those of `planned`.
pub(super) async fn drive(
    context: Context,
    settings: Settings,
    (schedules, mut planned): (Vec<Schedule>, Vec<Option<Timestamp>>),
    due: Arc<Notify>,
    mut pauses: Pauses,
    stop: CancellationToken,
) {
    let worker = context.ids.next();
    // Until then, a tick would be skipped as during a pause.
    if !pauses.known(&stop).await {
        return;
    }
    // Runs that an earlier process left are found at once.
    let mut is_due = true;
    while !stop.is_cancelled() {
        is_due |= plan_due(&context, &schedules, &pauses, &mut planned).await;
        if is_due {
            let ready = schedules.iter().filter(|one| pauses.lets(one.name));
            match run_one(&context, settings, ready.collect(), worker).await {
                Ok(true) => continue,
                Ok(false) => {
                    works("due jobs");
                    is_due = false;
                }
                Err(error) => {
                    if let Some(times) = news("due jobs", &error) {
                        tracing::error!(%error, times, "cannot look for due jobs; retrying soon");
                    }
                }
            }
        }
        tokio::select! {
            () = due.notified() => is_due = true,
            () = tokio::time::sleep(settings.poll) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Inserts a run for each tick that has come. Ticks during a pause are skipped. Returns true if one was inserted.
async fn plan_due(
    context: &Context,
    schedules: &[Schedule],
    pauses: &Pauses,
    planned: &mut [Option<Timestamp>],
) -> bool {
    let mut has_inserted = false;
    for (schedule, planned) in schedules.iter().zip(planned) {
        let tick = schedule.latest_tick(context.now());
        if tick <= *planned {
            // A clock that was ahead may have been put back: what it did not reach again is due as after a start.
            *planned = tick;
            continue;
        }
        if pauses.lets(schedule.name) {
            if let Err(error) = plan(context, schedule.name, tick).await {
                if let Some(times) = news(schedule.name(), &error) {
                    tracing::error!(%error, job = schedule.name(), times, "cannot schedule a job; retrying soon");
                }
                continue;
            }
            has_inserted = true;
        }
        *planned = tick;
    }
    has_inserted
}

/// Runs the longest-due job that this process knows and that is not paused. Returns false if there is none. Jobs
/// of another release are left to a process that knows them.
async fn run_one(
    context: &Context,
    settings: Settings,
    ready: Vec<&Schedule>,
    worker: Uuid,
) -> Result<bool, DbError> {
    if ready.is_empty() {
        return Ok(false);
    }
    let lease = JOBS.lease(context, worker, settings);
    let names: Vec<_> = ready.iter().flat_map(|schedule| schedule.name.all()).collect();
    let Some(job) = runs::claim(context, worker, lease.lasts, &names).await? else {
        return Ok(false);
    };
    if let Some(schedule) = ready.iter().find(|schedule| schedule.name.is(&job.name)) {
        attempt(lease, schedule, &job).await?;
    }
    Ok(true)
}

/// Inserts the run of a tick, unless another process has done so, also one of the release before.
async fn plan(context: &Context, job: JobName, tick: Option<Timestamp>) -> Result<(), DbError> {
    let Some(tick) = tick else { return Ok(()) };
    let tx = context.begin().await?;
    let key = format!("cron:{}:{}", job.shared(), tick.timestamp());
    let id = context.ids.next();
    runs::insert(&tx, id, job.now, Some(key), context.now()).await?;
    tx.commit().await
}

/// Runs a claimed job, and records the result if the lease was held until then.
async fn attempt(lease: Lease<'_>, schedule: &Schedule, job: &Claimed) -> Result<(), DbError> {
    let context = lease.context;
    let tx = context.begin().await?;
    runs::begin(&tx, job.id, context.now()).await?;
    tx.commit().await?;
    let began = Instant::now();
    // Runs in its own task, so that a panic ends the run but not the process.
    let mut run = JoinSet::new();
    run.spawn(traces::of_job(schedule.name(), schedule.run(context.clone())));
    let ended = lease.hold(&[job.id], run.join_next()).await.flatten();
    took(schedule.name, began);
    let Some(result) = ended else {
        run.shutdown().await;
        ran(schedule.name, "lost");
        tracing::warn!(
            job = schedule.name(),
            "stopped a scheduled job, because another process has taken it over"
        );
        return Ok(());
    };
    let result = result.map_err(|panic| panic.to_string());
    let result = result.and_then(|done| done.map_err(|error| error.to_string()));
    record(lease, schedule.name, job, result).await
}

/// Records the result of a run. A result that comes after another process has claimed the run is discarded.
async fn record(
    lease: Lease<'_>,
    name: JobName,
    job: &Claimed,
    result: Result<String, String>,
) -> Result<(), DbError> {
    let (tx, now) = (lease.context.begin().await?, lease.context.now());
    match result {
        Ok(outcome) => {
            ran(name, "done");
            JOBS.complete(&tx, lease.worker, [(job.id, outcome)], now).await?;
        }
        Err(error) => {
            ran(name, "failed");
            failed(name);
            activity::count(Work::Failed, 1);
            tracing::error!(job = name.now, error, "a scheduled job failed");
            if job.attempts >= MAX_ATTEMPTS {
                errors::of_job(name.now, job.attempts);
            }
            let (attempt, failure) = ((job.id, job.attempts), Failure::Retry(error));
            JOBS.fail(&tx, lease.worker, attempt, &failure, now).await?;
        }
    }
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_tick_is_at_or_before_now() {
        let nightly = Schedule::new("nightly", "30 3 * * *", |_| async { Ok(String::new()) });
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        let tick = |now| nightly.latest_tick(at(now));
        assert_eq!(tick("2026-10-02T03:30:00.9Z"), Some(at("2026-10-02T03:30:00Z")));
        assert_eq!(tick("2026-10-02T03:29:59Z"), Some(at("2026-10-01T03:30:00Z")));
    }
}
