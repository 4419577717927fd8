//! The work that a server still has to do, read from its database with SQL that both engines support.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use sqlx::{AnyPool, AssertSqlSafe};

/// Counts the rows of `from`.
pub(crate) async fn count(pool: &AnyPool, from: &str) -> Result<i64> {
    let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM {from}");
    Ok(sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(pool).await?)
}

const UNDONE: &str = "webhook_deliveries WHERE due_at IS NOT NULL";

/// Waits until no deliveries and no wake-ups are pending.
pub(crate) async fn wait(pool: &AnyPool, patience: Duration) -> Result<()> {
    wait_deliveries(pool, patience).await?;
    empty(pool, "wake_ups", patience).await
}

/// Waits until no deliveries are pending; the wake-ups they caused may be.
pub(crate) async fn wait_deliveries(pool: &AnyPool, patience: Duration) -> Result<()> {
    empty(pool, UNDONE, patience).await
}

/// Waits until no messages are pending.
pub(crate) async fn wait_messages(pool: &AnyPool, patience: Duration) -> Result<()> {
    empty(pool, "outbox_messages WHERE due_at IS NOT NULL", patience).await
}

/// Waits until `from` has no rows.
pub(crate) async fn empty(pool: &AnyPool, from: &str, patience: Duration) -> Result<()> {
    let start = Instant::now();
    loop {
        let left = count(pool, from).await?;
        if left == 0 {
            return Ok(());
        }
        ensure!(start.elapsed() < patience, "after {patience:?} {left} are undone of {from}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
