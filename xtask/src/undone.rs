//! What a house still has to do, asked of its database with SQL that both engines understand.

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

/// Waits until no delivery and no wake-up is undone.
pub(crate) async fn wait(pool: &AnyPool, patience: Duration) -> Result<()> {
    let start = Instant::now();
    loop {
        let deliveries = count(
            pool,
            "webhook_deliveries WHERE completed_at IS NULL AND dead_at IS NULL",
        )
        .await?;
        let wakes = count(pool, "wake_ups").await?;
        if deliveries == 0 && wakes == 0 {
            return Ok(());
        }
        ensure!(
            start.elapsed() < patience,
            "after {patience:?} {deliveries} deliveries and {wakes} wake-ups are undone"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
