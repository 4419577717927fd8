use std::cmp::Reverse;

use identity::model::UserId;
use kernel::{Month, Points, Timestamp};
use platform::db::{Cell, Db, DbError, Engine, Kind, Sql, begins_with, read_rows};
use sea_orm::{FromQueryResult, Statement};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    counting::{
        PLACE, above_sql, at_rank, before_person, better_sql, board, people_sql, sharing_sql,
    },
    cursor::{Cursor, Start},
    finals::{BoardState, STATE},
};
use crate::{
    model::{NamedBoard, WITHIN, month_board},
    rules::LEVELS,
    store::boards,
};

/// A row of a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RankedRow {
    /// The rank, which people with equal points share: 1, 2, 2, 4.
    pub rank: i64,
    pub user_id: UserId,
    pub points: Points,
    /// The number of merged pull requests that earned points.
    pub merged: i64,
    /// The number of people with the same points, including this person.
    pub tied_people: i64,
    /// When the points were reached, according to the programme's facts.
    pub reached_at: Timestamp,
}

/// A page of a board.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The rows, in board order.
    pub rows: Vec<RankedRow>,
    /// The start of the next page; absent on the last page.
    pub next: Option<Cursor>,
    /// The number of people on the board.
    pub people: i64,
    /// The points of the next higher rank above the first row; absent at the top.
    pub better: Option<Points>,
    pub state: BoardState,
}

/// A row as [`STORED`] selects it.
#[derive(Deserialize)]
struct StoredRow {
    user_id: Uuid,
    points: i64,
    reached_at: Timestamp,
    merged: i64,
}

const STORED: [(&str, Kind); 4] = [
    ("user_id", Kind::Uuid),
    ("points", Kind::Int),
    ("reached_at", Kind::At),
    ("merged", Kind::Int),
];

/// The maximum number of rows of a page.
const MOST: i64 = 127;

impl Page {
    /// Returns the percentage of people on the board who have fewer points.
    #[must_use]
    pub fn percentile(&self, row: &RankedRow) -> f64 {
        let below = self.people - (row.rank - 1) - row.tied_people;
        100.0 * below as f64 / self.people.max(1) as f64
    }
}

/// Returns whether a month has a board, which may be empty: from the first month with points to the current
/// one. The previous month always has one, because leaderboards link to it.
pub async fn has_board(db: &Db, month: Month, now: Month) -> Result<bool, DbError> {
    if month == now || month == now.previous() {
        return Ok(true);
    }
    let Some((first, last)) = boards::months(db).await? else {
        return Ok(false);
    };
    // Keys of months sort in the order of the months.
    let key = month_board(month);
    Ok(first <= key && key <= last.max(month_board(now)))
}

/// Returns a page of at most `limit` rows, and at most [`MOST`], of the board with a key. It is empty when no one is on
/// the board.
pub async fn page(db: &Db, key: &str, start: Start, limit: i64) -> Result<Page, DbError> {
    let limit = limit.min(MOST);
    let statement = found_sql(db, key, start, limit);
    let Some(around): Option<Surroundings> = db.one(statement).await? else {
        return Ok(Page::default());
    };
    let mut stored: Vec<StoredRow> = read_rows(&around.page)?;
    stored.sort_unstable_by_key(|row| (Reverse(row.points), row.reached_at, row.user_id));
    let more = i64::try_from(stored.len()).unwrap_or(i64::MAX) > limit;
    let lowest = stored.last().map(|row| row.points);
    stored.truncate(usize::try_from(limit).unwrap_or(0));
    let rows = ranked(&stored, &around, lowest);
    let next = rows.last().filter(|_| more).map(|row| Cursor {
        points: row.points,
        reached_at: row.reached_at,
        user_id: row.user_id,
    });
    Ok(Page { rows, next, people: around.people, better: around.better, state: around.state })
}

/// The rows of a page, in any order, and numbers that it needs in addition.
#[derive(FromQueryResult)]
struct Surroundings {
    /// The rows, as one JSON text.
    page: String,
    /// The number of people on the board.
    people: i64,
    /// The number of people with more points than the first row.
    above: i64,
    /// The number of people with the points of the first row.
    first: i64,
    /// The number of people with the lowest points that were read.
    last: i64,
    /// The lowest points above those of the first row.
    better: Option<i64>,
    #[sea_orm(nested)]
    state: BoardState,
}

/// Selects at most `limit` rows with their surroundings, and one more if there are more. A single statement
/// reads all of them from the same snapshot.
fn found_sql(db: &Db, key: &str, start: Start, limit: i64) -> Statement {
    let mut query = db.query();
    let key = query.bind(key);
    let board = board(&key);
    let from = match start {
        Start::Top => String::new(),
        Start::After(cursor) => {
            let points = query.bind(-cursor.points);
            let (at, user) = (query.bind(cursor.reached_at), query.bind(cursor.user_id));
            format!("AND ({PLACE}) > ({points}, {at}, {user})")
        }
        Start::Rank(rank) => {
            let rank = query.bind(rank.max(1));
            let place = at_rank(db.engine(), &board, &rank);
            format!("AND descending_points >= {place}")
        }
        Start::Around(person) => {
            let (person, before) = (query.bind(person), query.bind(limit / 2 + 1));
            let place = before_person(&board, &person, &before);
            format!("AND ({PLACE}) >= {place}")
        }
    };
    let most = query.bind(limit + 1);
    let tied_people = |points: &str| format!("coalesce({}, 0)", sharing_sql("b.id", points));
    let sql = format!(
        "WITH page AS MATERIALIZED ({}), \
         b AS MATERIALIZED (SELECT {board} AS id, (SELECT max(points) FROM page) AS first, \
         (SELECT min(points) FROM page) AS last) \
         SELECT ({}) AS page, coalesce({}, 0) AS people, CAST({} AS bigint) AS above, {} AS first, \
         {} AS last, {} AS better, z.final_at, z.final_by, {STATE} FROM b LEFT JOIN boards z ON z.id = b.id \
         LEFT JOIN fed_boards d ON d.board_id = b.id",
        rows_sql(db.engine(), &board, &from, &most),
        db.engine().as_json(
            &STORED,
            &format!(
                "SELECT p.user_id, p.points, p.reached_at, m.merged FROM page p CROSS JOIN board_rows m \
                 WHERE m.user_id = p.user_id AND m.board_id = {board}"
            )
        ),
        people_sql("b.id"),
        above_sql("b.id", "b.first"),
        tied_people("b.first"),
        tied_people("b.last"),
        better_sql("b.id", "b.first"),
    );
    query.statement(sql)
}

