use kernel::Timestamp;
use platform::{
    db::{DbError, Sql, Tx},
    jobs::Queue,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{RepositoryId, SyncProgress};

/// The queue of repositories to read from GitHub's API.
pub(crate) const QUEUE: Queue = Queue { table: "repository_syncs" };

/// The columns of [`ClaimedSync`].
pub(crate) const CLAIMED: &str = "id, repository_id, attempts, requested_at, since, place, page_size, \
     pulls_read, repository_etag, pulls_etag";

/// A repository that a worker reads.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ClaimedSync {
    pub(crate) id: Uuid,
    pub(crate) repository_id: Uuid,
    pub(crate) attempts: i64,
    pub(crate) requested_at: Timestamp,
    /// Read only what changed since; everything if absent.
    pub(crate) since: Option<Timestamp>,
    /// The place of the next page; the first one if absent.
    pub(crate) place: Option<String>,
    pub(crate) page_size: i64,
    pub(crate) pulls_read: i64,
    pub(crate) repository_etag: Option<String>,
    pub(crate) pulls_etag: Option<String>,
}

/// The largest page that GitHub allows.
pub(crate) const LARGEST_PAGE: i64 = 100;

/// Requests that a repository is read, from `since` if it is given. One that is being read, or waits for it, is left as it
/// is; one that failed goes on where it failed, unless more is requested now. Returns the number of requested ones.
pub(crate) async fn request(
    tx: &Tx,
    (id, repository): (Uuid, RepositoryId),
    since: Option<Timestamp>,
    now: Timestamp,
) -> Result<u64, DbError> {
    let sql = "UPDATE repository_syncs SET due_at = $1, dead_at = NULL, attempts = 0 \
               WHERE repository_id = $2 AND dead_at IS NOT NULL AND (since IS NULL OR $3)";
    let values = [now.into(), repository.into(), since.is_some().into()];
    let revived = tx.run(tx.statement(sql, values)).await?;
    if revived > 0 {
        return Ok(revived);
    }
    let mut query = tx.query();
    let (id, repository) = (query.bind(id), query.bind(repository));
    let (since, size, now) = (query.bind(since), query.bind(LARGEST_PAGE), query.bind(now));
    let sql = format!(
        "INSERT INTO repository_syncs (id, created_at, repository_id, requested_at, since, page_size, \
         pulls_read, calls, refused, due_at) \
         VALUES ({id}, {now}, {repository}, {now}, {since}, {size}, 0, 0, 0, {now}) \
         ON CONFLICT (repository_id) DO UPDATE SET requested_at = excluded.requested_at, \
         since = excluded.since, place = NULL, page_size = excluded.page_size, pulls_read = 0, \
         pulls_total = NULL, calls = 0, refused = 0, due_at = excluded.due_at, attempts = 0, \
         completed_at = NULL, dead_at = NULL, last_error = NULL, outcome = NULL \
         WHERE repository_syncs.due_at IS NULL"
    );
    tx.run(query.statement(sql)).await
}

/// The progress that a page makes.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) place: Option<String>,
    pub(crate) page_size: i64,
    pub(crate) pulls: i64,
    pub(crate) total: Option<i64>,
    pub(crate) calls: i64,
    pub(crate) refused: i64,
}

/// Records the progress, and makes the next page due. Returns false if another worker has the repository now.
pub(crate) async fn advance(
    tx: &Tx,
    worker: Uuid,
    id: Uuid,
    step: &Step,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "UPDATE repository_syncs SET place = $1, page_size = $2, pulls_read = pulls_read + $3, \
               pulls_total = coalesce($4, pulls_total), calls = calls + $5, refused = refused + $6, \
               due_at = $7, claimed_by = NULL, attempts = 0, last_error = NULL \
               WHERE id = $8 AND claimed_by = $9";
    let values = [
        step.place.clone().into(),
        step.page_size.into(),
        step.pulls.into(),
        step.total.into(),
        step.calls.into(),
        step.refused.into(),
        now.into(),
        id.into(),
        worker.into(),
    ];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Marks a repository as read.
pub(crate) async fn complete(
    tx: &Tx,
    id: Uuid,
    outcome: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE repository_syncs SET due_at = NULL, claimed_by = NULL, place = NULL, \
               completed_at = $1, outcome = $2, last_error = NULL WHERE id = $3";
    tx.run(tx.statement(sql, [now.into(), outcome.into(), id.into()])).await?;
    Ok(())
}

/// Ends a request without reading anything.
pub(crate) async fn decline(tx: &Tx, worker: Uuid, id: Uuid, why: &str) -> Result<(), DbError> {
    let sql = "UPDATE repository_syncs SET due_at = NULL, claimed_by = NULL, last_error = $1 \
               WHERE id = $2 AND claimed_by = $3";
    tx.run(tx.statement(sql, [why.into(), id.into(), worker.into()])).await?;
    Ok(())
}

/// Keeps the entity tags of what was read.
pub(crate) async fn keep_etags(
    tx: &Tx,
    id: Uuid,
    repository: Option<String>,
    pulls: Option<String>,
) -> Result<(), DbError> {
    let sql = "UPDATE repository_syncs SET repository_etag = coalesce($1, repository_etag), \
               pulls_etag = coalesce($2, pulls_etag) WHERE id = $3";
    let values = [repository.into(), pulls.into(), id.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// The state of reading a repository.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct SyncState {
    pub repository_id: Uuid,
    pub requested_at: Timestamp,
    /// Absent if everything is read, otherwise the time since which changes are read.
    pub since: Option<Timestamp>,
    /// The pull requests that were read.
    pub pulls_read: i64,
    /// All pull requests of the repository; absent before the first page.
    pub pulls_total: Option<i64>,
    /// The requests that it took.
    pub calls: i64,
    /// The pull requests that were refused, because of what GitHub states about them.
    pub refused: i64,
    /// When the next page is read; absent if it is complete or has failed.
    pub due_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    /// When it failed for good.
    pub dead_at: Option<Timestamp>,
    /// The error of the last attempt.
    pub last_error: Option<String>,
}

impl SyncState {
    #[must_use]
    pub fn progress(&self) -> SyncProgress {
        match self {
            Self { dead_at: Some(_), .. } | Self { due_at: None, completed_at: None, .. } => {
                SyncProgress::Failed
            }
            Self { due_at: None, .. } => SyncProgress::Complete,
            Self { pulls_total: None, .. } => SyncProgress::Waiting,
            _ => SyncProgress::Reading,
        }
    }
}

/// Returns the state of reading repositories.
pub(crate) async fn states(
    db: &impl Sql,
    repositories: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<SyncState>, DbError> {
    let mut query = db.query();
    let rows = query.rows(platform::db::ids(repositories), "r");
    let sql = format!(
        "SELECT s.repository_id, s.requested_at, s.since, s.pulls_read, s.pulls_total, s.calls, s.refused, \
         s.due_at, s.completed_at, s.dead_at, s.last_error FROM {rows} \
         JOIN repository_syncs s ON s.repository_id = r.id"
    );
    db.all(query.statement(sql)).await
}
