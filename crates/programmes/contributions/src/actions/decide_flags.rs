use std::collections::BTreeSet;

use github::model::{PULL_REQUEST_CHANGED, PullRequestId};
use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    detect_gaming::FLAGS,
    seasons::{lift_penalties, penalize},
};
use crate::{
    model::{FlagEffect, FlagId, FlagState, REPORT_DECIDED},
    reads,
    rules::fair_play::FindingKind,
    store::{
        fair_play::{self, DecidedFlag, StoredFlag},
        reports,
    },
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlagDecision {
    /// Nothing is wrong.
    Dismiss,
    Confirm {
        /// The effect on the points; absent if they stay.
        effect: Option<FlagEffect>,
        /// The pull requests that it does not apply to.
        spared: BTreeSet<PullRequestId>,
    },
}

/// Decides on open flags, all or none of them, and has their pull requests settled again. The reason is shown to the people
/// concerned. Confirmed spam warns or disqualifies its authors in running seasons. Those who reported are notified.
///
/// # Errors
/// When no reason is given, a number is unknown, a flag is not open, it permits no effect, all or unknown pull requests are
/// spared, or it concerns the actor.
pub async fn decide_flags(
    context: &Context,
    actor: Actor,
    numbers: &BTreeSet<i64>,
    decision: &FlagDecision,
    reason: &str,
) -> Result<(), ActionError> {
    let reason = audit::reason(reason)?;
    let mut tx = context.begin().await?;
    tx.serialize(FLAGS).await?;
    for number in numbers {
        let flag = named(&tx, *number).await?;
        may_decide(&tx, actor, &flag).await?;
        if flag.state != FlagState::Open {
            return Err(decided(&tx, &flag).await?.into());
        }
        decide(&mut tx, context, actor, &flag, decision, reason).await?;
    }
    Ok(tx.commit().await?)
}

async fn decide(
    tx: &mut Tx,
    context: &Context,
    actor: Actor,
    flag: &StoredFlag,
    decision: &FlagDecision,
    reason: &str,
) -> Result<(), ActionError> {
    let id = FlagId::new(flag.id);
    let (state, effect, action) = match decision {
        FlagDecision::Dismiss => (FlagState::Dismissed, None, "fair_play.dismiss"),
        FlagDecision::Confirm { effect, spared } => {
            if effect.is_some() {
                require_effects(tx, flag).await?;
            }
            require_pulls(tx, flag, spared).await?;
            fair_play::spare(tx, id, spared.iter().copied()).await?;
            (FlagState::Confirmed, *effect, "fair_play.confirm")
        }
    };
    let by = actor.person();
    let decided =
        DecidedFlag { state, effect, by, at: Some(context.now()), reason: Some(reason.to_owned()) };
    change(tx, context, flag, &decided, actor, action, reason).await?;
    if effect == Some(FlagEffect::Spam) {
        penalize(tx, context, actor, id, flag.number, reason).await?;
    }
    let reports = reports::of_flag(tx, id).await?;
    let reports = reports.into_iter().map(|report| report.id);
    let (ids, now) = (context.ids.as_ref(), context.now());
    Ok(tx.wake(REPORT_DECIDED, reports, ids, now).await?)
}

/// Refuses an effect on points for a flag that permits none.
async fn require_effects(tx: &Tx, flag: &StoredFlag) -> Result<(), ActionError> {
    let pulls = fair_play::pulls_of(tx, flag.id.into()).await?;
    if permits_effects(flag, &pulls) {
        return Ok(());
    }
    let why = if flag.kind.is_about_reviewers() {
        "is about reviews, so the points of the authors stay"
    } else {
        "is about a repository. Exclude the repository to reverse its points"
    };
    let detail =
        format!("Flag F-{} {why}. Clear it, or confirm it without an effect.", flag.number);
    Err(Problem::new(ProblemKind::Invalid, "FLAG_EFFECT", detail).into())
}

fn permits_effects(flag: &StoredFlag, pulls: &BTreeSet<PullRequestId>) -> bool {
    let count = i64::try_from(pulls.len()).unwrap_or(i64::MAX);
    flag.kind.permits_effects(count)
}

/// Refuses to spare pull requests that the flag does not concern, and a confirmation that concerns none.
async fn require_pulls(
    tx: &Tx,
    flag: &StoredFlag,
    spared: &BTreeSet<PullRequestId>,
) -> Result<(), ActionError> {
    let pulls = fair_play::pulls_of(tx, flag.id.into()).await?;
    let detail = if let Some(unknown) = spared.difference(&pulls).next() {
        format!("Flag F-{} does not concern the pull request {}.", flag.number, unknown.0)
    } else if permits_effects(flag, &pulls) && !pulls.is_empty() && pulls.is_subset(spared) {
        "Check at least one pull request, or clear the flag.".to_owned()
    } else {
        return Ok(());
    };
    Err(Problem::new(ProblemKind::Invalid, "FLAG_PULL_REQUESTS", detail).into())
}

/// Opens a decided flag again, and has its pull requests settled as before the decision. Lifts the sanctions that it caused.
///
/// # Errors
/// When no reason is given, the number is unknown, the flag is open, another flag on the same report is, or it concerns the
/// actor.
pub async fn reopen_flag(
    context: &Context,
    actor: Actor,
    number: i64,
    reason: &str,
) -> Result<(), ActionError> {
    let reason = audit::reason(reason)?;
    let mut tx = context.begin().await?;
    tx.serialize(FLAGS).await?;
    let flag = named(&tx, number).await?;
    may_decide(&tx, actor, &flag).await?;
    if flag.state == FlagState::Open {
        let detail = format!("Flag F-{number} is open, so there is no decision to undo.");
        return Err(Problem::new(ProblemKind::Conflict, "FLAG_OPEN", detail).into());
    }
    require_only_open(&tx, &flag).await?;
    fair_play::spare(&tx, flag.id.into(), []).await?;
    let open =
        DecidedFlag { state: FlagState::Open, effect: None, by: None, at: None, reason: None };
    change(&mut tx, context, &flag, &open, actor, "fair_play.reopen", reason).await?;
    let lifted = format!("Flag F-{} was reopened: {reason}", flag.number);
    lift_penalties(&mut tx, context, actor, flag.id.into(), None, &lifted).await?;
    Ok(tx.commit().await?)
}

/// Refuses to open a second flag on what people reported.
async fn require_only_open(tx: &Tx, flag: &StoredFlag) -> Result<(), ActionError> {
    let reported = reports::of_flag(tx, flag.id.into()).await?;
    let Some(target) = reported.first().map(reports::StoredReport::target) else {
        return Ok(());
    };
    let Some((_, open)) = reports::open_flag(tx, target).await? else {
        return Ok(());
    };
    let detail = format!("Flag F-{open} on the same report is open. Decide on that one.");
    Err(Problem::new(ProblemKind::Conflict, "FLAG_OPEN", detail).into())
}

/// Spares the pull requests of a person that a confirmed flag concerns, in addition to those that are spared, and has them
/// settled again. Returns whether the flag is confirmed.
pub(super) async fn spare_person(
    tx: &mut Tx,
    context: &Context,
    id: FlagId,
    person: UserId,
) -> Result<bool, ActionError> {
    tx.serialize(FLAGS).await?;
    if !fair_play::is_confirmed(tx, id).await? {
        return Ok(false);
    }
    let pulls = fair_play::spare_person(tx, id, person).await?;
    let (ids, now) = (context.ids.as_ref(), context.now());
    tx.wake(PULL_REQUEST_CHANGED, pulls, ids, now).await?;
    Ok(true)
}

/// Writes a state, has the pull requests settled again, and records it.
async fn change(
    tx: &mut Tx,
    context: &Context,
    flag: &StoredFlag,
    decided: &DecidedFlag,
    actor: Actor,
    action: &'static str,
    reason: &str,
) -> Result<(), ActionError> {
    let (id, now) = (FlagId::new(flag.id), context.now());
    fair_play::decide(tx, id, decided, now).await?;
    let pulls = fair_play::pulls_of(tx, id).await?;
    let pulls = pulls.into_iter().map(|pull| pull.0);
    tx.wake(PULL_REQUEST_CHANGED, pulls, context.ids.as_ref(), now).await?;
    let act = Act {
        actor,
        action,
        target_kind: "fair_play_flag",
        target_id: flag.id,
        before: Some(json!({ "state": flag.state })),
        after: Some(json!({ "state": decided.state.as_str(), "effect": decided.effect })),
        reason: Some(reason),
    };
    Ok(audit::record(tx, context, act).await?)
}

async fn named(tx: &Tx, number: i64) -> Result<StoredFlag, ActionError> {
    let found = fair_play::numbered(tx, number).await?;
    Ok(found.ok_or_else(|| crate::access::unknown_flag(number))?)
}

/// Refuses decisions by the people that a flag concerns, by those who reported, and by maintainers of a reported repository.
async fn may_decide(tx: &Tx, actor: Actor, flag: &StoredFlag) -> Result<(), ActionError> {
    let Actor::Person(person) = actor else {
        return Ok(());
    };
    let why = if fair_play::people(tx, flag.id.into()).await?.contains(&person.into()) {
        "concerns you"
    } else if flag.kind != FindingKind::Report {
        return Ok(());
    } else if has_reported(tx, flag, person).await? {
        "was raised by your report"
    } else if reads::maintains_flagged(tx, flag.id.into(), person.into()).await? {
        "is about a repository of a project that you maintain"
    } else {
        return Ok(());
    };
    let detail = format!("Flag F-{} {why}. Ask another moderator.", flag.number);
    Err(Problem::new(ProblemKind::Forbidden, "OWN_FLAG", detail).into())
}

async fn has_reported(tx: &Tx, flag: &StoredFlag, person: Uuid) -> Result<bool, ActionError> {
    let reports = reports::of_flag(tx, flag.id.into()).await?;
    Ok(reports.iter().any(|report| report.reporter_id == person))
}

/// Returns the error for a flag that another moderator decided on.
async fn decided(tx: &Tx, flag: &StoredFlag) -> Result<Problem, ActionError> {
    let by = match flag.decided_by_id {
        Some(person) => {
            let person = person.into();
            identity::reads::logins(tx, [person]).await?.remove(&person)
        }
        None => None,
    };
    let by = by.unwrap_or_else(|| "An operator".to_owned());
    let detail = format!(
        "{by} already decided on flag F-{}: it is {}. To change it, reopen the flag.",
        flag.number,
        flag.state.as_str()
    );
    Ok(Problem::new(ProblemKind::Conflict, "FLAG_DECIDED", detail))
}
