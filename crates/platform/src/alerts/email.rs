use kernel::Timestamp;

use super::{Alert, Operators, Severity};
use crate::outbox::{Content, Email, EmailTemplate, Frame, Sample, TemplateError};

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
    severity: Severity,
    link: String,
    /// The people to turn to, joined.
    contacts: String,
    since: Timestamp,
    resolved_at: Option<Timestamp>,
}

impl EmailTemplate for AlertEmail {
    fn email(&self, frame: Frame<'_>) -> Email {
        let email = Email::new(format!("{} {}", self.mark, self.title)).heading(&self.title);
        let email = match self.resolved_at {
            Some(at) => email
                .says("This is resolved. Nothing needs to be done.")
                .fact("Started", Self::at(&self.since))
                .fact("Resolved", Self::at(&at)),
            None => email
                .says(&self.detail)
                .fact("Severity", self.severity.as_str())
                .fact("Started", Self::at(&self.since)),
        };
        let email = match self.resolved_at {
            None if !self.contacts.is_empty() => email.fact("Contacts", &self.contacts),
            _ => email,
        };
        let operators = format!("you get the alerts of {}", frame.community);
        email.button("View details", &self.link).because(operators)
    }
}

impl AlertEmail {
    fn of(alert: &Alert, turn: IncidentChange, contacts: &[String]) -> Self {
        let mark = match turn {
            IncidentChange::Raised => format!("[{}]", alert.severity.as_str()),
            IncidentChange::Again => format!("[{}, ongoing]", alert.severity.as_str()),
            IncidentChange::Resolved => "[resolved]".to_owned(),
        };
        Self {
            mark,
            title: alert.title.clone(),
            detail: alert.detail.clone(),
            severity: alert.severity,
            link: alert.link.clone(),
            contacts: contacts.join(", "),
            since: alert.created_at,
            resolved_at: alert.resolved_at,
        }
    }

    /// Formats an instant: "1 November 2026, 08:00 UTC".
    fn at(instant: &Timestamp) -> String {
        instant.format("%-d %B %Y, %H:%M UTC").to_string()
    }
}

/// Writes the message about an incident.
pub(super) fn content(
    operators: &Operators,
    alert: &Alert,
    turn: IncidentChange,
) -> Result<Content, TemplateError> {
    let post = &operators.post;
    let mut content = post.write(&AlertEmail::of(alert, turn, &operators.contacts), None)?;
    content.link = Some(format!("{}{}", post.site, alert.link));
    content.is_urgent = alert.severity == Severity::Critical;
    Ok(content)
}

/// Returns a sample email for the preview.
#[must_use]
pub fn samples() -> Vec<Sample> {
    let email = AlertEmail {
        mark: format!("[{}]", Severity::Critical.as_str()),
        title: "The ledger check found a mismatch".to_owned(),
        detail: "1 mismatch: all-time points, 60 instead of 50. Nothing was changed. \
                 Run `guildhall ledger verify` on the server for details."
            .to_owned(),
        severity: Severity::Critical,
        link: "/admin/ledger".to_owned(),
        contacts: "Operations: ops@guild.example".to_owned(),
        since: Timestamp::UNIX_EPOCH + chrono::TimeDelta::days(20_000),
        resolved_at: None,
    };
    vec![Sample::new("alert", email)]
}
