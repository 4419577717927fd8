//! Boards that are fed by other boards, and the times in which points count on them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Kind, Rows, Sql, Tx};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::boards::BoardPerson;
use crate::model::{FedBoard, Span};

/// A board that is fed by one that entries list.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Feed {
    pub(crate) source_key: String,
    pub(crate) board_id: Uuid,
    starts_at: Timestamp,
    ends_at: Timestamp,
    pub(crate) is_final: bool,
}

impl Feed {
    /// Returns the time in which points of people without a span of their own count.
    pub(crate) fn span(&self) -> Span {
        Span::new(self.starts_at, self.ends_at)
    }
}

/// Finds the boards that are fed by boards with `keys`.
pub(crate) async fn of_sources(
    tx: &Tx,
    keys: impl IntoIterator<Item = &str>,
) -> Result<Vec<Feed>, DbError> {
    let mut rows = Rows::new([("key", Kind::Text)]);
    for key in keys {
        rows.push([key.into()]);
    }
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = tx.query();
    let rows = query.rows(rows, "r");
    let sql = format!(
        "SELECT f.source_key, f.board_id, d.starts_at, d.ends_at, b.final_at IS NOT NULL AS is_final \
         FROM {rows} JOIN board_feeds f ON f.source_key = r.key \
         JOIN fed_boards d ON d.board_id = f.board_id JOIN boards b ON b.id = f.board_id"
    );
    tx.all(query.statement(sql)).await
}

#[derive(FromQueryResult)]
struct MemberRow {
    board_id: Uuid,
    user_id: Uuid,
    starts_at: Timestamp,
    ends_at: Timestamp,
}

/// Returns the spans of people who have one of their own, by place.
pub(crate) async fn spans(
    tx: &Tx,
    places: &BTreeSet<BoardPerson>,
) -> Result<HashMap<BoardPerson, Span>, DbError> {
    let mut rows = Rows::new([("board_id", Kind::Uuid), ("user_id", Kind::Uuid)]);
    for (board, person) in places {
        rows.push([(*board).into(), (*person).into()]);
    }
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = tx.query();
    let rows = query.rows(rows, "r");
    let sql = format!(
        "SELECT m.board_id, m.user_id, m.starts_at, m.ends_at FROM {rows} \
         JOIN board_members m ON m.board_id = r.board_id AND m.user_id = r.user_id"
    );
    let found: Vec<MemberRow> = tx.all(query.statement(sql)).await?;
    let span = |row: MemberRow| {
        let span = Span::new(row.starts_at, row.ends_at);
        ((row.board_id, row.user_id.into()), span)
    };
    Ok(found.into_iter().map(span).collect())
}

/// Returns the people with spans of their own on a board.
pub(crate) async fn members(tx: &Tx, board: Uuid) -> Result<BTreeMap<UserId, Span>, DbError> {
    let sql = "SELECT board_id, user_id, starts_at, ends_at FROM board_members WHERE board_id = $1";
    let found: Vec<MemberRow> = tx.all(tx.statement(sql, [board.into()])).await?;
    let span = |row: MemberRow| (row.user_id.into(), Span::new(row.starts_at, row.ends_at));
    Ok(found.into_iter().map(span).collect())
}

