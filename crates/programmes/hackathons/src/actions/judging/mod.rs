mod close_round;
mod compare;
mod conflict;
mod next;
mod score;
mod set;
mod set_aside;
mod settle;

pub use close_round::{RoundInput, close_round};
pub use compare::compare;
pub use conflict::declare_conflict;
pub use next::next_project;
pub use score::{ScoreInput, score};
pub use set::set_judging;
pub use set_aside::{reopen, set_aside};
pub use settle::settle_tie;

use kernel::{Problem, ProblemKind};
use platform::{ActionError, Context, db::Tx};
use uuid::Uuid;

use super::locked;
use crate::{
    model::{AssignmentStatus, HackathonJudge, SubmissionId},
    reads::{self, HackathonView, OwnAssignment, RankingView},
    rules::judging::{rounds::round_closed, settings::may_judge},
    store::judging,
};

/// Finds a hackathon that is being judged, and locks its row, so that two judges never get the last look at a project.
async fn judged(tx: &Tx, context: &Context, slug: &str) -> Result<HackathonView, ActionError> {
    let hackathon = locked(tx, slug).await?;
    may_judge(&hackathon.title, hackathon.phase(context.now()))?;
    Ok(hackathon)
}

/// Finds a project of a judge in the current round.
async fn own(
    tx: &Tx,
    by: HackathonJudge,
    submission: SubmissionId,
) -> Result<OwnAssignment, ActionError> {
    let all = reads::own_assignments(tx, by.hackathon, by.judge).await?;
    let is_found = |it: &OwnAssignment| it.submission_id == submission.0;
    let found = all.into_iter().rev().find(is_found);
    let found = found.ok_or_else(not_assigned)?;
    let current = reads::current_round(tx, by.hackathon).await?;
    if found.round == current.number { Ok(found) } else { Err(round_closed(found.round).into()) }
}

/// Like [`own`], for a project that the judge has now.
async fn open(
    tx: &Tx,
    by: HackathonJudge,
    submission: SubmissionId,
) -> Result<OwnAssignment, ActionError> {
    let own = own(tx, by, submission).await?;
    match own.status {
        AssignmentStatus::Open => Ok(own),
        _ => Err(put_aside(&own.title).into()),
    }
}

/// Returns the error for a project that a judge did not get.
fn not_assigned() -> Problem {
    let detail = "You did not get this project. Ask for the next one.";
    Problem::new(ProblemKind::NotFound, "NOT_ASSIGNED", detail)
}

/// Returns the error for a project that a judge no longer has.
fn put_aside(title: &str) -> Problem {
    let detail = format!("You do not have {title} now. Take it back first.");
    Problem::new(ProblemKind::Conflict, "PROJECT_NOT_OPEN", detail)
}

/// Finds a judge's order in the current round.
async fn own_ranking(tx: &Tx, by: HackathonJudge) -> Result<RankingView, ActionError> {
    let round = reads::current_round(tx, by.hackathon).await?.number;
    Ok(reads::ranking(tx, by.hackathon, round, by.judge).await?)
}

/// Stores a judge's order in the current round.
async fn save_ranking(
    tx: &Tx,
    context: &Context,
    by: HackathonJudge,
    ranking: &RankingView,
) -> Result<(), ActionError> {
    let answers = ranking.answers.iter();
    let answers: Vec<(Uuid, &str)> = answers.map(|(id, it)| (*id, it.as_str())).collect();
    let places = serde_json::json!(ranking.places).to_string();
    let answers = serde_json::json!(answers).to_string();
    let round = reads::current_round(tx, by.hackathon).await?.number;
    let (row, now) = (context.ids.next(), context.now());
    Ok(judging::save_ranking(tx, row, by, round, &places, &answers, now).await?)
}

/// Takes a project out of a judge's order, and forgets the answers about the one that they are placing.
async fn unrank(
    tx: &Tx,
    context: &Context,
    by: HackathonJudge,
    submission: SubmissionId,
) -> Result<(), ActionError> {
    let mut ranking = own_ranking(tx, by).await?;
    if ranking == RankingView::default() {
        return Ok(());
    }
    ranking.places.retain(|place| *place != submission.0);
    ranking.answers.clear();
    save_ranking(tx, context, by, &ranking).await
}
