//! Alerts to operators: one when an incident begins, again while it lasts, and when it is over (docs/adr/0021).
//! Owns `alerts`. Knows incidents, but not their causes.

mod direct;
mod email;
pub(crate) mod measure;
mod operators;
mod reconcile;
mod routes;
mod server;
mod store;
mod tables;
mod traffic;
mod trial;
mod watch;

use kernel::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

pub use direct::{Unstored, reconcile_now};
pub use email::samples;
pub use operators::Operators;
pub use reconcile::reconcile;
pub use server::{
    DISK_FULL, NO_DATABASE, NO_JOBS, WRONG_CLOCK, disk_full, no_database, no_one_works, wrong_clock,
};
pub use store::{forget, is_open, latest};
pub(crate) use tables::migrations;
pub use trial::{TriedAlert, try_alert};
pub(crate) use watch::{RULES, schedule};

crate::codes! {
    /// The severity of an incident.
    Severity {
        /// Needs attention today.
        Medium = "medium";
        /// Needs attention now.
        High = "high";
        /// Worth waking an operator.
        Critical = "critical";
    }
}

/// A problem that currently exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// The subject, such as the name of a queue or a job. Kind and subject identify an incident.
    pub subject: String,
    pub severity: Severity,
    /// The title, in one line.
    pub title: String,
    /// The situation and the next step, in a few sentences.
    pub text: String,
    /// The path of the page that shows it.
    pub link: &'static str,
}

/// An incident that operators were alerted to.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Alert {
    pub id: Uuid,
    /// When the server first noticed it.
    pub created_at: Timestamp,
    /// Its kind, such as `ledger_mismatch`.
    pub kind: String,
    pub subject: String,
    pub severity: Severity,
    /// The title, in one line.
    pub title: String,
    /// The situation and the next step.
    pub detail: String,
    /// The path of the page that shows it.
    pub link: String,
    /// When the last notification was sent.
    pub last_sent_at: Timestamp,
    /// The number of notifications sent.
    pub alerts_sent: i64,
    /// When it ended, if it has.
    pub resolved_at: Option<Timestamp>,
}
