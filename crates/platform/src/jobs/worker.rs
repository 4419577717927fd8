use std::sync::Arc;

use chrono::TimeDelta;
use futures_util::future::BoxFuture;
use uuid::Uuid;

use super::{JobError, JobName, store::Queue};
use crate::Context;

/// The amount of work that a batch found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// No work was found: wait for the next notification, or until work is due.
    Idle,
    /// Less than a full batch: look again soon.
    Worked,
    /// A full batch: look again immediately.
    Full,
}

/// The queue of a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backlog {
    /// A table with the columns of a queue.
    Table(&'static str),
    /// The rows of such a table that match a condition in SQL.
    Part(&'static str, &'static str),
    /// The wake-ups of its topic.
    WakeUps(&'static str),
}

impl Backlog {
    /// Returns the table with the condition on its rows; `None` for wake-ups.
    pub(super) fn table(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Table(table) => Some((table, "TRUE")),
            Self::Part(table, own) => Some((table, own)),
            Self::WakeUps(_) => None,
        }
    }
}

impl Progress {
    /// Returns the progress of a batch of `count` items out of at most `limit`.
    #[must_use]
    pub fn of_batch(count: usize, limit: i64) -> Self {
        match i64::try_from(count) {
            Ok(0) => Self::Idle,
            Ok(count) if count < limit => Self::Worked,
            _ => Self::Full,
        }
    }
}

type Run = dyn Fn(Context, Uuid) -> BoxFuture<'static, Result<Progress, JobError>> + Send + Sync;

/// A job that processes one batch of its queue each time it runs. It may run concurrently, also in several
/// processes.
#[derive(Clone)]
pub struct Worker {
    /// Its name in logs and metrics.
    pub name: &'static str,
    /// Its name in the release before, if it was another.
    pub formerly: Option<&'static str>,
    /// The topic of notifications that wake it.
    pub topic: &'static str,
    /// The queue of its work.
    pub backlog: Backlog,
    /// The path of the page that shows its dead letters.
    pub dead_page: &'static str,
    /// How long due work may wait before its queue counts as late; `None` if its pace is that of an outside service, or a flag stops it.
    pub limit: Option<TimeDelta>,
    /// True if it finds work that is not in its queue.
    pub(super) looks_itself: bool,
    run: Arc<Run>,
}

/// How long due work may wait in most queues.
const LIMIT: TimeDelta = TimeDelta::hours(1);
impl Worker {
    /// Creates a worker that notifications of `topic` wake. `run` gets the context and the worker's id.
    pub fn new<F, R>(name: &'static str, topic: &'static str, run: F) -> Self
    where
        F: Fn(Context, Uuid) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Progress, JobError>> + Send + 'static,
    {
        Self {
            name,
            formerly: None,
            topic,
            backlog: Backlog::WakeUps(topic),
            dead_page: "/admin/jobs",
            limit: Some(LIMIT),
            looks_itself: false,
            run: Arc::new(move |context, id| Box::pin(run(context, id))),
        }
    }

    /// Names it as it was called in the release before.
    #[must_use]
    pub fn formerly(self, name: &'static str) -> Self {
        Self { formerly: Some(name), ..self }
    }

    /// Returns its present and its former name.
    #[must_use]
    pub fn names(&self) -> JobName {
        JobName { now: self.name, formerly: self.formerly }
    }

    /// Sets a table with the columns of a queue as the backlog.
    #[must_use]
    pub fn over(self, queue: Queue) -> Self {
        Self { backlog: Backlog::Table(queue.table), ..self }
    }

    /// Sets the rows of a queue's table that match a constant condition as the backlog.
    #[must_use]
    pub fn over_part(self, queue: Queue, condition: &'static str) -> Self {
        Self { backlog: Backlog::Part(queue.table, condition), ..self }
    }

    /// Sets the page that shows its dead letters.
    #[must_use]
    pub fn with_dead_page(self, dead_page: &'static str) -> Self {
        Self { dead_page, ..self }
    }

    /// Lets due work wait, since an outside service says how fast it is done, or a flag whether.
    #[must_use]
    pub fn at_their_pace(self) -> Self {
        Self { limit: None, ..self }
    }

    /// Runs it as often as queues are looked at, since it finds work that is not in its queue.
    #[must_use]
    pub fn looking_itself(self) -> Self {
        Self { looks_itself: true, ..self }
    }

    /// Processes one batch.
    ///
    /// # Errors
    /// When the job fails.
    pub fn run(
        &self,
        context: Context,
        id: Uuid,
    ) -> BoxFuture<'static, Result<Progress, JobError>> {
        (self.run)(context, id)
    }
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker").field("name", &self.name).finish_non_exhaustive()
    }
}
