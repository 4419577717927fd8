//! Jobs for admins: every schedule and worker by name.

use std::collections::BTreeSet;

use kernel::{Problem, ProblemKind, Timestamp};

use super::{
    JobName, Jobs, QueueState, Schedule, ScheduledRun, Worker, ask, last_runs, pause, paused,
    queues, resume, retry_dead, runs,
};
use crate::{ActionError, Context, audit::Actor, db::DbError};

/// Number of runs per schedule in the list.
const RUNS_EACH: i64 = 3;
/// Number of runs on a schedule's own page.
const RUNS: i64 = 50;

/// Shows and controls every worker and schedule.
#[derive(Clone, Debug)]
pub struct JobControl(pub Jobs);

/// A schedule's status.
#[derive(Clone, Debug)]
pub struct JobStatus {
    pub job: JobName,
    /// The cron expression in five fields.
    pub cron: String,
    /// Time of the next run; `None` while it is paused.
    pub next_at: Option<Timestamp>,
    pub is_paused: bool,
    /// The latest first.
    pub runs: Vec<ScheduledRun>,
}

/// A queue's status.
#[derive(Clone, Debug)]
pub struct QueueStatus {
    pub state: QueueState,
    /// The worker that can be paused; `None` for scheduled jobs, which are paused one by one.
    pub worker: Option<JobName>,
    pub is_paused: bool,
}

/// The status of every schedule and queue.
#[derive(Clone, Debug)]
pub struct JobsStatus {
    pub schedules: Vec<JobStatus>,
    pub queues: Vec<QueueStatus>,
}

/// A step that a person takes with a job.
#[derive(Clone, Debug)]
pub enum JobCommand {
    /// Run a schedule now.
    Run,
    /// Start no further runs or batches, for this reason.
    Pause(String),
    /// Start runs and batches again.
    Resume,
    /// Retry a schedule's dead letters.
    RetryDead,
}

impl JobControl {
    fn schedule(&self, name: &str) -> Option<&Schedule> {
        self.0.schedules.iter().find(|one| one.names().is(name))
    }

    fn worker(&self, name: &str) -> Option<JobName> {
        self.0.workers.iter().map(Worker::names).find(|worker| worker.is(name))
    }

    /// Finds a schedule or a worker by its present or former name.
    ///
    /// # Errors
    /// When no job has the name.
    pub fn named(&self, name: &str) -> Result<JobName, Problem> {
        let schedule = self.schedule(name).map(Schedule::names);
        schedule.or_else(|| self.worker(name)).ok_or_else(|| unknown(name))
    }

    /// Returns the status of every schedule, with its last runs, and of every queue.
    pub async fn all(&self, context: &Context) -> Result<JobsStatus, DbError> {
        let db = &context.db;
        let paused = paused(db).await?;
        let names: Vec<JobName> = self.0.schedules.iter().map(Schedule::names).collect();
        let runs = last_runs(db, &names, RUNS_EACH).await?;
        let schedules = self.0.schedules.iter().map(|schedule| {
            let own = runs.iter().filter(|run| run.name == schedule.name());
            status(schedule, &paused, own.cloned().collect(), context.now())
        });
        let queue = |state: QueueState| {
            let worker = self.worker(&state.name);
            let is_paused = worker.is_some_and(|worker| worker.is_in(&paused));
            QueueStatus { state, worker, is_paused }
        };
        let queues = queues(db, &self.0.workers).await?;
        Ok(JobsStatus {
            schedules: schedules.collect(),
            queues: queues.into_iter().map(queue).collect(),
        })
    }

    /// Returns the status of one schedule, with more of its runs.
    ///
    /// # Errors
    /// When no schedule has the name, or the database fails.
    pub async fn one(&self, context: &Context, name: &str) -> Result<JobStatus, ActionError> {
        let schedule = self.schedule(name).ok_or_else(|| unknown(name))?;
        let paused = paused(&context.db).await?;
        let runs = runs(&context.db, schedule.names(), RUNS).await?;
        Ok(status(schedule, &paused, runs, context.now()))
    }

    /// Executes a command and returns the number of affected runs; 1 for pausing and resuming.
    ///
    /// # Errors
    /// When no job has the name, the reason of a pause is blank, or the database fails.
    pub async fn run(
        &self,
        context: &Context,
        actor: Actor,
        name: &str,
        command: JobCommand,
    ) -> Result<u64, ActionError> {
        let schedule = || self.schedule(name).map(Schedule::names).ok_or_else(|| unknown(name));
        Ok(match command {
            JobCommand::Run => u64::from(ask(context, actor, schedule()?).await?),
            JobCommand::RetryDead => retry_dead(context, actor, schedule()?).await?,
            JobCommand::Pause(reason) => {
                pause(context, actor, self.named(name)?, &reason).await?;
                1
            }
            JobCommand::Resume => {
                resume(context, actor, self.named(name)?).await?;
                1
            }
        })
    }
}

fn status(
    schedule: &Schedule,
    paused: &BTreeSet<String>,
    runs: Vec<ScheduledRun>,
    now: Timestamp,
) -> JobStatus {
    let is_paused = schedule.names().is_in(paused);
    JobStatus {
        job: schedule.names(),
        cron: schedule.cron(),
        next_at: schedule.next_tick(now).filter(|_| !is_paused),
        is_paused,
        runs,
    }
}

fn unknown(name: &str) -> Problem {
    let detail = format!("Unknown job '{name}'. See /admin/jobs for all jobs.");
    Problem::new(ProblemKind::NotFound, "JOB_NOT_FOUND", detail)
}
