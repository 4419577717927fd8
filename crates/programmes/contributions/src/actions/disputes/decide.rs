use identity::model::{Role, UserId};
use kernel::{Points, ProblemKind, Timestamp, truncate_to_micros};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};
use serde_json::json;

use super::{
    GRANT, GRANT_APPEAL, UPHOLD, UPHOLD_APPEAL, add, ban_over,
    grant::{check_points, grant},
    locked, record, refused,
};
use crate::{
    model::{DisputeState, MessageKind},
    reads,
    rules::disputes::{DisputeStage, bar},
    store::disputes::{self, Dispute, DisputeOutcome},
};

/// A decision on a dispute, or on its appeal.
#[derive(Clone, Debug)]
pub struct DisputeDecision {
    /// The step that is decided. A decision on a dispute never counts for an appeal that was opened meanwhile.
    pub stage: DisputeStage,
    /// True to change what is contested, false to uphold it.
    pub is_granted: bool,
    /// The points of the pull request, if the dispute is about points and granted.
    pub points: Option<Points>,
    /// The reason, which everyone who can see the dispute can read.
    pub reason: String,
}

/// Decides a dispute or its appeal, with its effect, in one transaction. Of two people who decide at once, the second is
/// refused with the name of the first.
///
/// # Errors
/// When the reason or the points are missing or not valid, the number is unknown, someone else decided, there is no
/// appeal, the person is involved, it contests a ban that is over, or what was contested cannot be changed.
pub async fn decide_dispute(
    context: &Context,
    person: UserId,
    role: Role,
    number: i64,
    decision: &DisputeDecision,
) -> Result<(), ActionError> {
    let reason = audit::reason(&decision.reason)?;
    let mut tx = context.begin().await?;
    let dispute = locked(&tx, number).await?;
    may_decide(&tx, &dispute, person, role, decision.stage).await?;
    let outcome = outcome_of(&dispute, decision.stage)?;
    if outcome.state != DisputeState::Open {
        return Err(decided(&tx, &dispute, outcome).await?);
    }
    check_points(&dispute, decision.is_granted, decision.points)?;
    let now = truncate_to_micros(context.now());
    if reads::is_ban_over(&tx, &dispute, now).await? {
        return Err(ban_over(number));
    }
    write(&tx, &dispute, decision, person, now).await?;
    if decision.is_granted {
        grant(&mut tx, context, &dispute, person, decision.points, reason).await?;
    }
    let kind = match decision.stage {
        DisputeStage::Dispute => MessageKind::Decided,
        DisputeStage::Appeal => MessageKind::AppealDecided,
    };
    add(&mut tx, context, dispute.id, kind, person, reason).await?;
    let after = json!({ "state": state_of(decision), "points": decision.points });
    record(
        &tx,
        context,
        Actor::Person(person.0),
        action_of(decision),
        dispute.id,
        Some(after),
        Some(reason),
    )
    .await?;
    Ok(tx.commit().await?)
}

async fn may_decide(
    tx: &Tx,
    dispute: &Dispute,
    person: UserId,
    role: Role,
    stage: DisputeStage,
) -> Result<(), ActionError> {
    let involvement = reads::involvement(tx, dispute, person).await?;
    match bar(stage, role, involvement) {
        None => Ok(()),
        Some(bar) => Err(bar.problem(stage).into()),
    }
}

fn outcome_of(dispute: &Dispute, stage: DisputeStage) -> Result<&DisputeOutcome, ActionError> {
    match (stage, &dispute.appeal) {
        (DisputeStage::Dispute, _) => Ok(&dispute.outcome),
        (DisputeStage::Appeal, Some(appeal)) => Ok(&appeal.outcome),
        (DisputeStage::Appeal, None) => {
            let detail = format!("Dispute D-{} has no appeal.", dispute.number);
            Err(refused(ProblemKind::Conflict, "NO_APPEAL", detail))
        }
    }
}

async fn write(
    tx: &Tx,
    dispute: &Dispute,
    decision: &DisputeDecision,
    by: UserId,
    now: Timestamp,
) -> Result<(), ActionError> {
    let state = state_of(decision);
    match (decision.stage, &dispute.appeal) {
        (DisputeStage::Appeal, Some(appeal)) => {
            disputes::decide_appeal(tx, appeal.id, state, by, now).await?;
        }
        _ => disputes::decide(tx, dispute.id, state, by, now).await?,
    }
    Ok(())
}

fn state_of(decision: &DisputeDecision) -> DisputeState {
    if decision.is_granted { DisputeState::Granted } else { DisputeState::Upheld }
}

fn action_of(decision: &DisputeDecision) -> &'static str {
    match (decision.stage, decision.is_granted) {
        (DisputeStage::Dispute, true) => GRANT,
        (DisputeStage::Dispute, false) => UPHOLD,
        (DisputeStage::Appeal, true) => GRANT_APPEAL,
        (DisputeStage::Appeal, false) => UPHOLD_APPEAL,
    }
}

/// Returns the error for a decision that someone else made first, and for a dispute that was closed.
async fn decided(
    tx: &Tx,
    dispute: &Dispute,
    outcome: &DisputeOutcome,
) -> Result<ActionError, ActionError> {
    if outcome.state == DisputeState::Closed {
        return Ok(ban_over(dispute.number));
    }
    let logins = identity::reads::logins(tx, outcome.decided_by).await?;
    let by = logins.into_values().next();
    let by = by.unwrap_or_else(|| "Someone else".to_owned());
    let (number, state) = (dispute.number, outcome.state.as_str());
    let detail = format!("{by} already decided: D-{number} is {state}. Read the reason there.");
    Ok(refused(ProblemKind::Conflict, "DISPUTE_DECIDED", detail))
}
