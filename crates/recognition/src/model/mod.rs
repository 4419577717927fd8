//! Plain types of the ledger and the boards.

mod ids;

use std::sync::Arc;

use identity::model::{IdentityId, UserId};
use kernel::{Month, Points, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

pub use ids::{TransactionId, marker};

/// What an entry of the ledger is.
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
    /// As stored.
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

/// Points that someone should have for one reason of one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entitlement {
    /// Who.
    pub user_id: UserId,
    /// By which account.
    pub identity_id: IdentityId,
    /// For what.
    pub source: Source,
    /// Why, as a code such as `pr_merged`.
    pub reason: &'static str,
    /// What it is; never a reversal.
    pub kind: EntryKind,
    /// How many; never 0.
    pub points: Points,
    /// The instant it was earned, by the programme's facts.
    pub occurred_at: Timestamp,
    /// The boards it stands on.
    pub boards: Boards,
    /// The factors it was reckoned from, as JSON.
    pub explanation: String,
}

/// The keys of boards, sorted.
pub type Boards = Arc<[String]>;

/// The board of everybody, forever.
pub const GLOBAL: &str = "global";

/// The key of a month's board.
#[must_use]
pub fn month_board(month: Month) -> String {
    format!("month:{month}")
}

/// One line of the ledger as it stands.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct Entry {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub user_id: Uuid,
    /// By which account.
    pub identity_id: Uuid,
    /// The kind of thing it was earned by.
    pub source_kind: String,
    /// The thing it was earned by.
    pub source_id: Uuid,
    /// Why.
    pub reason: String,
    /// Counts the entries of this source and reason from 1.
    pub generation: i64,
    /// `AWARD`, `BONUS`, `PENALTY`, `REVERSAL` or `REDEMPTION`.
    pub kind: String,
    /// How many.
    pub points: Points,
    /// When it was earned.
    pub occurred_at: Timestamp,
    /// The boards it stands on, as a JSON array.
    pub boards: String,
}

/// An entry about to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// What it gives.
    pub entitlement: Entitlement,
    /// What it is; a reversal carries the negated points of what it reverses.
    pub kind: EntryKind,
    /// Counts the entries of this source and reason from 1.
    pub generation: i64,
    /// The entry that a reversal takes back.
    pub reverses_id: Option<Uuid>,
}

/// Where someone stands on a board.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(example = json!({
    "rank": 2, "points": 412, "percentile": 99.1, "sharing": 1, "people": 110, "points_to_next_rank": 18
}))]
pub struct RankPosition {
    /// 1 is the top; equal points share a rank.
    pub rank: i64,
    /// Points on this board.
    #[schema(value_type = i64)]
    pub points: Points,
    /// 100 × people strictly below ÷ people on the board.
    pub percentile: f64,
    /// People with exactly these points, this one included.
    pub sharing: i64,
    /// People on the board.
    pub people: i64,
    /// Points missing to the next better rank; absent at the top.
    #[schema(value_type = Option<i64>)]
    pub points_to_next_rank: Option<Points>,
}
