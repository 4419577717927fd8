//! Statements for followed repositories.

use std::collections::BTreeSet;

use kernel::{Ids, Timestamp};
use platform::{
    db::{DbError, Kind, Rows, Sql, Tx, ids},
    jobs::{Queue, REFUSED},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// The queue of names to find on GitHub.
pub(crate) const QUEUE: Queue = Queue { table: "followed_repositories" };

/// The columns of [`ClaimedRepository`].
pub(crate) const CLAIMED: &str = "id, attempts, name";

/// A name that a worker looks up.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ClaimedRepository {
    pub(crate) id: Uuid,
    pub(crate) attempts: i64,
    pub(crate) name: String,
}

/// Requests that repositories with these distinct names are followed. Those that are followed already stay as they are, but an
/// operator is a reason to follow them from now on, if it is one. Returns the number of requested ones.
pub(crate) async fn request(
    tx: &Tx,
    new: &dyn Ids,
    names: &[String],
    by_operator: bool,
    now: Timestamp,
) -> Result<u64, DbError> {
    if names.is_empty() {
        return Ok(0);
    }
    let mut rows = Rows::new([("id", Kind::Uuid), ("name", Kind::Text), ("name_key", Kind::Text)]);
    for name in names {
        let key = name.to_lowercase();
        rows.push([new.next().into(), name.as_str().into(), key.into()]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let own = query.bind(by_operator);
    let sql = format!(
        "INSERT INTO followed_repositories (id, created_at, name, name_key, due_at, by_operator) \
         SELECT r.id, {now}, r.name, r.name_key, {now}, {own} FROM {rows} WHERE true \
         ON CONFLICT (name_key) DO UPDATE SET due_at = excluded.due_at, ended_at = NULL, dead_at = NULL, attempts = 0, \
         last_error = NULL, completed_at = NULL, outcome = NULL, \
         by_operator = followed_repositories.by_operator OR excluded.by_operator \
         WHERE followed_repositories.ended_at IS NOT NULL OR followed_repositories.dead_at IS NOT NULL \
         OR followed_repositories.outcome = '{REFUSED}'"
    );
    let requested = tx.run(query.statement(sql)).await?;
    if by_operator {
        let keys: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
        note_operator(tx, &keys, true).await?;
    }
    Ok(requested)
}

fn keys(of: &[String]) -> Rows<1> {
    let mut rows = Rows::new([("name_key", Kind::Text)]);
    for key in of {
        rows.push([key.to_lowercase().into()]);
    }
    rows
}

/// Notes whether an operator is a reason to follow repositories with these names.
pub(crate) async fn note_operator(
    tx: &Tx,
    names: &[String],
    is_reason: bool,
) -> Result<(), DbError> {
    let mut query = tx.query();
    let (rows, own) = (query.rows(keys(names), "r"), query.bind(is_reason));
    let sql = format!(
        "UPDATE followed_repositories SET by_operator = {own} WHERE by_operator <> {own} \
         AND name_key IN (SELECT r.name_key FROM {rows})"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Id {
    id: Uuid,
}

/// Returns the IDs of followed names.
pub(crate) async fn ids_of(db: &impl Sql, names: &[String]) -> Result<Vec<Uuid>, DbError> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = db.query();
    let rows = query.rows(keys(names), "r");
    let sql = format!(
        "SELECT f.id FROM {rows} JOIN followed_repositories f ON f.name_key = r.name_key WHERE f.ended_at IS NULL"
    );
    let found: Vec<Id> = db.all(query.statement(sql)).await?;
    Ok(found.into_iter().map(|row| row.id).collect())
}

/// Returns the IDs of followed names for which no operator is a reason.
pub(crate) async fn without_operator(db: &impl Sql) -> Result<Vec<Uuid>, DbError> {
    let sql = "SELECT id FROM followed_repositories WHERE ended_at IS NULL AND NOT by_operator";
    let found: Vec<Id> = db.all(db.statement(sql, [])).await?;
    Ok(found.into_iter().map(|row| row.id).collect())
}

/// Returns the names in lower case that are followed without a reason, of those with these IDs.
pub(crate) async fn unwanted(db: &impl Sql, of: &[Uuid]) -> Result<Vec<String>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        name_key: String,
    }
    if of.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = db.query();
    let rows = query.rows(ids(of.iter().copied()), "r");
    let sql = format!(
        "SELECT f.name_key FROM {rows} JOIN followed_repositories f ON f.id = r.id \
         WHERE f.ended_at IS NULL AND NOT f.by_operator AND NOT EXISTS (SELECT 1 FROM discovery_watches w \
         WHERE w.kind = 'repository' AND w.name_key = f.name_key AND w.ended_at IS NULL) \
         AND NOT EXISTS (SELECT 1 FROM discovery_finds d WHERE d.name_key = f.name_key)"
    );
    let found: Vec<Row> = db.all(query.statement(sql)).await?;
    Ok(found.into_iter().map(|row| row.name_key).collect())
}

/// Records the repository that a name belongs to.
pub(crate) async fn found(
    tx: &Tx,
    worker: Uuid,
    id: Uuid,
    repository: Uuid,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE followed_repositories SET repository_id = $1, due_at = NULL, claimed_by = NULL, completed_at = $2, \
               outcome = 'followed', last_error = NULL WHERE id = $3 AND claimed_by = $4";
    let values = [repository.into(), now.into(), id.into(), worker.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Ends that repositories with these names are followed. Returns the IDs of those that no other name belongs to.
pub(crate) async fn end(tx: &Tx, names: &[String], now: Timestamp) -> Result<Vec<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        repository_id: Option<Uuid>,
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(keys(names), "r"), query.bind(now));
    let sql = format!(
        "UPDATE followed_repositories SET by_operator = FALSE, ended_at = {now}, due_at = NULL, claimed_by = NULL \
         WHERE ended_at IS NULL AND name_key IN (SELECT r.name_key FROM {rows}) RETURNING repository_id"
    );
    let ended: Vec<Row> = tx.all(query.statement(sql)).await?;
    let ended: BTreeSet<Uuid> = ended.into_iter().filter_map(|row| row.repository_id).collect();
    if ended.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = tx.query();
    let rows = query.rows(ids(ended), "r");
    let sql = format!(
        "SELECT r.id AS repository_id FROM {rows} WHERE NOT EXISTS (SELECT 1 FROM followed_repositories o \
         WHERE o.repository_id = r.id AND o.ended_at IS NULL)"
    );
    let ended: Vec<Row> = tx.all(query.statement(sql)).await?;
    Ok(ended.into_iter().filter_map(|row| row.repository_id).collect())
}

/// Returns those of the names that a worker still has: the others were ended since it claimed them.
pub(crate) async fn still_claimed(
    tx: &Tx,
    worker: Uuid,
    of: impl IntoIterator<Item = Uuid>,
) -> Result<BTreeSet<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let mut query = tx.query();
    let (rows, worker) = (query.rows(ids(of), "r"), query.bind(worker));
    let sql = format!(
        "SELECT f.id FROM {rows} JOIN followed_repositories f ON f.id = r.id WHERE f.claimed_by = {worker}"
    );
    let found: Vec<Row> = tx.all(query.statement(sql)).await?;
    Ok(found.into_iter().map(|row| row.id).collect())
}

