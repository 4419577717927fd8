//! Workers and schedules of this module.

mod reconcile;
mod sync;

use kernel::counted;
use platform::{
    Context,
    jobs::{Schedule, Worker},
    module::Services,
};

use crate::{
    FLAG, actions,
    model::{CONSENTS, MILESTONES},
};

#[must_use]
pub fn workers(services: &Services) -> Vec<Worker> {
    let milestones = Worker::for_each(
        "ctf-milestones",
        MILESTONES,
        services.post.clone(),
        |tx, context, post, roster| {
            Box::pin(actions::notify_milestones(tx, context, post, roster.into()))
        },
    );
    let consents = Worker::for_each(
        "ctf-consent-notices",
        CONSENTS,
        services.post.clone(),
        |tx, context, post, competitor| {
            Box::pin(actions::notify_consent(tx, context, post, competitor.into()))
        },
    );
    vec![sync::worker(services), reconcile::worker(services), milestones, consents]
}

#[must_use]
pub fn schedules(services: &Services) -> Vec<Schedule> {
    let invited = |context: Context| async move {
        let forgotten = actions::forget_invited(&context).await?;
        Ok(counted(forgotten, "address", "addresses"))
    };
    let divisions = |context: Context| async move {
        let compared = actions::refresh_division_figures(&context).await?;
        Ok(counted(compared, "comparison", "comparisons"))
    };
    let post = services.post.clone();
    let weeks = move |context: Context| {
        let post = post.clone();
        async move {
            let sent = actions::send_weeks(&context, &post).await?;
            Ok(counted(sent, "notification", "notifications"))
        }
    };
    let mut schedules = vec![
        Schedule::new("CtfWeeks", "10 * * * *", weeks).of(FLAG),
        Schedule::new("CtfInvitationRetention", "25 3 * * *", invited),
        Schedule::new("CtfDivisionFigures", "45 * * * *", divisions).of(FLAG),
    ];
    schedules.extend(sync::schedules(services));
    schedules.push(reconcile::schedule(services));
    schedules
}
