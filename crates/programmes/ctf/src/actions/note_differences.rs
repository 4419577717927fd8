use platform::{
    Context,
    audit::{self, Act, Actor},
    db::DbError,
};
use serde_json::json;
use uuid::Uuid;

use crate::model::{ReconciliationId, SyncRunId};

/// Records that an admin read a list of competitors who differ from the platform. The entry holds no more than their IDs.
///
/// # Errors
/// When the database fails.
pub async fn note_differences_read(
    context: &Context,
    actor: Actor,
    comparison: ReconciliationId,
    competitors: &[Uuid],
) -> Result<(), DbError> {
    note(context, actor, "reconciliation.read", "reconciliation", comparison.0, competitors).await
}

/// Records that an admin read the competitors who failed in a run.
///
/// # Errors
/// When the database fails.
pub async fn note_run_read(
    context: &Context,
    actor: Actor,
    run: SyncRunId,
    competitors: &[Uuid],
) -> Result<(), DbError> {
    note(context, actor, "sync_run.read", "sync_run", run.0, competitors).await
}

/// Records that an admin read the competitors whom a run would leave out. A dry run has no ID.
///
/// # Errors
/// When the database fails.
pub async fn note_preflight_read(
    context: &Context,
    actor: Actor,
    competitors: &[Uuid],
) -> Result<(), DbError> {
    note(context, actor, "sync_preflight.read", "sync_preflight", Uuid::nil(), competitors).await
}

/// Records the read of a list, unless it names no competitor.
async fn note(
    context: &Context,
    actor: Actor,
    action: &'static str,
    target_kind: &'static str,
    target_id: Uuid,
    competitors: &[Uuid],
) -> Result<(), DbError> {
    if competitors.is_empty() {
        return Ok(());
    }
    let tx = context.begin().await?;
    let act = Act {
        actor,
        action,
        target_kind,
        target_id,
        before: None,
        after: Some(json!({ "competitors": competitors })),
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    tx.commit().await
}
