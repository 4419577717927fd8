//! Workers and schedules of this module.

use github::model::PULL_REQUEST_CHANGED;
use kernel::counted;
use platform::{
    Context,
    jobs::{Schedule, Worker},
    outbox::Post,
};

use crate::actions;
use crate::model::{MAINTAINER_ADDED, PULL_REQUEST_SCORED};

/// Returns the workers: settlement, and notifications of its results.
#[must_use]
pub fn workers(post: &Post) -> Vec<Worker> {
    let settle = |context: Context, _| async move { Ok(actions::settle_changed(&context).await?) };
    vec![
        Worker::new("settlement", PULL_REQUEST_CHANGED, settle),
        Worker::for_each(
            "score-notices",
            PULL_REQUEST_SCORED,
            post.clone(),
            |tx, context, post, pull| Box::pin(actions::notify_score(tx, context, post, pull)),
        ),
        Worker::for_each(
            "maintainer-notices",
            MAINTAINER_ADDED,
            post.clone(),
            |tx, context, post, id| Box::pin(actions::notify_new_maintainer(tx, context, post, id)),
        ),
    ]
}

/// Returns the schedule that settles matured points.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    let mature = |context: Context| async move {
        let matured = actions::mature(&context).await?;
        Ok(format!(
            "the pending period of {} ended",
            counted(matured, "pull request", "pull requests")
        ))
    };
    vec![Schedule::new("AwardMaturing", "*/5 * * * *", mature)]
}
