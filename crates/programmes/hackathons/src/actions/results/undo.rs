use platform::{
    ActionError, Context,
    audit::{self, Actor},
};
use serde_json::json;

use crate::{
    access,
    actions::{act_on, locked},
    reads::{self, HackathonView},
    rules::publication::undoable,
    store::publications,
};

/// Undoes the publication of results before they become public. Their text and the reasons for what was overridden stay as a draft.
/// Returns the hackathon.
///
/// # Errors
/// When no results wait, or their time has come.
pub async fn undo_results(
    context: &Context,
    actor: Actor,
    slug: &str,
) -> Result<HackathonView, ActionError> {
    let tx = context.begin().await?;
    let hackathon = locked(&tx, slug).await?;
    let (id, now) = (hackathon.key(), context.now());
    undoable(hackathon.results_due_at, now)?;
    publications::unschedule(&tx, id, None, now).await?;
    let after = json!({ "due_at": hackathon.results_due_at });
    let act = act_on(&hackathon, actor, "hackathon.undo_results", Some(after));
    audit::record(&tx, context, act).await?;
    let undone = reads::hackathon_by_id(&tx, id).await?;
    tx.commit().await?;
    Ok(undone.ok_or_else(|| access::unknown_hackathon(slug))?)
}
