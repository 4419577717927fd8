use identity::model::{IdentityId, UserId};
use kernel::{Points, Timestamp};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::Boards;

/// The kind of a ledger entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// Earned.
    Award,
    /// Earned on top.
    Bonus,
    /// Taken for a breach.
    Penalty,
    /// Takes an earlier entry back.
    Reversal,
}

impl EntryKind {
    /// Returns the kind as stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Award => "AWARD",
            Self::Bonus => "BONUS",
            Self::Penalty => "PENALTY",
            Self::Reversal => "REVERSAL",
        }
    }
}

/// The thing that earned points: its kind and id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// Such as `pull_request`.
    pub kind: &'static str,
    /// Its id.
    pub id: Uuid,
}

/// Points that a person should have for one reason of one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entitlement {
    /// The person.
    pub user_id: UserId,
    /// The account by which they earned it.
    pub identity_id: IdentityId,
    /// The thing that earned it.
    pub source: Source,
    /// The reason, as a code such as `pr_merged`.
    pub reason: &'static str,
    /// The kind of entry; never a reversal.
    pub kind: EntryKind,
    /// The points; never 0.
    pub points: Points,
    /// The instant it was earned, by the programme's facts.
    pub occurred_at: Timestamp,
    /// The boards it counts on.
    pub boards: Boards,
    /// The factors it was computed from, as JSON.
    pub explanation: String,
}

/// A line of the ledger as stored.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Entry {
    /// Its id.
    pub id: Uuid,
    /// The person.
    pub user_id: Uuid,
    /// The account by which they earned it.
    pub identity_id: Uuid,
    /// The kind of thing it was earned by.
    pub source_kind: String,
    /// The thing it was earned by.
    pub source_id: Uuid,
    /// The reason, as a code.
    pub reason: String,
    /// Counts the entries of this source and reason from 1.
    pub generation: i64,
    /// `AWARD`, `BONUS`, `PENALTY`, `REVERSAL` or `REDEMPTION`.
    pub kind: String,
    /// The points.
    pub points: Points,
    /// When it was earned.
    pub occurred_at: Timestamp,
    /// The boards it counts on, as a JSON array.
    pub boards: String,
}

/// A line of the ledger with the factors it was computed from.
#[derive(Clone, Debug, FromQueryResult)]
pub struct EntryWithExplanation {
    /// Its id.
    pub id: Uuid,
    /// The kind of thing it was earned by.
    pub source_kind: String,
    /// The thing it was earned by.
    pub source_id: Uuid,
    /// The reason, as a code.
    pub reason: String,
    /// Counts the entries of this source and reason from 1.
    pub generation: i64,
    /// `AWARD`, `BONUS`, `PENALTY`, `REVERSAL` or `REDEMPTION`.
    pub kind: String,
    /// The points.
    pub points: Points,
    /// When it was earned.
    pub occurred_at: Timestamp,
    /// When it was written.
    pub created_at: Timestamp,
    /// The factors, as JSON.
    pub explanation: String,
}

impl EntryWithExplanation {
    /// The word for its kind on pages.
    #[must_use]
    pub fn kind_word(&self) -> &'static str {
        match self.kind.as_str() {
            "AWARD" => "Award",
            "BONUS" => "Bonus",
            "PENALTY" => "Penalty",
            "REVERSAL" => "Reversal",
            "REDEMPTION" => "Redemption",
            _ => "Entry",
        }
    }

    /// True if it reverses an earlier entry.
    #[must_use]
    pub fn is_reversal(&self) -> bool {
        self.kind == EntryKind::Reversal.as_str()
    }
}

/// An entry about to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The points it gives and the person who gets them.
    pub entitlement: Entitlement,
    /// The kind of entry; a reversal carries the negated points of the entry that it reverses.
    pub kind: EntryKind,
    /// Counts the entries of this source and reason from 1.
    pub generation: i64,
    /// The entry that a reversal takes back.
    pub reverses_id: Option<Uuid>,
}
