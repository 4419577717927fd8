//! Work that a server still has to do, read from its database with SQL that both engines understand.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use sqlx::{AnyPool, AssertSqlSafe};

/// How many rows `from` has.
pub(crate) async fn count(pool: &AnyPool, from: &str) -> Result<i64> {
    let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM {from}");
    Ok(sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_one(pool)
        .await?)
}

const UNDONE: &str = "webhook_deliveries WHERE due_at IS NOT NULL";

/// Waits until no delivery and no wake-up is undone.
pub(crate) async fn wait(pool: &AnyPool, patience: Duration) -> Result<()> {
    wait_deliveries(pool, patience).await?;
    empty(pool, "wake_ups", patience).await
}

/// Waits until no delivery is undone; the wake-ups they raised may be.
pub(crate) async fn wait_deliveries(pool: &AnyPool, patience: Duration) -> Result<()> {
    empty(pool, UNDONE, patience).await
}

/// Waits until no message is unsent.
pub(crate) async fn wait_messages(pool: &AnyPool, patience: Duration) -> Result<()> {
    empty(pool, "outbox_messages WHERE due_at IS NOT NULL", patience).await
}

async fn empty(pool: &AnyPool, from: &str, patience: Duration) -> Result<()> {
    let start = Instant::now();
    loop {
        let left = count(pool, from).await?;
        if left == 0 {
            return Ok(());
        }
        ensure!(
            start.elapsed() < patience,
            "after {patience:?} {left} are undone of {from}"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
