use std::fmt::Write as _;

use kernel::{Month, Points, Timestamp, UserId};
use platform::db::{Cell, Db, DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{Standing, month_board},
    rules::LEVELS,
    store::boards,
};

/// One row of a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Equal points share it: 1, 2, 2, 4.
    pub rank: i64,
    /// Who.
    pub user_id: UserId,
    /// How many.
    pub points: Points,
    /// People with the same points, this one included.
    pub sharing: i64,
    /// When these points were reached, by the programme's facts.
    pub reached_at: Timestamp,
}

/// A place between rows: after this row, in board order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The row's points.
    pub points: Points,
    /// When they were reached.
    pub reached_at: Timestamp,
    /// Who.
    pub user_id: UserId,
}

/// Where a page starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// At the top.
    Top,
    /// Behind a row.
    After(Cursor),
    /// With the people who share the rank that covers this place.
    Rank(i64),
    /// So that this person stands in the middle; at the top when they are not on the board.
    Around(UserId),
}

/// A page of a board.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// In board order.
    pub rows: Vec<Row>,
    /// Where the next page starts; absent on the last.
    pub next: Option<Cursor>,
    /// People on the board.
    pub people: i64,
}

#[derive(FromQueryResult)]
struct Stored {
    user_id: Uuid,
    points: i64,
    reached_at: Timestamp,
}

/// Whether a month has a board, though it may be empty: from the first with points to the present
/// one. The month before the present one always has, because leaderboards lead there.
///
/// # Errors
/// When the database fails.
pub async fn has_board(db: &Db, month: Month, now: Month) -> Result<bool, DbError> {
    if month == now || month == now.previous() {
        return Ok(true);
    }
    let key = month_board(month);
    if boards::id(db, &key).await?.is_some() {
        return Ok(true);
    }
    let first = boards::first_month(db).await?;
    // Keys of months are in the order of the months.
    Ok(month < now && first.is_some_and(|first| first < key))
}

/// A page of at most `limit` rows of the board with this key. Empty when nothing stands on it.
///
/// # Errors
/// When the database fails.
pub async fn page(db: &Db, key: &str, start: Start, limit: i64) -> Result<Page, DbError> {
    let Some(board) = boards::id(db, key).await? else {
        return Ok(Page::default());
    };
    let people = people(db, board).await?;
    let start = match start {
        Start::Rank(rank) => at_rank(db, board, rank.clamp(1, people.max(1))).await?,
        Start::Top => After::Points(i64::MAX),
        Start::After(cursor) => After::Row(cursor),
        Start::Around(person) => before(db, board, person, limit / 2).await?,
    };
    let mut stored = rows(db, board, start, limit + 1).await?;
    let more = i64::try_from(stored.len()).unwrap_or(i64::MAX) > limit;
    stored.truncate(usize::try_from(limit).unwrap_or(0));
    let rows = ranked(db, board, stored).await?;
    let next = rows.last().filter(|_| more).map(|row| Cursor {
        points: row.points,
        reached_at: row.reached_at,
        user_id: row.user_id,
    });
    Ok(Page { rows, next, people })
}

enum After {
    /// From everybody with at most these points on.
    Points(Points),
    Row(Cursor),
}

