use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::db::{DbError, Sql, Tx, ids};

/// A raised wake-up: something about an object changed; read its state and act.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct WakeUp {
    /// The row to forget once the work is done.
    pub id: Uuid,
    /// What changed.
    pub object_id: Uuid,
}

/// The oldest wake-ups of a topic, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn take(tx: &Tx, topic: &'static str, limit: i64) -> Result<Vec<WakeUp>, DbError> {
    let sql = "SELECT id, object_id FROM wake_ups WHERE topic = $1 ORDER BY id LIMIT $2";
    tx.all(tx.statement(sql, [topic.into(), limit.into()])).await
}

/// Deletes exactly the wake-ups that were worked on, in the transaction of that work.
///
/// # Errors
/// When the database fails.
pub async fn forget(tx: &Tx, done: &[WakeUp]) -> Result<(), DbError> {
    let mut query = tx.query();
    let rows = query.rows(ids(done.iter().map(|wake_up| wake_up.id)), "r");
    let sql = format!("DELETE FROM wake_ups WHERE id IN (SELECT r.id FROM {rows})");
    tx.run(query.statement(sql)).await?;
    Ok(())
}
