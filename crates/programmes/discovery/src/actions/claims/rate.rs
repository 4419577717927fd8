use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{ActionError, Context, audit};
use uuid::Uuid;

use super::claim::act_of;
use crate::{
    model::Ratings,
    reads::claims::{self as reads, OwnClaim},
    store::{claims, opportunities},
};

/// Stores what a person states about their claim after its end: the hours, the difficulty, and how much they learned. It
/// replaces what they stated before. Returns the claim.
///
/// # Errors
/// When the person has no claim with the ID, or never worked on it, or it has not ended.
pub async fn rate_claim(
    context: &Context,
    person: UserId,
    id: Uuid,
    ratings: Ratings,
) -> Result<OwnClaim, ActionError> {
    let tx = context.begin().await?;
    opportunities::lock(&tx).await?;
    let unknown =
        || Problem::not_found("You have no claim with this ID. See yours at /discover/claims.");
    let found = reads::claim(&tx, id).await?;
    let own = found.filter(|claim| claim.person() == person).ok_or_else(unknown)?;
    if own.status.is_open() || own.claimed_at.is_none() {
        let detail = if own.status.is_open() {
            "This claim has not ended. State its outcome after the end."
        } else {
            "You did not work on this issue, so it has no outcome."
        };
        return Err(Problem::new(ProblemKind::Conflict, "CLAIM_NOT_ENDED", detail).into());
    }
    claims::rate(&tx, id, ratings, context.now()).await?;
    let act = act_of(person, "claim.rate", own.opportunity_id);
    audit::record(&tx, context, act).await?;
    let rated = reads::own_claim(&tx, person, id).await?;
    tx.commit().await?;
    Ok(rated.ok_or_else(unknown)?)
}
