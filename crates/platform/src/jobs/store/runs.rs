use chrono::TimeDelta;
use kernel::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::super::name::JobName;
use super::queue::{Queue, SCHEDULED};
use crate::{
    Context,
    db::{Db, DbError, Query, Sql, Tx},
};

/// The queue of scheduled jobs.
pub(in crate::jobs) const JOBS: Queue = Queue { table: SCHEDULED };

/// A run of a scheduled job.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ScheduledRun {
    /// The job.
    pub name: String,
    /// When it was planned.
    pub created_at: Timestamp,
    /// When it is next tried; absent when nothing is left to do.
    pub due_at: Option<Timestamp>,
    /// When the last attempt began.
    pub started_at: Option<Timestamp>,
    pub attempts: i64,
    /// When it succeeded, if it did.
    pub completed_at: Option<Timestamp>,
    /// When it became a dead letter, if it did.
    pub dead_at: Option<Timestamp>,
    /// A summary of its result.
    pub outcome: Option<String>,
    /// The error of the last attempt, if it failed.
    pub last_error: Option<String>,
}

const RUN: &str =
    "name, created_at, due_at, started_at, attempts, completed_at, dead_at, outcome, last_error";

impl ScheduledRun {
    /// Returns the duration of the last attempt, if it ended.
    #[must_use]
    pub fn took(&self) -> Option<TimeDelta> {
        let ended = self.completed_at.or(self.dead_at)?;
        Some((ended - self.started_at?).max(TimeDelta::zero()))
    }
}

/// Returns the last runs of a scheduled job, newest first.
pub async fn runs(
    db: &impl Sql,
    job: impl Into<JobName>,
    limit: i64,
) -> Result<Vec<ScheduledRun>, DbError> {
    let mut query = db.query();
    let (own, limit) = (of(&mut query, job.into()), query.bind(limit));
    let sql = format!("SELECT {RUN} FROM jobs WHERE {own} ORDER BY id DESC LIMIT {limit}");
    db.all(query.statement(sql)).await
}

/// Returns the condition that a run is of a job, under its present or its former name.
fn of(query: &mut Query, job: JobName) -> String {
    let names: Vec<_> = job.all().map(|name| query.bind(name)).collect();
    format!("name IN ({})", names.join(", "))
}

/// The runs that failed and did not succeed since, whether or not they are tried again. Each part is read from the index
/// of a queue; one condition for both would read all runs on SQLite.
const FAILED: &str = "(SELECT * FROM jobs WHERE due_at IS NOT NULL \
     UNION ALL SELECT * FROM jobs WHERE dead_at IS NOT NULL) AS failed WHERE last_error IS NOT NULL";

/// Returns the failed runs of all jobs, newest first.
pub async fn failed(db: &impl Sql, limit: i64) -> Result<Vec<ScheduledRun>, DbError> {
    let sql = format!("SELECT {RUN} FROM {FAILED} ORDER BY id DESC LIMIT $1");
    db.all(db.statement(&sql, [limit.into()])).await
}

/// Counts the failed runs of all jobs.
pub async fn failed_count(db: &impl Sql) -> Result<i64, DbError> {
    let sql = format!("SELECT count(*) FROM {FAILED}");
    db.count(db.statement(&sql, [])).await
}

/// Returns the last runs of each of these jobs under its present name, newest first.
pub async fn last_runs(db: &Db, jobs: &[JobName], each: i64) -> Result<Vec<ScheduledRun>, DbError> {
    if jobs.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = db.query();
    let each = query.bind(each);
    let mut part = |job: &JobName| {
        let own = of(&mut query, *job);
        let own = format!("SELECT {RUN} FROM jobs WHERE {own}");
        format!("SELECT * FROM ({own} ORDER BY id DESC LIMIT {each}) AS r")
    };
    let parts: Vec<String> = jobs.iter().map(&mut part).collect();
    let mut runs: Vec<ScheduledRun> = db.all(query.statement(parts.join(" UNION ALL "))).await?;
    for run in &mut runs {
        let renamed = jobs.iter().find(|job| job.formerly == Some(run.name.as_str()));
        if let Some(job) = renamed {
            job.now.clone_into(&mut run.name);
        }
    }
    Ok(runs)
}

/// A run claimed by this process.
#[derive(FromQueryResult)]
pub(in crate::jobs) struct Claimed {
    pub(in crate::jobs) id: Uuid,
    pub(in crate::jobs) name: String,
    pub(in crate::jobs) attempts: i64,
}

/// Claims the longest-due run among those under these names, until the lease ends.
pub(in crate::jobs) async fn claim(
    context: &Context,
    worker: Uuid,
    lease: std::time::Duration,
    names: &[&'static str],
) -> Result<Option<Claimed>, DbError> {
    let known = |query: &mut Query| {
        let names = names.iter().map(|name| query.bind(*name));
        format!("name IN ({})", names.collect::<Vec<_>>().join(", "))
    };
    let due = JOBS.claim_among(context, worker, lease, 1, "id, name, attempts", known);
    Ok(due.await?.pop())
}

/// Counts the runs of a scheduled job that wait or are in progress.
pub(in crate::jobs) async fn waiting(tx: &Tx, job: JobName) -> Result<i64, DbError> {
    let mut query = tx.query();
    let own = of(&mut query, job);
    let sql = format!("SELECT count(*) FROM jobs WHERE {own} AND due_at IS NOT NULL");
    tx.count(query.statement(sql)).await
}

/// Adds a run that is due now, unless one with the same `unique_key` exists.
pub(in crate::jobs) async fn insert(
    tx: &Tx,
    id: Uuid,
    name: &str,
    unique_key: Option<String>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO jobs (id, name, unique_key, due_at, attempts, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, 0, $4, $4) ON CONFLICT (unique_key) DO NOTHING";
    let values = [id.into(), name.into(), unique_key.into(), now.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Records the start of an attempt.
pub(in crate::jobs) async fn begin(tx: &Tx, id: Uuid, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE jobs SET started_at = $1, updated_at = $1 WHERE id = $2";
    tx.run(tx.statement(sql, [now.into(), id.into()])).await?;
    Ok(())
}

/// Makes the dead letters of a scheduled job due again. Returns their number.
pub(in crate::jobs) async fn revive(tx: &Tx, job: JobName, now: Timestamp) -> Result<u64, DbError> {
    JOBS.revive(tx, now, |query| of(query, job)).await
}

/// Deletes runs that succeeded before an instant. Returns their number.
pub async fn forget_done(context: &Context, before: Timestamp) -> Result<u64, DbError> {
    let tx = context.begin().await?;
    let sql = "DELETE FROM jobs WHERE completed_at < $1";
    let forgotten = tx.run(tx.statement(sql, [before.into()])).await?;
    tx.commit().await?;
    Ok(forgotten)
}
