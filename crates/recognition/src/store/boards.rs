use std::collections::{BTreeMap, BTreeSet, HashMap};

use identity::model::UserId;
use kernel::{Ids, Points, Timestamp};
use platform::db::{Db, DbError, Kind, Rows, Sql, Tx, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::keys::{COUNTS, IN_SPAN, KEY, list, lists};
use crate::model::{SOURCE, WITHIN, kind_mark};

pub(crate) type BoardPerson = (Uuid, UserId);

#[derive(Clone, Copy, Debug)]
pub(crate) struct Board {
    pub(crate) id: Uuid,
    pub(crate) is_final: bool,
}

#[derive(FromQueryResult)]
struct BoardRow {
    id: Uuid,
    key: String,
    is_final: bool,
}

/// The boards of some keys.
pub(crate) struct Ensured {
    pub(crate) boards: HashMap<String, Board>,
    /// True if no entry of one of the kinds counted before.
    pub(crate) is_new_kind: bool,
}

/// Returns boards by key, and creates missing ones, but those of a kind of source only if the kind has one. `kinds` are the
/// kinds of sources of the entries. A board within a month that is final is final from the start.
pub(crate) async fn ensure<'a>(
    tx: &Tx,
    ids: &dyn Ids,
    keys: impl IntoIterator<Item = &'a str>,
    kinds: &BTreeSet<&str>,
    now: Timestamp,
) -> Result<Ensured, DbError> {
    let marks = kinds.iter().map(|kind| kind_mark(kind));
    let wanted: BTreeSet<String> = keys.into_iter().map(str::to_owned).chain(marks).collect();
    let known = select(tx, wanted.iter()).await?;
    let is_new_kind = kinds.iter().any(|kind| !known.contains_key(&kind_mark(kind)));
    let is_kept = |key: &&String| {
        let whole = key.split(WITHIN).next().unwrap_or_default();
        !key.starts_with(SOURCE) || known.contains_key(whole)
    };
    let missing: Vec<&String> =
        wanted.iter().filter(|key| !known.contains_key(*key)).filter(is_kept).collect();
    if missing.is_empty() {
        return Ok(Ensured { boards: known, is_new_kind });
    }
    create(tx, ids, &missing, now).await?;
    Ok(Ensured { boards: select(tx, wanted.iter()).await?, is_new_kind })
}

/// Returns the board with a key that no source has, and creates it if it is missing.
pub(crate) async fn ensure_one(
    tx: &Tx,
    ids: &dyn Ids,
    key: &str,
    now: Timestamp,
) -> Result<Option<Board>, DbError> {
    let found = ensure(tx, ids, [key], &BTreeSet::new(), now).await?;
    Ok(found.boards.get(key).copied())
}

