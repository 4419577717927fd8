use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{ActionError, Context, audit};
use uuid::Uuid;

use super::{claim::act_of, settle::Settling, unknown_opportunity};
use crate::{
    model::ClaimStatus,
    reads::claims::{self as reads, OwnClaim},
    store::opportunities,
};

/// Releases the claim of a person to an issue, or their place in its queue. The next person in the queue can work on the issue
/// then. Returns the claim.
///
/// # Errors
/// When the opportunity is unknown, or the person has no open claim to it.
pub async fn release(
    context: &Context,
    person: UserId,
    opportunity: Uuid,
) -> Result<OwnClaim, ActionError> {
    let mut tx = context.begin().await?;
    opportunities::lock(&tx).await?;
    let found = reads::claimable(&tx, opportunity).await?;
    found.ok_or_else(unknown_opportunity)?;
    let open = reads::open_claims(&tx, opportunity).await?;
    let own = open.into_iter().find(|claim| claim.person() == person);
    let own = own.ok_or_else(|| {
        let detail = "You have no open claim to this issue. See yours at /discover/claims.";
        Problem::new(ProblemKind::Conflict, "NOT_CLAIMED", detail)
    })?;
    let mut settling = Settling::new(&mut tx, context);
    settling.end(&own, ClaimStatus::Released, None).await?;
    settling.run([opportunity]).await?;
    audit::record(&tx, context, act_of(person, "claim.release", opportunity)).await?;
    let released = reads::own_claim(&tx, person, own.id).await?;
    tx.commit().await?;
    released.ok_or_else(|| unknown_opportunity().into())
}
