//! The worker and the schedule of comparisons with the game platform.

use platform::{
    Context,
    jobs::{JobError, Progress, Schedule, Settings, Worker},
    module::Services,
};
use uuid::Uuid;

use crate::{
    FLAG,
    actions::{self, Reconciliation},
    gateway::Platforms,
    model::RECONCILIATIONS,
    store::reconciliations::{CLAIMED, ClaimedReconciliation, QUEUE},
};

pub(super) fn worker(services: &Services) -> Worker {
    let (platforms, settings) = (Platforms::of(&services.config), services.config.jobs());
    let concurrency = services.config.game_platform_concurrency;
    let run = move |context: Context, worker: Uuid| {
        let platforms = platforms.clone();
        async move { run_one(&context, &platforms, settings, concurrency, worker).await }
    };
    Worker::new("game-platform-reconciliations", RECONCILIATIONS, run)
        .over(QUEUE)
        .at_their_pace()
        .with_dead_page("/admin/game-platform/reconciliation")
}

async fn run_one(
    context: &Context,
    platforms: &Platforms,
    settings: Settings,
    concurrency: usize,
    worker: Uuid,
) -> Result<Progress, JobError> {
    let lease = QUEUE.lease(context, worker, settings);
    let Some(claimed) = lease.claim::<ClaimedReconciliation>(1, CLAIMED).await?.pop() else {
        return Ok(Progress::Idle);
    };
    let row = claimed.id;
    let comparison =
        Reconciliation { context, platforms: &platforms.recorded(), concurrency, worker, claimed };
    // A comparison that another process has claimed meanwhile is left to it.
    if let Some(Err(error)) = lease.hold(&[row], comparison.execute()).await {
        tracing::error!(target: "game_platform", %error, comparison = %row, "a comparison was interrupted");
        comparison.fail(&error).await?;
    }
    Ok(Progress::Full)
}

/// Returns the schedule of weekly comparisons.
pub(super) fn schedule(services: &Services) -> Schedule {
    let platforms = Platforms::of(&services.config);
    let weekly = move |context: Context| {
        let platforms = platforms.clone();
        async move { Ok(actions::reconcile_weekly(&context, &platforms).await?) }
    };
    Schedule::new("GamePlatformReconciliation", "15 2 * * 0", weekly).of(FLAG)
}
