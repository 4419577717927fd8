use platform::{
    Context,
    audit::{self, Act, Actor},
    db::DbError,
};

use crate::model::CompetitorId;

/// Records that a person who does not coach the roster read the page of a competitor. The entry holds no more than the ID.
///
/// # Errors
/// When the database fails.
pub async fn note_competitor_read(
    context: &Context,
    actor: Actor,
    id: CompetitorId,
) -> Result<(), DbError> {
    let tx = context.begin().await?;
    let act = Act {
        actor,
        action: "ctf_competitor.read",
        target_kind: "ctf_competitor",
        target_id: id.0,
        before: None,
        after: None,
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    tx.commit().await
}
