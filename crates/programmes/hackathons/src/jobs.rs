//! Workers and schedules of this module.

use kernel::counted;
use platform::{
    Context,
    jobs::{Schedule, Worker},
    module::Services,
};

use crate::{
    actions::{fill_all_places, notify_completion, notify_decision, notify_move},
    model::{APPLICATION_DECIDED, HACKATHON_COMPLETED, HACKATHON_MOVED},
};

/// Returns the workers.
#[must_use]
pub fn workers(services: &Services) -> Vec<Worker> {
    vec![
        Worker::for_each(
            "hackathon-applications",
            APPLICATION_DECIDED,
            services.post.clone(),
            |tx, context, post, id| Box::pin(notify_decision(tx, context, post, id)),
        ),
        Worker::for_each(
            "hackathon-changes",
            HACKATHON_MOVED,
            services.post.clone(),
            |tx, context, post, id| Box::pin(notify_move(tx, context, post, id)),
        ),
        Worker::for_each(
            "hackathon-results",
            HACKATHON_COMPLETED,
            services.post.clone(),
            |tx, context, post, id| Box::pin(notify_completion(tx, context, post, id)),
        ),
    ]
}

/// Returns the schedules.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    let waitlists = |context: Context| async move {
        let filled = fill_all_places(&context).await?;
        Ok(counted(filled, "waitlist", "waitlists"))
    };
    vec![Schedule::new(
        "HackathonWaitlists",
        "*/10 * * * *",
        waitlists,
    )]
}
