use identity::model::UserId;
use platform::{ActionError, Context, db::Tx};

use crate::{
    actions::derive::derive_issue,
    model::ClaimStatus,
    reads::claims as reads,
    store::{
        claims::{self, ClaimEnd},
        opportunities, preferences,
    },
};

/// Erases a person in the caller's transaction: ends their open claims, and removes their preferences and what they stated. The next
/// people in the queues get their turn when the schedule runs next.
///
/// # Errors
/// When the database fails.
pub async fn erase(tx: &Tx, context: &Context, person: UserId) -> Result<(), ActionError> {
    opportunities::lock(tx).await?;
    let now = context.now();
    let end =
        ClaimEnd { status: ClaimStatus::Released, reason: None, pull_request: None, outcome: None };
    for claim in reads::open_claims_of(tx, person).await? {
        claims::end(tx, claim.id, &end, now).await?;
        if claim.status != ClaimStatus::Active {
            continue;
        }
        claims::free(tx, claim.opportunity_id, now).await?;
        if let Some(of) = reads::claimable(tx, claim.opportunity_id).await? {
            derive_issue(tx, context, of.repository_id, of.issue_id).await?;
        }
    }
    claims::forget(tx, person).await?;
    Ok(preferences::forget(tx, person).await?)
}
