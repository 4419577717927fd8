use platform::{
    ActionError, Context,
    audit::{self, Actor},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    actions::{act_on, changeable},
    reads,
    rules::judging::decisions::{self, Decision, not_tied},
    store::tie_decisions,
};

/// Records a decision about a tie: the order of its projects, or that they stay tied, which undoes an earlier decision.
///
/// # Errors
/// When the reason is not valid, the projects are not those of one tie, or the hackathon is over.
pub async fn settle_tie(
    context: &Context,
    actor: Actor,
    slug: &str,
    (decision, reason): (&Decision<Uuid>, &str),
) -> Result<(), ActionError> {
    let reason = decisions::reason(reason)?;
    let tx = context.begin().await?;
    let hackathon = changeable(&tx, context, slug).await?;
    let (id, now) = (hackathon.key(), context.now());
    // If the order settles a tie, it does so without other decisions.
    let alone = [decision.projects.clone()];
    let results = reads::results_decided_by(&tx, id, &alone).await?;
    if !results.iter().any(|it| it.result.is_decided) {
        return Err(not_tied().into());
    }
    let (row, by) = ((context.ids.next(), id), actor.person());
    tie_decisions::insert(&tx, row, decision, (&reason, by), now).await?;
    let after = json!({ "projects": decision.projects, "is_settled": decision.is_settled });
    let act = audit::Act {
        reason: Some(&reason),
        ..act_on(&hackathon, (actor, "hackathon.settle_tie"), Some(after))
    };
    audit::record(&tx, context, act).await?;
    Ok(tx.commit().await?)
}
