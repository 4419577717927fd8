use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
};
use serde_json::json;

use super::end_connections::end_connections;
use crate::{
    access,
    model::{CoachId, MilestoneNotices},
    reads::{self, CoachView},
    store::{
        coaches,
        links::{self, LinksOf},
    },
};

/// Finds a coach and locks the row: whoever adds them to a roster or stores their account waits for an erasure, and sees it.
pub(crate) async fn locked_coach(tx: &Tx, id: CoachId) -> Result<CoachView, ActionError> {
    tx.lock_rows("coaches", [id.0]).await?;
    let found = reads::coach(tx, id).await?;
    Ok(found.ok_or_else(access::unknown_coach)?)
}

/// Approves or suspends a coach. A suspended coach sees no roster, and their links are revoked and the accounts
/// disconnected for which only they answer. Repeating it changes nothing. Returns the login.
///
/// # Errors
/// When the coach is unknown, or an erased one is to be approved.
pub async fn set_coach_approved(
    context: &Context,
    actor: Actor,
    id: CoachId,
    approved: bool,
) -> Result<String, ActionError> {
    let tx = context.begin().await?;
    let coach = locked_coach(&tx, id).await?;
    if approved && coach.erased_at.is_some() {
        let detail = "The data of this coach was erased, so they cannot be approved. Invite the person again.";
        return Err(Problem::new(ProblemKind::Conflict, "COACH_ERASED", detail).into());
    }
    if coach.approved != approved {
        coaches::set_approved(&tx, id, approved, context.now()).await?;
        if !approved {
            end_connections(&tx, context, actor, coach.user_id.into()).await?;
            links::revoke(&tx, LinksOf::Coach(coach.user_id), context.now()).await?;
        }
        let act = Act {
            actor,
            action: if approved { "coach.approve" } else { "coach.suspend" },
            target_kind: "coach",
            target_id: id.0,
            before: Some(json!({ "approved": coach.approved })),
            after: Some(json!({ "approved": approved })),
            reason: None,
        };
        audit::record(&tx, context, act).await?;
    }
    tx.commit().await?;
    Ok(coach.login)
}

/// Chooses which notices of achievements a coach gets.
///
/// # Errors
/// When the database fails.
pub async fn choose_milestone_notices(
    context: &Context,
    id: CoachId,
    notices: MilestoneNotices,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    coaches::set_milestone_notices(&tx, id, notices, context.now()).await?;
    Ok(tx.commit().await?)
}
