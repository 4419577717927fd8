//! Schedules of the module.

use platform::{
    Context,
    jobs::{JobError, Schedule},
    module::Services,
};

use crate::{
    actions::{Maker, back_up},
    rules::backups::cron,
};

/// The schedule that makes backups.
pub(crate) const BACKUP: &str = "Backup";

/// Returns the schedule that makes backups, unless the configuration says that none are made.
pub(crate) fn schedules(services: &Services) -> Vec<Schedule> {
    let cron = cron(services.config.backup_schedule);
    let (Some(maker), Some(cron)) = (Maker::of(services), cron) else {
        return Vec::new();
    };
    let run = move |context: Context| {
        let maker = maker.clone();
        async move {
            let made = back_up(&context, &maker).await;
            made.map_err(|error| JobError::Other(format!("{error:#}")))
        }
    };
    vec![Schedule::new(BACKUP, cron, run)]
}
