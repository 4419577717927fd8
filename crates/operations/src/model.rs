//! Plain types of this module.

use std::sync::Arc;

use kernel::Timestamp;
use platform::{
    config::Config,
    module::{Modules, Services},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A backup that the server made or tried to make.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub(crate) struct Backup {
    pub(crate) id: Uuid,
    /// When it was begun: it has all changes until then.
    pub(crate) created_at: Timestamp,
    /// The name of its file.
    pub(crate) file: String,
    /// The size of the file in bytes; 0 if it could not be written.
    pub(crate) bytes: i64,
    /// The number of rows in it.
    pub(crate) row_count: i64,
    /// The number of differences between its ledger and what is derived from that.
    pub(crate) mismatches: i64,
    /// When it was verified; absent if that failed.
    pub(crate) verified_at: Option<Timestamp>,
    /// When it was copied elsewhere.
    pub(crate) uploaded_at: Option<Timestamp>,
    /// When its file was removed, because newer ones are kept or it could not be completed.
    pub(crate) removed_at: Option<Timestamp>,
    /// Why it could not be made or copied.
    pub(crate) error: Option<String>,
}

/// The base of costs: the prices and budgets, and the services that modules declare. Also a request extension.
#[derive(Clone, Debug)]
pub struct Accounts {
    pub config: Arc<Config>,
    pub modules: Modules,
}

impl Accounts {
    /// Reads them from the application's services.
    #[must_use]
    pub fn of(services: &Services) -> Self {
        Self { config: Arc::clone(&services.config), modules: services.modules() }
    }
}

/// The topic of wake-ups of feedback that was answered.
pub const ANSWERED: &str = "feedback-answers";

platform::codes! {
    /// The kind of feedback.
    FeedbackKind {
        Problem = "problem", "Something does not work";
        Idea = "idea", "An idea";
        Question = "question", "A question";
        Other = "other", "Something else";
    }
}

/// A message of a person about the server.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Feedback {
    pub id: Uuid,
    pub created_at: Timestamp,
    pub user_id: Uuid,
    pub kind: FeedbackKind,
    pub words: String,
    /// The path of the page that it is about.
    pub page: Option<String>,
    pub answer: Option<String>,
    /// The admin who answered.
    pub answered_by_id: Option<Uuid>,
    pub answered_at: Option<Timestamp>,
}
