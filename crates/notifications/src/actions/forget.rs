use kernel::Timestamp;
use platform::{Context, db::DbError};

use crate::store::news;

/// Deletes notifications created before an instant; returns their number.
pub async fn forget(context: &Context, before: Timestamp) -> Result<u64, DbError> {
    let tx = context.begin().await?;
    let forgotten = news::forget(&tx, before).await?;
    tx.commit().await?;
    Ok(forgotten)
}
