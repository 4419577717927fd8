use platform::{Context, db::DbError};

use super::settle::settle_claims;
use crate::{
    model::{CLAIM_ENDING, REMINDED_BEFORE},
    reads::claims as reads,
    rules::claims::is_ending,
    store::{claims, opportunities},
};

/// The claims that one transaction changes.
const BATCH: i64 = 100;

/// The free issues with a queue that are looked at in one run. The people in those queues have no room for another claim, or
/// cannot be reached, so there are few.
const MOST_UNSERVED: i64 = 1_000;

/// Ends the claims whose time has passed, and gives their issues to the next people in the queues. Returns the number of
/// issues.
///
/// # Errors
/// When the database fails.
pub async fn expire_claims(context: &Context) -> Result<u64, DbError> {
    let mut tx = context.begin().await?;
    opportunities::lock(&tx).await?;
    let free = reads::unserved(&tx, MOST_UNSERVED).await?;
    settle_claims(&mut tx, context, free).await?;
    tx.commit().await?;
    let mut all = 0;
    loop {
        let mut tx = context.begin().await?;
        opportunities::lock(&tx).await?;
        let due = reads::due(&tx, context.now(), BATCH).await?;
        let count = due.len() as u64;
        settle_claims(&mut tx, context, due).await?;
        tx.commit().await?;
        all += count;
        if count < BATCH as u64 {
            return Ok(all);
        }
    }
}

/// Requests the reminders of claims that end within a day, each once for an end. Returns their number.
///
/// # Errors
/// When the database fails.
pub async fn remind_of_claims(context: &Context) -> Result<u64, DbError> {
    let mut tx = context.begin().await?;
    opportunities::lock(&tx).await?;
    let now = context.now();
    let ending = reads::ending(&tx, now, now + REMINDED_BEFORE, BATCH).await?;
    let mut reminded = Vec::new();
    for claim in ending {
        let Some(ends) = claim.expires_at.filter(|at| is_ending(*at, now)) else {
            continue;
        };
        claims::note_reminded(&tx, claim.id, ends).await?;
        reminded.push(claim.id);
    }
    let count = reminded.len() as u64;
    tx.wake(CLAIM_ENDING, reminded, context.ids.as_ref(), now).await?;
    tx.commit().await?;
    Ok(count)
}
