//! The starts of a hackathon's own checks.

use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx};
use uuid::Uuid;

use crate::model::SubmissionId;

/// A start of the own checks of a hackathon.
#[derive(Clone, Debug)]
pub(crate) struct NewStart {
    /// The commit at which the submission was pinned.
    pub(crate) commit_sha: String,
    pub(crate) event: String,
    /// The reason if the code host refused.
    pub(crate) refusal: Option<String>,
}

pub(crate) async fn insert_start(
    tx: &Tx,
    row: Uuid,
    submission: SubmissionId,
    new: NewStart,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO workflow_starts (id, created_at, submission_id, commit_sha, workflow_event, refusal) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let values = [
        row.into(),
        now.into(),
        submission.into(),
        new.commit_sha.into(),
        new.event.into(),
        new.refusal.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}
