use github::model::PULL_REQUEST_CHANGED;
use platform::{Context, db::DbError};

use crate::store::windows;

/// Wakes settlement for pull requests with matured points; returns their number.
pub async fn mature(context: &Context) -> Result<usize, DbError> {
    let mut tx = context.begin().await?;
    let now = context.now();
    let matured = windows::matured(&tx, now, 10_000).await?;
    let count = matured.len();
    tx.wake(PULL_REQUEST_CHANGED, matured, context.ids.as_ref(), now).await?;
    tx.commit().await?;
    Ok(count)
}
