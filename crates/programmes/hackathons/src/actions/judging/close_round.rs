use platform::{
    ActionError, Context,
    audit::{self, Actor},
};
use serde_json::json;
use uuid::Uuid;

use super::judged;
use crate::{
    actions::act_on,
    reads::{self, ProjectCoverage},
    rules::judging::rounds::{Closing, carried, forward, round_closed, round_of_all},
    store::judging_rounds::{self, NewRound},
};

/// A round to close, as an organizer saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoundInput {
    pub round: i64,
    /// The number of ranks that move on.
    pub carried: i64,
    /// True to close it although projects lack scores.
    pub is_confirmed: bool,
}

/// Closes the current round of judging, and carries the first ranks forward. A tie at the border that no decision settles goes forward
/// as a whole. Judges then get only the projects that went forward. Returns these.
///
/// # Errors
/// When judging is not open, the round is closed already, nothing is judged, all projects would move on, projects lack scores and the
/// organizer has not confirmed it, or a team can still submit by a later deadline.
pub async fn close_round(
    context: &Context,
    actor: Actor,
    slug: &str,
    input: RoundInput,
) -> Result<Vec<Uuid>, ActionError> {
    let number = carried(input.carried)?;
    let tx = context.begin().await?;
    let hackathon = judged(&tx, context, slug).await?;
    let id = hackathon.key();
    let round = reads::current_round(&tx, id).await?.number;
    if input.round != round {
        return Err(round_closed(input.round).into());
    }
    let results = reads::round_results(&tx, id, round).await?;
    let ranks: Vec<(Uuid, usize)> =
        (results.iter()).map(|it| (it.result.project, it.result.rank)).collect();
    let forward = forward(&ranks, number);
    let coverage = reads::coverage(&tx, id, None).await?;
    let is_lacking = |it: &&ProjectCoverage| it.judged < coverage.settings.looks;
    let closing = Closing {
        projects: coverage.projects.len(),
        ranked: results.len(),
        forward: forward.len(),
        lacking: coverage.projects.iter().filter(is_lacking).count(),
        is_confirmed: input.is_confirmed,
    };
    closing.allowed()?;
    let now = context.now();
    round_of_all(reads::running_extensions(&tx, id, now).await?)?;
    let new = NewRound {
        id: context.ids.next(),
        number: round,
        carried: input.carried,
        forward: &forward,
        closed_by: actor.person(),
    };
    judging_rounds::close(&tx, id, new, now).await?;
    let after = json!({ "round": round, "carried": input.carried, "forward": forward });
    let act = act_on(&hackathon, actor, "hackathon.close_round", Some(after));
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(forward)
}
