use chrono::TimeDelta;
use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
};
use serde_json::json;
use uuid::Uuid;

use super::{settle::watch_until, unknown_opportunity};
use crate::{
    model::{ClaimStatus, PERIOD},
    reads::claims::{self as reads, OwnClaim},
    rules::claims::{ClaimPlace, ClaimRequest, admit},
    store::{claims, opportunities},
};

/// Claims an issue for a person: they work on it, or are at the end of its queue. Of people who claim an issue at once, one
/// works on it. Returns the claim.
///
/// # Errors
/// When the opportunity is unknown or cannot be done, the person claimed it already, or a limit is reached.
pub async fn claim(
    context: &Context,
    person: UserId,
    opportunity: Uuid,
) -> Result<OwnClaim, ActionError> {
    let tx = context.begin().await?;
    opportunities::lock(&tx).await?;
    let found = reads::claimable(&tx, opportunity).await?;
    let found = found.ok_or_else(unknown_opportunity)?;
    // An account may have been erased since the request was authenticated.
    if !identity::reads::has_profile(&tx, person).await? {
        let detail = "This account is closed. Restore it before you claim issues.";
        return Err(Problem::new(ProblemKind::Forbidden, "ACCOUNT_CLOSED", detail).into());
    }
    let open = reads::open_claims(&tx, opportunity).await?;
    let has = |status, own: bool| {
        let mut all = open.iter();
        all.any(|it| it.status == status && (it.person() == person) == own)
    };
    let (active, queued) = reads::counts(&tx, person).await?;
    let (id, now) = (context.ids.next(), context.now());
    let made = reads::made_since(&tx, person, now - TimeDelta::days(1)).await?;
    let place = admit(&ClaimRequest {
        obstacle: found.obstacle(),
        is_claimed: has(ClaimStatus::Active, false),
        is_own: has(ClaimStatus::Active, true),
        is_queued: has(ClaimStatus::Queued, true),
        active,
        queued,
        made,
    })?;
    claims::insert(&tx, id, opportunity, person, now).await?;
    if place == ClaimPlace::Active {
        let until = now + PERIOD;
        claims::activate(&tx, id, opportunity, person, until, now).await?;
        watch_until(&tx, found.issue_id, until).await?;
    }
    let act = act_of(person, "claim.create", opportunity);
    audit::record(&tx, context, act).await?;
    let claimed = reads::own_claim(&tx, person, id).await?;
    tx.commit().await?;
    claimed.ok_or_else(|| unknown_opportunity().into())
}

/// Returns an action of a person about their claim, to record.
pub(super) fn act_of(person: UserId, action: &'static str, opportunity: Uuid) -> Act<'static> {
    Act {
        actor: Actor::Person(person.0),
        action,
        target_kind: "user",
        target_id: person.0,
        before: None,
        after: Some(json!({ "opportunity": opportunity })),
        reason: None,
    }
}
