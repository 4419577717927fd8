use kernel::Timestamp;
use platform::{
    db::{DbError, Kind, Rows, Sql, Tx, ids},
    jobs::Queue,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::syncs::LARGEST_PAGE;
use crate::model::RepositoryId;

/// The queue of repositories whose issues are to be read from GitHub's API.
pub(crate) const QUEUE: Queue = Queue { table: "issue_syncs" };

/// The columns of [`ClaimedIssueSync`].
pub(crate) const CLAIMED: &str =
    "id, repository_id, attempts, requested_at, since, place, page_size, issues_read, issues_etag";

/// A repository that a worker reads.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ClaimedIssueSync {
    pub(crate) id: Uuid,
    pub(crate) repository_id: Uuid,
    pub(crate) attempts: i64,
    pub(crate) requested_at: Timestamp,
    /// Read what changed since; the open issues if absent.
    pub(crate) since: Option<Timestamp>,
    /// The place of the next page; the first one if absent.
    pub(crate) place: Option<String>,
    pub(crate) page_size: i64,
    pub(crate) issues_read: i64,
    pub(crate) issues_etag: Option<String>,
}

/// Requests that the issues of repositories are read: those that changed since the last complete read less `overlap`
/// seconds, or the open ones the first time or if `whole`. Repositories that are being read, or wait for it, are left as they
/// are. Returns the number of requested ones.
pub(crate) async fn request(
    tx: &Tx,
    repositories: impl IntoIterator<Item = (Uuid, RepositoryId)>,
    (whole, overlap): (bool, chrono::TimeDelta),
    now: Timestamp,
) -> Result<u64, DbError> {
    let mut rows =
        Rows::new([("id", Kind::Uuid), ("repository_id", Kind::Uuid), ("since", Kind::At)]);
    let wanted: Vec<(Uuid, RepositoryId)> = repositories.into_iter().collect();
    let read = read_until(tx, wanted.iter().map(|(_, repository)| repository.0)).await?;
    for (id, repository) in wanted {
        let until = read.iter().find(|row| row.repository_id == repository.0);
        let since = until.and_then(|row| row.read_until).filter(|_| !whole);
        rows.push([id.into(), repository.into(), since.map(|since| since - overlap).into()]);
    }
    if rows.is_empty() {
        return Ok(0);
    }
    let mut query = tx.query();
    let (rows, size, now) = (query.rows(rows, "r"), query.bind(LARGEST_PAGE), query.bind(now));
    let sql = format!(
        "INSERT INTO issue_syncs (id, created_at, repository_id, requested_at, since, page_size, issues_read, calls, \
         all_calls, due_at) SELECT r.id, {now}, r.repository_id, {now}, r.since, {size}, 0, 0, 0, {now} FROM {rows} \
         WHERE true ON CONFLICT (repository_id) DO UPDATE SET requested_at = excluded.requested_at, since = excluded.since, \
         place = NULL, page_size = excluded.page_size, issues_read = 0, issues_total = NULL, calls = 0, \
         due_at = excluded.due_at, attempts = 0, completed_at = NULL, dead_at = NULL, last_error = NULL, outcome = NULL \
         WHERE issue_syncs.due_at IS NULL"
    );
    tx.run(query.statement(sql)).await
}

#[derive(FromQueryResult)]
struct ReadUntil {
    repository_id: Uuid,
    read_until: Option<Timestamp>,
}

async fn read_until(
    tx: &Tx,
    repositories: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<ReadUntil>, DbError> {
    let mut query = tx.query();
    let rows = query.rows(ids(repositories), "r");
    let sql = format!(
        "SELECT s.repository_id, s.read_until FROM {rows} JOIN issue_syncs s ON s.repository_id = r.id"
    );
    tx.all(query.statement(sql)).await
}

/// The progress that a page makes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Step {
    pub(crate) place: Option<String>,
    pub(crate) page_size: i64,
    pub(crate) issues: i64,
    pub(crate) total: Option<i64>,
    pub(crate) calls: i64,
}

