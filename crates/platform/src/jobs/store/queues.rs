use kernel::Timestamp;
use sea_orm::FromQueryResult;

use super::super::worker::{Backlog, Worker};
use crate::db::{Db, DbError, Sql};

/// Amount and age of the work that waits for a worker.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct QueueState {
    /// The worker's name.
    pub name: String,
    /// Rows to be done, due or not.
    pub depth: i64,
    /// When the oldest of it came.
    pub oldest_at: Option<Timestamp>,
    /// Dead letters.
    pub dead: i64,
}

/// The queues of workers, and that of scheduled jobs (`schedules`), in one statement.
pub async fn queues(db: &Db, workers: &[Worker]) -> Result<Vec<QueueState>, DbError> {
    let of = |worker: &Worker| (worker.name, worker.backlog);
    let own = [("schedules", Backlog::Table("jobs"))];
    let parts: Vec<String> = workers.iter().map(of).chain(own).map(look).collect();
    db.all(db.statement(&parts.join(" UNION ALL "), [])).await
}

/// Names and tables are constants of the code.
fn look((name, backlog): (&str, Backlog)) -> String {
    match backlog {
        Backlog::Table(table) => format!(
            "SELECT '{name}' AS name, \
             (SELECT count(*) FROM {table} WHERE due_at IS NOT NULL) AS depth, \
             (SELECT min(created_at) FROM {table} WHERE due_at IS NOT NULL) AS oldest_at, \
             (SELECT count(*) FROM {table} WHERE dead_at IS NOT NULL) AS dead"
        ),
        Backlog::WakeUps(topic) => format!(
            "SELECT '{name}' AS name, count(*) AS depth, min(created_at) AS oldest_at, \
             CAST(0 AS bigint) AS dead FROM wake_ups WHERE topic = '{topic}'"
        ),
    }
}

/// Dead letters of a queue.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Died {
    /// The worker's name; `schedules` for what is due at set times.
    pub name: String,
    /// How many.
    pub count: i64,
}

/// How many dead letters the queues of workers got since an instant.
pub async fn died_since(
    db: &Db,
    workers: &[Worker],
    since: Timestamp,
) -> Result<Vec<Died>, DbError> {
    let own = ("schedules", Backlog::Table("jobs"));
    let queues = workers.iter().map(|worker| (worker.name, worker.backlog));
    let part = |(name, backlog)| match backlog {
        Backlog::Table(table) => Some(format!(
            "SELECT '{name}' AS name, \
             (SELECT count(*) FROM {table} WHERE dead_at >= $1) AS count"
        )),
        // A wake-up is done or raised again.
        Backlog::WakeUps(_) => None,
    };
    let parts: Vec<String> = queues.chain([own]).filter_map(part).collect();
    db.all(db.statement(&parts.join(" UNION ALL "), [since.into()]))
        .await
}