/// Keeps the labels with which repositories ask for help, by names in lower case. Returns the IDs of the known repositories whose
/// label changed.
pub(crate) async fn state_labels(
    tx: &Tx,
    labels: &[(String, String)],
) -> Result<Vec<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        repository_id: Option<Uuid>,
    }
    let mut rows = Rows::new([("name_key", Kind::Text), ("label", Kind::Text)]);
    for (key, label) in labels {
        rows.push([key.as_str().into(), label.as_str().into()]);
    }
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = tx.query();
    let rows = query.rows(rows, "r");
    let sql = format!(
        "UPDATE followed_repositories SET help_label = r.label FROM {rows} \
         WHERE followed_repositories.name_key = r.name_key AND coalesce(followed_repositories.help_label, '') <> r.label \
         RETURNING followed_repositories.repository_id"
    );
    let changed: Vec<Row> = tx.all(query.statement(sql)).await?;
    Ok(changed.into_iter().filter_map(|row| row.repository_id).collect())
}

/// Returns the labels with which a repository asks for help, as lists of projects state them.
pub(crate) async fn stated_labels(db: &impl Sql, repository: Uuid) -> Result<Vec<String>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        help_label: String,
    }
    let sql = "SELECT help_label FROM followed_repositories WHERE repository_id = $1 AND help_label IS NOT NULL \
               ORDER BY help_label";
    let rows: Vec<Row> = db.all(db.statement(sql, [repository.into()])).await?;
    Ok(rows.into_iter().map(|row| row.help_label).collect())
}
