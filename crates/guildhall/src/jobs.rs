//! Jobs as admins see them: every schedule and worker by name.

use std::collections::BTreeSet;

use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    ActionError, Context,
    audit::Actor,
    db::DbError,
    jobs::{self, Jobs, QueueState, Run, Schedule},
};

/// Runs of each schedule that the list shows.
const RUNS_EACH: i64 = 3;
/// Runs that a schedule's own page shows.
pub(crate) const RUNS: i64 = 50;

/// Every worker and schedule, to look at and to control.
pub(crate) struct JobControl(pub(crate) Jobs);

/// How a schedule stands.
pub(crate) struct JobStatus {
    pub(crate) name: &'static str,
    /// When it is due, in five fields.
    pub(crate) cron: String,
    /// When it runs next; never while it is paused.
    pub(crate) next_at: Option<Timestamp>,
    pub(crate) is_paused: bool,
    /// The latest first.
    pub(crate) runs: Vec<Run>,
}

/// How a worker's queue stands.
pub(crate) struct QueueStatus {
    pub(crate) state: QueueState,
    pub(crate) is_paused: bool,
    /// Whether it can be paused: what is due at set times is paused by schedule.
    pub(crate) is_worker: bool,
}

/// Everything that runs after the answer.
pub(crate) struct JobsStatus {
    pub(crate) schedules: Vec<JobStatus>,
    pub(crate) queues: Vec<QueueStatus>,
}

/// What to do with a job.
#[derive(Clone, Debug)]
pub(crate) enum JobCommand {
    /// Run a schedule now.
    Run,
    /// Begin nothing more, for this reason.
    Pause(String),
    /// Go on.
    Resume,
    /// Try a schedule's dead letters again.
    RetryDead,
}

impl JobControl {
    fn schedule(&self, name: &str) -> Option<&Schedule> {
        self.0.schedules.iter().find(|one| one.name() == name)
    }

    fn worker(&self, name: &str) -> Option<&'static str> {
        let mut workers = self.0.workers.iter();
        let worker = workers.find(|worker| worker.name == name);
        worker.map(|worker| worker.name)
    }

    /// How all jobs stand.
    pub(crate) async fn all(&self, context: &Context) -> Result<JobsStatus, DbError> {
        let db = &context.db;
        let paused = jobs::paused(db).await?;
        let names: Vec<&str> = self.0.schedules.iter().map(Schedule::name).collect();
        let runs = jobs::last_runs(db, &names, RUNS_EACH).await?;
        let schedules = self.0.schedules.iter().map(|schedule| {
            let own = runs.iter().filter(|run| run.name == schedule.name());
            standing(schedule, &paused, own.cloned().collect(), context.now())
        });
        let waiting = |state: QueueState| QueueStatus {
            is_paused: paused.contains(&state.name),
            is_worker: self.worker(&state.name).is_some(),
            state,
        };
        let queues = jobs::queues(db, &self.0.workers).await?;
        Ok(JobsStatus {
            schedules: schedules.collect(),
            queues: queues.into_iter().map(waiting).collect(),
        })
    }

    /// How one schedule stands, with more of its runs.
    pub(crate) async fn one(
        &self,
        context: &Context,
        name: &str,
    ) -> Result<JobStatus, ActionError> {
        let schedule = self.schedule(name).ok_or_else(|| unknown(name))?;
        let paused = jobs::paused(&context.db).await?;
        let runs = jobs::runs(&context.db, name, RUNS).await?;
        Ok(standing(schedule, &paused, runs, context.now()))
    }

    /// Does what somebody orders of a job; gives how many runs or rows it concerned, where that can be
    /// told.
    pub(crate) async fn obey(
        &self,
        context: &Context,
        actor: Actor,
        name: &str,
        order: JobCommand,
    ) -> Result<u64, ActionError> {
        let schedule = self.schedule(name).map(Schedule::name);
        let any = schedule.or_else(|| self.worker(name));
        let unknown = || unknown(name);
        Ok(match order {
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

fn standing(
    schedule: &Schedule,
    paused: &BTreeSet<String>,
    runs: Vec<Run>,
    now: Timestamp,
) -> JobStatus {
    let is_paused = paused.contains(schedule.name());
    JobStatus {
        name: schedule.name(),
        cron: schedule.cron(),
        next_at: schedule.next_tick(now).filter(|_| !is_paused),
        is_paused,
        runs,
    }
}

fn unknown(name: &str) -> Problem {
    let detail = format!("There is no such job '{name}'. The list of jobs names them all.");
    Problem::new(ProblemKind::NotFound, "JOB_NOT_FOUND", detail)
}
