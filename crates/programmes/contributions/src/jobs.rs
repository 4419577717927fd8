//! What this module does after the answer and at set times.

use github::model::PULL_REQUEST_CHANGED;
use platform::{
    Context,
    jobs::{Schedule, Worker},
    outbox::Post,
};

use crate::actions;
use crate::model::{MAINTAINER_APPOINTED, PULL_REQUEST_SCORED};

/// Settlement, and who must be told of it.
#[must_use]
pub fn workers(post: &Post) -> Vec<Worker> {
    let settle = |context: Context, _| async move { Ok(actions::settle_changed(&context).await?) };
    let own = post.clone();
    let scores = move |context: Context, _| {
        let post = own.clone();
        async move { Ok(actions::notify_scores(&context, &post).await?) }
    };
    let own = post.clone();
    let appointments = move |context: Context, _| {
        let post = own.clone();
        async move { Ok(actions::notify_appointments(&context, &post).await?) }
    };
    vec![
        Worker::new("settlement", PULL_REQUEST_CHANGED, settle),
        Worker::new("score-notices", PULL_REQUEST_SCORED, scores),
        Worker::new("maintainer-notices", MAINTAINER_APPOINTED, appointments),
    ]
}

/// Points that were pending and no longer are.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    let mature = |context: Context| async move {
        let matured = actions::mature(&context).await?;
        Ok(format!("{matured} pull requests matured"))
    };
    vec![Schedule::new("AwardMaturing", "*/5 * * * *", mature)]
}
