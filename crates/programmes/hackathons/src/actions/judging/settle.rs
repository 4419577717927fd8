use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    actions::{act_on, changeable},
    model::HackathonId,
    reads,
    rules::judging::{
        decisions::{self, Decision, not_tied},
        rounds::round_closed,
    },
    store::tie_decisions::{self, NewTieDecision},
};

/// Records a decision about a tie of a round, or of the current one: the order of its projects, or that they stay tied, which undoes
/// an earlier decision. In a closed round, it is about projects that did not move on.
///
/// # Errors
/// When the reason is not valid, the projects are not those of one tie, one of them went forward, or the hackathon is over.
pub async fn settle_tie(
    context: &Context,
    actor: Actor,
    slug: &str,
    round: Option<i64>,
    decision: &Decision<Uuid>,
    reason: &str,
) -> Result<(), ActionError> {
    let reason = decisions::reason(reason)?;
    let tx = context.begin().await?;
    let hackathon = changeable(&tx, context, slug).await?;
    let (id, now) = (hackathon.key(), context.now());
    let round = decidable(&tx, id, round, decision).await?;
    let decided_by = actor.person();
    let new = NewTieDecision { hackathon: id, round, decision, reason: &reason, decided_by };
    tie_decisions::insert(&tx, context.ids.next(), new, now).await?;
    let after = json!({
        "round": round, "projects": decision.projects, "is_settled": decision.is_settled,
    });
    let act = audit::Act {
        reason: Some(&reason),
        ..act_on(&hackathon, actor, "hackathon.settle_tie", Some(after))
    };
    audit::record(&tx, context, act).await?;
    Ok(tx.commit().await?)
}

/// Refuses a decision about projects that are not tied, or of which one went forward. Returns the round.
async fn decidable(
    tx: &Tx,
    hackathon: HackathonId,
    round: Option<i64>,
    decision: &Decision<Uuid>,
) -> Result<i64, ActionError> {
    let rounds = reads::rounds(tx, hackathon).await?;
    let current = rounds.last().map_or(1, |it| it.number);
    let round = round.unwrap_or(current);
    // If the order settles a tie, it does so without other decisions.
    let alone = [decision.projects.clone()];
    let results = reads::results_decided_by(tx, hackathon, round, &alone).await?;
    if !results.iter().any(|it| it.is_decided) {
        return Err(not_tied().into());
    }
    let next = rounds.iter().find(|it| it.number == round + 1);
    if next.is_some_and(|next| decision.projects.iter().any(|it| next.has(*it))) {
        Err(round_closed(round).into())
    } else {
        Ok(round)
    }
}
