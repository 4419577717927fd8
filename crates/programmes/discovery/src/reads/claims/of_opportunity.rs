use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql};
use ui::Who;
use uuid::Uuid;

use super::{OwnClaim, claimable, counts, open_claims, own_claim};
use crate::model::{ClaimStatus, MOST_ACTIVE, MOST_QUEUED};

/// The claims of an opportunity, as a viewer sees them.
#[derive(Clone, Debug, Default)]
pub struct ClaimsOfOpportunity {
    pub id: Uuid,
    /// The login of the person who works on it.
    pub claimant: Option<Who>,
    /// Until when they do.
    pub until: Option<Timestamp>,
    /// The number of people in the queue.
    pub queue: usize,
    /// The viewer's open claim.
    pub own: Option<OwnClaim>,
    /// Why it cannot be claimed, in words.
    pub obstacle: Option<String>,
    /// True if the viewer is signed in.
    pub is_signed_in: bool,
    /// True if the viewer cannot claim it, because they reached the limit of claims or of queues.
    pub is_at_limit: bool,
}

impl ClaimsOfOpportunity {
    /// Returns whether the viewer works on it.
    #[must_use]
    pub fn is_own(&self) -> bool {
        let own = self.own.as_ref();
        own.is_some_and(|own| own.status == ClaimStatus::Active)
    }
}

/// Returns the claims of an opportunity, as a viewer sees them.
///
/// # Errors
/// When the database fails.
pub async fn of_opportunity(
    db: &impl Sql,
    id: Uuid,
    viewer: Option<UserId>,
) -> Result<ClaimsOfOpportunity, DbError> {
    let found = claimable(db, id).await?;
    let obstacle = found.and_then(|found| found.obstacle().map(str::to_owned));
    let open = open_claims(db, id).await?;
    let active = open.iter().find(|claim| claim.status == ClaimStatus::Active);
    let own = viewer.and_then(|viewer| open.iter().find(|claim| claim.person() == viewer));
    let own = match (viewer, own) {
        (Some(viewer), Some(own)) => own_claim(db, viewer, own.id).await?,
        _ => None,
    };
    let is_at_limit = match (viewer, active) {
        (None, _) => false,
        (Some(viewer), Some(_)) => counts(db, viewer).await?.1 >= MOST_QUEUED,
        (Some(viewer), None) => counts(db, viewer).await?.0 >= MOST_ACTIVE,
    };
    let claimant = match active {
        Some(active) => {
            let mut known = identity::reads::who(db, [active.person()]).await?;
            known.remove(&active.person())
        }
        None => None,
    };
    Ok(ClaimsOfOpportunity {
        id,
        claimant,
        until: active.and_then(|active| active.expires_at),
        queue: open.len() - usize::from(active.is_some()),
        own,
        obstacle,
        is_signed_in: viewer.is_some(),
        is_at_limit,
    })
}
