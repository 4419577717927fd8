//! Reminders, releases and notices of reviews and pull requests that no one works on.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use github::model::{PULL_REQUEST_CHANGED, PullRequestId};
use kernel::{Timestamp, truncate_to_micros};
use platform::{
    ActionError, Context,
    db::{DbError, Tx},
};

use super::settle::{LOCK, contributions_of};
use crate::{
    model::{PULL_REQUEST_IDLE, REVIEW_IDLE, REVIEWED, ReviewAction},
    rules::review::{OwnReview, RELEASE_DAYS, REMINDER_DAYS, Reviewer},
    store::{contributions, idle, reviews},
};

/// The number of reviews that are released at once.
const RELEASED: i64 = 500;

/// The number of pull requests of an earlier release that are settled again at once.
const RESETTLED: i64 = 2_000;

/// The age after which a deadline is not news, so that imports and rebuilds notify no one.
const NEWS: TimeDelta = TimeDelta::days(2);

/// Returns the instant some days before another.
pub(super) fn days_before(now: Timestamp, days: u32) -> Timestamp {
    let days = TimeDelta::days(i64::from(days));
    now.checked_sub_signed(days).unwrap_or(Timestamp::MIN_UTC)
}

/// Begins a transaction that changes many contributions. It takes the lock of settlement, which changes many, too, in
/// another order. A review locks only one.
async fn begin(context: &Context) -> Result<Tx, DbError> {
    let tx = context.begin().await?;
    tx.serialize(LOCK).await?;
    Ok(tx)
}

/// Reminds the reviewers of reviews that have been idle for some days, once each; returns their number.
pub async fn remind_reviewers(context: &Context) -> Result<usize, DbError> {
    let mut tx = begin(context).await?;
    let now = context.now();
    let since = days_before(now, REMINDER_DAYS);
    let pulls = reviews::to_remind(&tx, since).await?;
    contributions::lock(&tx, pulls).await?;
    let idle = reviews::remind(&tx, since, now).await?;
    let count = idle.len();
    tx.wake(REVIEW_IDLE, idle, context.ids.as_ref(), now).await?;
    tx.commit().await?;
    Ok(count)
}

/// Releases reviews that have been idle for longer; returns their number. Votes and comments stay.
///
/// # Errors
/// When the database fails.
pub async fn release_idle_reviews(context: &Context) -> Result<usize, ActionError> {
    let mut tx = begin(context).await?;
    let now = truncate_to_micros(context.now());
    let since = days_before(now, RELEASE_DAYS);
    let idle = reviews::idle_since(&tx, since, RELEASED).await?;
    let pulls: BTreeSet<PullRequestId> =
        idle.iter().map(|review| review.pull_request_id.into()).collect();
    // A reviewer may be acting now: the state is derived again under the lock.
    let pulls = contributions::lock(&tx, pulls).await?;
    let (found, _) = contributions_of(&tx, &pulls).await?;
    let released = found.iter().flat_map(|contribution| {
        let pull = contribution.facts.pull_request_id;
        let open = contribution.review_state.under_review.iter();
        let idle = open.filter(|(_, review)| review.active_at <= since);
        idle.filter_map(move |(reviewer, _)| Some((pull, release(context, *reviewer, now)?)))
    });
    let released: Vec<_> = released.collect();
    let (ids, count) = (context.ids.as_ref(), released.len());
    let given: Vec<_> = released.iter().map(|(_, review)| review.id).collect();
    reviews::insert(&tx, released).await?;
    let (found, _) = contributions_of(&tx, &pulls).await?;
    reviews::write_open(&tx, &found).await?;
    contributions::write_reviewed(&tx, &found, now).await?;
    let pulls = pulls.into_iter().map(|pull| pull.0);
    tx.wake(PULL_REQUEST_CHANGED, pulls, ids, now).await?;
    tx.wake(REVIEWED, given, ids, now).await?;
    tx.commit().await?;
    Ok(count)
}

fn release(context: &Context, reviewer: Reviewer, now: Timestamp) -> Option<OwnReview> {
    let Reviewer::Person(reviewer) = reviewer else {
        return None;
    };
    Some(OwnReview {
        id: context.ids.next(),
        reviewer,
        action: ReviewAction::Released,
        rating: None,
        decision: None,
        is_automatic: true,
        at: now,
    })
}

/// Notes pull requests that have become stale or abandoned, and notifies both sides; returns the number of those that
/// someone is notified of. Pull requests of an earlier release are settled first.
pub async fn note_idle(context: &Context) -> Result<usize, DbError> {
    let mut tx = begin(context).await?;
    let (ids, now) = (context.ids.as_ref(), context.now());
    let unknown = idle::without_deadlines(&tx, RESETTLED).await?;
    tx.wake(PULL_REQUEST_CHANGED, unknown, ids, now).await?;
    let since = now.checked_sub_signed(NEWS).unwrap_or(now);
    let idle = idle::note_idle(&tx, now, since).await?;
    let count = idle.len();
    tx.wake(PULL_REQUEST_IDLE, idle, ids, now).await?;
    tx.commit().await?;
    Ok(count)
}
