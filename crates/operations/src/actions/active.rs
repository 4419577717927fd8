use chrono::TimeDelta;
use identity::reads::people_seen;
use platform::{ActionError, Context};

use crate::store::active;

/// How far back the last uses of sessions and tokens are read: the longest outage of the job that loses nothing of those still in use.
const LOOKED_BACK: TimeDelta = TimeDelta::days(30);

/// Adds the days on which people were last active. A session knows only its last use, which is written once an hour, so this runs as
/// often. Returns the number of new days.
///
/// # Errors
/// When the database fails.
pub async fn record_active(context: &Context) -> Result<u64, ActionError> {
    let seen = people_seen(&context.db, context.now() - LOOKED_BACK).await?;
    if seen.is_empty() {
        return Ok(0);
    }
    let tx = context.begin().await?;
    let new = active::add(&tx, context, seen).await?;
    tx.commit().await?;
    Ok(new)
}
