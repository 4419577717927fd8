use kernel::Timestamp;
use uuid::Uuid;

use super::WorkKind;

platform::codes! {
    /// The state of an opportunity.
    Status {
        /// It can be done.
        Active = "active";
        /// A person works on it.
        Claimed = "claimed";
        /// Its issue was closed as completed.
        Completed = "completed";
        /// It cannot be done any more.
        Expired = "expired";
    }
}

impl Status {
    /// Returns true if its issue can be done.
    #[must_use]
    pub(crate) fn can_be_done(self) -> bool {
        matches!(self, Self::Active | Self::Claimed)
    }
}

/// An opportunity as it follows from an issue. Numbers with fractions are in thousandths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Derived {
    pub(crate) issue_id: Uuid,
    pub(crate) number: i64,
    pub(crate) kind: WorkKind,
    pub(crate) status: Status,
    pub(crate) title: String,
    /// The SHA-256 of the description, in hexadecimal.
    pub(crate) body_digest: String,
    /// A JSON array of names.
    pub(crate) labels: String,
    pub(crate) complexity: i64,
    pub(crate) impact: i64,
    pub(crate) confidence: i64,
    pub(crate) urgency: i64,
    pub(crate) overall: i64,
    pub(crate) noted: NotedAttention,
    /// The reasons of the numbers, as JSON.
    pub(crate) analysis: String,
    /// A JSON array of names.
    pub(crate) required_skills: String,
    pub(crate) estimated_hours: i64,
    pub(crate) language: Option<String>,
    pub(crate) is_good_first: bool,
    pub(crate) is_help_wanted: bool,
    /// Why it cannot be done, in words.
    pub(crate) dropped_reason: Option<String>,
    pub(crate) opened_at: Timestamp,
    pub(crate) active_at: Timestamp,
    pub(crate) digest: String,
}

/// The attention of an issue, and the counts that it is from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NotedAttention {
    /// The attention, as [`crate::rules::trending::lasting`] keeps it.
    pub trend: i64,
    pub comments: i64,
    pub reactions: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DerivedHealth {
    pub(crate) health: i64,
    pub(crate) activity: i64,
    pub(crate) community: i64,
    pub(crate) documentation: i64,
    /// The reasons of the numbers, as JSON.
    pub(crate) reasons: String,
    pub(crate) response_words: Option<String>,
    /// The digest of the facts that the opportunities of the repository depend on.
    pub(crate) facts_digest: String,
    /// The name in lower case.
    pub(crate) name_key: String,
    /// The languages and topics that it is found by.
    pub(crate) facets: String,
    /// True if the lists of repositories have it.
    pub(crate) is_listed: bool,
}
