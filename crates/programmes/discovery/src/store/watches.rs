//! Statements for watches.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{WATCH_PERIOD, WatchKind, WatchTarget};

/// The lock for watches, searches and the reasons for which repositories are followed.
const WATCHES: &str = "discovery.watches";

/// Lets one transaction at a time change the reasons for which repositories are followed, until it ends.
pub(crate) async fn lock(tx: &Tx) -> Result<(), DbError> {
    tx.serialize(WATCHES).await
}

#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct OwnedWatch {
    pub(crate) id: Uuid,
    pub(crate) kind: WatchKind,
    pub(crate) name_key: String,
    pub(crate) created_at: Timestamp,
    pub(crate) ended_at: Option<Timestamp>,
}

/// Returns the watches of a person: open ones, and those that ended and were not removed yet.
pub(crate) async fn begun(db: &impl Sql, person: UserId) -> Result<Vec<OwnedWatch>, DbError> {
    let sql =
        "SELECT id, kind, name_key, created_at, ended_at FROM discovery_watches WHERE user_id = $1";
    db.all(db.statement(sql, [person.into()])).await
}

/// Inserts a watch. The caller holds the lock.
pub(crate) async fn insert(
    tx: &Tx,
    id: Uuid,
    person: UserId,
    of: &WatchTarget,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO discovery_watches (id, created_at, user_id, kind, name, name_key) VALUES ($1, $2, $3, $4, $5, $6)";
    let values = [
        id.into(),
        now.into(),
        person.into(),
        of.kind.as_str().into(),
        of.name.as_str().into(),
        of.key().into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

pub(crate) async fn end(tx: &Tx, id: Uuid, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE discovery_watches SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL";
    tx.run(tx.statement(sql, [now.into(), id.into()])).await?;
    Ok(())
}

pub(crate) async fn remove_all(tx: &Tx, person: UserId) -> Result<(), DbError> {
    let sql = "DELETE FROM discovery_watches WHERE user_id = $1";
    tx.run(tx.statement(sql, [person.into()])).await?;
    Ok(())
}

/// Removes the watches that ended so long ago that they no longer count. Returns their number.
pub(crate) async fn prune(tx: &Tx, now: Timestamp) -> Result<u64, DbError> {
    let sql = "DELETE FROM discovery_watches WHERE ended_at < $1";
    tx.run(tx.statement(sql, [(now - WATCH_PERIOD).into()])).await
}
