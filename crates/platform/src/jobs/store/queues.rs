use std::iter;

use kernel::Timestamp;
use sea_orm::FromQueryResult;

use super::super::worker::{Backlog, Worker};
use crate::db::{Db, DbError, Sql};

/// The size and age of a worker's queue.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct QueueState {
    /// The worker's name.
    pub name: String,
    /// The number of rows to process, whether or not they are due yet.
    pub depth: i64,
    /// When the oldest of them was added.
    pub oldest_at: Option<Timestamp>,
    pub dead: i64,
}

/// Returns the state of the workers' queues, and of the scheduled jobs as `schedules`, in one statement.
pub async fn queues(db: &Db, workers: &[Worker]) -> Result<Vec<QueueState>, DbError> {
    let of = |worker: &Worker| (worker.name, worker.backlog);
    let own = [("schedules", Backlog::Table("jobs"))];
    let parts: Vec<String> = workers.iter().map(of).chain(own).map(look).collect();
    db.all(db.statement(&parts.join(" UNION ALL "), [])).await
}

/// Builds the SQL for one queue. Names and tables are constants in the code, so formatting them is safe.
fn look((name, backlog): (&str, Backlog)) -> String {
    match backlog {
        Backlog::Table(table) => look((name, Backlog::Part(table, "TRUE"))),
        Backlog::Part(table, own) => format!(
            "SELECT '{name}' AS name, \
             (SELECT count(*) FROM {table} WHERE due_at IS NOT NULL AND {own}) AS depth, \
             (SELECT min(created_at) FROM {table} WHERE due_at IS NOT NULL AND {own}) AS oldest_at, \
             (SELECT count(*) FROM {table} WHERE dead_at IS NOT NULL AND {own}) AS dead"
        ),
        Backlog::WakeUps(topic) => format!(
            "SELECT '{name}' AS name, count(*) AS depth, min(created_at) AS oldest_at, \
             CAST(0 AS bigint) AS dead FROM wake_ups WHERE topic = '{topic}'"
        ),
    }
}

/// Since when the first due work of a queue has waited.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct QueueWait {
    /// The worker's name, or `schedules` for scheduled jobs.
    pub name: String,
    /// Absent if the queue is empty. It may be in the future: then nothing is due yet, or the work is in progress.
    pub since: Option<Timestamp>,
}

/// Returns since when the queues of the workers, and the scheduled jobs as `schedules`, have waited, in one statement that reads only
/// the beginning of an index of each.
pub async fn waits(db: &Db, workers: &[Worker]) -> Result<Vec<QueueWait>, DbError> {
    let of = |worker: &Worker| (worker.name, worker.backlog);
    let own = [("schedules", Backlog::Table("jobs"))];
    let parts: Vec<String> = workers.iter().map(of).chain(own).map(first_due).collect();
    db.all(db.statement(&parts.join(" UNION ALL "), [])).await
}

fn first_due((name, backlog): (&str, Backlog)) -> String {
    let (column, table, own) = match backlog {
        Backlog::Table(table) => ("due_at", table, "TRUE".to_owned()),
        Backlog::Part(table, own) => ("due_at", table, own.to_owned()),
        Backlog::WakeUps(topic) => ("created_at", "wake_ups", format!("topic = '{topic}'")),
    };
    format!(
        "SELECT '{name}' AS name, min({column}) AS since FROM {table} WHERE {column} IS NOT NULL AND {own}"
    )
}

/// The topics that have wake-ups. Each is found from the one before by the index, so that their number does not matter.
const RAISED: &str = "\
    WITH RECURSIVE raised (topic) AS (SELECT min(topic) FROM wake_ups UNION ALL \
    SELECT (SELECT min(w.topic) FROM wake_ups w WHERE w.topic > raised.topic) FROM raised \
    WHERE raised.topic IS NOT NULL) \
    SELECT topic, CAST(NULL AS bigint) AS place FROM raised WHERE topic IS NOT NULL";

/// A topic that has wake-ups, or the place of another queue that has due work.
#[derive(FromQueryResult)]
struct DueRow {
    topic: Option<String>,
    place: Option<i64>,
}

/// Returns for each queue whether it has due work, in one statement that reads only the beginning of an index of each. One at least
/// is a table.
pub(in crate::jobs) async fn due(
    db: &Db,
    backlogs: &[Backlog],
    now: Timestamp,
) -> Result<Vec<bool>, DbError> {
    let mut query = db.query();
    let now = query.bind(now);
    let parts = backlogs.iter().enumerate().filter_map(|(place, backlog)| {
        let (table, own) = backlog.table()?;
        Some(format!(
            " UNION ALL SELECT CAST(NULL AS text), CAST({place} AS bigint) \
             WHERE EXISTS (SELECT 1 FROM {table} WHERE due_at <= {now} AND {own})"
        ))
    });
    let sql = iter::once(RAISED.to_owned()).chain(parts).collect::<String>();
    let rows: Vec<DueRow> = db.all(query.statement(sql)).await?;
    let is_due = |(place, backlog): (usize, &Backlog)| match backlog {
        Backlog::WakeUps(topic) => rows.iter().any(|row| row.topic.as_deref() == Some(*topic)),
        Backlog::Table(_) | Backlog::Part(..) => {
            rows.iter().any(|row| row.place == i64::try_from(place).ok())
        }
    };
    Ok(backlogs.iter().enumerate().map(is_due).collect())
}

/// The dead letters of a queue with the same error.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct DeadLetterCount {
    /// The worker's name, or `schedules` for scheduled jobs.
    pub name: String,
    pub error: String,
    /// The number of dead letters.
    pub count: i64,
}

/// The most pairs of queue and error that [`died_since`] returns.
const MOST_ERRORS: i64 = 1_000;

/// Counts the dead letters since an instant by queue and error, the most first.
pub async fn died_since(
    db: &Db,
    workers: &[Worker],
    since: Timestamp,
) -> Result<Vec<DeadLetterCount>, DbError> {
    let own = ("schedules", Backlog::Table("jobs"));
    let queues = workers.iter().map(|worker| (worker.name, worker.backlog));
    let part = |(name, backlog): (&str, Backlog)| {
        // Wake-ups have no dead letters: they are retried until they succeed.
        let (table, own) = backlog.table()?;
        Some(format!(
            "SELECT '{name}' AS name, coalesce(last_error, '') AS error, count(*) AS count \
             FROM {table} WHERE dead_at >= $1 AND {own} GROUP BY last_error"
        ))
    };
    let parts: Vec<String> = queues.chain([own]).filter_map(part).collect();
    let sql = format!("{} ORDER BY count DESC, name, error LIMIT $2", parts.join(" UNION ALL "));
    db.all(db.statement(&sql, [since.into(), MOST_ERRORS.into()])).await
}
