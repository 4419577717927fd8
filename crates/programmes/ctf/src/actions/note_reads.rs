use platform::{
    Context,
    audit::{self, Act, Actor, Filter},
    db::DbError,
};
use uuid::Uuid;

use crate::{
    model::{CompetitorId, RosterId},
    rules::read_notes::{ONCE_IN, is_recorded},
};

/// Records that a person who does not coach the roster read the page of a competitor, at most once an hour. The entry holds no
/// more than the ID.
///
/// # Errors
/// When the database fails.
pub async fn note_competitor_read(
    context: &Context,
    actor: Actor,
    id: CompetitorId,
) -> Result<(), DbError> {
    note(context, actor, "ctf_competitor.read", "ctf_competitor", id.0).await
}

/// Records that a person who does not coach a roster read its dashboard, its teams or a list of its competitors, at most once an
/// hour.
///
/// # Errors
/// When the database fails.
pub async fn note_roster_read(
    context: &Context,
    actor: Actor,
    id: RosterId,
) -> Result<(), DbError> {
    note(context, actor, "ctf_roster.read", "ctf_roster", id.0).await
}

async fn note(
    context: &Context,
    actor: Actor,
    action: &'static str,
    target_kind: &'static str,
    target_id: Uuid,
) -> Result<(), DbError> {
    let now = context.now();
    let same = Filter {
        actor_id: actor.person(),
        action: Some(action.to_owned()),
        target_kind: Some(target_kind.to_owned()),
        target_id: Some(target_id),
        since: Some(now - ONCE_IN),
        ..Filter::default()
    };
    let last = audit::search(&context.db, &same, 1).await?;
    if !is_recorded(last.first().map(|entry| entry.created_at), now) {
        return Ok(());
    }
    let tx = context.begin().await?;
    let act =
        Act { actor, action, target_kind, target_id, before: None, after: None, reason: None };
    audit::record(&tx, context, act).await?;
    tx.commit().await
}
