use std::collections::BTreeSet;

use github::model::{PULL_REQUEST_CHANGED, PullRequestId};
use platform::{
    Context, crash,
    db::{DbError, Tx},
    jobs::{self, Progress, WakeUp},
    telemetry::activity::{self, Work},
};
use recognition::{LEDGER_ENTRIES, model::BADGES_DUE};
use uuid::Uuid;

use super::settle::{LOCK, settle_pulls};
use crate::{
    model::PULL_REQUEST_SCORED,
    telemetry::{FAILING, WINDOWS},
};

/// The number of wake-ups per batch.
const BATCH: i64 = 512;

/// Settles the pull requests with new statements, in one transaction per batch. A pull request that cannot be settled
/// holds up only the pull requests of the same windows: it keeps its wake-up, and is tried again each time. If nothing of
/// a batch can be settled, the next one is taken.
///
/// # Errors
/// When the database fails, or nothing can be settled.
pub async fn settle_changed(context: &Context) -> Result<Progress, DbError> {
    if !jobs::is_raised(&context.db, PULL_REQUEST_CHANGED).await? {
        return Ok(Progress::Idle);
    }
    let (mut after, mut unsettled) = (Uuid::nil(), UnsettledPulls::default());
    loop {
        let tx = begin(context).await?;
        let wake_ups = jobs::take_after(&tx, PULL_REQUEST_CHANGED, after, BATCH).await?;
        let Some(last) = wake_ups.last() else {
            unsettled.measure();
            return unsettled.error.map_or(Ok(Progress::Idle), Err);
        };
        after = last.id;
        let settled = match settle_taken(tx, context, &wake_ups).await {
            Ok(()) => wake_ups.len(),
            Err(error) => settle_apart(context, &wake_ups, error, &mut unsettled).await?,
        };
        if settled > 0 {
            unsettled.measure();
            return Ok(match unsettled.count {
                0 => Progress::of_batch(settled, BATCH),
                _ => Progress::Worked,
            });
        }
    }
}

/// The pull requests that cannot be settled.
#[derive(Default)]
struct UnsettledPulls {
    count: usize,
    /// The error of the last one.
    error: Option<DbError>,
}

impl UnsettledPulls {
    fn add(&mut self, wake_up: &WakeUp, error: DbError) {
        let pull_request = wake_up.object_id;
        tracing::error!(%pull_request, %error, "a pull request cannot be settled");
        self.count += 1;
        self.error = Some(error);
    }

    fn measure(&self) {
        FAILING.set(&[], self.count as f64);
    }
}

async fn begin(context: &Context) -> Result<Tx, DbError> {
    let tx = context.begin().await?;
    tx.serialize(LOCK).await?;
    Ok(tx)
}

async fn settle_taken(mut tx: Tx, context: &Context, wake_ups: &[WakeUp]) -> Result<(), DbError> {
    let pulls: BTreeSet<PullRequestId> =
        wake_ups.iter().map(|wake_up| wake_up.object_id.into()).collect();
    let (windows, entries) = settle_and_wake(&mut tx, context, &pulls).await?;
    jobs::forget(&tx, wake_ups).await?;
    crash::point("settle.before_commit");
    tx.commit().await?;
    WINDOWS.add(&[], windows as u64);
    LEDGER_ENTRIES.add(&[], entries as u64);
    activity::count(Work::Settled, windows as u64);
    Ok(())
}

/// Settles pull requests, and wakes the work that follows. Returns the numbers of windows and of ledger entries.
async fn settle_and_wake(
    tx: &mut Tx,
    context: &Context,
    pulls: &BTreeSet<PullRequestId>,
) -> Result<(usize, usize), DbError> {
    let settled = settle_pulls(tx, context, pulls).await?;
    let (ids, now) = (context.ids.as_ref(), context.now());
    tx.wake(PULL_REQUEST_SCORED, settled.scored, ids, now).await?;
    let merged = settled.merged.into_iter().map(|person| person.0);
    tx.wake(BADGES_DUE, merged, ids, now).await?;
    github::actions::request_patches(tx, context, settled.unread).await?;
    Ok((settled.windows, settled.entries))
}

/// Settles a pull request at once, for a command that shows the result. Its wake-up stays, and the worker then finds
/// nothing to post.
///
/// # Errors
/// When the database fails, or the pull request cannot be settled.
pub async fn settle_now(context: &Context, pull: PullRequestId) -> Result<(), DbError> {
    let mut tx = begin(context).await?;
    settle_and_wake(&mut tx, context, &BTreeSet::from([pull])).await?;
    tx.commit().await
}

/// Halves a batch that failed with `error` until only the pull requests that cannot be settled are left. Returns the
/// number of settled ones.
async fn settle_apart(
    context: &Context,
    batch: &[WakeUp],
    error: DbError,
    unsettled: &mut UnsettledPulls,
) -> Result<usize, DbError> {
    let (mut parts, mut settled) = (Vec::new(), 0);
    let mut failed = Some((batch, error));
    loop {
        match failed.take() {
            Some(([wake_up], error)) => unsettled.add(wake_up, error),
            Some((part, _)) => {
                let (first, second) = part.split_at(part.len() / 2);
                parts.extend([second, first]);
            }
            None => {}
        }
        let Some(part) = parts.pop() else {
            return Ok(settled);
        };
        // Without the database, every part would fail.
        jobs::is_raised(&context.db, PULL_REQUEST_CHANGED).await?;
        match settle_taken(begin(context).await?, context, part).await {
            Ok(()) => settled += part.len(),
            Err(error) => failed = Some((part, error)),
        }
    }
}
