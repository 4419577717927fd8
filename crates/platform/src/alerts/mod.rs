//! Alerts to operators: one for each incident, again while it
//! lasts, and when it is over (docs/adr/0021). Owns `alerts`. Knows incidents, never what causes them.

mod email;
mod operators;
mod reconcile;
mod store;
mod tables;
mod watch;

use kernel::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::outbox::{EMAIL, SLACK, SMS};

pub use email::samples;
pub use operators::Operators;
pub use reconcile::reconcile;
pub use store::{forget, is_open, latest};
pub(crate) use tables::migrations;
pub(crate) use watch::{RULES, schedule};

/// How bad an incident is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// To be looked at today.
    Medium,
    /// To be looked at now.
    High,
    /// Worth waking an operator.
    Critical,
}

impl Severity {
    /// Every severity.
    pub const ALL: [Self; 3] = [Self::Medium, Self::High, Self::Critical];

    /// As stored and sent.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// Reads the text of [`Severity::as_str`]; an unknown one is the worst.
    #[must_use]
    pub fn named(text: &str) -> Self {
        let known = Self::ALL.into_iter().find(|one| one.as_str() == text);
        known.unwrap_or(Self::Critical)
    }

    /// The channels that it is sent by.
    #[must_use]
    pub fn channels(self) -> &'static [&'static str] {
        match self {
            Self::Medium => &[EMAIL],
            Self::High => &[SLACK, EMAIL],
            Self::Critical => &[SLACK, EMAIL, SMS],
        }
    }
}

/// Something that is wrong now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// The subject: the name of a queue or a job. Kind and subject identify an incident.
    pub subject: String,
    /// How bad it is.
    pub severity: Severity,
    /// One line.
    pub title: String,
    /// The situation and the next step, in a few sentences.
    pub text: String,
    /// The page of this server that shows it: a path.
    pub link: &'static str,
}

/// An incident that operators were notified of.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Alert {
    /// Its id.
    pub id: Uuid,
    /// When it began, as far as the server knows.
    pub created_at: Timestamp,
    /// Its kind: `ledger_mismatch`.
    pub kind: String,
    /// The subject.
    pub subject: String,
    /// How bad it is, as [`Severity::as_str`] writes it.
    pub severity: String,
    /// One line.
    pub title: String,
    /// The situation and the next step.
    pub detail: String,
    /// The page of this server that shows it: a path.
    pub link: String,
    /// Instant of the last notification.
    pub last_sent_at: Timestamp,
    /// Number of notifications.
    pub alerts_sent: i64,
    /// When it was over, if it is.
    pub resolved_at: Option<Timestamp>,
}