/// Gives people spans of their own on a board.
pub(crate) async fn write_members(
    tx: &Tx,
    board: Uuid,
    spans: &BTreeMap<UserId, Span>,
) -> Result<(), DbError> {
    if spans.is_empty() {
        return Ok(());
    }
    let mut rows =
        Rows::new([("user_id", Kind::Uuid), ("starts_at", Kind::At), ("ends_at", Kind::At)]);
    for (person, span) in spans {
        rows.push([(*person).into(), span.starts_at.into(), span.ends_at.into()]);
    }
    let mut query = tx.query();
    let (rows, board) = (query.rows(rows, "r"), query.bind(board));
    let sql = format!(
        "INSERT INTO board_members (board_id, user_id, starts_at, ends_at) \
         SELECT {board}, r.user_id, r.starts_at, r.ends_at FROM {rows} WHERE true \
         ON CONFLICT (board_id, user_id) DO UPDATE SET starts_at = excluded.starts_at, \
         ends_at = excluded.ends_at"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Removes all spans of people on a board.
pub(crate) async fn clear_members(tx: &Tx, board: Uuid) -> Result<(), DbError> {
    let sql = "DELETE FROM board_members WHERE board_id = $1";
    tx.run(tx.statement(sql, [board.into()])).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Defined {
    starts_at: Timestamp,
    ends_at: Timestamp,
}

/// Returns the stored definition of a board; `None` if it is not fed.
pub(crate) async fn definition(
    db: &impl Sql,
    board: Uuid,
) -> Result<Option<(BTreeSet<String>, Span)>, DbError> {
    #[derive(FromQueryResult)]
    struct Source {
        source_key: String,
    }
    let sql = "SELECT starts_at, ends_at FROM fed_boards WHERE board_id = $1";
    let defined: Option<Defined> = db.one(db.statement(sql, [board.into()])).await?;
    let Some(Defined { starts_at, ends_at }) = defined else {
        return Ok(None);
    };
    let sql = "SELECT source_key FROM board_feeds WHERE board_id = $1";
    let sources: Vec<Source> = db.all(db.statement(sql, [board.into()])).await?;
    let sources = sources.into_iter().map(|row| row.source_key).collect();
    Ok(Some((sources, Span::new(starts_at, ends_at))))
}

/// Writes the definition of a board.
pub(crate) async fn define(tx: &Tx, board: Uuid, fed: &FedBoard) -> Result<(), DbError> {
    let sql = "INSERT INTO fed_boards (board_id, starts_at, ends_at) VALUES ($1, $2, $3) \
               ON CONFLICT (board_id) DO UPDATE SET starts_at = excluded.starts_at, \
               ends_at = excluded.ends_at";
    let values = [board.into(), fed.span.starts_at.into(), fed.span.ends_at.into()];
    tx.run(tx.statement(sql, values)).await?;
    let sql = "DELETE FROM board_feeds WHERE board_id = $1";
    tx.run(tx.statement(sql, [board.into()])).await?;
    let mut rows = Rows::new([("source_key", Kind::Text)]);
    for source in &fed.sources {
        rows.push([source.as_str().into()]);
    }
    if rows.is_empty() {
        return Ok(());
    }
    let mut query = tx.query();
    let (rows, board) = (query.rows(rows, "r"), query.bind(board));
    let sql = format!(
        "INSERT INTO board_feeds (board_id, source_key) SELECT {board}, r.source_key FROM {rows}"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// A board that is being recounted.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub(crate) struct Recount {
    pub(crate) board_id: Uuid,
    /// The last person who was recounted.
    pub(crate) recounted_to: Option<Uuid>,
}

/// Starts the recount of a board of about `people` people, from the first.
pub(crate) async fn start_recount(tx: &Tx, board: Uuid, people: i64) -> Result<(), DbError> {
    let sql = "UPDATE fed_boards SET is_recounting = true, recounted_to = NULL, recounted = 0, \
               to_recount = $1 WHERE board_id = $2";
    tx.run(tx.statement(sql, [people.into(), board.into()])).await?;
    Ok(())
}

/// Stores how far a recount is: up to a person, or complete.
pub(crate) async fn move_recount(
    tx: &Tx,
    board: Uuid,
    last: Option<UserId>,
    people: i64,
) -> Result<(), DbError> {
    let sql = "UPDATE fed_boards SET is_recounting = $1, recounted_to = $2, \
               recounted = recounted + $3 WHERE board_id = $4";
    let values =
        [last.is_some().into(), last.map(|person| person.0).into(), people.into(), board.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Returns a board that is being recounted.
pub(crate) async fn recounting(db: &impl Sql) -> Result<Option<Recount>, DbError> {
    let sql = "SELECT board_id, recounted_to FROM fed_boards WHERE is_recounting \
               ORDER BY board_id LIMIT 1";
    db.one(db.statement(sql, [])).await
}

/// Lists people after one who may be on a fed board: those on the boards that feed it, and those on it already.
pub(crate) async fn people(
    tx: &Tx,
    board: Uuid,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<UserId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
    }
    let sql = "SELECT DISTINCT r.user_id FROM board_rows r WHERE r.user_id > $2 AND r.board_id IN \
               (SELECT b.id FROM board_feeds f JOIN boards b ON b.key = f.source_key \
               WHERE f.board_id = $1 UNION ALL SELECT $1) ORDER BY r.user_id LIMIT $3";
    let after = after.unwrap_or_default();
    let values = [board.into(), after.into(), limit.into()];
    let rows: Vec<Row> = tx.all(tx.statement(sql, values)).await?;
    Ok(rows.into_iter().map(|row| row.user_id.into()).collect())
}

/// Counts the people on the boards that feed a board and on the board, some of them more than once.
pub(crate) async fn people_at_most(tx: &Tx, board: Uuid, widest: i64) -> Result<i64, DbError> {
    let sql = "SELECT CAST(coalesce(sum(h.people), 0) AS bigint) FROM board_histogram h \
               WHERE h.level = $2 AND h.board_id IN (SELECT b.id FROM board_feeds f \
               JOIN boards b ON b.key = f.source_key WHERE f.board_id = $1 UNION ALL SELECT $1)";
    tx.count(tx.statement(sql, [board.into(), widest.into()])).await
}
