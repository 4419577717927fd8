use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
};
use serde_json::json;

use super::{begin, find};
use crate::{
    model::{AwardedBy, BADGE_AWARDED, BadgeRow},
    store::awards,
};

/// Awards a badge to a person, whatever its criteria, and notifies them.
///
/// # Errors
/// When no reason is given, the badge or the person is unknown, or the person has the badge.
pub async fn award_badge(
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
    let new = awards::NewAward {
        badge_id: badge.id.into(),
        user_id: person.id.into(),
        awarded_by: AwardedBy::Admin,
        awarded_by_id: by(actor),
        reason: Some(reason.to_owned()),
        at: kernel::truncate_to_micros(now),
        evidence: None,
    };
    let ids = context.ids.as_ref();
    let written = awards::insert(&tx, ids, vec![new], now).await?;
    if written.is_empty() {
        let detail = format!("{} already has this badge.", person.login);
        let problem = Problem::new(ProblemKind::Conflict, "BADGE_HELD", detail);
        return Err(problem.at("login").into());
    }
    let act = Act {
        actor,
        action: "badge.award",
        target_kind: "user",
        target_id: person.id,
        before: None,
        after: Some(json!({ "badge": badge.slug })),
        reason: Some(reason),
    };
    audit::record(&tx, context, act).await?;
    let awarded = written.into_iter().map(|(id, ..)| id);
    tx.wake(BADGE_AWARDED, awarded, ids, now).await?;
    tx.commit().await?;
    Ok(badge)
}

/// Returns the account of an actor.
pub(super) fn by(actor: Actor) -> Option<identity::model::UserId> {
    actor.person().map(Into::into)
}
