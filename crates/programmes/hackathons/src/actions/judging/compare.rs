use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
};
use serde_json::json;
use uuid::Uuid;

use super::{judged, open, own_ranking, save_ranking};
use crate::{
    actions::act_on,
    model::{AssignmentStatus, HackathonJudge, JudgingMode, SubmissionId},
    reads,
    rules::judging::insertion::{InsertionStep, PairAnswer, next_step},
    store::judging,
};

/// Compares the project that a judge has with another one of their order, or, without a comparison, places their first one. Returns
/// the next step: the pair to compare next, or the place that the project now has.
///
/// # Errors
/// When judging is not open, judges score criteria, the judge does not have the project, or is asked about another pair.
pub async fn compare(
    context: &Context,
    judge: UserId,
    slug: &str,
    submission: SubmissionId,
    compared: Option<(Uuid, PairAnswer)>,
) -> Result<InsertionStep<Uuid>, ActionError> {
    let tx = context.begin().await?;
    let hackathon = judged(&tx, context, slug).await?;
    let by = HackathonJudge { hackathon: hackathon.key(), judge };
    if reads::judging_settings(&tx, by.hackathon).await?.mode != JudgingMode::Ranking {
        return Err(scored().into());
    }
    let open = open(&tx, by, submission).await?;
    let mut ranking = own_ranking(&tx, by).await?;
    let asked = next_step(&ranking.places, &ranking.answers);
    match (asked, compared) {
        (InsertionStep::Ask(other), Some((given, answer))) if other == given => {
            ranking.answers.push((given, answer));
        }
        (_, None) => {}
        (_, Some(_)) => return Err(pair_changed().into()),
    }
    let step = next_step(&ranking.places, &ranking.answers);
    if let InsertionStep::Place(place) = step {
        ranking.places.insert(place, submission.0);
        ranking.answers.clear();
        judging::set_status(&tx, open.id, AssignmentStatus::Judged, context.now()).await?;
        let after = json!({ "submission": submission.0 });
        let act = act_on(&hackathon, Actor::Person(judge.0), "hackathon.score", Some(after));
        audit::record(&tx, context, act).await?;
    }
    save_ranking(&tx, context, by, &ranking).await?;
    tx.commit().await?;
    Ok(step)
}

fn scored() -> Problem {
    let detail = "Judges of this hackathon score criteria. Score the project instead.";
    Problem::new(ProblemKind::Conflict, "JUDGING_MODE", detail)
}

fn pair_changed() -> Problem {
    let detail = "You are asked about another pair now. Reload the page.";
    Problem::new(ProblemKind::Conflict, "PAIR_CHANGED", detail)
}
