//! Workers and schedules of this module.

use std::sync::Arc;

use kernel::counted;
use platform::{
    Context,
    jobs::{JobError, Schedule, Worker},
    module::Services,
    outbox::Post,
};
use ui::format::bytes;

use crate::{
    actions::{self, Maker},
    model::ANSWERED,
    rules::backups::cron,
};

/// The schedule that makes backups.
pub(crate) const BACKUP: &str = "Backup";

#[must_use]
pub(crate) fn workers(post: &Post) -> Vec<Worker> {
    vec![Worker::for_each("feedback-notices", ANSWERED, post.clone(), |tx, context, post, id| {
        Box::pin(actions::notify_answer(tx, context, post, id))
    })]
}

#[must_use]
pub(crate) fn schedules(services: &Services) -> Vec<Schedule> {
    let config = Arc::clone(&services.config);
    let measure = move |context: Context| {
        let config = Arc::clone(&config);
        async move {
            let (database, disk) = actions::measure_storage(&context, &config).await?;
            Ok(format!("database {}, other files {}", bytes(database), bytes(disk)))
        }
    };
    let active = |context: Context| async move {
        let new = actions::record_active(&context).await?;
        Ok(counted(new, "new day of activity", "new days of activity"))
    };
    let forget = |context: Context| async move { Ok(actions::forget(&context).await?) };
    let mut schedules = vec![
        Schedule::new("StorageMeasurement", "20 * * * *", measure),
        Schedule::new("ActivityRecords", "58 * * * *", active),
        Schedule::new("OperationsRetention", "50 3 * * *", forget),
    ];
    schedules.extend(backups(services));
    schedules
}

/// Returns the schedule of backups, if the server makes any.
fn backups(services: &Services) -> Option<Schedule> {
    let cron = cron(services.config.backup_schedule)?;
    let maker = Maker::of(services)?;
    let run = move |context: Context| {
        let maker = maker.clone();
        async move {
            let made = actions::back_up(&context, &maker).await;
            made.map_err(|error| JobError::Other(format!("{error:#}")))
        }
    };
    Some(Schedule::new(BACKUP, cron, run))
}
