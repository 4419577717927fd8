//! Queries for the own checks of a hackathon: their starts, and the results that the code host delivered.

use github::reads::{CheckResult, check_results};
use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;

use super::SubmissionView;
use crate::model::SubmissionId;

/// A start of the own checks of a hackathon.
#[derive(Clone, Debug, FromQueryResult)]
pub struct StartView {
    /// When they were started.
    pub created_at: Timestamp,
    /// The commit at which the submission was pinned.
    pub commit_sha: String,
    pub workflow_event: String,
    /// The reason if the code host refused.
    pub refusal: Option<String>,
}

/// Returns the latest start of the own checks of a submission; `None` before the first.
pub async fn latest_start(db: &impl Sql, id: SubmissionId) -> Result<Option<StartView>, DbError> {
    let sql = "SELECT w.created_at, w.commit_sha, w.workflow_event, w.refusal FROM workflow_starts w \
               WHERE w.submission_id = $1 ORDER BY w.id DESC LIMIT 1";
    db.one(db.statement(sql, [id.into()])).await
}

/// The checks of a submission at its code host.
#[derive(Clone, Debug)]
pub struct OwnChecks {
    /// The latest start of the own checks of the hackathon.
    pub start: Option<StartView>,
    /// The results that the code host delivered, the newest first.
    pub results: Vec<CheckResult>,
}

/// Returns the checks of a submission at its code host: those of the commit at which it is pinned, and the own ones of the hackathon.
/// `None` if there is neither a start nor a result.
pub async fn own_checks(
    db: &impl Sql,
    submission: &SubmissionView,
) -> Result<Option<OwnChecks>, DbError> {
    let start = latest_start(db, submission.key()).await?;
    let since = start.as_ref().map(|start| start.created_at);
    let results = match (submission.watched(), submission.commit_sha.as_deref()) {
        (Some(repository), Some(sha)) => check_results(db, repository, sha, since).await?,
        _ => Vec::new(),
    };
    let has_any = start.is_some() || !results.is_empty();
    Ok(has_any.then_some(OwnChecks { start, results }))
}
