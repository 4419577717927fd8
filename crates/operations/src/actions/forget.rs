use chrono::TimeDelta;
use kernel::counted;
use platform::{ActionError, Context};

use crate::store::{active, slow, storage};

/// How long sizes of days are kept, so that a month has the same one of the year before.
const SIZES_KEPT: TimeDelta = TimeDelta::days(400);
/// How long days of activity are kept: the twelve months of the charts, and one more.
const ACTIVE_KEPT: TimeDelta = TimeDelta::days(400);
/// How long slow requests and slow statements are kept.
const SLOW_KEPT: TimeDelta = TimeDelta::days(14);

/// Removes what is older than its retention. Returns what was removed, in words.
///
/// # Errors
/// When the database fails.
pub async fn forget(context: &Context) -> Result<String, ActionError> {
    let now = context.now();
    let tx = context.begin().await?;
    let days = storage::forget(&tx, (now - SIZES_KEPT).date_naive()).await?;
    let (requests, statements) = slow::forget(&tx, now - SLOW_KEPT).await?;
    let active = active::forget(&tx, now - ACTIVE_KEPT).await?;
    tx.commit().await?;
    Ok(format!(
        "deleted {}, {}, {}, {}",
        counted(days, "size of a day", "sizes of days"),
        counted(requests, "slow request", "slow requests"),
        counted(statements, "slow statement", "slow statements"),
        counted(active, "day of activity", "days of activity")
    ))
}
