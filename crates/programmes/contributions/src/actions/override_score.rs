use github::model::{PULL_REQUEST_CHANGED, PullRequestId};
use kernel::{Checks, Points, Problem, ProblemKind, truncate_to_micros};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
};
use serde_json::{Value, json};

use crate::{
    model::{DisputeId, OverrideKind, SCORE_OVERRIDDEN, ScoreOverrideId},
    reads,
    rules::{Explanation, MOST_POINTS, ScoreOverride},
    store::{
        contributions,
        overrides::{self, NewOverride},
    },
};

#[derive(Clone, Debug)]
pub struct OverrideInput {
    pub kind: OverrideKind,
    /// The points, only to set them.
    pub points: Option<Points>,
    /// The reason, which everyone can read.
    pub reason: String,
}

/// Overrides the points of a pull request, in place of an earlier override: freezes them, sets them, or gives none. They
/// are settled after the commit, also if the facts of the pull request are closed.
///
/// # Errors
/// When the reason or the points are missing or not valid, the pull request belongs to no project, or it is the actor's.
pub async fn override_score(
    context: &Context,
    actor: Actor,
    pull: PullRequestId,
    input: &OverrideInput,
) -> Result<(), ActionError> {
    let mut tx = context.begin().await?;
    not_own(&tx, actor, pull).await?;
    apply(&mut tx, context, actor, None, pull, input).await?;
    Ok(tx.commit().await?)
}

/// Overrides the points of a pull request in the caller's transaction, for a dispute or without one. Its contribution is
/// locked, so that of several overrides one holds.
pub(super) async fn apply(
    tx: &mut Tx,
    context: &Context,
    actor: Actor,
    dispute: Option<DisputeId>,
    pull: PullRequestId,
    input: &OverrideInput,
) -> Result<(), ActionError> {
    let mut checks = Checks::default();
    checks.read(check_points(input));
    let reason = checks.read(audit::reason(&input.reason));
    checks.finish(())?;
    locked(tx, pull).await?;
    let decision = decision(tx, pull, input).await?;
    let (now, by) = (truncate_to_micros(context.now()), actor.person());
    overrides::lift(tx, pull, by, reason, now).await?;
    let new = NewOverride {
        id: ScoreOverrideId::new(context.ids.next()),
        pull,
        decision: &decision,
        reason,
        by,
        dispute,
    };
    overrides::insert(tx, &new, now).await?;
    let after = json!({ "kind": input.kind, "points": input.points });
    record(tx, context, actor, "pull_request.override_score", pull, Some(after), reason).await?;
    let ids = context.ids.as_ref();
    // The person who contested the points is notified of the decision on the dispute.
    let notified = dispute.is_none().then_some(new.id.0);
    tx.wake(SCORE_OVERRIDDEN, notified, ids, now).await?;
    Ok(tx.wake(PULL_REQUEST_CHANGED, [pull.0], ids, now).await?)
}

/// Lifts the override of the points of a pull request, which are settled by the rules again.
///
/// # Errors
/// When the reason is missing or too long, the pull request belongs to no project or is the actor's, or nothing overrides
/// its points.
pub async fn lift_score_override(
    context: &Context,
    actor: Actor,
    pull: PullRequestId,
    reason: &str,
) -> Result<(), ActionError> {
    let reason = audit::reason(reason)?;
    let mut tx = context.begin().await?;
    not_own(&tx, actor, pull).await?;
    locked(&tx, pull).await?;
    let now = truncate_to_micros(context.now());
    let lifted = overrides::lift(&tx, pull, actor.person(), reason, now).await?;
    let Some(lifted) = lifted else {
        let detail = "No decision overrides the points of this pull request.";
        return Err(Problem::not_found(detail).into());
    };
    record(&tx, context, actor, "pull_request.lift_score_override", pull, None, reason).await?;
    let ids = context.ids.as_ref();
    tx.wake(SCORE_OVERRIDDEN, [lifted], ids, now).await?;
    tx.wake(PULL_REQUEST_CHANGED, [pull.0], ids, now).await?;
    Ok(tx.commit().await?)
}

fn check_points(input: &OverrideInput) -> Result<(), Problem> {
    let detail = match (input.kind, input.points) {
        (OverrideKind::Set, Some(points)) if (0..=MOST_POINTS).contains(&points) => return Ok(()),
        (OverrideKind::Set, _) => {
            format!("Enter a whole number of points from 0 to {MOST_POINTS}.")
        }
        (_, None) => return Ok(()),
        (_, Some(_)) => {
            "Only “Set the total” takes a number. Choose it, or leave the number out.".to_owned()
        }
    };
    Err(Problem::new(ProblemKind::Invalid, "BAD_POINTS", detail).at("points"))
}

/// Locks the contribution of a pull request.
async fn locked(tx: &Tx, pull: PullRequestId) -> Result<(), ActionError> {
    if contributions::lock(tx, [pull]).await?.is_empty() {
        let detail = "The pull request does not belong to any project on this server.";
        Err(Problem::not_found(detail).into())
    } else {
        Ok(())
    }
}

/// Returns the decision that settlement reads. Points that are frozen stay as they were settled last.
async fn decision(
    tx: &Tx,
    pull: PullRequestId,
    input: &OverrideInput,
) -> Result<ScoreOverride, ActionError> {
    Ok(match (input.kind, input.points) {
        (OverrideKind::Freeze, _) => frozen(tx, pull).await?,
        (OverrideKind::Set, Some(points @ 1..)) => ScoreOverride::Set { points },
        (OverrideKind::Set | OverrideKind::None, _) => ScoreOverride::None,
    })
}

async fn frozen(tx: &Tx, pull: PullRequestId) -> Result<ScoreOverride, ActionError> {
    let found = reads::of_pull_request(tx, pull).await?;
    let parts = found.into_iter().flat_map(|contribution| {
        [contribution.opening_explanation, contribution.merge_explanation]
    });
    let parts: Vec<String> = parts.flatten().collect();
    if parts.is_empty() {
        let detail = "The pull request is not scored yet. Try again in a moment.";
        return Err(Problem::new(ProblemKind::Conflict, "NOT_SCORED", detail).into());
    }
    let read = parts.iter().filter_map(|part| Explanation::read(part).ok());
    Ok(ScoreOverride::Freeze { awards: read.flat_map(|part| part.awards).collect() })
}

/// Refuses a decision on the actor's own pull request.
async fn not_own(tx: &Tx, actor: Actor, pull: PullRequestId) -> Result<(), ActionError> {
    let Some(person) = actor.person() else {
        return Ok(());
    };
    let found = github::reads::pull_requests(tx, [pull]).await?;
    if found.values().all(|pull| pull.author_id != Some(person)) {
        return Ok(());
    }
    let detail = "This is your own pull request. Ask another admin.";
    Err(Problem::new(ProblemKind::Forbidden, "OWN_PULL_REQUEST", detail).into())
}

async fn record(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    action: &'static str,
    pull: PullRequestId,
    after: Option<Value>,
    reason: &str,
) -> Result<(), ActionError> {
    let act = Act {
        actor,
        action,
        target_kind: "pull_request",
        target_id: pull.0,
        before: None,
        after,
        reason: Some(reason),
    };
    Ok(audit::record(tx, context, act).await?)
}