/// Records the progress, and makes the next page due. Returns false if another worker has the repository now.
pub(crate) async fn advance(
    tx: &Tx,
    worker: Uuid,
    id: Uuid,
    step: &Step,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "UPDATE issue_syncs SET place = $1, page_size = $2, issues_read = issues_read + $3, \
               issues_total = coalesce($4, issues_total), calls = calls + $5, all_calls = all_calls + $5, \
               due_at = $6, claimed_by = NULL, attempts = 0, last_error = NULL WHERE id = $7 AND claimed_by = $8";
    let values = [
        step.place.clone().into(),
        step.page_size.into(),
        step.issues.into(),
        step.total.into(),
        step.calls.into(),
        now.into(),
        id.into(),
        worker.into(),
    ];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Marks a repository as read until a time, if it was read, and keeps the entity tag of the list of changes.
pub(crate) async fn complete(
    tx: &Tx,
    id: Uuid,
    outcome: &str,
    (read_until, etag): (Option<Timestamp>, Option<String>),
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE issue_syncs SET due_at = NULL, claimed_by = NULL, place = NULL, completed_at = $1, outcome = $2, \
               last_error = NULL, read_until = coalesce($3, read_until), issues_etag = coalesce($4, issues_etag) WHERE id = $5";
    let values = [now.into(), outcome.into(), read_until.into(), etag.into(), id.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Returns the repositories whose issues programmes follow and that can be read, except those that failed since a time.
pub(crate) async fn to_read(
    db: &impl Sql,
    failed_since: Timestamp,
) -> Result<Vec<RepositoryId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "SELECT g.id FROM repositories g WHERE g.follows_issues AND g.is_enabled \
               AND NOT EXISTS (SELECT 1 FROM issue_syncs s WHERE s.repository_id = g.id AND s.dead_at > $1) ORDER BY g.id";
    let rows: Vec<Row> = db.all(db.statement(sql, [failed_since.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// How far the issues of all followed repositories are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct IssueSyncTotals {
    /// The followed repositories.
    pub repositories: i64,
    /// The number that was read completely at least once.
    pub read: i64,
    /// The number that is being read, or waits for it.
    pub waiting: i64,
    /// The number that could not be read, until it is requested again.
    pub failed: i64,
    /// The known issues that are open.
    pub open_issues: i64,
    /// The requests to GitHub's API that reading took in all.
    pub calls: i64,
    /// When a repository was last read completely.
    pub last_read_at: Option<Timestamp>,
}

/// Returns how far the issues of all followed repositories are read.
pub(crate) async fn totals(db: &impl Sql) -> Result<IssueSyncTotals, DbError> {
    let sql = "SELECT count(*) AS repositories, count(s.read_until) AS read, count(s.due_at) AS waiting, \
               count(s.dead_at) AS failed, CAST(coalesce(sum(s.all_calls), 0) AS bigint) AS calls, max(s.completed_at) AS last_read_at, \
               (SELECT count(*) FROM issues i JOIN repositories f ON f.id = i.repository_id \
               WHERE f.follows_issues AND NOT i.is_closed) AS open_issues \
               FROM repositories g LEFT JOIN issue_syncs s ON s.repository_id = g.id WHERE g.follows_issues";
    Ok(db.one(db.statement(sql, [])).await?.unwrap_or_default())
}

/// How far the issues of a followed repository are read.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct IssueSyncRow {
    /// The repository.
    pub id: Uuid,
    /// `owner/name`.
    pub full_name: String,
    rank: i64,
    /// When it is to be read, if it waits for that or is being read.
    pub due_at: Option<Timestamp>,
    /// When reading it failed for good, until it is requested again.
    pub dead_at: Option<Timestamp>,
    /// When it was last read completely.
    pub completed_at: Option<Timestamp>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// The result of the last time, in words.
    pub outcome: Option<String>,
    /// The issues that were read this time.
    pub issues_read: i64,
    /// The number of issues to read this time.
    pub issues_total: Option<i64>,
    /// The requests that reading it took in all.
    pub all_calls: i64,
}

impl IssueSyncRow {
    /// Returns the place in the list.
    #[must_use]
    pub fn place(&self) -> (i64, Uuid) {
        (self.rank, self.id)
    }
}

const RANK: &str = "CASE WHEN s.dead_at IS NOT NULL THEN 0 WHEN s.last_error IS NOT NULL THEN 1 WHEN s.due_at IS NOT NULL THEN 2 \
     ELSE 3 END";

/// Lists at most `limit` followed repositories after a place: those that failed first, then those that are being read.
pub(crate) async fn rows(
    db: &impl Sql,
    after: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<IssueSyncRow>, DbError> {
    let mut query = db.query();
    let after = match after {
        None => String::new(),
        Some((rank, id)) => {
            let (rank, id) = (query.bind(rank), query.bind(id));
            format!("AND ({RANK} > {rank} OR ({RANK} = {rank} AND g.id > {id}))")
        }
    };
    let limit = query.bind(limit);
    let sql = format!(
        "SELECT g.id, g.full_name, CAST({RANK} AS bigint) AS rank, s.due_at, s.dead_at, s.completed_at, s.last_error, s.outcome, \
         coalesce(s.issues_read, 0) AS issues_read, s.issues_total, coalesce(s.all_calls, 0) AS all_calls \
         FROM repositories g LEFT JOIN issue_syncs s ON s.repository_id = g.id \
         WHERE g.follows_issues {after} ORDER BY {RANK}, g.id LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}
