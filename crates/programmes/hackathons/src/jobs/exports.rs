//! The worker that exports boards.

use std::sync::Arc;

use futures_util::future::join_all;
use platform::{
    Context,
    db::DbError,
    jobs::{JobError, Progress, Settings, Worker},
    module::Services,
};
use uuid::Uuid;

use crate::{
    FLAG,
    actions::ExportRun,
    gateway::{BoardExports, Boards},
    model::BOARD_EXPORTS,
    store::exports::{CLAIMED, ClaimedExport, QUEUE},
};

/// The number of boards that are exported at the same time. Most of an export is waiting for the service.
const AT_ONCE: i64 = 8;

/// The external services, and the address of this server that cards link to.
struct ExportDestination {
    boards: Boards,
    address: String,
}

pub(super) fn worker(services: &Services) -> Worker {
    let config = &services.config;
    let target = Arc::new(ExportDestination {
        boards: Boards::at(&config.trello_api_url, &config.notion_api_url),
        address: config.public_url.clone().unwrap_or_default(),
    });
    let settings = config.jobs();
    let run = move |context: Context, worker: Uuid| {
        let target = Arc::clone(&target);
        async move { export_some(&context, &target, settings, worker).await }
    };
    Worker::new("board-exports", BOARD_EXPORTS, run).over(QUEUE).at_their_pace()
}

async fn export_some(
    context: &Context,
    target: &ExportDestination,
    settings: Settings,
    worker: Uuid,
) -> Result<Progress, JobError> {
    // While exports or hackathons are switched off, exports wait and lose no attempts.
    let flags = &context.flags;
    if flags.permit::<BoardExports>().is_err() || !flags.is_on_for_anyone(FLAG) {
        return Ok(Progress::Idle);
    }
    let lease = QUEUE.lease(context, worker, settings);
    let claimed: Vec<ClaimedExport> = lease.claim(AT_ONCE, CLAIMED).await?;
    if claimed.is_empty() {
        return Ok(Progress::Idle);
    }
    let progress = Progress::of_batch(claimed.len(), AT_ONCE);
    let exports = claimed.into_iter().map(|claimed| async move {
        let row = claimed.id;
        let run = ExportRun { context, worker, claimed, address: &target.address };
        // An export that another process has claimed meanwhile is left to it.
        let ended = lease.hold(&[row], run.run(&target.boards)).await;
        ended.unwrap_or(Ok(()))
    });
    let ended: Result<Vec<()>, DbError> = join_all(exports).await.into_iter().collect();
    ended?;
    Ok(progress)
}
