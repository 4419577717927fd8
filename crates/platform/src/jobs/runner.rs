use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::future::BoxFuture;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Backlog, Queue, Schedule, pause::Pauses, schedule, wake_up};
use crate::{
    Context,
    db::{DbError, Tx},
};

/// How the runner works.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How long a claim lasts before the work becomes due again.
    pub lease: Duration,
    /// How often a sleeping job looks by itself.
    pub poll: Duration,
    /// How long a job lets work gather after a batch that was not full: what a batch costs is
    /// shared by all that is in it.
    pub linger: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(60),
            poll: Duration::from_millis(500),
            linger: LINGER,
        }
    }
}

/// Short beside what a person notices.
pub(crate) const LINGER: Duration = Duration::from_millis(25);

/// Whether a job found something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing: sleep until woken.
    Idle,
    /// Something: look again soon.
    Worked,
    /// As much as a batch holds: look again at once.
    Full,
}

/// A job could not do its work now.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Anything else, in a sentence.
    #[error("{0}")]
    Other(String),
}

impl Progress {
    /// Of a batch of so many out of at most `limit`.
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
    /// Where its work waits.
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

    /// Creates a worker that hands each object of a topic's wake-ups to `action`, as many as one
    /// transaction holds; `state` is what `action` needs beside the context.
    pub fn for_each<S, E>(
        name: &'static str,
        topic: &'static str,
        state: S,
        action: for<'a> fn(&'a mut Tx, &'a Context, &'a S, Uuid) -> BoxFuture<'a, Result<(), E>>,
    ) -> Self
    where
        S: Clone + Send + Sync + 'static,
        E: Into<JobError> + Send + 'static,
    {
        Self::new(name, topic, move |context: Context, _| {
            let state = state.clone();
            async move {
                let Some((mut tx, claimed)) = wake_up::claimed(&context, topic).await? else {
                    return Ok(Progress::Idle);
                };
                for wake_up in &claimed {
                    let done = action(&mut tx, &context, &state, wake_up.object_id).await;
                    done.map_err(Into::into)?;
                }
                Ok(wake_up::worked(tx, &claimed).await?)
            }
        })
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

    /// One batch.
    ///
    /// # Errors
    /// What the job says.
    pub async fn run(&self, context: Context, id: Uuid) -> Result<Progress, JobError> {
        (self.run)(context, id).await
    }
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Running jobs of this process.
#[derive(Debug)]
pub struct Runner {
    tasks: JoinSet<()>,
    stop: CancellationToken,
}

impl Runner {
    /// Starts all workers and schedules.
    #[must_use]
    pub fn start(
        context: &Context,
        settings: Settings,
        workers: Vec<Worker>,
        schedules: Vec<Schedule>,
    ) -> Self {
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        let (pauses, watch) = Pauses::follow(context.db.clone(), stop.clone());
        tasks.spawn(watch);
        for worker in workers {
            let (context, pauses) = (context.clone(), pauses.clone());
            tasks.spawn(drive(context, settings, worker, pauses, stop.clone()));
        }
        tasks.spawn(schedule::drive(
            context.clone(),
            settings,
            schedules,
            pauses,
            stop.clone(),
        ));
        let (listener, stopped) = (context.db.clone(), stop.clone());
        tasks.spawn(async move {
            tokio::select! {
                () = listener.listen() => {}
                () = stopped.cancelled() => {}
            }
        });
        Self { tasks, stop }
    }

    /// Lets every job finish what it is doing, then stops.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while let Some(ended) = self.tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a job panicked");
            }
        }
    }
}

async fn drive(
    context: Context,
    settings: Settings,
    worker: Worker,
    mut pauses: Pauses,
    stop: CancellationToken,
) {
    let id = context.ids.next();
    let bell = context.db.wakes().bell(worker.topic);
    let mut failures = 0_u32;
    while !stop.is_cancelled() && pauses.may_begin(worker.name, &stop).await {
        let began = Instant::now();
        // A task of its own, so that a panic ends the batch and not the worker.
        let batch = tokio::spawn((worker.run)(context.clone(), id)).await;
        if !matches!(batch, Ok(Ok(Progress::Idle))) {
            took(worker.name, began);
        }
        let rest = match batch {
            Ok(Ok(Progress::Full)) => {
                failures = 0;
                continue;
            }
            Ok(Ok(Progress::Worked)) => {
                failures = 0;
                tokio::time::sleep(settings.linger).await;
                continue;
            }
            Ok(Ok(Progress::Idle)) => {
                failures = 0;
                settings.poll
            }
            Ok(Err(error)) => rest_after(worker.name, &error.to_string(), &mut failures),
            Err(panic) => rest_after(worker.name, &panic.to_string(), &mut failures),
        };
        tokio::select! {
            () = bell.notified(), if failures == 0 => {}
            () = tokio::time::sleep(rest) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Tells how long a job took, for whoever measures.
pub(super) fn took(job: &'static str, began: Instant) {
    metrics::histogram!("guildhall_job_duration_seconds", "job" => job)
        .record(began.elapsed().as_secs_f64());
}

fn rest_after(job: &'static str, error: &str, failures: &mut u32) -> Duration {
    *failures = failures.saturating_add(1);
    metrics::counter!("guildhall_job_failures_total", "job" => job).increment(1);
    tracing::error!(job, error, failures, "a job failed; it will run again");
    Duration::from_millis(250 * 2_u64.pow((*failures).min(7)))
}
