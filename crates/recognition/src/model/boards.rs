use std::sync::Arc;

use futures_util::future::BoxFuture;
use kernel::{Month, Points};
use platform::{Context, db::DbError, flags::Flag};
use serde::Serialize;
use utoipa::ToSchema;

/// The keys of boards, sorted.
pub type Boards = Arc<[String]>;

/// The key of the all-time board of everyone.
pub const GLOBAL: &str = "global";

/// The reason of the entries that boards count as merged pull requests.
pub const MERGE_REASON: &str = "pr_merged";

/// The topic of wake-ups for boards that are recounted in pages; the object is the board.
pub const RECOUNT_DUE: &str = "board_recount_due";

/// The key of a month's board.
#[must_use]
pub fn month_board(month: Month) -> String {
    format!("month:{month}")
}

/// Returns the key of the board of what one kind of source earned. It is kept once entries of two kinds count; until then, it
/// would be equal to that of everyone.
#[must_use]
pub fn source_board(kind: &str) -> String {
    format!("{SOURCE}{kind}")
}

/// Returns the key of the empty board that marks a kind of source as one whose entries count.
#[must_use]
pub(crate) fn kind_mark(kind: &str) -> String {
    format!("kind:{kind}")
}

/// The beginning of the key of a board by kind of source.
pub(crate) const SOURCE: &str = "source:";

/// Returns the key of the board of what counts on another board within a month.
#[must_use]
pub fn board_in_month(key: &str, month: Month) -> String {
    format!("{key}{WITHIN}{}", month_board(month))
}

/// The separator between the keys of a board and of a month.
pub(crate) const WITHIN: char = '/';

/// The boards on which the points of a kind of source are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceState {
    /// No other kind earned points, so that everyone's boards are its own.
    Alone,
    /// On boards of its own.
    Apart,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedBoard {
    pub key: String,
    /// The name, as used in URLs.
    pub slug: String,
    /// The display name.
    pub name: String,
}

/// A kind of boards that a programme adds, such as one per project. Their pages are at
/// `/leaderboards/MANY/{slug}`.
#[derive(Debug)]
pub struct BoardFamily {
    /// The singular noun, such as `project`.
    pub one: &'static str,
    /// The plural noun, such as `projects`, which is also part of the URLs.
    pub many: &'static str,
    /// The page that lists them, such as `/projects`.
    pub address: &'static str,
    /// True if its boards have parts for each month.
    pub has_months: bool,
    /// True if its boards become final as a whole.
    pub ends: bool,
    /// The flag of its program: pages do not offer it to people for whom that is off.
    pub flag: Option<&'static Flag>,
    pub find: FindBoard,
    pub list: ListBoards,
}

/// Finds a board by its slug.
pub type FindBoard =
    for<'a> fn(&'a Context, &'a str) -> BoxFuture<'a, Result<Option<NamedBoard>, DbError>>;

/// Lists the first boards by slug, up to a limit.
pub type ListBoards =
    for<'a> fn(&'a Context, i64) -> BoxFuture<'a, Result<Vec<NamedBoard>, DbError>>;

/// A person's rank on a leaderboard.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(example = json!({
    "rank": 2, "points": 412, "percentile": 99.1, "tied_people": 1, "people": 110, "points_to_next_rank": 18
}))]
pub struct RankPosition {
    /// The rank, starting at 1. People with equal points share a rank.
    pub rank: i64,
    /// The points on this leaderboard.
    #[schema(value_type = i64)]
    pub points: Points,
    /// The percentage of people on the leaderboard who have fewer points.
    pub percentile: f64,
    /// The number of people with the same points, including this person.
    pub tied_people: i64,
    /// The number of people on the leaderboard.
    pub people: i64,
    /// The points needed to reach the next rank. Null for the top rank.
    #[schema(value_type = Option<i64>)]
    pub points_to_next_rank: Option<Points>,
}
