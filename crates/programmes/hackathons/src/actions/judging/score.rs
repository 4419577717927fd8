use identity::model::UserId;
use platform::{
    ActionError, Context,
    audit::{self, Actor},
};
use serde_json::json;

use super::{judged, own, put_aside};
use crate::{
    actions::act_on,
    model::{AssignmentStatus, HackathonJudge, JudgingMode, SubmissionId},
    reads,
    rules::judging::{rubric, settings},
    store::judging::{self, NewScore},
};

/// A judge's score of a project as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScoreInput {
    /// The levels, in the order of the criteria; empty if judges rank.
    pub levels: Vec<Option<i64>>,
    /// The note that the team reads with the results.
    pub team_note: String,
    /// The note that only the judge reads.
    pub private_note: String,
    /// True to save a draft, which does not count yet.
    pub is_draft: bool,
}

/// Saves a judge's score of a project that they have or judged, and their notes. If judges rank, it saves the notes.
///
/// # Errors
/// When judging is not open, the judge does not have the project, or a level is missing or not valid.
pub async fn score(
    context: &Context,
    judge: UserId,
    slug: &str,
    submission: SubmissionId,
    input: &ScoreInput,
) -> Result<(), ActionError> {
    let team_note = settings::note("team_note", &input.team_note)?;
    let private_note = settings::note("private_note", &input.private_note)?;
    let tx = context.begin().await?;
    let hackathon = judged(&tx, context, slug).await?;
    let id = hackathon.key();
    let own = own(&tx, HackathonJudge { hackathon: id, judge }, submission).await?;
    let (is_open, is_judged) = match own.status {
        AssignmentStatus::Open => (true, false),
        AssignmentStatus::Judged => (false, true),
        _ => return Err(put_aside(&own.title).into()),
    };
    let rules = reads::judging_settings(&tx, id).await?;
    let levels = rubric::levels(&rules.criteria, &input.levels)?;
    let counts = rules.mode == JudgingMode::Rubric && (is_judged || !input.is_draft);
    if counts {
        rubric::complete(&rules.criteria, &levels)?;
    }
    let (levels, now) = (json!(levels).to_string(), context.now());
    let new = NewScore {
        hackathon: id,
        assignment: own.id,
        levels: &levels,
        team_note: &team_note,
        private_note: &private_note,
    };
    let rows = [context.ids.next(), context.ids.next()];
    judging::save_score(&tx, rows, new, now).await?;
    if counts {
        if is_open {
            judging::set_status(&tx, own.id, AssignmentStatus::Judged, now).await?;
        }
        let after = json!({ "submission": submission.0 });
        let act = act_on(&hackathon, Actor::Person(judge.0), "hackathon.score", Some(after));
        audit::record(&tx, context, act).await?;
    }
    Ok(tx.commit().await?)
}
