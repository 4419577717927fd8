//! What this room does after the answer and at set times.

use github::jobs::PULL_REQUEST_CHANGED;
use platform::{
    Context,
    jobs::{Schedule, Worker},
};

use crate::actions;

/// Settlement.
#[must_use]
pub fn workers() -> Vec<Worker> {
    let settle = |context: Context, _| async move { Ok(actions::settle_changed(&context).await?) };
    vec![Worker::new("settlement", PULL_REQUEST_CHANGED, settle)]
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
