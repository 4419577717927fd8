use kernel::{Ids, Timestamp};
use platform::{
    db::{DbError, Kind, Rows, Sql, Tx},
    jobs::Queue,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{PatchedFile, PullRequestId};

/// The queue of patches to read. A row that is completed has the files, unless GitHub does not show them.
pub(crate) const QUEUE: Queue = Queue { table: "pull_request_patches" };

/// The columns of [`ClaimedPatch`].
pub(crate) const CLAIMED: &str = "id, attempts, pull_request_id, head_sha";

/// A patch that a worker claimed.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ClaimedPatch {
    pub(crate) id: Uuid,
    pub(crate) attempts: i64,
    pub(crate) pull_request_id: Uuid,
    pub(crate) head_sha: String,
}

/// Requests the patches of the newest commits of pull requests. One that was declined is requested again. Returns the
/// number of requests.
pub(crate) async fn request(
    tx: &Tx,
    ids: &dyn Ids,
    pulls: impl IntoIterator<Item = PullRequestId>,
    now: Timestamp,
) -> Result<u64, DbError> {
    let mut rows = Rows::new([("id", Kind::Uuid), ("pull_request_id", Kind::Uuid)]);
    for pull in pulls {
        rows.push([ids.next().into(), pull.into()]);
    }
    if rows.is_empty() {
        return Ok(0);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let sql = format!(
        "INSERT INTO pull_request_patches (id, created_at, pull_request_id, head_sha, due_at) \
         SELECT r.id, {now}, r.pull_request_id, p.head_sha, {now} FROM {rows} \
         JOIN pull_requests p ON p.id = r.pull_request_id WHERE p.head_sha IS NOT NULL \
         ON CONFLICT (pull_request_id, head_sha) DO UPDATE SET due_at = excluded.due_at, attempts = 0, \
         outcome = NULL, completed_at = NULL WHERE pull_request_patches.outcome = '{DECLINED}'"
    );
    tx.run(query.statement(sql)).await
}

/// The outcome of a request while no token can read the repository.
const DECLINED: &str = "not read: the server has no token for the repository";

/// Declines a request that a worker claimed, and all that wait for the same repository.
pub(crate) async fn decline(
    tx: &Tx,
    worker: Uuid,
    repository: Uuid,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = format!(
        "UPDATE pull_request_patches SET due_at = NULL, claimed_by = NULL, completed_at = $1, \
         outcome = '{DECLINED}', last_error = NULL \
         WHERE due_at IS NOT NULL AND (claimed_by = $2 OR claimed_by IS NULL) \
         AND pull_request_id IN (SELECT p.id FROM pull_requests p WHERE p.repository_id = $3)"
    );
    tx.run(tx.statement(&sql, [now.into(), worker.into(), repository.into()])).await?;
    Ok(())
}

/// A pull request whose patch is read.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct PatchedPull {
    pub(crate) repository_id: Uuid,
    pub(crate) number: i64,
    /// The newest commit.
    pub(crate) head_sha: Option<String>,
}

/// Finds a pull request.
pub(crate) async fn pull(db: &impl Sql, id: Uuid) -> Result<Option<PatchedPull>, DbError> {
    let sql = "SELECT repository_id, number, head_sha FROM pull_requests WHERE id = $1";
    db.one(db.statement(sql, [id.into()])).await
}

/// Stores the files of a patch, or that GitHub does not show them. Returns false if another worker has the request now.
pub(crate) async fn store(
    tx: &Tx,
    worker: Uuid,
    id: Uuid,
    files: Option<&[PatchedFile]>,
) -> Result<bool, DbError> {
    let files = files.map(|files| serde_json::to_string(files).unwrap_or_default());
    let sql = "UPDATE pull_request_patches SET files = $1 WHERE id = $2 AND claimed_by = $3";
    Ok(tx.run(tx.statement(sql, [files.into(), id.into(), worker.into()])).await? > 0)
}
