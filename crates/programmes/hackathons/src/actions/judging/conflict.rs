use identity::model::UserId;
use kernel::typed;
use platform::{
    ActionError, Context,
    audit::{self, Actor},
};
use serde_json::json;

use super::{judged, unrank};
use crate::{
    access,
    actions::act_on,
    model::{AssignmentStatus, ConflictKind, HackathonJudge, SubmissionId},
    reads::{self, OwnAssignment},
    rules::invalid,
    store::judging,
};

/// The maximum number of characters of a detail.
const DETAIL: usize = 300;

/// Declares a judge's conflict of interest with a project. Their score of it in the current round and
/// their notes are deleted, and others get it.
///
/// # Errors
/// When judging is not open, the project is none of this hackathon, or the detail is not valid.
pub async fn declare_conflict(
    context: &Context,
    judge: UserId,
    slug: &str,
    submission: SubmissionId,
    kind: ConflictKind,
    detail: &str,
) -> Result<(), ActionError> {
    let detail = typed::optional_line(detail, "The detail", DETAIL);
    let detail = detail.map_err(|detail| invalid("detail", detail))?;
    let tx = context.begin().await?;
    let hackathon = judged(&tx, context, slug).await?;
    let (id, now) = (hackathon.key(), context.now());
    let by = HackathonJudge { hackathon: id, judge };
    let project = reads::submission(&tx, submission).await?;
    if project.is_none_or(|project| project.hackathon_id != id.0) {
        return Err(access::unknown_submission().into());
    }
    let round = reads::current_round(&tx, id).await?.number;
    let row = context.ids.next();
    judging::assign(&tx, row, by, round, submission, AssignmentStatus::Conflict, now).await?;
    let all = reads::own_assignments(&tx, id, judge).await?;
    let is_own = |it: &&OwnAssignment| it.submission_id == submission.0 && it.round == round;
    if let Some(own) = all.iter().find(is_own) {
        judging::delete_score(&tx, own.id).await?;
    }
    unrank(&tx, context, by, submission).await?;
    judging::declare(&tx, context.ids.next(), by, submission, kind, &detail, now).await?;
    let after = json!({ "submission": submission.0, "kind": kind.as_str() });
    let act = act_on(&hackathon, Actor::Person(judge.0), "hackathon.declare_conflict", Some(after));
    audit::record(&tx, context, act).await?;
    Ok(tx.commit().await?)
}
