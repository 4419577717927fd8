//! The worker and the schedules of the sync with the game platform.

use platform::{
    Context,
    db::DbError,
    jobs::{JobError, Progress, Schedule, Settings, Worker},
    module::Services,
};
use uuid::Uuid;

use crate::{
    FLAG,
    actions::{self, Run},
    gateway::Platforms,
    model::SYNC_RUNS,
    store::runs::{CLAIMED, ClaimedRun, QUEUE, claimable},
};

/// Returns the worker of sync runs.
pub(super) fn worker(services: &Services) -> Worker {
    let (platforms, settings) = (Platforms::of(&services.config), services.config.jobs());
    let concurrency = services.config.game_platform_concurrency;
    let run = move |context: Context, worker: Uuid| {
        let platforms = platforms.clone();
        async move { run_one(&context, &platforms, settings, concurrency, worker).await }
    };
    Worker::new("game-platform-syncs", SYNC_RUNS, run)
        .over(QUEUE)
        .at_their_pace()
        .with_dead_page("/admin/game-platform")
}

async fn claim(
    context: &Context,
    settings: Settings,
    worker: Uuid,
) -> Result<Option<ClaimedRun>, DbError> {
    let claimed = QUEUE.claim_among(context, worker, settings.lease, 1, CLAIMED, claimable);
    Ok(claimed.await?.pop())
}

async fn run_one(
    context: &Context,
    platforms: &Platforms,
    settings: Settings,
    concurrency: usize,
    worker: Uuid,
) -> Result<Progress, JobError> {
    let Some(claimed) = claim(context, settings, worker).await? else {
        return Ok(Progress::Idle);
    };
    let lease = QUEUE.lease(context, worker, settings);
    let row = claimed.id;
    let run = Run { context, platforms: &platforms.recorded(), concurrency, worker, claimed };
    // A run that another process has claimed meanwhile is left to it.
    if let Some(Err(error)) = lease.hold(&[row], run.execute()).await {
        tracing::error!(target: "game_platform", %error, run = %row, "a sync run was interrupted");
        run.fail(&error).await?;
    }
    Ok(Progress::Full)
}

pub(super) fn schedules(services: &Services) -> Vec<Schedule> {
    let platforms = Platforms::of(&services.config);
    let (full, totals) = (platforms.clone(), platforms);
    let hours = services.config.game_platform_sync_hours;
    let full = move |context: Context| {
        let platforms = full.clone();
        async move { Ok(actions::request_due(&context, &platforms, hours).await?) }
    };
    let totals = move |context: Context| {
        let platforms = totals.clone();
        async move { Ok(actions::request_totals(&context, &platforms).await?) }
    };
    let prune = |context: Context| async move {
        let pruned = actions::prune_failures(&context).await?;
        Ok(format!("deleted failures: {pruned}"))
    };
    vec![
        Schedule::new("GamePlatformSync", "*/10 * * * *", full).of(FLAG),
        Schedule::new("GamePlatformTotals", "35 * * * *", totals).of(FLAG),
        Schedule::new("GamePlatformFailureRetention", "50 3 * * *", prune),
    ]
}
