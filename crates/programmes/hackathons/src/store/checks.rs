//! The queue of submissions to check, and the reports of their checks.

use github::model::RepositoryId;
use kernel::Timestamp;
use platform::{
    db::{DbError, Kind, Rows, Sql as _, Tx, code},
    jobs::Queue,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{CheckTrigger, HackathonId, SubmissionId},
    rules::checks::{Blob, Report},
};

pub(crate) const QUEUE: Queue = Queue { table: "submission_checks" };

/// The columns of [`ClaimedCheck`].
pub(crate) const CLAIMED: &str = "id, attempts, submission_id, trigger_code, requests";

/// A submission to check that a worker claimed.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ClaimedCheck {
    pub(crate) id: Uuid,
    pub(crate) attempts: i64,
    pub(crate) submission_id: Uuid,
    /// Read by [`ClaimedCheck::trigger`], so that a row with an unknown code keeps no other row from being claimed.
    trigger_code: String,
    /// The number of requests when it was claimed.
    pub(crate) requests: i64,
}

impl ClaimedCheck {
    pub(crate) fn trigger(&self) -> Result<CheckTrigger, DbError> {
        code("submission_checks.trigger_code", &self.trigger_code, CheckTrigger::named)
    }
}

/// The submissions that can be checked while requests to some code hosts are switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CheckableSubmissions {
    All,
    /// Submissions on GitHub.
    Github,
    /// Submissions at other code hosts, whose name is a part of the stored repository.
    Others,
}

impl CheckableSubmissions {
    /// Returns the condition on the rows of [`QUEUE`].
    pub(crate) fn condition(self) -> &'static str {
        match self {
            Self::All => "TRUE",
            Self::Github => {
                "submission_id NOT IN (SELECT id FROM submissions WHERE repository LIKE '%/%/%')"
            }
            Self::Others => {
                "submission_id IN (SELECT id FROM submissions WHERE repository LIKE '%/%/%')"
            }
        }
    }
}

/// Requests that submissions are checked. One that is being checked is checked again after that.
pub(crate) async fn request(
    tx: &Tx,
    submissions: impl IntoIterator<Item = (Uuid, SubmissionId)>,
    trigger: CheckTrigger,
    now: Timestamp,
) -> Result<u64, DbError> {
    let mut rows = Rows::new([("id", Kind::Uuid), ("submission_id", Kind::Uuid)]);
    for (id, submission) in submissions {
        rows.push([id.into(), submission.into()]);
    }
    if rows.is_empty() {
        return Ok(0);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let trigger = query.bind(trigger.as_str());
    let sql = format!(
        "INSERT INTO submission_checks (id, created_at, submission_id, trigger_code, requests, due_at) \
         SELECT r.id, {now}, r.submission_id, {trigger}, 1, {now} FROM {rows} WHERE true \
         ON CONFLICT (submission_id) DO UPDATE SET requests = submission_checks.requests + 1, \
         trigger_code = CASE WHEN excluded.trigger_code = 'poll' AND submission_checks.due_at IS NOT NULL \
         THEN submission_checks.trigger_code ELSE excluded.trigger_code END, attempts = 0, dead_at = NULL, last_error = NULL, \
         due_at = CASE WHEN submission_checks.claimed_by IS NULL THEN excluded.due_at \
         ELSE submission_checks.due_at END"
    );
    tx.run(query.statement(sql)).await
}

/// Ends a claimed check. A request that came meanwhile makes it due again. Returns false if another worker has it now.
pub(crate) async fn end(
    tx: &Tx,
    worker: Uuid,
    claimed: &ClaimedCheck,
    outcome: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "UPDATE submission_checks SET claimed_by = NULL, attempts = 0, completed_at = $4, outcome = $5, \
               last_error = NULL, due_at = CASE WHEN requests > $3 THEN $4 END \
               WHERE id = $1 AND claimed_by = $2";
    let values =
        [claimed.id.into(), worker.into(), claimed.requests.into(), now.into(), outcome.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Records that a look at a submission found nothing new.
pub(crate) async fn touch(tx: &Tx, id: SubmissionId, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE submissions SET checked_at = $2 WHERE id = $1 AND checked_at IS NOT NULL";
    tx.run(tx.statement(sql, [id.into(), now.into()])).await?;
    Ok(())
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct NewReport<'a> {
    pub(crate) submission: SubmissionId,
    pub(crate) version: i64,
    pub(crate) trigger: CheckTrigger,
    /// The watched repository, unless none can be read.
    pub(crate) repository: Option<RepositoryId>,
    pub(crate) report: &'a Report,
}

/// Inserts a report, and makes it the current one unless another version was submitted meanwhile.
pub(crate) async fn insert_report(
    tx: &Tx,
    row: Uuid,
    new: NewReport<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    let verdict = new.report.verdict().as_str();
    let commit = new.report.commit_sha.as_deref();
    let checks = serde_json::to_string(&new.report.checks).unwrap_or_default();
    let sql = "INSERT INTO submission_reports (id, created_at, submission_id, version, trigger_code, commit_sha, \
               verdict, checks) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = [
        row.into(),
        now.into(),
        new.submission.into(),
        new.version.into(),
        new.trigger.as_str().into(),
        commit.into(),
        verdict.into(),
        checks.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    let sql = "UPDATE submissions SET verdict = $3, commit_sha = $4, checked_at = $5, repository_id = $6 \
               WHERE id = $1 AND version = $2";
    let values = [
        new.submission.into(),
        new.version.into(),
        verdict.into(),
        commit.into(),
        now.into(),
        new.repository.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Replaces the files of a submission that copies are found by.
pub(crate) async fn set_blobs(
    tx: &Tx,
    hackathon: HackathonId,
    submission: SubmissionId,
    blobs: &[(Uuid, Blob)],
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "DELETE FROM submission_blobs WHERE submission_id = $1";
    tx.run(tx.statement(sql, [submission.into()])).await?;
    if blobs.is_empty() {
        return Ok(());
    }
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("blob_sha", Kind::Text),
        ("size", Kind::Int),
        ("seen_at", Kind::At),
    ]);
    for (id, blob) in blobs {
        rows.push([(*id).into(), blob.sha.as_str().into(), blob.size.into(), blob.seen_at.into()]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let (hackathon, submission) = (query.bind(hackathon), query.bind(submission));
    let sql = format!(
        "INSERT INTO submission_blobs (id, created_at, hackathon_id, submission_id, blob_sha, size, seen_at) \
         SELECT r.id, {now}, {hackathon}, {submission}, r.blob_sha, r.size, r.seen_at FROM {rows} WHERE true"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}
