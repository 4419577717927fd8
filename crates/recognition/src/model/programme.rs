use std::collections::HashMap;

use sea_orm::FromQueryResult;
use serde::Serialize;
use uuid::Uuid;

/// Settling again with or without writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettlementMode {
    /// Post what is missing.
    Post,
    /// Settle everything, write nothing.
    Check,
}

/// The result of settling everything again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resettled {
    /// The sources that were settled, in words: "120 pull requests in 30 windows".
    pub summary: String,
    /// Entries by which the ledger differed.
    pub entries: usize,
}

/// A difference between the ledger and a value that is derived from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct Mismatch {
    /// The kind of value: `total`, `board`, `histogram`, `reversal`, or one of a programme, such as
    /// `entitlement`.
    pub what: String,
    /// The person, board or entry that differs, for an operator to find.
    pub which: String,
    /// The stored value.
    pub stored: String,
    /// The value as counted again.
    pub counted: String,
}

/// A programme's part of a dump: nothing in it differs between two installations that received the same.
#[derive(Clone, Debug, Default)]
pub struct CanonicalPart {
    /// Facts as JSON objects, one a line.
    pub lines: Vec<String>,
    /// Names of sources by their id.
    pub sources: HashMap<Uuid, String>,
    /// Names of boards by their key.
    pub boards: HashMap<String, String>,
}

/// An entry of the ledger in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryDescription {
    /// The reason: "merged".
    pub reason: String,
    /// The source with the page that explains the entry; absent where the source is not shown.
    pub source: Option<SourceLink>,
    /// Says why the source is not shown: "in a private repository".
    pub hidden: Option<&'static str>,
    /// How the points were computed, in sentences.
    pub sentences: Vec<String>,
}

impl EntryDescription {
    /// Describes an entry by the code of its reason.
    #[must_use]
    pub fn of_reason(code: &str) -> Self {
        Self {
            reason: code.replace('_', " "),
            ..Self::default()
        }
    }
}

/// A source of points as a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceLink {
    /// Its name: "octo-org/lantern #7".
    pub label: String,
    /// The address of the page that explains its points.
    pub address: String,
}
