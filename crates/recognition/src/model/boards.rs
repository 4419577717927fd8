use std::sync::Arc;

use futures_util::future::BoxFuture;
use kernel::{Month, Points};
use platform::{Context, db::DbError};
use serde::Serialize;
use utoipa::ToSchema;

/// The keys of boards, sorted.
pub type Boards = Arc<[String]>;

/// The board of everyone, of all time.
pub const GLOBAL: &str = "global";

/// The key of a month's board.
#[must_use]
pub fn month_board(month: Month) -> String {
    format!("month:{month}")
}

/// A board with the name of the thing whose points it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedBoard {
    /// The board's key.
    pub key: String,
    /// The name in addresses.
    pub slug: String,
    /// The name that people use.
    pub name: String,
}

/// Boards of one sort that a programme adds, such as one for each project. Their pages are at
/// `/leaderboards/MANY/{slug}`.
#[derive(Debug)]
pub struct BoardFamily {
    /// The noun for one: `project`.
    pub one: &'static str,
    /// The noun for several, and the part of their addresses: `projects`.
    pub many: &'static str,
    /// The page that lists them: `/projects`.
    pub address: &'static str,
    /// Finds a board.
    pub find: FindBoard,
    /// Lists boards.
    pub list: ListBoards,
}

/// Finds the board with a slug.
pub type FindBoard =
    for<'a> fn(&'a Context, &'a str) -> BoxFuture<'a, Result<Option<NamedBoard>, DbError>>;

/// Lists the first boards by slug, at most as many as asked for.
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
    /// The points needed to reach the next rank. Absent for the top rank.
    #[schema(value_type = Option<i64>)]
    pub points_to_next_rank: Option<Points>,
}
