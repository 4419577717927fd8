//! Jobs for admins: every schedule and worker by name.

use std::collections::BTreeSet;

use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    ActionError, Context,
    audit::Actor,
    db::DbError,
    jobs::{self, JobName, Jobs, QueueState, Schedule, ScheduledRun, Worker},
};

/// Number of runs per schedule in the list.
const RUNS_EACH: i64 = 3;
/// Number of runs on a schedule's own page.
pub(crate) const RUNS: i64 = 50;

/// Shows and controls every worker and schedule.
pub(crate) struct JobControl(pub(crate) Jobs);

/// A schedule's status.
pub(crate) struct JobStatus {
    pub(crate) name: &'static str,
    /// The cron expression in five fields.
    pub(crate) cron: String,
    /// Time of the next run; `None` while it is paused.
    pub(crate) next_at: Option<Timestamp>,
    pub(crate) is_paused: bool,
    /// The latest first.
    pub(crate) runs: Vec<ScheduledRun>,
}

pub(crate) struct QueueStatus {
    pub(crate) state: QueueState,
    pub(crate) is_paused: bool,
    /// True when it can be paused. Scheduled jobs are paused one by one.
    pub(crate) is_worker: bool,
}

pub(crate) struct JobsStatus {
    pub(crate) schedules: Vec<JobStatus>,
    pub(crate) queues: Vec<QueueStatus>,
}

#[derive(Clone, Debug)]
pub(crate) enum JobCommand {
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

    pub(crate) async fn all(&self, context: &Context) -> Result<JobsStatus, DbError> {
        let db = &context.db;
        let paused = jobs::paused(db).await?;
        let names: Vec<JobName> = self.0.schedules.iter().map(Schedule::names).collect();
        let runs = jobs::last_runs(db, &names, RUNS_EACH).await?;
        let schedules = self.0.schedules.iter().map(|schedule| {
            let own = runs.iter().filter(|run| run.name == schedule.name());
            status(schedule, &paused, own.cloned().collect(), context.now())
        });
        let queue = |state: QueueState| {
            let worker = self.worker(&state.name);
            let is_paused = worker.is_some_and(|worker| worker.is_in(&paused));
            QueueStatus { is_paused, is_worker: worker.is_some(), state }
        };
        let queues = jobs::queues(db, &self.0.workers).await?;
        Ok(JobsStatus {
            schedules: schedules.collect(),
            queues: queues.into_iter().map(queue).collect(),
        })
    }

    /// Returns the status of one schedule, with more of its runs.
    pub(crate) async fn one(
        &self,
        context: &Context,
        name: &str,
    ) -> Result<JobStatus, ActionError> {
        let schedule = self.schedule(name).ok_or_else(|| unknown(name))?;
        let paused = jobs::paused(&context.db).await?;
        let runs = jobs::runs(&context.db, schedule.names(), RUNS).await?;
        Ok(status(schedule, &paused, runs, context.now()))
    }

    /// Executes a command and returns the number of affected runs; 1 for pausing and resuming.
    pub(crate) async fn run(
        &self,
        context: &Context,
        actor: Actor,
        name: &str,
        command: JobCommand,
    ) -> Result<u64, ActionError> {
        let schedule = self.schedule(name).map(Schedule::names);
        let any = schedule.or_else(|| self.worker(name));
        let unknown = || unknown(name);
        Ok(match command {
            JobCommand::Run => {
                let name = schedule.ok_or_else(unknown)?;
                u64::from(jobs::ask(context, actor, name).await?)
            }
            JobCommand::RetryDead => {
                let name = schedule.ok_or_else(unknown)?;
                jobs::retry_dead(context, actor, name).await?
            }
            JobCommand::Pause(reason) => {
                let name = any.ok_or_else(unknown)?;
                jobs::pause(context, actor, name, &reason).await?;
                1
            }
            JobCommand::Resume => {
                let name = any.ok_or_else(unknown)?;
                jobs::resume(context, actor, name).await?;
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
        name: schedule.name(),
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
