use std::collections::BTreeSet;

use github::model::{PULL_REQUEST_CHANGED, PullRequestId};
use platform::{
    Context, crash,
    db::{DbError, Tx},
    jobs::{self, Progress, WakeUp},
    telemetry::activity::{self, Work},
};

use super::settle::{LOCK, settle_pulls};
use crate::model::PULL_REQUEST_SCORED;

/// The number of wake-ups per batch.
const BATCH: i64 = 512;

/// Settles the pull requests with new statements, in one transaction per batch. A pull request that cannot be settled
/// holds up only the pull requests of the same windows: it keeps its wake-up, and is tried again with the next batch.
///
/// # Errors
/// When the database fails, or nothing of a batch can be settled.
pub async fn settle_changed(context: &Context) -> Result<Progress, DbError> {
    if !jobs::is_raised(&context.db, PULL_REQUEST_CHANGED).await? {
        return Ok(Progress::Idle);
    }
    let tx = begin(context).await?;
    let wake_ups = jobs::take(&tx, PULL_REQUEST_CHANGED, BATCH).await?;
    if wake_ups.is_empty() {
        return Ok(Progress::Idle);
    }
    match settle_taken(tx, context, &wake_ups).await {
        Ok(()) => {
            failing(0);
            Ok(Progress::of_batch(wake_ups.len(), BATCH))
        }
        Err(error) => settle_apart(context, wake_ups, error).await,
    }
}

async fn begin(context: &Context) -> Result<Tx, DbError> {
    let tx = context.begin().await?;
    tx.serialize(LOCK).await?;
    Ok(tx)
}

async fn settle_taken(mut tx: Tx, context: &Context, wake_ups: &[WakeUp]) -> Result<(), DbError> {
    let pulls: BTreeSet<PullRequestId> = wake_ups
        .iter()
        .map(|wake_up| wake_up.object_id.into())
        .collect();
    let settled = settle_pulls(&tx, context, &pulls).await?;
    jobs::forget(&tx, wake_ups).await?;
    let (ids, now) = (context.ids.as_ref(), context.now());
    tx.wake(PULL_REQUEST_SCORED, settled.scored, ids, now)
        .await?;
    crash::point("settle.before_commit");
    tx.commit().await?;
    metrics::counter!("guildhall_settled_windows_total").increment(settled.windows as u64);
    metrics::counter!("guildhall_ledger_entries_total").increment(settled.entries as u64);
    activity::count(Work::Settled, settled.windows as u64);
    Ok(())
}

/// Halves a batch that failed until only the pull requests that cannot be settled are left.
async fn settle_apart(
    context: &Context,
    batch: Vec<WakeUp>,
    mut error: DbError,
) -> Result<Progress, DbError> {
    let (mut parts, mut settled, mut failed) = (vec![batch], 0, 0);
    while let Some(part) = parts.pop() {
        // Without the database, every part would fail.
        jobs::is_raised(&context.db, PULL_REQUEST_CHANGED).await?;
        match settle_taken(begin(context).await?, context, &part).await {
            Ok(()) => settled += part.len(),
            Err(cause) if part.len() == 1 => {
                let pull_request = part[0].object_id;
                tracing::error!(%pull_request, error = %cause, "a pull request cannot be settled");
                (failed, error) = (failed + 1, cause);
            }
            Err(_) => {
                let (first, second) = part.split_at(part.len() / 2);
                parts.extend([second.to_vec(), first.to_vec()]);
            }
        }
    }
    failing(failed);
    match settled {
        0 => Err(error),
        _ => Ok(Progress::Worked),
    }
}

/// Records the number of pull requests that cannot be settled.
fn failing(pull_requests: usize) {
    metrics::gauge!("guildhall_settlement_failing").set(pull_requests as f64);
}