/// Selects the first rows of a board that meet a condition. Computing the points from `descending_points` makes the
/// query index-only.
///
/// PostgreSQL takes a bound limit for a tenth of the board and would make a plan for every page, which takes longer
/// than reading it; a limit in the text lets it keep the plan.
fn rows_sql(engine: Engine, board: &str, from: &str, most: &str) -> String {
    let rows = format!("FROM board_rows WHERE board_id = {board} {from} ORDER BY {PLACE}");
    let columns = "user_id, -descending_points AS points, reached_at";
    match engine {
        Engine::Sqlite => format!("SELECT {columns} {rows} LIMIT {most}"),
        Engine::Postgres => format!(
            "SELECT {columns} FROM (SELECT {PLACE} {rows} LIMIT {}) AS nearest \
             ORDER BY {PLACE} LIMIT {most}",
            MOST + 1
        ),
    }
}

/// Ranks rows. A page may start and end within a group of equal points: the rank of the first group and the
/// sizes of the first group and of the `lowest` group read are known, and the rest is counted.
fn ranked(stored: &[StoredRow], around: &Surroundings, lowest: Option<Points>) -> Vec<RankedRow> {
    let mut rank = 1 + around.above;
    let mut rows = Vec::with_capacity(stored.len());
    for (index, group) in stored.chunk_by(|a, b| a.points == b.points).enumerate() {
        let points = group[0].points;
        let tied_people = match index {
            0 => around.first,
            _ if Some(points) == lowest => around.last,
            _ => group.len() as i64,
        };
        rows.extend(group.iter().map(|row| RankedRow {
            rank,
            user_id: row.user_id.into(),
            points,
            merged: row.merged,
            tied_people,
            reached_at: row.reached_at,
        }));
        rank += tied_people;
    }
    rows
}

/// Counts the people on the board with a key who have at least `least` merged pull requests that earned points.
///
/// # Errors
/// When the database fails.
pub async fn people_with_merges(db: &impl Sql, key: &str, least: i64) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM boards b JOIN board_rows r ON r.board_id = b.id \
               WHERE b.key = $1 AND r.merged >= $2";
    db.count(db.statement(sql, [key.into(), least.into()])).await
}

/// Returns the number of merged pull requests that earned points for a person on the board with a key; 0 if the person is
/// not on it.
///
/// # Errors
/// When the database fails.
pub async fn merges_of_person(db: &impl Sql, key: &str, person: UserId) -> Result<i64, DbError> {
    let sql = "SELECT r.merged FROM boards b JOIN board_rows r ON r.board_id = b.id \
               WHERE b.key = $1 AND r.user_id = $2";
    db.count(db.statement(sql, [key.into(), person.into()])).await
}

/// A month's board with people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthBoard {
    pub month: Month,
    /// The number of people on the board.
    pub people: i64,
    /// When it became final; absent while it is not.
    pub final_at: Option<Timestamp>,
}

/// Lists the months with points, on a board or on all, latest first.
pub async fn months(db: &Db, board: Option<&NamedBoard>) -> Result<Vec<MonthBoard>, DbError> {
    #[derive(FromQueryResult)]
    struct Found {
        key: String,
        people: i64,
        final_at: Option<Timestamp>,
    }
    let begins = begins_with("b.key", "$2");
    let sql = format!(
        "SELECT b.key, CAST(sum(h.people) AS bigint) AS people, max(b.final_at) AS final_at FROM boards b \
         CROSS JOIN board_histogram h WHERE {begins} AND h.board_id = b.id AND h.level = $1 GROUP BY b.key"
    );
    let widest = Cell::Int(LEVELS.len() as i64 - 1);
    let before = board.map_or(String::new(), |board| format!("{}{WITHIN}", board.key));
    let keys = format!("{before}month:");
    let found: Vec<Found> = db.all(db.statement(&sql, [widest, keys.into()])).await?;
    let board = |found: Found| {
        let month = found.key.strip_prefix(&before)?.strip_prefix("month:")?.parse().ok()?;
        let (people, final_at) = (found.people, found.final_at);
        (people > 0).then_some(MonthBoard { month, people, final_at })
    };
    let mut months: Vec<MonthBoard> = found.into_iter().filter_map(board).collect();
    months.sort_by_key(|board| std::cmp::Reverse(board.month));
    Ok(months)
}

/// Returns an expression for the number of merged pull requests of a person on a board; both are expressions.
#[must_use]
pub fn merged_on(board: &str, person: &str) -> String {
    format!(
        "coalesce((SELECT own.merged FROM boards own_board JOIN board_rows own ON own.board_id = own_board.id \
         AND own.user_id = {person} WHERE own_board.key = {board}), 0)"
    )
}
