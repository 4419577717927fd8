use std::panic::resume_unwind;

use chrono::TimeDelta;
use kernel::Timestamp;
use platform::{
    Context,
    db::{DbError, Tx},
};

use crate::{
    model::{FLAG_RAISED, FlagId},
    reads,
    rules::fair_play::{
        GamingFinding, PeriodActivity, Raise, ReviewedPull, findings, raise, reviewer_findings,
    },
    store::fair_play,
};

/// The length of the period whose pull requests are compared.
const PERIOD: TimeDelta = TimeDelta::days(120);

/// The number of findings that are recorded in a transaction.
const BATCH: usize = 50;

/// The lock of the flags: their numbers, and what moderators decided, do not change while findings are recorded.
pub(super) const FLAGS: &str = "contributions.flags";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DetectionResult {
    /// The number of flags that were raised.
    pub raised: usize,
    /// The number of open flags that findings added to.
    pub extended: usize,
}

/// Looks for gaming in the pull requests and reviews of the last 120 days, and raises flags for moderators, who are notified of
/// all of them at once. Findings that an open flag covers add to it, and those that moderators decided on are not raised
/// again, so running it again changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn detect_gaming(context: &Context) -> Result<DetectionResult, DbError> {
    let now = context.now();
    let since = now.checked_sub_signed(PERIOD).unwrap_or(now);
    let snapshot = context.db.snapshot().await?;
    let activity = reads::observed(&snapshot, since).await?;
    let reviews = reads::reviewed(&snapshot, since).await?;
    drop(snapshot);
    let findings = found(activity, reviews, now).await;
    let mut detected = DetectionResult::default();
    let mut batches = findings.chunks(BATCH).peekable();
    while let Some(batch) = batches.next() {
        let is_last = batches.peek().is_none();
        record(context, batch, &mut detected, is_last).await?;
    }
    Ok(detected)
}

/// Runs the detectors, for longer than a task may keep others waiting.
async fn found(
    activity: PeriodActivity,
    reviews: Vec<ReviewedPull>,
    now: Timestamp,
) -> Vec<GamingFinding> {
    let found = tokio::task::spawn_blocking(move || {
        let mut found = findings(&activity);
        found.extend(reviewer_findings(&reviews, now));
        found
    });
    let found = found.await;
    found.unwrap_or_else(|error| resume_unwind(error.into_panic()))
}

/// Has moderators notified of the new flags.
async fn announce(tx: &mut Tx, context: &Context) -> Result<(), DbError> {
    let latest = fair_play::latest(tx).await?;
    tx.wake(FLAG_RAISED, latest, context.ids.as_ref(), context.now()).await
}

/// Records a batch of findings. The transaction of the last one announces the flags of all batches, so that they are
/// announced even if the process ends right after it.
async fn record(
    context: &Context,
    findings: &[GamingFinding],
    detected: &mut DetectionResult,
    is_last: bool,
) -> Result<(), DbError> {
    let mut tx = context.begin().await?;
    tx.serialize(FLAGS).await?;
    let mut number = fair_play::last_number(&tx).await?;
    for finding in findings {
        number = record_one(&tx, context, finding, number, detected).await?;
    }
    if is_last && detected.raised > 0 {
        announce(&mut tx, context).await?;
    }
    tx.commit().await
}

/// Records a finding. Returns the last number of a flag.
async fn record_one(
    tx: &Tx,
    context: &Context,
    finding: &GamingFinding,
    number: i64,
    detected: &mut DetectionResult,
) -> Result<i64, DbError> {
    let known = fair_play::known(tx, &finding.people, &finding.repositories).await?;
    match raise(finding, &known) {
        Raise::Nothing => Ok(number),
        Raise::Extend(id) => {
            detected.extended += 1;
            fair_play::extend(tx, id, finding, context.now()).await?;
            Ok(number)
        }
        Raise::New(pulls) => {
            detected.raised += 1;
            fair_play::insert(
                tx,
                FlagId::new(context.ids.next()),
                number + 1,
                finding,
                &pulls,
                context.now(),
            )
            .await?;
            Ok(number + 1)
        }
    }
}
