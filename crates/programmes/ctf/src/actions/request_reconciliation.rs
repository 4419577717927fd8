use chrono::TimeDelta;
use kernel::Problem;
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
};
use serde_json::json;

use super::{
    refresh_roster::{limited, minutes},
    rosters::changeable_roster,
};
use crate::{
    gateway::Platforms,
    model::{RECONCILIATIONS, ReconciliationId, RosterId},
    rules::{
        compare::CompareScope,
        plan::{REFRESH, wait},
        runs::Trigger,
    },
    store::{
        differences::{self, DIFFERENCES},
        reconciliations,
    },
};

/// How long resolved differences are kept.
const RESOLVED: TimeDelta = TimeDelta::days(90);

/// Requests a comparison with the game platform. One of the same scope that has not ended is returned instead. Without an
/// actor, the schedule requests it.
///
/// # Errors
/// When the database fails.
pub async fn request_reconciliation(
    context: &Context,
    actor: Option<Actor>,
    scope: CompareScope,
) -> Result<ReconciliationId, ActionError> {
    let mut tx = context.begin().await?;
    let id = request_within(&mut tx, context, actor, scope).await?;
    tx.commit().await?;
    Ok(id)
}

/// Requests a comparison of a number of competitors of a roster, chosen at random, for a coach: at most every five minutes.
///
/// # Errors
/// When the roster is archived, or a comparison of it was requested less than five minutes ago. The text says when the next one is
/// possible.
pub async fn compare_roster(
    context: &Context,
    actor: Actor,
    id: RosterId,
    number: i64,
) -> Result<ReconciliationId, ActionError> {
    let (mut tx, now) = (context.begin().await?, context.now());
    changeable_roster(&tx, id).await?;
    let last = reconciliations::last_of_roster(&tx, id).await?;
    if let Some(seconds) = wait(last, REFRESH, now) {
        return Err(too_soon(seconds).into());
    }
    let scope = CompareScope::Roster(id, number);
    let requested = request_within(&mut tx, context, Some(actor), scope).await?;
    tx.commit().await?;
    Ok(requested)
}

fn too_soon(seconds: i64) -> Problem {
    let minutes = minutes(seconds);
    limited(
        seconds,
        format!(
            "This roster was compared less than five minutes ago. You can compare it again in {minutes}."
        ),
    )
}

async fn request_within(
    tx: &mut Tx,
    context: &Context,
    actor: Option<Actor>,
    scope: CompareScope,
) -> Result<ReconciliationId, ActionError> {
    tx.serialize("ctf.reconciliations").await?;
    if let Some(open) = reconciliations::open(tx, scope).await? {
        return Ok(open);
    }
    let id = ReconciliationId::new(context.ids.next());
    let trigger = match (actor, scope) {
        (None, _) => Trigger::Schedule,
        (Some(_), CompareScope::Roster(..)) => Trigger::Coach,
        (Some(_), CompareScope::All | CompareScope::Sample(_)) => Trigger::Admin,
    };
    reconciliations::insert(tx, id, trigger, scope, context.now()).await?;
    if let Some(actor) = actor {
        let act = Act {
            actor,
            action: "reconciliation.request",
            target_kind: "reconciliation",
            target_id: id.0,
            before: None,
            after: Some(json!({ "scope": scope.to_string() })),
            reason: None,
        };
        audit::record(tx, context, act).await?;
    }
    tx.raise(RECONCILIATIONS);
    Ok(id)
}

/// Requests the weekly comparison, and deletes differences that were resolved more than 90 days ago. Returns a summary.
pub(crate) async fn reconcile_weekly(
    context: &Context,
    platforms: &Platforms,
) -> Result<String, ActionError> {
    let tx = context.begin().await?;
    tx.serialize(DIFFERENCES).await?;
    let pruned = differences::prune(&tx, context.now() - RESOLVED).await?;
    tx.commit().await?;
    if !platforms.is_enabled(context) {
        return Ok(format!("the game platform is off; deleted differences: {pruned}"));
    }
    request_reconciliation(context, None, CompareScope::All).await?;
    Ok(format!("requested a comparison; deleted differences: {pruned}"))
}
