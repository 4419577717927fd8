use std::sync::Arc;

use futures_util::future::BoxFuture;
use uuid::Uuid;

use super::{JobError, store::Queue};
use crate::Context;

/// Amount of work that a job found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing: sleep until woken.
    Idle,
    /// Something: look again soon.
    Worked,
    /// As much as a batch holds: look again at once.
    Full,
}

/// The queue of a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backlog {
    /// In a table with the columns of a queue.
    Table(&'static str),
    /// Among the wake-ups of its topic.
    WakeUps(&'static str),
}

impl Progress {
    /// Progress of a batch of `count` out of at most `limit`.
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

/// A job that does one batch of what there is to do each time it runs. Safe to run twice at once
/// and in several processes.
#[derive(Clone)]
pub struct Worker {
    /// Its name in logs and metrics.
    pub name: &'static str,
    /// The topic that wakes it.
    pub topic: &'static str,
    /// The queue of its work.
    pub backlog: Backlog,
    /// The page that shows its dead letters.
    pub dead_page: &'static str,
    run: Arc<Run>,
}

impl Worker {
    /// A worker `name`, woken by `topic`. `run` is given the context and the worker's own id.
    pub fn new<F, R>(name: &'static str, topic: &'static str, run: F) -> Self
    where
        F: Fn(Context, Uuid) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Progress, JobError>> + Send + 'static,
    {
        Self {
            name,
            topic,
            backlog: Backlog::WakeUps(topic),
            dead_page: "/admin/jobs",
            run: Arc::new(move |context, id| Box::pin(run(context, id))),
        }
    }

    /// The same, whose work waits in a table with the columns of a queue.
    #[must_use]
    pub fn over(self, queue: Queue) -> Self {
        Self {
            backlog: Backlog::Table(queue.table),
            ..self
        }
    }

    /// The same, whose dead letters are shown on a page of their own.
    #[must_use]
    pub fn with_dead_page(self, dead_page: &'static str) -> Self {
        Self { dead_page, ..self }
    }

    /// Does one batch.
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
        f.debug_struct("Worker")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
