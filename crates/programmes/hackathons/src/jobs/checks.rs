//! The worker that checks submissions.

use std::sync::Arc;

use futures_util::future::join_all;
use github::gateway::GithubApi;
use platform::{
    Context,
    db::DbError,
    jobs::{JobError, Progress, Settings, Worker},
    module::Services,
};
use uuid::Uuid;

use crate::{
    FLAG,
    actions::CheckRun,
    gateway::{CodeHost, CodeHosts, Hosts},
    model::SUBMISSION_CHECKS,
    store::checks::{CLAIMED, CheckableSubmissions, ClaimedCheck, QUEUE},
};

/// The number of submissions that are checked at the same time. Most of a check is waiting for the code host.
const AT_ONCE: i64 = 16;

pub(super) fn worker(services: &Services) -> Worker {
    let host = Arc::new(Hosts::of(&services.config));
    let settings = services.config.jobs();
    let run = move |context: Context, worker: Uuid| {
        let host = Arc::clone(&host);
        async move { check_some(&context, host.as_ref(), settings, worker).await }
    };
    Worker::new("SubmissionValidator", SUBMISSION_CHECKS, run)
        .formerly("submission-checks")
        .over(QUEUE)
        .at_their_pace()
}

async fn check_some(
    context: &Context,
    host: &dyn CodeHost,
    settings: Settings,
    worker: Uuid,
) -> Result<Progress, JobError> {
    let Some(among) = permitted(context) else {
        return Ok(Progress::Idle);
    };
    let lease = QUEUE.lease(context, worker, settings);
    let condition = |_: &mut _| among.condition().to_owned();
    let claimed: Vec<ClaimedCheck> = lease.claim_among(AT_ONCE, CLAIMED, condition).await?;
    if claimed.is_empty() {
        return Ok(Progress::Idle);
    }
    let progress = Progress::of_batch(claimed.len(), AT_ONCE);
    let checks = claimed.into_iter().map(|claimed| async move {
        let row = claimed.id;
        let run = CheckRun { context, worker, claimed };
        // A submission that another process has claimed meanwhile is left to it.
        lease.hold(&[row], run.run(host)).await.unwrap_or(Ok(()))
    });
    let ended: Result<Vec<()>, DbError> = join_all(checks).await.into_iter().collect();
    ended?;
    Ok(progress)
}

/// Returns the submissions that can be checked now, if there are any. While requests to their code host are switched off, the others
/// wait and lose no attempts; while hackathons are off for everyone, all do.
fn permitted(context: &Context) -> Option<CheckableSubmissions> {
    if !context.flags.is_on_for_anyone(FLAG) {
        return None;
    }
    let github = context.flags.permit::<GithubApi>().is_ok();
    let others = context.flags.permit::<CodeHosts>().is_ok();
    match (github, others) {
        (true, true) => Some(CheckableSubmissions::All),
        (true, false) => Some(CheckableSubmissions::Github),
        (false, true) => Some(CheckableSubmissions::Others),
        (false, false) => None,
    }
}
