use kernel::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::super::Progress;
use crate::{
    Context,
    db::{Db, DbError, Sql, Tx, ids},
};

/// A wake-up: an object changed, so the worker must read its state and act.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct WakeUp {
    /// The row to delete once the work is done.
    pub id: Uuid,
    /// The object that changed.
    pub object_id: Uuid,
}

/// Returns up to `limit` of the oldest wake-ups of a topic.
pub async fn take(db: &impl Sql, topic: &'static str, limit: i64) -> Result<Vec<WakeUp>, DbError> {
    take_after(db, topic, Uuid::nil(), limit).await
}

/// Returns up to `limit` of the oldest wake-ups of a topic that are newer than the wake-up `after`.
pub async fn take_after(
    db: &impl Sql,
    topic: &'static str,
    after: Uuid,
    limit: i64,
) -> Result<Vec<WakeUp>, DbError> {
    let sql =
        "SELECT id, object_id FROM wake_ups WHERE topic = $1 AND id > $2 ORDER BY id LIMIT $3";
    let values = [topic.into(), after.into(), limit.into()];
    db.all(db.statement(sql, values)).await
}

/// The number of wake-ups processed in one transaction.
const AT_ONCE: i64 = 64;

/// Claims the oldest wake-ups of a topic, with the transaction to process them in. Only one process at a time
/// does so. `None` if there are none. The work ends with [`worked`].
pub async fn claimed(
    context: &Context,
    topic: &'static str,
) -> Result<Option<(Tx, Vec<WakeUp>)>, DbError> {
    if !is_raised(&context.db, topic).await? {
        return Ok(None);
    }
    let tx = context.begin().await?;
    tx.serialize(topic).await?;
    let wake_ups = take(&tx, topic, AT_ONCE).await?;
    Ok((!wake_ups.is_empty()).then_some((tx, wake_ups)))
}

/// Completes the work on wake-ups returned by [`claimed`].
pub async fn worked(tx: Tx, claimed: &[WakeUp]) -> Result<Progress, DbError> {
    forget(&tx, claimed).await?;
    tx.commit().await?;
    Ok(Progress::of_batch(claimed.len(), AT_ONCE))
}

/// Deletes processed wake-ups in the transaction of that work.
pub async fn forget(tx: &Tx, done: &[WakeUp]) -> Result<(), DbError> {
    let mut query = tx.query();
    let rows = query.rows(ids(done.iter().map(|wake_up| wake_up.id)), "r");
    let sql = format!("DELETE FROM wake_ups WHERE id IN (SELECT r.id FROM {rows})");
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Returns true if a topic has wake-ups. A read avoids the write lock of an empty claim.
pub async fn is_raised(db: &Db, topic: &'static str) -> Result<bool, DbError> {
    let sql = "SELECT CAST(1 AS bigint) FROM wake_ups WHERE topic = $1 LIMIT 1";
    Ok(db.count(db.statement(sql, [topic.into()])).await? > 0)
}

/// Returns since when the oldest wake-up of a topic has been waiting.
pub async fn waiting_since(db: &Db, topic: &'static str) -> Result<Option<Timestamp>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        created_at: Timestamp,
    }
    let sql = "SELECT created_at FROM wake_ups WHERE topic = $1 ORDER BY id LIMIT 1";
    let oldest: Option<Row> = db.one(db.statement(sql, [topic.into()])).await?;
    Ok(oldest.map(|row| row.created_at))
}

/// Counts the waiting wake-ups of all topics.
pub async fn raised(db: &Db) -> Result<i64, DbError> {
    db.count(db.statement("SELECT count(*) FROM wake_ups", [])).await
}
