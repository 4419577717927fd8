use std::{collections::HashMap, fmt};

use kernel::{Points, Timestamp};
use sea_orm::FromQueryResult;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// The mode of settling again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettlementMode {
    /// Posts missing entries.
    Post,
    /// Settles everything without writing.
    Check,
}

/// The result of settling everything again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resettled {
    /// A description of the settled sources, such as "120 pull requests in 30 windows". Empty if the programme gives no points.
    pub summary: String,
    /// The number of entries by which the ledger differed.
    pub entries: usize,
}

impl Resettled {
    /// Returns the mismatch of a check that found entries which the ledger lacks; `None` if it lacks none.
    #[must_use]
    pub fn mismatch(self) -> Option<Mismatch> {
        (self.entries > 0).then(|| Mismatch {
            what: "unposted entries".to_owned(),
            which: self.summary,
            stored: self.entries.to_string(),
            counted: "0".to_owned(),
        })
    }
}

/// A difference between the ledger and a value that is derived from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct Mismatch {
    /// The kind of value, such as "all-time points". Names no one.
    pub what: String,
    /// The person, leaderboard or entry with the mismatch. Empty if it is unknown.
    pub which: String,
    pub stored: String,
    /// The recomputed value.
    pub counted: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if !self.which.is_empty() {
            write!(f, " ({})", self.which)?;
        }
        write!(f, ": {} instead of {}", self.stored, self.counted)
    }
}

/// A programme's part of a dump, which is the same in all installations that received the same data.
#[derive(Clone, Debug, Default)]
pub struct CanonicalPart {
    /// Facts as JSON objects, one per line.
    pub lines: Vec<String>,
    /// The names of sources, by ID.
    pub sources: HashMap<Uuid, String>,
    /// The names of boards, by key.
    pub boards: HashMap<String, String>,
}

/// The description of a ledger entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryDescription {
    /// The reason, such as "merged".
    pub reason: String,
    /// The source with a link to its explanation; absent when the source must not be shown.
    pub source: Option<SourceLink>,
    /// The reason that the source is not shown, such as "in a private repository".
    pub hidden: Option<&'static str>,
    /// Sentences that explain how the points were computed.
    pub sentences: Vec<String>,
    /// The factors of the computation in the form of the API; absent when they are stored in that form.
    pub explanation: Option<Value>,
}

impl EntryDescription {
    #[must_use]
    pub fn of_reason(code: &str) -> Self {
        Self { reason: code.replace('_', " "), ..Self::default() }
    }
}

/// A link to a source of points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceLink {
    /// The label, such as "octo-org/lantern #7".
    pub label: String,
    /// The URL of the page that explains the points.
    pub address: String,
}

/// Points that a person has yet to get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    pub points: Points,
    /// The first instant at which some of them are no longer pending; absent if it is unknown.
    pub until: Option<Timestamp>,
}
