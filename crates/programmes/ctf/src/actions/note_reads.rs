use platform::{
    Context,
    audit::{self, Act, Actor},
    db::DbError,
};
use uuid::Uuid;

use crate::model::{CompetitorId, RosterId};

/// Records that a person who does not coach the roster read the page of a competitor. The entry holds no more than the ID.
///
/// # Errors
/// When the database fails.
pub async fn note_competitor_read(
    context: &Context,
    actor: Actor,
    id: CompetitorId,
) -> Result<(), DbError> {
    note(
        context,
        actor,
        ("ctf_competitor.read", "ctf_competitor", id.0),
    )
    .await
}

/// Records that a person who does not coach a roster read its dashboard or a list of its competitors.
///
/// # Errors
/// When the database fails.
pub async fn note_roster_read(
    context: &Context,
    actor: Actor,
    id: RosterId,
) -> Result<(), DbError> {
    note(context, actor, ("ctf_roster.read", "ctf_roster", id.0)).await
}

async fn note(
    context: &Context,
    actor: Actor,
    (action, target_kind, target_id): (&'static str, &'static str, Uuid),
) -> Result<(), DbError> {
    let tx = context.begin().await?;
    let act = Act {
        actor,
        action,
        target_kind,
        target_id,
        before: None,
        after: None,
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    tx.commit().await
}
