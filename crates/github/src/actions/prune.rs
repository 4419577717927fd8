use chrono::TimeDelta;
use platform::{Context, db::DbError};

use crate::store::{deliveries, repositories};

/// Deletes previous webhook secrets that have expired; returns their number.
pub async fn forget_secrets(context: &Context) -> Result<u64, DbError> {
    let tx = context.begin().await?;
    tx.serialize(super::FACTS).await?;
    let forgotten = repositories::forget_previous(&tx, context.now()).await?;
    tx.commit().await?;
    Ok(forgotten)
}

/// Deletes the bodies of completed deliveries older than `days`, a thousand at a time; returns their
/// number.
pub async fn prune(context: &Context, days: i64) -> Result<u64, DbError> {
    let before = context.now() - TimeDelta::days(days);
    let mut pruned = 0;
    loop {
        let tx = context.begin().await?;
        let batch = deliveries::prune(&tx, before).await?;
        tx.commit().await?;
        pruned += batch;
        if batch == 0 {
            return Ok(pruned);
        }
    }
}
