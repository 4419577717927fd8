use identity::model::{IdentityId, UserId};
use kernel::{Points, Timestamp};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::Boards;

/// The kind of a ledger entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// Points earned.
    Award,
    /// Additional points earned.
    Bonus,
    /// Points deducted for a violation.
    Penalty,
    /// The reversal of an earlier entry.
    Reversal,
    /// Points spent, or returned to the person who spent them. Boards and all-time points do not count it.
    Redemption,
}

impl EntryKind {
    /// Returns the stored name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Award => "AWARD",
            Self::Bonus => "BONUS",
            Self::Penalty => "PENALTY",
            Self::Reversal => "REVERSAL",
            Self::Redemption => "REDEMPTION",
        }
    }
}

/// The source of points: its kind and ID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// The kind, such as `pull_request`.
    pub kind: &'static str,
    pub id: Uuid,
}

/// The points that a person is entitled to for a source and reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entitlement {
    pub user_id: UserId,
    /// The account that earned the points.
    pub identity_id: IdentityId,
    pub source: Source,
    /// The reason, as a code such as `pr_merged`.
    pub reason: &'static str,
    /// The kind of entry; never a reversal.
    pub kind: EntryKind,
    /// The points, never 0.
    pub points: Points,
    /// When the points were earned, according to the programme's facts.
    pub occurred_at: Timestamp,
    /// The boards that the points count on.
    pub boards: Boards,
    /// The factors of the computation, as JSON.
    pub explanation: String,
}

/// Points that a person spends, or gets back. At most one is posted per source and reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redemption {
    pub user_id: UserId,
    pub source: Source,
    /// The reason, as a code such as `reward_redeemed`.
    pub reason: &'static str,
    /// The points: negative when they are spent, positive when they are returned.
    pub points: Points,
    /// When the person spent them, or got them back.
    pub occurred_at: Timestamp,
    /// The facts behind it, as JSON.
    pub explanation: String,
}

/// A stored ledger entry.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Entry {
    pub id: Uuid,
    pub user_id: Uuid,
    /// The account that earned the points.
    pub identity_id: Uuid,
    pub source_kind: String,
    pub source_id: Uuid,
    /// The reason, as a code.
    pub reason: String,
    /// The number of the entry among those of the same source and reason, starting at 1.
    pub generation: i64,
    /// `AWARD`, `BONUS`, `PENALTY`, `REVERSAL` or `REDEMPTION`.
    pub kind: String,
    pub points: Points,
    /// When the points were earned.
    pub occurred_at: Timestamp,
    /// The boards that the points count on, as a JSON array.
    pub boards: String,
}

/// A ledger entry with the factors of its computation.
#[derive(Clone, Debug, FromQueryResult)]
pub struct EntryWithExplanation {
    pub id: Uuid,
    pub source_kind: String,
    pub source_id: Uuid,
    /// The reason, as a code.
    pub reason: String,
    /// The number of the entry among those of the same source and reason, starting at 1.
    pub generation: i64,
    /// `AWARD`, `BONUS`, `PENALTY`, `REVERSAL` or `REDEMPTION`.
    pub kind: String,
    pub points: Points,
    /// When the points were earned.
    pub occurred_at: Timestamp,
    /// When the entry was written.
    pub created_at: Timestamp,
    /// The factors, as JSON.
    pub explanation: String,
}

impl EntryWithExplanation {
    /// Returns the name of the kind on pages.
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

    /// Returns whether it reverses an earlier entry.
    #[must_use]
    pub fn is_reversal(&self) -> bool {
        self.kind == EntryKind::Reversal.as_str()
    }
}

/// An entry to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The person and their points.
    pub entitlement: Entitlement,
    /// The kind of entry. A reversal has the negated points of the entry that it reverses.
    pub kind: EntryKind,
    /// The number of the entry among those of the same source and reason, starting at 1.
    pub generation: i64,
    /// The entry that a reversal reverses.
    pub reverses_id: Option<Uuid>,
}