async fn rows(db: &Db, board: Uuid, start: After, limit: i64) -> Result<Vec<Stored>, DbError> {
    let mut query = db.query();
    let board = query.bind(board);
    let from = match start {
        After::Points(i64::MAX) => String::new(),
        After::Points(points) => format!("AND descending_points >= {}", query.bind(-points)),
        After::Row(cursor) => {
            let points = query.bind(-cursor.points);
            let (at, user) = (query.bind(cursor.reached_at), query.bind(cursor.user_id));
            format!("AND (descending_points, reached_at, user_id) > ({points}, {at}, {user})")
        }
    };
    let limit = query.bind(limit);
    // Read from −points, the index alone answers.
    let sql = format!(
        "SELECT user_id, -descending_points AS points, reached_at FROM board_rows \
         WHERE board_id = {board} {from} \
         ORDER BY descending_points, reached_at, user_id LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// Numbers rows. A page may start and end within a group of equal points: the rank of the first and
/// the sizes of the first and last group are asked for, the rest follows by counting.
async fn ranked(db: &Db, board: Uuid, stored: Vec<Stored>) -> Result<Vec<Row>, DbError> {
    let groups: Vec<&[Stored]> = stored.chunk_by(|a, b| a.points == b.points).collect();
    let Some(first) = groups.first().map(|group| group[0].points) else {
        return Ok(Vec::new());
    };
    let mut rank = 1 + above(db, board, first).await?;
    let mut rows = Vec::with_capacity(stored.len());
    for (index, group) in groups.iter().enumerate() {
        let points = group[0].points;
        let sharing = if index == 0 || index == groups.len() - 1 {
            exactly(db, board, points).await?
        } else {
            group.len() as i64
        };
        rows.extend(group.iter().map(|row| Row {
            rank,
            user_id: row.user_id.into(),
            points,
            sharing,
            reached_at: row.reached_at,
        }));
        rank += sharing;
    }
    Ok(rows)
}

/// SQL that counts the people strictly above `points`: the buckets above on each level, within the
/// wider bucket that contains the narrower ones.
fn above_sql(board: &str, points: &str) -> String {
    let mut sql = String::from("(SELECT coalesce(sum(n), 0) FROM (");
    for (level, shift) in LEVELS.iter().enumerate() {
        if level > 0 {
            sql.push_str(" UNION ALL ");
        }
        let bucket = format!("({points} >> {shift})");
        write!(
            sql,
            "SELECT sum(people) AS n FROM board_histogram WHERE board_id = {board} \
             AND level = {level} AND bucket > {bucket}"
        )
        .ok();
        if let Some(wider) = LEVELS.get(level + 1) {
            let narrowing = wider - shift;
            write!(
                sql,
                " AND bucket < ((({points} >> {wider}) + 1) << {narrowing})"
            )
            .ok();
        }
    }
    sql.push_str(") AS above)");
    sql
}

async fn above(db: &Db, board: Uuid, points: Points) -> Result<i64, DbError> {
    let mut query = db.query();
    let (board, points) = (query.bind(board), query.bind(points));
    let sql = format!("SELECT CAST({} AS bigint)", above_sql(&board, &points));
    db.count(query.statement(sql)).await
}

async fn exactly(db: &Db, board: Uuid, points: Points) -> Result<i64, DbError> {
    let sql =
        "SELECT people FROM board_histogram WHERE board_id = $1 AND level = 0 AND bucket = $2";
    db.count(db.statement(sql, [board.into(), points.into()]))
        .await
}

async fn people(db: &Db, board: Uuid) -> Result<i64, DbError> {
    let widest = Cell::Int(LEVELS.len() as i64 - 1);
    let sql = "SELECT CAST(sum(people) AS bigint) FROM board_histogram \
               WHERE board_id = $1 AND level = $2";
    db.count(db.statement(sql, [board.into(), widest])).await
}

/// Where the people who cover the place `rank` (counted from 1) begin: down the levels, from the
/// widest buckets to single points.
async fn at_rank(db: &Db, board: Uuid, rank: i64) -> Result<After, DbError> {
    #[derive(FromQueryResult)]
    struct Bucket {
        bucket: i64,
        people: i64,
    }
    let mut left = rank;
    let mut parent: Option<i64> = None;
    for level in (0..LEVELS.len()).rev() {
        let mut query = db.query();
        let (board, number) = (query.bind(board), query.bind(level as i64));
        let within = parent.map_or(String::new(), |parent| {
            let narrowing = LEVELS[level + 1] - LEVELS[level];
            let (from, to) = (parent << narrowing, (parent + 1) << narrowing);
            format!(
                "AND bucket >= {} AND bucket < {}",
                query.bind(from),
                query.bind(to)
            )
        });
        let sql = format!(
            "SELECT bucket, people FROM board_histogram WHERE board_id = {board} \
             AND level = {number} {within} AND people > 0 ORDER BY bucket DESC"
        );
        let buckets: Vec<Bucket> = db.all(query.statement(sql)).await?;
        let covering = buckets.iter().find(|bucket| {
            let covers = left <= bucket.people;
            if !covers {
                left -= bucket.people;
            }
            covers
        });
        match covering {
            Some(bucket) => parent = Some(bucket.bucket),
            None => return Ok(After::Points(i64::MAX)),
        }
    }
    Ok(After::Points(parent.unwrap_or(i64::MAX)))
}

/// The place `rows` and one rows before a person's.
async fn before(db: &Db, board: Uuid, person: UserId, rows: i64) -> Result<After, DbError> {
    let top = After::Points(i64::MAX);
    let own = "SELECT user_id, points, reached_at FROM board_rows \
               WHERE board_id = $1 AND user_id = $2";
    let own = db.statement(own, [board.into(), person.into()]);
    let Some(own): Option<Stored> = db.one(own).await? else {
        return Ok(top);
    };
    let earlier = "SELECT user_id, -descending_points AS points, reached_at FROM board_rows \
                   WHERE board_id = $1 AND (descending_points, reached_at, user_id) < ($2, $3, $4) \
                   ORDER BY descending_points DESC, reached_at DESC, user_id DESC LIMIT 1 OFFSET $5";
    let place = [
        board.into(),
        (-own.points).into(),
        own.reached_at.into(),
        own.user_id.into(),
        rows.into(),
    ];
    let found: Option<Stored> = db.one(db.statement(earlier, place)).await?;
    Ok(found.map_or(top, |row| {
        After::Row(Cursor {
            points: row.points,
            reached_at: row.reached_at,
            user_id: row.user_id.into(),
        })
    }))
}

/// A month's board that has people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthBoard {
    /// The month.
    pub month: Month,
    /// People on it.
    pub people: i64,
}

/// Every month in which somebody stands, latest first.
///
/// # Errors
/// When the database fails.
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

/// Where a person stands on the board with this key, if they are on it.
///
/// # Errors
/// When the database fails.
pub async fn standing(db: &Db, key: &str, person: UserId) -> Result<Option<Standing>, DbError> {
    #[derive(FromQueryResult)]
    struct Found {
        points: i64,
        above: i64,
        sharing: i64,
        people: i64,
        next: Option<i64>,
    }
    let mut query = db.query();
    let (key, person) = (query.bind(key), query.bind(person));
    let widest = LEVELS.len() - 1;
    let above = above_sql("r.board_id", "r.points");
    let sql = format!(
        "SELECT r.points, CAST({above} AS bigint) AS above, \
         (SELECT people FROM board_histogram WHERE board_id = r.board_id AND level = 0 \
          AND bucket = r.points) AS sharing, \
         (SELECT CAST(sum(people) AS bigint) FROM board_histogram WHERE board_id = r.board_id \
          AND level = {widest}) AS people, \
         (SELECT -n.descending_points FROM board_rows n WHERE n.board_id = r.board_id \
          AND n.descending_points < r.descending_points \
          ORDER BY n.descending_points DESC LIMIT 1) AS next \
         FROM boards b JOIN board_rows r ON r.board_id = b.id WHERE b.key = {key} AND r.user_id = {person}"
    );
    let Some(found): Option<Found> = db.one(query.statement(sql)).await? else {
        return Ok(None);
    };
    let below = found.people - found.above - found.sharing;
    Ok(Some(Standing {
        rank: found.above + 1,
        points: found.points,
        percentile: 100.0 * below as f64 / found.people.max(1) as f64,
        sharing: found.sharing,
        people: found.people,
        points_to_next_rank: found.next.map(|points| points - found.points),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::buckets;

    /// The counting that `above_sql` asks the database to do.
    fn above_by_levels(people: &[Points], points: Points) -> usize {
        let within = |level: usize, other: Points| {
            LEVELS
                .get(level + 1)
                .is_none_or(|wider| other >> wider == points >> wider)
        };
        (0..LEVELS.len())
            .map(|level| {
                let counted = |other: &&Points| {
                    buckets(**other)[level].1 > buckets(points)[level].1 && within(level, **other)
                };
                people.iter().filter(counted).count()
            })
            .sum()
    }

    #[test]
    fn the_levels_count_everybody_above_once() {
        let people: Vec<Points> = (-2_000..70_000).step_by(7).collect();
        for points in [
            -2_000, -33, -1, 0, 1, 31, 32, 1_023, 1_024, 32_767, 32_768, 69_999,
        ] {
            let plainly = people.iter().filter(|other| **other > points).count();
            assert_eq!(above_by_levels(&people, points), plainly, "{points}");
        }
    }
}
