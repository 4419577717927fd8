use std::collections::BTreeSet;

use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::{DbError, Tx},
};
use serde_json::json;

use crate::store::deliveries::{self, DeadDelivery};

/// The number of dead letters per transaction, which keeps the inbox from waiting long.
const BATCH: i64 = 256;

/// Queues dead letters again by their GitHub delivery IDs, all or none; returns their number.
///
/// # Errors
/// When one is unknown or not dead; the error names it.
pub async fn retry(
    context: &Context,
    actor: Actor,
    delivery_ids: &BTreeSet<String>,
) -> Result<u64, ActionError> {
    let tx = begin(context).await?;
    let dead = deliveries::dead_among(&tx, delivery_ids).await?;
    let is_dead = |id: &&String| dead.iter().any(|dead| dead.delivery_id == **id);
    if let Some(id) = delivery_ids.iter().find(|id| !is_dead(id)) {
        let detail = format!(
            "{id} is not a failed delivery, so nothing was changed. List failed deliveries with `guildhall deliveries list --failed`."
        );
        return Err(Problem::new(ProblemKind::Conflict, "NOT_A_DEAD_LETTER", detail).into());
    }
    Ok(revive(tx, context, actor, dead).await?)
}

/// Queues all current dead letters again; returns their number.
///
/// # Errors
/// When the database fails. Deliveries queued before that stay queued.
pub async fn retry_all_dead(context: &Context, actor: Actor) -> Result<u64, DbError> {
    // Deliveries that die again in the meantime are skipped.
    let until = context.now();
    let mut revived = 0;
    loop {
        let tx = begin(context).await?;
        let dead = deliveries::dead_until(&tx, until, BATCH).await?;
        if dead.is_empty() {
            return Ok(revived);
        }
        revived += revive(tx, context, actor, dead).await?;
    }
}

/// Keeps concurrent retries from recording the same delivery twice.
async fn begin(context: &Context) -> Result<Tx, DbError> {
    let tx = context.begin().await?;
    tx.serialize("github.retry").await?;
    Ok(tx)
}

async fn revive(
    mut tx: Tx,
    context: &Context,
    actor: Actor,
    dead: Vec<DeadDelivery>,
) -> Result<u64, DbError> {
    let ids = dead.iter().map(|dead| dead.delivery_id.clone());
    let revived = deliveries::revive(&tx, ids, context.now()).await?;
    for dead in dead {
        let act = Act {
            actor,
            action: "delivery.retry",
            target_kind: "delivery",
            target_id: dead.id,
            before: Some(json!({ "delivery": dead.delivery_id, "error": dead.last_error })),
            after: None,
            reason: None,
        };
        audit::record(&tx, context, act).await?;
    }
    tx.raise(crate::model::DELIVERED);
    tx.commit().await?;
    Ok(revived)
}
