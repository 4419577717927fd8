use chrono::TimeDelta;
use platform::{ActionError, Context, db::DbError};

use super::{
    measure_pending::{in_cohort, measure_pending},
    request_sync::request_sync,
};
use crate::{
    gateway::Platforms,
    rules::{
        run_times::{FullRun, is_full_due},
        runs::{RunOutcome, RunScope, Trigger},
    },
    store::{runs, sync_people},
};

/// How long failures are kept.
const FAILURES: TimeDelta = TimeDelta::days(90);

const OFF: &str = "the game platform is off";

/// Requests a full run if one is due, otherwise one for competitors who became ready for the platform. Returns a summary.
pub(crate) async fn request_due(
    context: &Context,
    platforms: &Platforms,
    hours: u64,
) -> Result<String, ActionError> {
    let ready = measure_pending(context, platforms).await?;
    let last = runs::last_full(&context.db).await?;
    if !platforms.is_enabled(context) {
        note_pause(context, last.first()).await?;
        return Ok(OFF.to_owned());
    }
    let scope = if is_full_due(&last, interval(hours), context.now()) {
        RunScope::All
    } else if ready > 0 {
        RunScope::New
    } else {
        return Ok("nothing is due".to_owned());
    };
    let requested = request_sync(context, None, Trigger::Schedule, scope).await?;
    Ok(if requested.is_new {
        format!("requested a run for {scope}")
    } else {
        format!("a run for {scope} has not ended")
    })
}

fn interval(hours: u64) -> Option<TimeDelta> {
    let hours = i64::try_from(hours).ok().filter(|hours| *hours > 0)?;
    TimeDelta::try_hours(hours)
}

/// Records once in a pause that the integration is switched off, so that the time without a success is not counted from before
/// it.
async fn note_pause(context: &Context, latest: Option<&FullRun>) -> Result<(), DbError> {
    let outcome = latest.and_then(|latest| latest.outcome);
    if outcome.is_none_or(|outcome| outcome == RunOutcome::SwitchedOff) {
        return Ok(());
    }
    let tx = context.begin().await?;
    runs::insert_paused(&tx, context.ids.next(), context.now()).await?;
    tx.commit().await
}

/// Requests a run for competitors whose totals are out of date. Returns a summary.
pub(crate) async fn request_totals(
    context: &Context,
    platforms: &Platforms,
) -> Result<String, ActionError> {
    if !platforms.is_enabled(context) {
        return Ok(OFF.to_owned());
    }
    let outdated = sync_people::outdated(&context.db).await?;
    let outdated = in_cohort(context, platforms, outdated).await?;
    if outdated > 0 {
        request_sync(context, None, Trigger::Schedule, RunScope::Totals).await?;
    }
    Ok(format!("competitors with old totals: {outdated}"))
}

/// Deletes failures that are older than 90 days. Returns their number.
pub(crate) async fn prune_failures(context: &Context) -> Result<u64, ActionError> {
    let tx = context.begin().await?;
    let pruned = runs::prune_failures(&tx, context.now() - FAILURES).await?;
    tx.commit().await?;
    Ok(pruned)
}
