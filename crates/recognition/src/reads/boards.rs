use std::cmp::Reverse;

use identity::model::UserId;
use kernel::{Month, Points, Timestamp};
use platform::db::{Cell, Db, DbError, Kind, Sql};
use sea_orm::FromQueryResult;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    counting::{
        PLACE, above_sql, at_rank, before_person, better_sql, board, people_sql, sharing_sql,
    },
    cursor::{Cursor, Start},
};
use crate::{model::month_board, rules::LEVELS, store::boards};

/// One row of a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Equal points share it: 1, 2, 2, 4.
    pub rank: i64,
    /// The person.
    pub user_id: UserId,
    /// Their points.
    pub points: Points,
    /// People with the same points, this one included.
    pub tied_people: i64,
    /// When these points were reached, by the programme's facts.
    pub reached_at: Timestamp,
}

/// A page of a board.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// In board order.
    pub rows: Vec<Row>,
    /// The start of the next page; absent on the last.
    pub next: Option<Cursor>,
    /// People on the board.
    pub people: i64,
    /// The points of the next better rank above the first row; absent at the top.
    pub better: Option<Points>,
}

#[derive(FromQueryResult)]
struct Stored {
    user_id: Uuid,
    points: i64,
    reached_at: Timestamp,
}

impl Page {
    /// Returns 100 × people strictly below ÷ people on the board.
    #[must_use]
    pub fn percentile(&self, row: &Row) -> f64 {
        let below = self.people - (row.rank - 1) - row.tied_people;
        100.0 * below as f64 / self.people.max(1) as f64
    }
}

/// True if a month has a board, though it may be empty: from the first with points to the present
/// one. The month before the present one always has, because leaderboards lead there.
pub async fn has_board(db: &Db, month: Month, now: Month) -> Result<bool, DbError> {
    if month == now || month == now.previous() {
        return Ok(true);
    }
    let Some((first, last)) = boards::months(db).await? else {
        return Ok(false);
    };
    // Keys of months are in the order of the months.
    let key = month_board(month);
    Ok(first <= key && key <= last.max(month_board(now)))
}

/// A page of at most `limit` rows of the board with this key. Empty when no one is on it.
pub async fn page(db: &Db, key: &str, start: Start, limit: i64) -> Result<Page, DbError> {
    let found = found(db, key, start, limit).await?;
    let Some(around) = found.first().map(|found| found.around) else {
        return Ok(Page::default());
    };
    let mut stored: Vec<Stored> = found.into_iter().filter_map(|found| found.stored).collect();
    let more = i64::try_from(stored.len()).unwrap_or(i64::MAX) > limit;
    let lowest = stored.last().map(|row| row.points);
    stored.truncate(usize::try_from(limit).unwrap_or(0));
    let rows = ranked(&stored, &around, lowest);
    let next = rows.last().filter(|_| more).map(|row| Cursor {
        points: row.points,
        reached_at: row.reached_at,
        user_id: row.user_id,
    });
    Ok(Page {
        rows,
        next,
        people: around.people,
        better: around.better,
    })
}

/// Numbers of a board that a page of it needs beside its rows.
#[derive(Clone, Copy)]
struct Surroundings {
    /// People on the board.
    people: i64,
    /// People with more points than the first row.
    above: i64,
    /// People with the points of the first row.
    first: i64,
    /// People with the lowest points that were read.
    last: i64,
    /// The fewest points above the first row's.
    better: Option<i64>,
}

/// A row as the statement returns it, in the order of [`FOUND`].
#[derive(Deserialize)]
struct FoundRow {
    user_id: Option<Uuid>,
    points: Option<i64>,
    reached_at: Option<Timestamp>,
    people: i64,
    above: i64,
    first: i64,
    last: i64,
    better: Option<i64>,
}

const FOUND: [(&str, Kind); 8] = [
    ("user_id", Kind::Uuid),
    ("points", Kind::Int),
    ("reached_at", Kind::At),
    ("people", Kind::Int),
    ("above", Kind::Int),
    ("first", Kind::Int),
    ("last", Kind::Int),
    ("better", Kind::Int),
];

/// The surroundings, beside each row or alone.
struct Found {
    stored: Option<Stored>,
    around: Surroundings,
}

