use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
};
use serde_json::json;

use crate::{access, model::CoachId, reads, store::coaches};

/// Approves or suspends a coach. A suspended coach sees no roster. Repeating it changes nothing. Returns the login.
///
/// # Errors
/// When the coach is unknown.
pub async fn set_coach_approved(
    context: &Context,
    actor: Actor,
    id: CoachId,
    approved: bool,
) -> Result<String, ActionError> {
    let tx = context.begin().await?;
    tx.lock_rows("coaches", [id.0]).await?;
    let found = reads::coach(&tx, id).await?;
    let coach = found.ok_or_else(access::unknown_coach)?;
    if coach.approved != approved {
        coaches::set_approved(&tx, id, approved, context.now()).await?;
        let act = Act {
            actor,
            action: match approved {
                true => "coach.approve",
                false => "coach.suspend",
            },
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