async fn create(tx: &Tx, ids: &dyn Ids, keys: &[&String], now: Timestamp) -> Result<(), DbError> {
    let mut rows = Rows::new([("id", Kind::Uuid), ("key", Kind::Text), ("month", Kind::Text)]);
    for key in keys {
        let month = key.find(WITHIN).map_or("", |at| &key[at + 1..]);
        rows.push([ids.next().into(), key.as_str().into(), month.into()]);
    }
    let mut query = tx.query();
    let (set, now) = (query.rows(rows, "r"), query.bind(now));
    let sql = format!(
        "INSERT INTO boards (id, key, created_at, final_at, final_by) SELECT r.id, r.key, {now}, \
         (SELECT m.final_at FROM boards m WHERE m.key = r.month), \
         (SELECT m.final_by FROM boards m WHERE m.key = r.month) FROM {set} WHERE true \
         ON CONFLICT (key) DO NOTHING"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

async fn select(
    tx: &Tx,
    keys: impl Iterator<Item = &String>,
) -> Result<HashMap<String, Board>, DbError> {
    let mut rows = Rows::new([("key", Kind::Text)]);
    for key in keys {
        rows.push([key.as_str().into()]);
    }
    let mut query = tx.query();
    let set = query.rows(rows, "r");
    let sql = format!(
        "SELECT b.id, b.key, b.final_at IS NOT NULL AS is_final FROM {set} JOIN boards b ON b.key = r.key"
    );
    let boards: Vec<BoardRow> = tx.all(query.statement(sql)).await?;
    let board = |row: BoardRow| {
        let BoardRow { id, key, is_final } = row;
        (key, Board { id, is_final })
    };
    Ok(boards.into_iter().map(board).collect())
}

pub(crate) async fn find(db: &impl Sql, key: &str) -> Result<Option<Board>, DbError> {
    let sql = "SELECT id, key, final_at IS NOT NULL AS is_final FROM boards WHERE key = $1";
    let found: Option<BoardRow> = db.one(db.statement(sql, [key.into()])).await?;
    Ok(found.map(|BoardRow { id, is_final, .. }| Board { id, is_final }))
}

/// Returns the keys of the first and last months that ever had points.
pub(crate) async fn months(db: &Db) -> Result<Option<(String, String)>, DbError> {
    #[derive(FromQueryResult)]
    struct Months {
        first: Option<String>,
        last: Option<String>,
    }
    let sql = "SELECT min(key) AS first, max(key) AS last FROM boards WHERE key LIKE 'month:%'";
    let months: Option<Months> = db.one(db.statement(sql, [])).await?;
    Ok(months.and_then(|months| months.first.zip(months.last)))
}

/// A person's points on a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Score {
    pub(crate) points: Points,
    /// The number of merged pull requests that earned points.
    pub(crate) merged: i64,
    pub(crate) reached_at: Timestamp,
}

#[derive(FromQueryResult)]
struct ScoreRow {
    board_id: Uuid,
    user_id: Uuid,
    points: i64,
    merged: i64,
    reached_at: Timestamp,
}

/// SQL for the columns of a score counted from entries `p`.
pub(super) const COUNTED: &str = "CAST(sum(p.points) AS bigint) AS points, \
     CAST(sum(CASE WHEN p.reason = 'pr_merged' THEN 1 ELSE 0 END) AS bigint) AS merged, \
     max(p.occurred_at) AS reached_at";

/// The SQL condition that an entry `p` is neither a reversal nor reversed.
pub(super) const LIVE: &str = "p.kind NOT IN ('REVERSAL', 'REDEMPTION') \
     AND NOT EXISTS (SELECT 1 FROM point_transactions x WHERE x.reverses_id = p.id)";

fn places(places: impl IntoIterator<Item = BoardPerson>) -> Rows<2> {
    let mut rows = Rows::new([("board_id", Kind::Uuid), ("user_id", Kind::Uuid)]);
    for (board_id, user_id) in places {
        rows.push([board_id.into(), user_id.into()]);
    }
    rows
}

fn by_place(rows: Vec<ScoreRow>) -> BTreeMap<BoardPerson, Score> {
    let score = |row: ScoreRow| {
        let score = Score { points: row.points, merged: row.merged, reached_at: row.reached_at };
        ((row.board_id, row.user_id.into()), score)
    };
    rows.into_iter().map(score).collect()
}

pub(crate) async fn scores(
    tx: &Tx,
    at: impl IntoIterator<Item = BoardPerson>,
) -> Result<BTreeMap<BoardPerson, Score>, DbError> {
    let mut query = tx.query();
    let set = query.rows(places(at), "r");
    let sql = format!(
        "SELECT b.board_id, b.user_id, b.points, b.merged, b.reached_at FROM {set} \
         JOIN board_rows b ON b.board_id = r.board_id AND b.user_id = r.user_id"
    );
    Ok(by_place(tx.all(query.statement(sql)).await?))
}

/// Returns the scores of people on all boards that are not final.
pub(crate) async fn of_people(
    tx: &Tx,
    people: impl IntoIterator<Item = UserId>,
) -> Result<BTreeMap<BoardPerson, Score>, DbError> {
    let mut query = tx.query();
    let set = query.rows(ids(people), "r");
    let sql = format!(
        "SELECT b.board_id, b.user_id, b.points, b.merged, b.reached_at FROM {set} \
         JOIN board_rows b ON b.user_id = r.id JOIN boards z ON z.id = b.board_id \
         WHERE z.final_at IS NULL"
    );
    Ok(by_place(tx.all(query.statement(sql)).await?))
}

/// Returns the places on boards that are not final and that people's entries ever counted on, and those on boards that
/// are fed by them.
pub(crate) async fn places_of(
    tx: &Tx,
    people: impl IntoIterator<Item = UserId>,
) -> Result<Vec<BoardPerson>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        board_id: Uuid,
        user_id: Uuid,
    }
    let mut query = tx.query();
    let set = query.rows(ids(people), "r");
    let sql = format!(
        "SELECT DISTINCT b.id AS board_id, p.user_id FROM {set} \
         JOIN point_transactions p ON p.user_id = r.id CROSS JOIN {} \
         JOIN boards b ON b.key = {KEY} WHERE {COUNTS} AND b.final_at IS NULL \
         UNION SELECT f.board_id, p.user_id FROM {set} \
         JOIN point_transactions p ON p.user_id = r.id CROSS JOIN {} \
         JOIN board_feeds f ON f.source_key = a.value JOIN boards b ON b.id = f.board_id \
         WHERE b.final_at IS NULL",
        lists(tx.engine()),
        list(tx.engine())
    );
    let rows: Vec<Row> = tx.all(query.statement(sql)).await?;
    let place = |row: Row| (row.board_id, row.user_id.into());
    Ok(rows.into_iter().map(place).collect())
}