impl From<FoundRow> for Found {
    fn from(row: FoundRow) -> Self {
        let stored = row.user_id.zip(row.points).zip(row.reached_at);
        Self {
            stored: stored.map(|((user_id, points), reached_at)| Stored {
                user_id,
                points,
                reached_at,
            }),
            around: Surroundings {
                people: row.people,
                above: row.above,
                first: row.first,
                last: row.last,
                better: row.better,
            },
        }
    }
}

/// Reads at most `limit` rows with their surroundings, and one more when there are more; in one statement, so that
/// all rows are from the same moment.
async fn found(db: &Db, key: &str, start: Start, limit: i64) -> Result<Vec<Found>, DbError> {
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
            format!("AND descending_points >= {}", at_rank(&board, &rank))
        }
        Start::Around(person) => {
            let (person, before) = (query.bind(person), query.bind(limit / 2 + 1));
            let place = before_person(&board, &person, &before);
            format!("AND ({PLACE}) >= {place}")
        }
    };
    let most = query.bind(limit + 1);
    let tied_people = |points: &str| format!("coalesce({}, 0)", sharing_sql("b.id", points));
    // Read from −points, the index alone answers.
    let sql = format!(
        "WITH page AS MATERIALIZED (SELECT user_id, -descending_points AS points, reached_at \
         FROM board_rows WHERE board_id = {board} {from} ORDER BY {PLACE} LIMIT {most}), \
         b AS MATERIALIZED (SELECT {board} AS id, (SELECT max(points) FROM page) AS first, \
         (SELECT min(points) FROM page) AS last), \
         around AS MATERIALIZED (SELECT coalesce({}, 0) AS people, CAST({} AS bigint) AS above, \
         {} AS first, {} AS last, {} AS better FROM b) \
         SELECT p.user_id, p.points, p.reached_at, a.people, a.above, a.first, a.last, a.better \
         FROM around a LEFT JOIN page p ON true",
        people_sql("b.id"),
        above_sql("b.id", "b.first"),
        tied_people("b.first"),
        tied_people("b.last"),
        better_sql("b.id", "b.first"),
    );
    let mut rows: Vec<FoundRow> = db.documents(query.documents(&FOUND, &sql)).await?;
    rows.sort_unstable_by_key(|row| (Reverse(row.points), row.reached_at, row.user_id));
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Numbers rows. A page may start and end within a group of equal points: the rank of the first group
/// and the sizes of the first and of the `lowest` that was read are known, the rest follows by counting.
fn ranked(stored: &[Stored], around: &Surroundings, lowest: Option<Points>) -> Vec<Row> {
    let mut rank = 1 + around.above;
    let mut rows = Vec::with_capacity(stored.len());
    for (index, group) in stored.chunk_by(|a, b| a.points == b.points).enumerate() {
        let points = group[0].points;
        let tied_people = match index {
            0 => around.first,
            _ if Some(points) == lowest => around.last,
            _ => group.len() as i64,
        };
        rows.extend(group.iter().map(|row| Row {
            rank,
            user_id: row.user_id.into(),
            points,
            tied_people,
            reached_at: row.reached_at,
        }));
        rank += tied_people;
    }
    rows
}

/// A month's board that has people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthBoard {
    /// The month.
    pub month: Month,
    /// People on it.
    pub people: i64,
}

/// Every month with points, latest first.
pub async fn months(db: &Db) -> Result<Vec<MonthBoard>, DbError> {
    #[derive(FromQueryResult)]
    struct Found {
        key: String,
        people: i64,
    }
    let sql = "SELECT b.key, CAST(sum(h.people) AS bigint) AS people FROM boards b \
               CROSS JOIN board_histogram h WHERE b.key LIKE 'month:%' AND h.board_id = b.id \
               AND h.level = $1 GROUP BY b.key";
    let widest = Cell::Int(LEVELS.len() as i64 - 1);
    let found: Vec<Found> = db.all(db.statement(sql, [widest])).await?;
    let board = |found: Found| {
        let month = found.key.strip_prefix("month:")?.parse().ok()?;
        let people = found.people;
        (people > 0).then_some(MonthBoard { month, people })
    };
    let mut months: Vec<MonthBoard> = found.into_iter().filter_map(board).collect();
    months.sort_by_key(|board| std::cmp::Reverse(board.month));
    Ok(months)
}
