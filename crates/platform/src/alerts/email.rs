use kernel::Timestamp;

use super::{Alert, Severity};
use crate::outbox::Sample;

/// The occasion of a notification about an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IncidentChange {
    /// The incident began.
    Raised,
    /// The incident continues, or got worse.
    Again,
    /// The incident is over.
    Resolved,
}

/// A notification about an incident.
#[derive(Clone, Debug)]
pub(super) struct AlertEmail {
    /// The prefix of the subject: "[critical]", or "[resolved]".
    mark: String,
    title: String,
    detail: String,
    link: String,
    since: Timestamp,
    resolved_at: Option<Timestamp>,
}

crate::email_template!(AlertEmail, "alert.txt", "alert.html");

impl AlertEmail {
    pub(super) fn of(alert: &Alert, turn: IncidentChange) -> Self {
        let mark = match turn {
            IncidentChange::Raised => format!("[{}]", alert.severity.as_str()),
            IncidentChange::Again => format!("[{}, ongoing]", alert.severity.as_str()),
            IncidentChange::Resolved => "[resolved]".to_owned(),
        };
        Self {
            mark,
            title: alert.title.clone(),
            detail: alert.detail.clone(),
            link: alert.link.clone(),
            since: alert.created_at,
            resolved_at: alert.resolved_at,
        }
    }

    fn is_over(&self) -> bool {
        self.resolved_at.is_some()
    }

    /// Formats an instant: "1 November 2026, 08:00 UTC".
    fn at(instant: &Timestamp) -> String {
        instant.format("%-d %B %Y, %H:%M UTC").to_string()
    }
}

/// Returns a sample e-mail for the preview.
#[must_use]
pub fn samples() -> Vec<Sample> {
    let email = AlertEmail {
        mark: format!("[{}]", Severity::Critical.as_str()),
        title: "The ledger check found a mismatch".to_owned(),
        detail: "1 mismatch: all-time points, 60 instead of 50. Nothing was changed. \
                 Run `guildhall ledger verify` on the server for details."
            .to_owned(),
        link: "/admin/ledger".to_owned(),
        since: Timestamp::UNIX_EPOCH + chrono::TimeDelta::days(20_000),
        resolved_at: None,
    };
    vec![Sample::new("alert", email)]
}
