use std::{str::FromStr, sync::Arc};

use chrono::DurationRound;
use croner::Cron;
use futures_util::future::BoxFuture;
use kernel::Timestamp;
use sea_orm::FromQueryResult;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Failure, JobError, Queue, Settings};
use crate::{
    Context,
    db::{DbError, Sql},
};

type Run = dyn Fn(Context) -> BoxFuture<'static, Result<String, JobError>> + Send + Sync;

/// Work that is due at set times, once for all processes together.
#[derive(Clone)]
pub struct Schedule {
    name: &'static str,
    cron: Cron,
    run: Arc<Run>,
}

const JOBS: Queue = Queue { table: "jobs" };

impl Schedule {
    /// `run` at the times of `cron` (five fields, UTC). It answers what it did.
    ///
    /// # Panics
    /// When `cron` is not five valid fields: it is written in the code, not configured.
    pub fn new<F, R>(name: &'static str, cron: &str, run: F) -> Self
    where
        F: Fn(Context) -> R + Send + Sync + 'static,
        R: Future<Output = Result<String, JobError>> + Send + 'static,
    {
        Self {
            name,
            cron: Cron::from_str(cron).expect("a schedule written in the code is valid"),
            run: Arc::new(move |context| Box::pin(run(context))),
        }
    }

    /// The latest time at or before `now` at which it was due.
    fn latest_tick(&self, now: Timestamp) -> Option<Timestamp> {
        // croner keeps sub-seconds of what it is given.
        let now = now.duration_trunc(chrono::TimeDelta::seconds(1)).ok()?;
        self.cron.find_previous_occurrence(&now, true).ok()
    }
}

impl std::fmt::Debug for Schedule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Schedule")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

#[derive(FromQueryResult)]
struct Claimed {
    id: Uuid,
    name: String,
    attempts: i64,
}

pub(super) async fn drive(
    context: Context,
    settings: Settings,
    schedules: Vec<Schedule>,
    stop: CancellationToken,
) {
    let worker = context.ids.next();
    let mut planned: Vec<Option<Timestamp>> = schedules
        .iter()
        .map(|schedule| schedule.latest_tick(context.now()))
        .collect();
    while !stop.is_cancelled() {
        if let Err(error) = round(&context, settings, &schedules, &mut planned, worker).await {
            tracing::error!(%error, "schedules could not be looked at; again soon");
        }
        tokio::select! {
            () = tokio::time::sleep(settings.poll.max(std::time::Duration::from_secs(1))) => {}
            () = stop.cancelled() => {}
        }
    }
}

async fn round(
    context: &Context,
    settings: Settings,
    schedules: &[Schedule],
    planned: &mut [Option<Timestamp>],
    worker: Uuid,
) -> Result<(), DbError> {
    for (schedule, planned) in schedules.iter().zip(planned) {
        let tick = schedule.latest_tick(context.now());
        if tick > *planned {
            plan(context, schedule.name, tick).await?;
            *planned = tick;
        }
    }
    // A scheduled job may take longer than an inbox batch: ten leases before another may try.
    let lease = settings.lease * 10;
    let due: Vec<Claimed> = JOBS
        .claim(context, worker, lease, 1, "id, name, attempts")
        .await?;
    for job in due {
        if let Some(schedule) = schedules.iter().find(|schedule| schedule.name == job.name) {
            run(context, schedule, &job, worker).await?;
        } else {
            // Another release's job: left to a process that knows it.
            let tx = context.begin().await?;
            JOBS.release(&tx, worker, &[job.id], context.now()).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}

/// Forgets jobs that were done before an instant; gives how many.
///
/// # Errors
/// When the database fails.
pub async fn forget_done(context: &Context, before: Timestamp) -> Result<u64, DbError> {
    let tx = context.begin().await?;
    let sql = "DELETE FROM jobs WHERE completed_at < $1";
    let forgotten = tx.run(tx.statement(sql, [before.into()])).await?;
    tx.commit().await?;
    Ok(forgotten)
}

/// One row a tick, whoever plans it first.
async fn plan(context: &Context, name: &str, tick: Option<Timestamp>) -> Result<(), DbError> {
    let Some(tick) = tick else { return Ok(()) };
    let tx = context.begin().await?;
    let sql = "INSERT INTO jobs (id, name, unique_key, due_at, attempts, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, 0, $4, $4) ON CONFLICT (unique_key) DO NOTHING";
    let key = format!("cron:{name}:{}", tick.timestamp());
    let values = [
        context.ids.next().into(),
        name.into(),
        key.into(),
        context.now().into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    tx.commit().await
}

async fn run(
    context: &Context,
    schedule: &Schedule,
    job: &Claimed,
    worker: Uuid,
) -> Result<(), DbError> {
    let result = tokio::spawn((schedule.run)(context.clone())).await;
    let tx = context.begin().await?;
    let now = context.now();
    match result
        .map_err(|panic| panic.to_string())
        .and_then(|done| done.map_err(|e| e.to_string()))
    {
        Ok(outcome) => JOBS.complete(&tx, worker, [(job.id, outcome)], now).await?,
        Err(error) => {
            metrics::counter!("guildhall_job_failures_total", "job" => schedule.name).increment(1);
            tracing::error!(job = schedule.name, error, "a scheduled job failed");
            let failure = Failure::Retry(error);
            JOBS.fail(&tx, worker, (job.id, job.attempts), &failure, now)
                .await?;
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
        assert_eq!(
            tick("2026-10-02T03:30:00.9Z"),
            Some(at("2026-10-02T03:30:00Z"))
        );
        assert_eq!(
            tick("2026-10-02T03:29:59Z"),
            Some(at("2026-10-01T03:30:00Z"))
        );
    }
}