/// Computes scores from the ledger's live entries, which are neither reversals nor reversed, on boards that entries
/// list. A place without live entries is absent.
pub(crate) async fn recount(
    tx: &Tx,
    at: impl IntoIterator<Item = BoardPerson>,
) -> Result<BTreeMap<BoardPerson, Score>, DbError> {
    let rows = places(at);
    if rows.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut query = tx.query();
    let set = query.rows(rows, "r");
    let sql = format!(
        "SELECT r.board_id, r.user_id, {COUNTED} FROM {set} JOIN boards b ON b.id = r.board_id \
         JOIN point_transactions p ON p.user_id = r.user_id CROSS JOIN {} \
         WHERE {COUNTS} AND b.key = {KEY} AND {LIVE} GROUP BY r.board_id, r.user_id",
        lists(tx.engine())
    );
    Ok(by_place(tx.all(query.statement(sql)).await?))
}

/// Computes scores from the ledger's live entries on fed boards. A place without live entries is absent.
pub(crate) async fn recount_fed(
    tx: &Tx,
    at: impl IntoIterator<Item = BoardPerson>,
) -> Result<BTreeMap<BoardPerson, Score>, DbError> {
    let rows = places(at);
    if rows.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut query = tx.query();
    let set = query.rows(rows, "r");
    let sql = format!(
        "SELECT r.board_id, r.user_id, {COUNTED} FROM {set} \
         JOIN fed_boards d ON d.board_id = r.board_id \
         LEFT JOIN board_members m ON m.board_id = r.board_id AND m.user_id = r.user_id \
         JOIN point_transactions p ON p.user_id = r.user_id CROSS JOIN {} \
         JOIN board_feeds f ON f.board_id = r.board_id AND f.source_key = a.value \
         WHERE {IN_SPAN} AND {LIVE} GROUP BY r.board_id, r.user_id",
        list(tx.engine())
    );
    Ok(by_place(tx.all(query.statement(sql)).await?))
}

pub(crate) async fn write(
    tx: &Tx,
    scores: &BTreeMap<BoardPerson, Score>,
    now: Timestamp,
) -> Result<(), DbError> {
    if scores.is_empty() {
        return Ok(());
    }
    let mut rows = Rows::new([
        ("board_id", Kind::Uuid),
        ("user_id", Kind::Uuid),
        ("points", Kind::Int),
        ("merged", Kind::Int),
        ("reached_at", Kind::At),
    ]);
    for ((board_id, user_id), score) in scores {
        let Score { points, merged, reached_at } = *score;
        rows.push([
            (*board_id).into(),
            (*user_id).into(),
            points.into(),
            merged.into(),
            reached_at.into(),
        ]);
    }
    let mut query = tx.query();
    let (set, now) = (query.rows(rows, "r"), query.bind(now));
    let sql = format!(
        "INSERT INTO board_rows (board_id, user_id, points, descending_points, merged, reached_at, updated_at) \
         SELECT r.board_id, r.user_id, r.points, -r.points, r.merged, r.reached_at, {now} FROM {set} \
         WHERE true ON CONFLICT (board_id, user_id) DO UPDATE SET points = excluded.points, \
         descending_points = excluded.descending_points, merged = excluded.merged, reached_at = excluded.reached_at, \
         updated_at = excluded.updated_at"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

pub(crate) async fn remove(tx: &Tx, gone: &[BoardPerson]) -> Result<(), DbError> {
    if gone.is_empty() {
        return Ok(());
    }
    let mut query = tx.query();
    let set = query.rows(places(gone.iter().copied()), "r");
    let sql = format!(
        "DELETE FROM board_rows WHERE (board_id, user_id) IN (SELECT r.board_id, r.user_id FROM {set})"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Changes the number of people in buckets, by board, level and bucket.
pub(crate) async fn move_histogram(
    tx: &Tx,
    changes: &BTreeMap<(Uuid, i64, i64), i64>,
) -> Result<(), DbError> {
    let mut rows = Rows::new([
        ("board_id", Kind::Uuid),
        ("level", Kind::Int),
        ("bucket", Kind::Int),
        ("people", Kind::Int),
    ]);
    for (&(board_id, level, bucket), &people) in changes {
        if people != 0 {
            rows.push([board_id.into(), level.into(), bucket.into(), people.into()]);
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    let mut query = tx.query();
    let set = query.rows(rows, "r");
    let sql = format!(
        "INSERT INTO board_histogram (board_id, level, bucket, people) \
         SELECT r.board_id, r.level, r.bucket, r.people FROM {set} WHERE true \
         ON CONFLICT (board_id, level, bucket) DO UPDATE \
         SET people = board_histogram.people + excluded.people"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}
