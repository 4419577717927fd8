use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
};
use serde_json::json;

use super::{award::by, begin, find};
use crate::{
    model::{AwardedBy, BADGE_AWARDED, BadgeRow},
    store::awards::{self, Revoking},
};

/// Revokes a badge of a person, and notifies them. Its criteria no longer award it to them; an admin can.
///
/// # Errors
/// When no reason is given, the badge or the person is unknown, or the person does not have the badge.
pub async fn revoke_badge(
    context: &Context,
    actor: Actor,
    slug: &str,
    login: &str,
    reason: &str,
) -> Result<BadgeRow, ActionError> {
    let (reason, now) = (audit::reason(reason), context.now());
    let mut tx = begin(context).await?;
    let badge = find(&tx, slug).await?;
    let person = identity::reads::find_named_by(&tx, actor, login).await;
    let (person, reason) = match (ActionError::refusal(person)?, reason) {
        (Ok(person), Ok(reason)) => (person, reason),
        (Err(problem), reason) => return Err(problem.with(reason).into()),
        (_, Err(problem)) => return Err(problem.into()),
    };
    let mut latest = awards::latest(&tx, [person.id.into()]).await?;
    let held = latest.remove(&(person.id.into(), badge.id.into()));
    let Some(award) = held.filter(|award| award.revoked_at.is_none()) else {
        let detail = format!("{} does not have this badge.", person.login);
        let problem = Problem::new(ProblemKind::Conflict, "BADGE_NOT_HELD", detail);
        return Err(problem.at("login").into());
    };
    let revoking = Revoking { by: AwardedBy::Admin, by_id: by(actor), reason };
    awards::revoke(&tx, &[award.id], revoking, now).await?;
    let act = Act {
        actor,
        action: "badge.revoke",
        target_kind: "user",
        target_id: person.id,
        before: Some(json!({ "badge": badge.slug })),
        after: None,
        reason: Some(reason),
    };
    audit::record(&tx, context, act).await?;
    let ids = context.ids.as_ref();
    tx.wake(BADGE_AWARDED, [award.id], ids, now).await?;
    tx.commit().await?;
    Ok(badge)
}
