//! How old the backups are, for pages, alerts, metrics and the checks of the server's health.

use platform::{
    ActionError, Context,
    alerts::Incident,
    config::Config,
    db::{Db, DbError},
    module::Services,
    outside::{Condition, Service},
    telemetry::Metric,
};

use crate::{
    model::Backup,
    reads::log_copies,
    rules::backups::{incidents, words},
    store::backups,
};

/// The number of backups in the list.
const LISTED: i64 = 100;

/// The age of the newest verified backup.
pub(crate) const AGE: Metric = Metric::gauge(
    "guildhall_backup_age_seconds",
    "Age of the newest verified backup; NaN if there is none.",
);

/// Returns the latest backups and failed attempts, the newest first.
pub(crate) async fn latest(db: &Db) -> Result<Vec<Backup>, DbError> {
    backups::latest(db, LISTED).await
}

/// Sets the gauge.
pub(super) async fn measure(context: &Context) -> Result<(), DbError> {
    let known = backups::known(&context.db).await?;
    let age = known.verified_at.map(|at| (context.now() - at).num_seconds());
    AGE.set(&[], age.map_or(f64::NAN, |age| age as f64));
    Ok(())
}

/// Returns whether backups are copied elsewhere.
pub(crate) fn is_copied(config: &Config) -> bool {
    config.backup_s3_url.is_some() || config.backup_command.is_some()
}

/// Returns the incidents of missing backups.
pub(crate) async fn missing(services: &Services) -> Result<Vec<Incident>, ActionError> {
    let (config, context) = (&services.config, &services.context);
    let known = backups::known(&context.db).await?;
    let mut missing = incidents(config.backup_schedule, is_copied(config), known, context.now());
    missing.extend(log_copies::missing(services));
    Ok(missing)
}

/// Returns the check of the newest backup for the server's health. An old one does not make the server work less well.
pub(crate) fn check(config: &Config) -> Service {
    let (schedule, is_copied) = (config.backup_schedule, is_copied(config));
    if schedule.period().is_none() && !config.backup_log {
        return Service::absent("backups");
    }
    let folder = config.backup_log.then(|| config.backup_log_folder());
    Service::remark("backups", move |context: Context| {
        let folder = folder.clone();
        async move {
            let (db, now) = (&context.db, context.now());
            // A database that cannot be read, or is from an earlier release, is a finding of its own.
            let (Ok(known), Ok(last)) = (backups::known(db).await, backups::latest(db, 1).await)
            else {
                return Condition::Unknown;
            };
            let missing = incidents(schedule, is_copied, known, now).into_iter().next();
            let missing = missing.map(|incident| incident.title);
            let missing = missing.or_else(|| log_copies::failing(folder.as_deref()?, now));
            let error = last.into_iter().next().and_then(|last| last.error);
            match (missing, error, known.verified_at) {
                (Some(missing), ..) => Condition::Failing(format!("{missing}: see /admin/backups")),
                (None, Some(error), _) => Condition::Failing(format!(
                    "The last attempt failed: {error}. Fix the cause, then run `guildhall jobs run Backup`"
                )),
                (None, None, None) => Condition::Healthy("No backup was due yet".to_owned()),
                (None, None, Some(at)) => Condition::Healthy(format!(
                    "The last backup was verified {} ago",
                    words(now - at)
                )),
            }
        }
    })
}
