use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{ActionError, Context};

use super::{judged, open, own, unrank};
use crate::{
    model::{AssignmentStatus, HackathonJudge, JudgingMode, SubmissionId},
    reads,
    rules::invalid,
    store::judging,
};

/// Puts aside a project that a judge has: they skip it, or its team is busy or absent. A draft is kept.
///
/// # Errors
/// When judging is not open, the status is another one, or the judge does not have the project.
pub async fn set_aside(
    context: &Context,
    judge: UserId,
    slug: &str,
    submission: SubmissionId,
    status: AssignmentStatus,
) -> Result<(), ActionError> {
    if !status.sets_aside() {
        let detail = "Choose skipped, busy or absent.".to_owned();
        return Err(invalid("status", detail).into());
    }
    let tx = context.begin().await?;
    let hackathon = judged(&tx, context, slug).await?;
    let by = HackathonJudge { hackathon: hackathon.key(), judge };
    let open = open(&tx, by, submission).await?;
    unrank(&tx, context, by, submission).await?;
    judging::set_status(&tx, open.id, status, context.now()).await?;
    Ok(tx.commit().await?)
}

/// Gives a judge a project back that they put aside, or that they want to place again. A scored one needs no reopening, so
/// nothing changes.
///
/// # Errors
/// When judging is not open, the judge never had the project, has another one now, or declared a conflict.
pub async fn reopen(
    context: &Context,
    judge: UserId,
    slug: &str,
    submission: SubmissionId,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    let hackathon = judged(&tx, context, slug).await?;
    let by = HackathonJudge { hackathon: hackathon.key(), judge };
    let own = own(&tx, by, submission).await?;
    let mode = reads::judging_settings(&tx, by.hackathon).await?.mode;
    match own.status {
        AssignmentStatus::Open => return Ok(()),
        AssignmentStatus::Judged if mode == JudgingMode::Rubric => return Ok(()),
        AssignmentStatus::Conflict => return Err(in_conflict(&own.title).into()),
        _ => {}
    }
    let all = reads::own_assignments(&tx, by.hackathon, judge).await?;
    if let Some(other) = all.iter().find(|it| it.status == AssignmentStatus::Open) {
        return Err(has_another(&other.title).into());
    }
    unrank(&tx, context, by, submission).await?;
    judging::set_status(&tx, own.id, AssignmentStatus::Open, context.now()).await?;
    Ok(tx.commit().await?)
}

fn in_conflict(title: &str) -> Problem {
    let detail =
        format!("You declared a conflict of interest with {title}, so you cannot judge it.");
    Problem::new(ProblemKind::Conflict, "CONFLICT_DECLARED", detail)
}

fn has_another(title: &str) -> Problem {
    let detail = format!("You have {title} now. Judge it or skip it first.");
    Problem::new(ProblemKind::Conflict, "PROJECT_OPEN", detail)
}
