//! How far SQLite's log was copied, for pages, alerts, metrics and the checks of the server's health.

use std::{
    path::Path,
    sync::atomic::{AtomicI64, Ordering},
};

use kernel::Timestamp;
use platform::{Context, alerts::Incident, module::Services, telemetry::Metric};

use crate::{backup::LogState, rules::log_copies::late};

/// The age of the newest copy of the log.
pub(crate) const AGE: Metric = Metric::gauge(
    "guildhall_backup_log_age_seconds",
    "Age of the newest copy of SQLite's log; NaN in a process that copies none.",
);

/// The milliseconds since 1970 until which this process has copied the log; 0 if it has not.
static CONFIRMED: AtomicI64 = AtomicI64::new(0);

/// Notes until when this process has copied the log.
pub(crate) fn confirmed(at: Option<Timestamp>) {
    if let Some(at) = at {
        CONFIRMED.store(at.timestamp_millis(), Ordering::Relaxed);
    }
}

/// Sets the gauge.
pub(super) fn measure(context: &Context) {
    let age = match CONFIRMED.load(Ordering::Relaxed) {
        0 => f64::NAN,
        at => (context.now().timestamp_millis() - at) as f64 / 1_000.0,
    };
    AGE.set(&[], age);
}

/// When this process first looked whether the log is copied.
#[derive(Clone, Copy)]
struct Watched(Timestamp);

/// Returns the incident of a log that is not copied.
pub(crate) fn missing(services: &Services) -> Option<Incident> {
    if !services.config.backup_log {
        return None;
    }
    let now = services.context.now();
    let Watched(since) = services.once(|| Watched(now));
    let state = LogState::read(&services.config.backup_log_folder());
    let last = state.confirmed_at.map_or(since, |at| at.max(since));
    late(last, state.error.as_deref(), now)
}

/// Returns the words about copies in a folder that are late, for the server's health.
pub(crate) fn failing(folder: &Path, now: Timestamp) -> Option<String> {
    let last = LogState::read(folder).confirmed_at?;
    late(last, None, now).map(|incident| incident.title)
}
