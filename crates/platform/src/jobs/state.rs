use kernel::Timestamp;
use sea_orm::FromQueryResult;

use super::{Run, Worker, asked::RUN};
use crate::db::{Db, DbError, Sql};

/// Where a worker's work waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backlog {
    /// In a table with the columns of a queue.
    Table(&'static str),
    /// Among the wake-ups of its topic.
    WakeUps(&'static str),
}

/// How much waits for a worker, and since when.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct QueueState {
    /// The worker's name.
    pub name: String,
    /// What is to be done, due or not.
    pub depth: i64,
    /// When the oldest of it came.
    pub oldest_at: Option<Timestamp>,
    /// Dead letters.
    pub dead: i64,
}

/// How the queues of workers stand, and that of what is due at set times (`schedules`), in one look.
pub async fn queues(db: &Db, workers: &[Worker]) -> Result<Vec<QueueState>, DbError> {
    let of = |worker: &Worker| (worker.name, worker.backlog);
    let own = [("schedules", Backlog::Table("jobs"))];
    let parts: Vec<String> = workers.iter().map(of).chain(own).map(look).collect();
    db.all(db.statement(&parts.join(" UNION ALL "), [])).await
}

/// Names and tables stand in the code.
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
        // What is raised is done or raised again.
        Backlog::WakeUps(_) => None,
    };
    let parts: Vec<String> = queues.chain([own]).filter_map(part).collect();
    db.all(db.statement(&parts.join(" UNION ALL "), [since.into()]))
        .await
}

/// The last runs of each of these, the latest first.
pub async fn last_runs(db: &Db, names: &[&str], each: i64) -> Result<Vec<Run>, DbError> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = db.query();
    let each = query.bind(each);
    let mut part = |name: &&str| {
        let name = query.bind(*name);
        let own = format!("SELECT {RUN} FROM jobs WHERE name = {name}");
        format!("SELECT * FROM ({own} ORDER BY id DESC LIMIT {each}) AS r")
    };
    let parts: Vec<String> = names.iter().map(&mut part).collect();
    db.all(query.statement(parts.join(" UNION ALL "))).await
}

/// Tells how the queues stand, for whoever measures.
pub fn measure(queues: &[QueueState], now: Timestamp) {
    for queue in queues {
        let label = [("queue", queue.name.clone())];
        let age = queue.oldest_at.map_or(0, |at| (now - at).num_seconds());
        metrics::gauge!("guildhall_queue_depth", &label).set(queue.depth as f64);
        metrics::gauge!("guildhall_queue_age_seconds", &label).set(age.max(0) as f64);
        metrics::gauge!("guildhall_queue_dead_letters", &label).set(queue.dead as f64);
    }
}
