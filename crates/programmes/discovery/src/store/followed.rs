//! Statements for followed repositories.

use kernel::{Ids, Timestamp};
use platform::{
    db::{DbError, Kind, Rows, Sql, Tx},
    jobs::Queue,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// The queue of names to find at GitHub.
pub(crate) const QUEUE: Queue = Queue {
    table: "followed_repositories",
};

/// The columns of [`Claimed`].
pub(crate) const CLAIMED: &str = "id, attempts, name";

/// A name that a worker looks up.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Claimed {
    pub(crate) id: Uuid,
    pub(crate) attempts: i64,
    pub(crate) name: String,
}

/// Requests that repositories with these distinct names are followed. Those that are followed already stay as they are.
/// Returns the number of requested ones.
pub(crate) async fn request(
    tx: &Tx,
    ids: &dyn Ids,
    names: &[String],
    now: Timestamp,
) -> Result<u64, DbError> {
    if names.is_empty() {
        return Ok(0);
    }
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("name", Kind::Text),
        ("name_key", Kind::Text),
    ]);
    for name in names {
        let key = name.to_lowercase();
        rows.push([ids.next().into(), name.as_str().into(), key.into()]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let sql = format!(
        "INSERT INTO followed_repositories (id, created_at, name, name_key, due_at) \
         SELECT r.id, {now}, r.name, r.name_key, {now} FROM {rows} WHERE true \
         ON CONFLICT (name_key) DO UPDATE SET due_at = excluded.due_at, ended_at = NULL, dead_at = NULL, attempts = 0, \
         last_error = NULL, completed_at = NULL, outcome = NULL \
         WHERE followed_repositories.ended_at IS NOT NULL OR followed_repositories.dead_at IS NOT NULL"
    );
    tx.run(query.statement(sql)).await
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
pub(crate) async fn end(tx: &Tx, keys: &[String], now: Timestamp) -> Result<Vec<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        repository_id: Uuid,
    }
    let mut rows = Rows::new([("name_key", Kind::Text)]);
    for key in keys {
        rows.push([key.to_lowercase().into()]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let sql = format!(
        "UPDATE followed_repositories SET ended_at = {now}, due_at = NULL, claimed_by = NULL \
         WHERE ended_at IS NULL AND name_key IN (SELECT r.name_key FROM {rows})"
    );
    if tx.run(query.statement(sql)).await? == 0 {
        return Ok(Vec::new());
    }
    let sql = "SELECT DISTINCT repository_id FROM followed_repositories f WHERE repository_id IS NOT NULL AND NOT EXISTS \
               (SELECT 1 FROM followed_repositories o WHERE o.repository_id = f.repository_id AND o.ended_at IS NULL)";
    let ended: Vec<Row> = tx.all(tx.statement(sql, [])).await?;
    Ok(ended.into_iter().map(|row| row.repository_id).collect())
}
