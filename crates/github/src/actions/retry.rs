use std::collections::BTreeSet;

use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::{DbError, Tx},
};
use serde_json::json;

use crate::store::deliveries::{self, Dead};

/// Dead letters a transaction, so that the inbox never waits long.
const BATCH: i64 = 256;

/// Makes dead letters pending again by GitHub's ids of the deliveries, all or none; gives how many.
///
/// # Errors
/// When one is unknown or not dead (the sentence names it), or the database fails.
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
            "{id} is not a dead letter, so nothing was changed. List dead letters with `guildhall deliveries list --dead`."
        );
        return Err(Problem::new(ProblemKind::Conflict, "NOT_A_DEAD_LETTER", detail).into());
    }
    Ok(revive(tx, context, actor, dead).await?)
}

/// Makes every dead letter pending again that is one now; gives how many.
///
/// # Errors
/// When the database fails; what was made pending until then stays so.
pub async fn retry_all_dead(context: &Context, actor: Actor) -> Result<u64, DbError> {
    // What dies again meanwhile is left.
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

/// Two who retry at once must not both note that they did.
async fn begin(context: &Context) -> Result<Tx, DbError> {
    let tx = context.begin().await?;
    tx.serialize("github.retry").await?;
    Ok(tx)
}

async fn revive(
    mut tx: Tx,
    context: &Context,
    actor: Actor,
    dead: Vec<Dead>,
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
