//! Queries for the checks of submissions, and for the repositories that they read.

use std::collections::BTreeMap;

use github::model::RepositoryId;
use kernel::Timestamp;
use platform::db::{DbError, Kind, Rows, Sql, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{CheckOutcome, CheckTrigger, HackathonId, SubmissionId},
    rules::checks::{Blob, Check, SharedFiles},
};

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
}

/// Lists the submissions with a repository that count and whose deadline has not come, so that a push to it matters.
pub async fn open_submissions_of(
    db: &impl Sql,
    repository: RepositoryId,
    now: Timestamp,
) -> Result<Vec<SubmissionId>, DbError> {
    let sql = "SELECT s.id FROM submissions s JOIN hackathons h ON h.id = s.hackathon_id \
               LEFT JOIN submission_extensions e ON e.hackathon_id = s.hackathon_id \
               AND (e.team_id = s.team_id OR e.user_id = s.user_id) \
               WHERE s.repository_id = $1 AND s.version > 0 AND s.withdrawn_at IS NULL AND s.locked_at IS NULL \
               AND h.submission_opens_at <= $2 AND (h.submission_closes_at > $2 OR e.closes_at > $2) \
               AND h.canceled_at IS NULL AND h.results_published_at IS NULL ORDER BY s.id";
    let values = [repository.into(), now.into()];
    let rows: Vec<Row> = db.all(db.statement(sql, values)).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// Lists the repositories that are watched for the submissions to a hackathon.
pub async fn repositories_of(
    db: &impl Sql,
    hackathon: HackathonId,
) -> Result<Vec<RepositoryId>, DbError> {
    let sql = "SELECT DISTINCT s.repository_id AS id FROM submissions s WHERE s.hackathon_id = $1 \
               AND s.repository_id IS NOT NULL";
    let rows: Vec<Row> = db.all(db.statement(sql, [hackathon.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// Lists those of the repositories that no submission needs: each with one of them was withdrawn, or its hackathon is over.
pub async fn unneeded_repositories(
    db: &impl Sql,
    repositories: Vec<RepositoryId>,
) -> Result<Vec<RepositoryId>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(repositories), "r");
    let sql = format!(
        "SELECT r.id FROM {rows} WHERE NOT EXISTS (SELECT 1 FROM submissions s \
         JOIN hackathons h ON h.id = s.hackathon_id WHERE s.repository_id = r.id AND s.version > 0 \
         AND s.withdrawn_at IS NULL AND h.canceled_at IS NULL AND h.results_published_at IS NULL)"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct ReportView {
    /// When it was made.
    pub created_at: Timestamp,
    pub version: i64,
    pub trigger_code: CheckTrigger,
    /// The commit at which the submission was pinned.
    pub commit_sha: Option<String>,
    checks: StoredChecks,
}

impl ReportView {
    #[must_use]
    pub fn checks(&self) -> Vec<Check> {
        self.checks.0.clone()
    }
}

/// The checks of a report, which are stored as JSON.
#[derive(Clone, Debug)]
struct StoredChecks(Vec<Check>);

impl StoredChecks {
    fn named(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }
}

platform::stored!(StoredChecks);

pub async fn latest_report(db: &impl Sql, id: SubmissionId) -> Result<Option<ReportView>, DbError> {
    let sql = "SELECT r.created_at, r.version, r.trigger_code, r.commit_sha, r.checks FROM submission_reports r \
               WHERE r.submission_id = $1 ORDER BY r.id DESC LIMIT 1";
    db.one(db.statement(sql, [id.into()])).await
}

/// Counts the checks of each of some submissions that did not pass in the latest report. Those without one are left out.
pub async fn doubtful_checks(
    db: &impl Sql,
    submissions: Vec<SubmissionId>,
) -> Result<BTreeMap<Uuid, usize>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        submission_id: Uuid,
        checks: StoredChecks,
    }
    let mut query = db.query();
    let of = query.rows(ids(submissions), "s");
    let sql = format!(
        "SELECT r.submission_id, r.checks FROM {of} JOIN submission_reports r ON r.submission_id = s.id \
         WHERE NOT EXISTS (SELECT 1 FROM submission_reports l WHERE l.submission_id = r.submission_id AND l.id > r.id)"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let doubtful = |row: Row| {
        let count = row.checks.0.iter().filter(|it| it.outcome != CheckOutcome::Pass).count();
        (row.submission_id, count)
    };
    Ok(rows.into_iter().map(doubtful).collect())
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct CheckState {
    /// True while it waits for its checks, or is being checked.
    pub is_due: bool,
    /// The reason why the last attempt failed.
    pub last_error: Option<String>,
    /// When the server gave up.
    pub dead_at: Option<Timestamp>,
}

/// Returns the state of the checks of a submission; `None` before they are first requested.
pub async fn check_state(db: &impl Sql, id: SubmissionId) -> Result<Option<CheckState>, DbError> {
    let sql = "SELECT c.due_at IS NOT NULL AS is_due, c.last_error, c.dead_at FROM submission_checks c \
               WHERE c.submission_id = $1";
    db.one(db.statement(sql, [id.into()])).await
}

/// Lists what other submissions of a hackathon have in common with contents, most first, at most 20. Contents that four or more
/// submissions have come from a common template.
pub async fn shared_blobs(
    db: &impl Sql,
    hackathon: HackathonId,
    own: SubmissionId,
    blobs: &[Blob],
) -> Result<Vec<SharedFiles>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        submission_id: Uuid,
        files: i64,
        bytes: i64,
        bytes_first_here: i64,
    }
    if blobs.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = Rows::new([("blob_sha", Kind::Text), ("seen_at", Kind::At)]);
    for blob in blobs {
        rows.push([blob.sha.as_str().into(), blob.seen_at.into()]);
    }
    let mut query = db.query();
    let rows = query.rows(rows, "r");
    let (hackathon, own) = (query.bind(hackathon), query.bind(own));
    let sql = format!(
        "SELECT b.submission_id, count(*) AS files, CAST(sum(b.size) AS bigint) AS bytes, \
         CAST(sum(CASE WHEN r.seen_at < b.seen_at THEN b.size ELSE 0 END) AS bigint) AS bytes_first_here FROM {rows} \
         JOIN submission_blobs b ON b.hackathon_id = {hackathon} AND b.blob_sha = r.blob_sha \
         AND b.submission_id <> {own} \
         WHERE (SELECT count(*) FROM submission_blobs o WHERE o.hackathon_id = {hackathon} \
         AND o.blob_sha = r.blob_sha) < 4 GROUP BY b.submission_id ORDER BY 3 DESC LIMIT 20"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let shared = rows.into_iter().map(|row| SharedFiles {
        submission: row.submission_id,
        files: row.files,
        bytes: row.bytes,
        bytes_first_here: row.bytes_first_here,
    });
    Ok(shared.collect())
}

/// Returns whether it is known when the contents of a submission were first in its repository.
pub async fn has_first_seen(db: &impl Sql, id: SubmissionId) -> Result<bool, DbError> {
    let sql =
        "SELECT count(*) FROM submission_blobs WHERE submission_id = $1 AND seen_at IS NOT NULL";
    Ok(db.count(db.statement(sql, [id.into()])).await? > 0)
}
