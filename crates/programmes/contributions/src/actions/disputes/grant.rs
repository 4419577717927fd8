//! The effects of granted disputes.

use github::model::PullRequestId;
use identity::model::UserId;
use kernel::{Points, Problem, ProblemKind};
use platform::{ActionError, Context, audit::Actor, db::Tx};

use super::{ban_over, refused};
use crate::{
    actions::{
        decide_flags,
        override_score::{OverrideInput, apply},
        seasons,
    },
    model::{DisputeKind, FlagId, OverrideKind},
    store::disputes::Dispute,
};

/// Refuses a decision without the points that it needs, and points that it does not take.
pub(super) fn check_points(
    dispute: &Dispute,
    is_granted: bool,
    points: Option<Points>,
) -> Result<(), Problem> {
    let takes_points = is_granted && dispute.kind == DisputeKind::Score;
    let detail = match points {
        None if takes_points => "Enter the points that the pull request is to have.",
        Some(_) if !takes_points => {
            "Only a dispute about points that is granted takes points. Leave them out."
        }
        _ => return Ok(()),
    };
    Err(Problem::new(ProblemKind::Invalid, "BAD_POINTS", detail).at("points"))
}

/// Changes what a dispute contests: sets the points of the pull request, spares the person's pull requests of the flag and
/// lifts the sanctions that it caused, or lifts the sanction or the ban.
pub(super) async fn grant(
    tx: &mut Tx,
    context: &Context,
    dispute: &Dispute,
    by: UserId,
    points: Option<Points>,
    reason: &str,
) -> Result<(), ActionError> {
    let actor = Actor::Person(by.0);
    match dispute.kind {
        DisputeKind::Score => {
            let input =
                OverrideInput { kind: OverrideKind::Set, points, reason: reason.to_owned() };
            let pull = PullRequestId::new(dispute.target_id);
            apply(tx, context, actor, Some(dispute.id), pull, &input).await
        }
        DisputeKind::Flag => {
            let flag = FlagId::new(dispute.target_id);
            let spared = decide_flags::spare_person(tx, context, flag, dispute.opened_by).await?;
            if !spared {
                return Err(refused(
                    ProblemKind::Conflict,
                    "FLAG_OPEN",
                    "The flag is no longer confirmed, so it has no effect to undo. Keep the decision, or wait for the flag.",
                ));
            }
            let reason = format!("Dispute D-{} was granted: {reason}", dispute.number);
            seasons::lift_penalties(tx, context, actor, flag, Some(dispute.opened_by), &reason)
                .await
        }
        DisputeKind::Sanction => {
            let id = dispute.target_id.into();
            seasons::lift_within(tx, context, actor, id, reason).await
        }
        DisputeKind::Ban => {
            let (ban, number) = (dispute.target_id, dispute.number);
            let reason = format!("Dispute D-{number} was granted: {reason}");
            if identity::actions::lift_ban(tx, context, actor, ban, &reason).await? {
                Ok(())
            } else {
                // It was lifted or replaced while the decision was made.
                Err(ban_over(number))
            }
        }
    }
}
