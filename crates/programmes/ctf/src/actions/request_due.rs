use chrono::TimeDelta;
use kernel::Timestamp;
use platform::{ActionError, Context};

use super::{request_sync::request_sync, run_sync::measure_pending};
use crate::{
    gateway::Platforms,
    rules::runs::{Scope, Trigger},
    store::{runs, sync_people},
};

/// How long failures are kept.
const FAILURES: TimeDelta = TimeDelta::days(90);

/// How much earlier than the interval a run is due, so that it is not a tick of the schedule late.
const SLACK: TimeDelta = TimeDelta::minutes(5);

/// Requests a full run if one is due, otherwise one for competitors who became ready for the platform. Returns a summary.
pub(crate) async fn request_due(
    context: &Context,
    platforms: &Platforms,
    hours: u64,
) -> Result<String, ActionError> {
    let ready = measure_pending(context).await?;
    if !platforms.is_enabled(context) {
        return Ok("the game platform is off".to_owned());
    }
    let last = runs::last_full(&context.db).await?;
    let scope = match is_due(last, hours, context.now()) {
        true => Scope::All,
        false if ready > 0 => Scope::New,
        false => return Ok("nothing is due".to_owned()),
    };
    let requested = request_sync(context, None, Trigger::Schedule, scope).await?;
    Ok(match requested.is_new {
        true => format!("requested a run for {scope}"),
        false => format!("a run for {scope} has not ended"),
    })
}

fn is_due(last: Option<Timestamp>, hours: u64, now: Timestamp) -> bool {
    let hours = i64::try_from(hours).unwrap_or(i64::MAX);
    let interval = TimeDelta::try_hours(hours).unwrap_or(TimeDelta::MAX);
    hours > 0 && last.is_none_or(|last| now - last >= interval - SLACK)
}

/// Requests a run for competitors whose totals are out of date. Returns a summary.
pub(crate) async fn request_totals(
    context: &Context,
    platforms: &Platforms,
) -> Result<String, ActionError> {
    if !platforms.is_enabled(context) {
        return Ok("the game platform is off".to_owned());
    }
    let outdated = sync_people::outdated(&context.db).await?;
    if outdated > 0 {
        request_sync(context, None, Trigger::Schedule, Scope::Totals).await?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_run_is_due_after_the_interval() {
        let now: Timestamp = "2026-11-20T10:00:00Z".parse().expect("an instant");
        let ago = |minutes| Some(now - TimeDelta::minutes(minutes));
        assert!(is_due(None, 6, now) && is_due(ago(355), 6, now));
        assert!(!is_due(ago(354), 6, now));
        assert!(!is_due(None, 0, now) && !is_due(ago(9_999), 0, now));
    }
}
