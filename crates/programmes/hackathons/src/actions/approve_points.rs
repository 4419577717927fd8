use platform::{
    ActionError, Context,
    audit::{self, Actor},
};
use serde_json::json;

use super::{act_on, locked, refused, settle_points::settle};
use crate::{
    model::Phase,
    reads::{self, ApprovedPoints},
    rules::points::PointValues,
    store::results,
};

/// Approves that a hackathon gives points. If its results are published, they are posted at once; otherwise with the results, and
/// until then they can be approved again with other numbers. Returns them.
///
/// # Errors
/// When the hackathon is unknown or canceled, or its points were posted with other numbers.
pub async fn approve_points(
    context: &Context,
    actor: Actor,
    slug: &str,
    values: PointValues,
) -> Result<ApprovedPoints, ActionError> {
    let tx = context.begin().await?;
    let hackathon = locked(&tx, slug).await?;
    let (id, now) = (hackathon.key(), context.now());
    if hackathon.phase(now) == Phase::Canceled {
        let detail = format!("{} is canceled, so it gives no points.", hackathon.title);
        return Err(refused(detail));
    }
    let before = reads::approved_points(&tx, [id]).await?.pop();
    if let Some(before) = before {
        if before.values() == values {
            return Ok(before);
        }
        if hackathon.steps().results_published_at.is_some() {
            return Err(refused(format!(
                "The points of {} were posted with its results, so they can no longer be changed.",
                hackathon.title
            )));
        }
    }
    results::approve_points(&tx, context.ids.next(), id, values, actor.person(), now).await?;
    settle(&tx, context, id).await?;
    let act = act_on(&hackathon, actor, "hackathon.approve_points", Some(json!(values)));
    audit::record(&tx, context, act).await?;
    let written = reads::approved_points(&tx, [id]).await?.pop();
    tx.commit().await?;
    Ok(written.ok_or_else(|| crate::access::unknown_hackathon(slug))?)
}
