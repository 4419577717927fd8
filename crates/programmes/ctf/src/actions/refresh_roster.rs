use kernel::{Problem, ProblemKind, counted};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
};
use serde_json::json;

use super::{
    request_sync::{RequestedRun, request_at_most, request_within},
    rosters::{act_on_roster, changeable_roster},
};
use crate::{
    model::RosterId,
    rules::{
        plan::{REFRESH, wait},
        runs::{RunScope, Trigger},
    },
    store::sync_people,
};

/// Requests a sync of a roster for a coach: at most every five minutes.
///
/// # Errors
/// When the roster is archived, or was refreshed less than five minutes ago. The text says when it can be refreshed again.
pub async fn refresh_roster(
    context: &Context,
    actor: Actor,
    id: RosterId,
) -> Result<RequestedRun, ActionError> {
    let (mut tx, now) = (context.begin().await?, context.now());
    let roster = changeable_roster(&tx, id).await?;
    if let Some(seconds) = wait(roster.refreshed_at, REFRESH, now) {
        return Err(too_soon(seconds).into());
    }
    sync_people::set_refreshed(&tx, id, now).await?;
    let requested =
        request_within(&mut tx, context, None, Trigger::Coach, RunScope::Roster(id)).await?;
    let after = json!({ "run": requested.run.0 });
    let act = act_on_roster(id, actor, "ctf_roster.sync", None, Some(after));
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(requested)
}

/// Returns a wait in whole minutes.
pub(super) fn minutes(seconds: i64) -> String {
    counted((seconds + 59) / 60, "minute", "minutes")
}

fn too_soon(seconds: i64) -> Problem {
    let minutes = minutes(seconds);
    limited(
        seconds,
        format!(
            "The scores were refreshed less than five minutes ago. You can refresh them again in {minutes}."
        ),
    )
}

fn retried_too_soon(seconds: i64) -> Problem {
    let minutes = minutes(seconds);
    limited(
        seconds,
        format!(
            "Those with a sync error were tried again less than five minutes ago. You can retry in {minutes}."
        ),
    )
}

/// Returns the refusal of what a roster permits every five minutes.
pub(super) fn limited(seconds: i64, detail: String) -> Problem {
    let problem = Problem::new(ProblemKind::TooManyRequests, "ROSTER_REFRESHED", detail);
    problem.after(u32::try_from(seconds).unwrap_or(u32::MAX))
}

/// Requests that everyone on a roster whose last sync left an error is tried again, at most every five minutes. Returns the run
/// and their number.
///
/// # Errors
/// When the roster is archived, no competitor has an error, or they were tried again less than five minutes ago. The text says
/// when that is possible.
pub async fn retry_roster(
    context: &Context,
    actor: Actor,
    id: RosterId,
) -> Result<(RequestedRun, i64), ActionError> {
    let mut tx = context.begin().await?;
    changeable_roster(&tx, id).await?;
    let failed = sync_people::failed(&tx, id).await?;
    if failed == 0 {
        let detail = "No competitor of this roster has a sync error. Refresh the scores instead.";
        return Err(Problem::new(ProblemKind::Conflict, "NOTHING_FAILED", detail).into());
    }
    let requested = request_at_most(
        &mut tx,
        context,
        Trigger::Retry,
        RunScope::RosterFailed(id),
        REFRESH,
        retried_too_soon as fn(i64) -> Problem,
    )
    .await?;
    let after = json!({ "run": requested.run.0, "failed": failed });
    let act = act_on_roster(id, actor, "ctf_roster.retry", None, Some(after));
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok((requested, failed))
}
