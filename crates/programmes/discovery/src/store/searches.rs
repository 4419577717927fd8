//! Statements for searches on GitHub, and the repositories that they find.

use kernel::{Ids, Timestamp};
use platform::{
    db::{DbError, Kind, Rows, Sql, Tx, code},
    jobs::Queue,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{FOUND_FOR, SearchKind};

pub(crate) const QUEUE: Queue = Queue { table: "discovery_searches" };

/// The columns of [`ClaimedSearch`].
pub(crate) const CLAIMED: &str = "id, attempts, kind, query, etag";

/// A search that a worker sends.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ClaimedSearch {
    pub(crate) id: Uuid,
    pub(crate) attempts: i64,
    kind: String,
    pub(crate) query: String,
    pub(crate) etag: Option<String>,
}

impl ClaimedSearch {
    pub(crate) fn kind(&self) -> Result<SearchKind, DbError> {
        code("discovery_searches.kind", &self.kind, SearchKind::named)
    }
}

/// Requests a search, which is sent now and then again and again. One that is there already stays as it is. Returns true if it is
/// new.
pub(crate) async fn request(
    tx: &Tx,
    id: Uuid,
    kind: SearchKind,
    query: &str,
    by_operator: bool,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "INSERT INTO discovery_searches (id, created_at, kind, query, query_key, by_operator, due_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $2) ON CONFLICT (kind, query_key) DO UPDATE SET due_at = excluded.due_at, \
               by_operator = excluded.by_operator, ended_at = NULL, dead_at = NULL, attempts = 0, last_error = NULL, \
               completed_at = NULL, outcome = NULL, etag = NULL \
               WHERE discovery_searches.ended_at IS NOT NULL OR discovery_searches.dead_at IS NOT NULL";
    let values = [
        id.into(),
        now.into(),
        kind.as_str().into(),
        query.into(),
        query.to_lowercase().into(),
        by_operator.into(),
    ];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Requests that all searches are sent again, except those that are due already. Returns their number.
pub(crate) async fn request_all(tx: &Tx, now: Timestamp) -> Result<u64, DbError> {
    let sql = "UPDATE discovery_searches SET due_at = $1, dead_at = NULL, attempts = 0 \
               WHERE ended_at IS NULL AND due_at IS NULL";
    tx.run(tx.statement(sql, [now.into()])).await
}

/// Ends a search that an operator requested, by its query. Returns its ID, if there was one.
pub(crate) async fn release(tx: &Tx, query: &str) -> Result<Option<Uuid>, DbError> {
    let sql = "UPDATE discovery_searches SET by_operator = FALSE WHERE kind = 'issues' AND query_key = $1 AND by_operator";
    let key = query.to_lowercase();
    if tx.run(tx.statement(sql, [key.as_str().into()])).await? == 0 {
        return Ok(None);
    }
    id_of(tx, SearchKind::Issues, &key).await
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
}

/// Returns the ID of a search.
pub(crate) async fn id_of(
    db: &impl Sql,
    kind: SearchKind,
    key: &str,
) -> Result<Option<Uuid>, DbError> {
    let sql = "SELECT id FROM discovery_searches WHERE kind = $1 AND query_key = $2";
    let found: Option<Row> = db.one(db.statement(sql, [kind.as_str().into(), key.into()])).await?;
    Ok(found.map(|row| row.id))
}

/// The condition for a search that no operator requested, and whose topic no person watches.
const UNWANTED: &str = "ended_at IS NULL AND NOT by_operator AND NOT (kind = 'topic' AND EXISTS (SELECT 1 FROM discovery_watches w \
     WHERE w.kind = 'topic' AND w.name_key = discovery_searches.query_key AND w.ended_at IS NULL))";

/// Returns the searches that no one wants.
pub(crate) async fn unwanted(db: &impl Sql) -> Result<Vec<Uuid>, DbError> {
    let sql = format!("SELECT id FROM discovery_searches WHERE {UNWANTED} ORDER BY id");
    let found: Vec<Row> = db.all(db.statement(&sql, [])).await?;
    Ok(found.into_iter().map(|row| row.id).collect())
}

/// Ends a search that no one wants. Returns true if it ended now.
pub(crate) async fn end_unwanted(tx: &Tx, id: Uuid, now: Timestamp) -> Result<bool, DbError> {
    let sql = format!(
        "UPDATE discovery_searches SET ended_at = $1, due_at = NULL, claimed_by = NULL, etag = NULL WHERE id = $2 AND {UNWANTED}"
    );
    Ok(tx.run(tx.statement(&sql, [now.into(), id.into()])).await? > 0)
}

#[derive(FromQueryResult)]
struct FoundKey {
    name_key: String,
}

fn keys(rows: Vec<FoundKey>) -> Vec<String> {
    rows.into_iter().map(|row| row.name_key).collect()
}

/// Removes all that a search found, and returns the names.
pub(crate) async fn forget(tx: &Tx, search: Uuid) -> Result<Vec<String>, DbError> {
    let sql = "DELETE FROM discovery_finds WHERE search_id = $1 RETURNING name_key";
    Ok(keys(tx.all(tx.statement(sql, [search.into()])).await?))
}

/// Keeps the repositories that a search found.
pub(crate) async fn keep(
    tx: &Tx,
    ids: &dyn Ids,
    search: Uuid,
    names: &[String],
    now: Timestamp,
) -> Result<(), DbError> {
    let mut rows = Rows::new([("id", Kind::Uuid), ("name_key", Kind::Text)]);
    for name in names {
        rows.push([ids.next().into(), name.to_lowercase().into()]);
    }
    if !rows.is_empty() {
        let mut query = tx.query();
        let (rows, now, search) = (query.rows(rows, "r"), query.bind(now), query.bind(search));
        let sql = format!(
            "INSERT INTO discovery_finds (id, created_at, search_id, name_key, seen_at) \
             SELECT r.id, {now}, {search}, r.name_key, {now} FROM {rows} WHERE true \
             ON CONFLICT (search_id, name_key) DO UPDATE SET seen_at = excluded.seen_at"
        );
        tx.run(query.statement(sql)).await?;
    }
    Ok(())
}

/// Removes the repositories that a search did not find for long, and returns their names.
pub(crate) async fn remove_old(
    tx: &Tx,
    search: Uuid,
    now: Timestamp,
) -> Result<Vec<String>, DbError> {
    let sql =
        "DELETE FROM discovery_finds WHERE search_id = $1 AND seen_at < $2 RETURNING name_key";
    let before = now - FOUND_FOR;
    let gone = tx.all(tx.statement(sql, [search.into(), before.into()])).await?;
    Ok(keys(gone))
}

/// Notes that a search finds the same as the last time.
pub(crate) async fn keep_all(tx: &Tx, search: Uuid, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE discovery_finds SET seen_at = $1 WHERE search_id = $2 AND seen_at >= (SELECT s.listed_at \
               FROM discovery_searches s WHERE s.id = $2)";
    tx.run(tx.statement(sql, [now.into(), search.into()])).await?;
    Ok(())
}

/// Marks a search as answered. A new answer has an entity tag, if GitHub stated one.
pub(crate) async fn complete(
    tx: &Tx,
    worker: Uuid,
    id: Uuid,
    outcome: &str,
    etag: Option<Option<String>>,
    now: Timestamp,
) -> Result<bool, DbError> {
    let is_new = etag.is_some();
    let sql = "UPDATE discovery_searches SET due_at = NULL, claimed_by = NULL, completed_at = $1, outcome = $2, last_error = NULL, \
               etag = CASE WHEN $3 THEN $4 ELSE etag END, listed_at = CASE WHEN $3 THEN $1 ELSE listed_at END \
               WHERE id = $5 AND claimed_by = $6";
    let values = [
        now.into(),
        outcome.into(),
        is_new.into(),
        etag.flatten().into(),
        id.into(),
        worker.into(),
    ];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}
