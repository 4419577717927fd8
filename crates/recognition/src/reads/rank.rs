use std::collections::HashMap;

use identity::model::UserId;
use kernel::{Points, Timestamp};
use platform::db::{Db, DbError, Sql, ids};
use sea_orm::FromQueryResult;

use uuid::Uuid;

use super::{
    Day,
    counting::{above_sql, better_sql, lower_sql, next_person_sql, people_sql, sharing_sql},
    entries::{days, days_sql},
};
use crate::model::RankPosition;

/// A person's rank with the ranks next to it.
#[derive(Clone, Debug, PartialEq)]
pub struct RankWithNeighbors {
    /// The person's own rank.
    pub position: RankPosition,
    /// The person at the next higher rank, the last to get there; absent at the top.
    pub above: Option<UserId>,
    /// The points of the next lower rank; absent at the bottom.
    pub below: Option<Points>,
}

#[derive(FromQueryResult)]
struct RankRow {
    points: i64,
    above: i64,
    tied_people: i64,
    people: i64,
    next: Option<i64>,
}

impl From<RankRow> for RankPosition {
    fn from(found: RankRow) -> Self {
        let below = found.people - found.above - found.tied_people;
        Self {
            rank: found.above + 1,
            points: found.points,
            percentile: 100.0 * below as f64 / found.people.max(1) as f64,
            tied_people: found.tied_people,
            people: found.people,
            points_to_next_rank: found.next.map(|points| points - found.points),
        }
    }
}

#[derive(FromQueryResult)]
struct FoundWithNeighbors {
    #[sea_orm(nested)]
    rank: RankRow,
    next_person: Option<Uuid>,
    lower: Option<i64>,
}

impl From<FoundWithNeighbors> for RankWithNeighbors {
    fn from(found: FoundWithNeighbors) -> Self {
        Self {
            position: found.rank.into(),
            above: found.next_person.map(Into::into),
            below: found.lower,
        }
    }
}

fn rank_sql(key: &str, person: &str) -> String {
    format!(
        "SELECT r.points, CAST({} AS bigint) AS above, {} AS tied_people, {} AS people, {} AS next \
         FROM boards b JOIN board_rows r ON r.board_id = b.id WHERE b.key = {key} AND r.user_id = {person}",
        above_sql("r.board_id", "r.points"),
        sharing_sql("r.board_id", "r.points"),
        people_sql("r.board_id"),
        better_sql("r.board_id", "r.points"),
    )
}

/// Returns the SELECT of the number of people above a person on a board, without a row for who is not on it.
fn place_sql(key: &str, person: &str) -> String {
    format!(
        "SELECT CAST({} AS bigint) AS above FROM boards b JOIN board_rows r ON r.board_id = b.id \
         WHERE b.key = {key} AND r.user_id = {person}",
        above_sql("r.board_id", "r.points"),
    )
}

/// Returns a person's rank on the board with a key, if they are on it.
pub async fn rank(db: &Db, key: &str, person: UserId) -> Result<Option<RankPosition>, DbError> {
    let mut query = db.query();
    let (key, person) = (query.bind(key), query.bind(person));
    let found: Option<RankRow> = db.one(query.statement(rank_sql(&key, &person))).await?;
    Ok(found.map(Into::into))
}

/// Returns a person's rank on the board with a key and the ranks next to it, if they are on it.
pub async fn rank_with_neighbors(
    db: &Db,
    key: &str,
    person: UserId,
) -> Result<Option<RankWithNeighbors>, DbError> {
    let mut query = db.query();
    let (key, person) = (query.bind(key), query.bind(person));
    let sql = with_neighbors_sql(&key, &person);
    let found: Option<FoundWithNeighbors> = db.one(query.statement(sql)).await?;
    Ok(found.map(Into::into))
}

/// Returns the ranks of people on the board with a key. People who are not on it are left out.
pub async fn ranks(
    db: &Db,
    key: &str,
    people: impl IntoIterator<Item = UserId>,
) -> Result<HashMap<UserId, i64>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
        above: i64,
    }
    let people: Vec<UserId> = people.into_iter().collect();
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = db.query();
    let (key, people) = (query.bind(key), query.rows(ids(people), "p"));
    let sql = format!(
        "SELECT r.user_id, CAST({} AS bigint) AS above FROM {people} \
         JOIN boards b ON b.key = {key} JOIN board_rows r ON r.board_id = b.id AND r.user_id = p.id",
        above_sql("r.board_id", "r.points"),
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let rank = |row: Row| (row.user_id.into(), row.above + 1);
    Ok(rows.into_iter().map(rank).collect())
}

fn with_neighbors_sql(key: &str, person: &str) -> String {
    let board = format!("(SELECT id FROM boards WHERE key = {key})");
    format!(
        "SELECT r.points, r.above, r.tied_people, r.people, r.next, {} AS next_person, {} AS lower \
         FROM ({}) r",
        next_person_sql(&board, "r.points"),
        lower_sql(&board, "r.points"),
        rank_sql(key, person),
    )
}

/// A person's rank on a board, on the board of a month, and on that of the month before.
type Ranks = (RankWithNeighbors, Option<RankInMonth>, Option<i64>);

/// A person's rank on the board of a month, without its neighbors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RankInMonth {
    pub rank: i64,
    /// The number of people with this rank.
    pub tied_people: i64,
    pub people: i64,
}

#[derive(FromQueryResult)]
struct RankAndDay {
    #[sea_orm(nested)]
    rank: FoundWithNeighbors,
    month_above: Option<i64>,
    month_tied: Option<i64>,
    month_people: Option<i64>,
    before_above: Option<i64>,
    day: Option<String>,
    earned: Option<Points>,
}

impl RankAndDay {
    fn in_month(&self) -> Option<RankInMonth> {
        let (tied_people, people) = (self.month_tied?, self.month_people?);
        Some(RankInMonth { rank: self.month_above? + 1, tied_people, people })
    }
}

/// Returns a person's rank on the board with a key, on that of a month and of the month before, if they are on it, and their days
/// since an instant, earliest first. The days come from the ledger, whether or not the person is on the board.
pub async fn rank_and_days(
    db: &Db,
    (key, month, before): (&str, &str, &str),
    user: UserId,
    from: Timestamp,
) -> Result<(Option<Ranks>, Vec<Day>), DbError> {
    let mut query = db.query();
    let (key, month, before) = (query.bind(key), query.bind(month), query.bind(before));
    let (person, since) = (query.bind(user), query.bind(from));
    let sql = format!(
        "SELECT s.points, s.above, s.tied_people, s.people, s.next, s.next_person, s.lower, \
         m.above AS month_above, m.tied_people AS month_tied, m.people AS month_people, \
         b.above AS before_above, d.day, d.points AS earned FROM ({}) s LEFT JOIN ({}) m ON true \
         LEFT JOIN ({}) b ON true LEFT JOIN ({}) d ON true ORDER BY d.day",
        with_neighbors_sql(&key, &person),
        rank_sql(&month, &person),
        place_sql(&before, &person),
        days_sql(db, &person, &since)
    );
    let rows: Vec<RankAndDay> = db.all(query.statement(sql)).await?;
    if rows.is_empty() {
        return Ok((None, days(db, user, from).await?));
    }
    let mut ranks = None;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let month = row.in_month();
        let before = row.before_above.map(|above| above + 1);
        ranks = Some((row.rank.into(), month, before));
        let day = row.day.zip(row.earned);
        found.extend(day.map(|(day, points)| Day { day, points }));
    }
    Ok((ranks, found))
}
