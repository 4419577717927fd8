use std::{collections::BTreeSet, process::ExitCode};

use kernel::Timestamp;
use serde_json::{Value, json};

use crate::{
    audit::Actor,
    command::{Program, Run, say},
    jobs::{self, JobName, QueueState, Schedule, ScheduledRun, Worker},
    module::Services,
};

/// List the background jobs, run one now, and pause or resume one
#[derive(Clone, Debug, clap::Parser)]
#[command(name = "jobs")]
pub(super) enum Jobs {
    /// List the scheduled jobs with their last runs, and the queues with their workers
    #[command(after_help = "Examples:\n  guildhall jobs list\n  guildhall jobs list --json")]
    List {
        /// Print the result as one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Request a run of a scheduled job, which a running server or worker does
    #[command(
        after_help = "Example:\n  guildhall jobs run HackathonStateUpdater\n\nNothing is requested if a run waits or is in progress. Exit codes: 0 success, 1 unknown job or failure, 2 wrong usage."
    )]
    Run {
        /// The job's name, or the one that it had in the release before
        name: String,
    },
    /// Let a scheduled job or a worker start nothing until it is resumed
    #[command(
        after_help = "Example:\n  guildhall jobs pause SubmissionValidator --reason 'GitHub is down'\n\nEvery process follows within five seconds. Queued work waits; times of a scheduled job are skipped."
    )]
    Pause {
        /// The job's name, or the one that it had in the release before
        name: String,
        /// The reason, for the audit log
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Resume a paused job
    #[command(after_help = "Example:\n  guildhall jobs resume SubmissionValidator")]
    Resume {
        /// The job's name, or the one that it had in the release before
        name: String,
    },
}

impl Run for Jobs {
    async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        let services = program.open().await?;
        let done = self.work(&services).await;
        services.context.db.close().await;
        say(done?);
        Ok(ExitCode::SUCCESS)
    }
}

impl Jobs {
    /// Does what the command says; returns what to print.
    async fn work(self, services: &Services) -> anyhow::Result<String> {
        let (context, actor) = (&services.context, Actor::Operator);
        let jobs::Jobs { workers, schedules } = services.jobs();
        let of_schedules = || schedules.iter().map(Schedule::names);
        let of_all = || of_schedules().chain(workers.iter().map(Worker::names));
        Ok(match self {
            Self::List { json } => Listed::read(services, &schedules, &workers).await?.shown(json),
            Self::Run { name } => {
                let job = named(of_schedules(), &name)?;
                if jobs::ask(context, actor, job).await? {
                    format!("Requested a run of {}.", job.now)
                } else {
                    format!("A run of {} waits already, or is in progress.", job.now)
                }
            }
            Self::Pause { name, reason } => {
                let job = named(of_all(), &name)?;
                jobs::pause(context, actor, job, &reason).await?;
                format!("{} is paused.", job.now)
            }
            Self::Resume { name } => {
                let job = named(of_all(), &name)?;
                jobs::resume(context, actor, job).await?;
                format!("{} is not paused.", job.now)
            }
        })
    }
}

fn named(mut all: impl Iterator<Item = JobName>, name: &str) -> anyhow::Result<JobName> {
    let found = all.find(|job| job.is(name));
    found.ok_or_else(|| anyhow::anyhow!("there is no such job '{name}': see `guildhall jobs list`"))
}

/// The jobs with their states.
struct Listed<'a> {
    schedules: &'a [Schedule],
    workers: &'a [Worker],
    runs: Vec<ScheduledRun>,
    queues: Vec<QueueState>,
    paused: BTreeSet<String>,
    now: Timestamp,
}

impl<'a> Listed<'a> {
    async fn read(
        services: &Services,
        schedules: &'a [Schedule],
        workers: &'a [Worker],
    ) -> anyhow::Result<Self> {
        let db = &services.context.db;
        let names: Vec<JobName> = schedules.iter().map(Schedule::names).collect();
        Ok(Self {
            schedules,
            workers,
            runs: jobs::last_runs(db, &names, 1).await?,
            queues: jobs::queues(db, workers).await?,
            paused: jobs::paused(db).await?,
            now: services.context.now(),
        })
    }

    fn shown(&self, as_json: bool) -> String {
        if as_json {
            let schedules: Vec<Value> = self.schedules.iter().map(|it| self.schedule(it)).collect();
            let queues: Vec<Value> = self.queues.iter().map(|it| self.queue(it)).collect();
            return json!({ "schedules": schedules, "queues": queues }).to_string();
        }
        let schedules = self.schedules.iter().map(|schedule| {
            let state = match (self.is_paused(schedule.names()), self.last(schedule)) {
                (true, _) => "paused".to_owned(),
                (false, None) => "no run yet".to_owned(),
                (false, Some(run)) => {
                    let said = run.last_error.as_ref().or(run.outcome.as_ref());
                    said.cloned().unwrap_or_else(|| "waits, or is in progress".to_owned())
                }
            };
            format!("{:28} {:14} {state}", schedule.name(), schedule.cron())
        });
        let queues = self.queues.iter().map(|queue| {
            let paused = if self.is_queue_paused(queue) { ", paused" } else { "" };
            let QueueState { name, depth, dead, .. } = queue;
            format!("{name:28} queue          {depth} pending, {dead} failed{paused}")
        });
        schedules.chain(queues).collect::<Vec<_>>().join("\n")
    }

    fn last(&self, schedule: &Schedule) -> Option<&ScheduledRun> {
        self.runs.iter().find(|run| run.name == schedule.name())
    }

    fn is_paused(&self, job: JobName) -> bool {
        job.is_in(&self.paused)
    }

    fn is_queue_paused(&self, queue: &QueueState) -> bool {
        let mut workers = self.workers.iter().map(Worker::names);
        workers.any(|worker| worker.now == queue.name && self.is_paused(worker))
    }

    fn schedule(&self, schedule: &Schedule) -> Value {
        let run = |run: &ScheduledRun| {
            json!({
                "scheduled_at": run.created_at, "started_at": run.started_at, "attempts": run.attempts,
                "completed_at": run.completed_at, "dead_at": run.dead_at, "outcome": run.outcome,
                "error": run.last_error,
            })
        };
        let is_paused = self.is_paused(schedule.names());
        json!({
            "name": schedule.name(), "formerly": schedule.names().formerly, "cron": schedule.cron(),
            "next_run_at": schedule.next_tick(self.now).filter(|_| !is_paused),
            "is_paused": is_paused, "last_run": self.last(schedule).map(run),
        })
    }

    fn queue(&self, queue: &QueueState) -> Value {
        json!({
            "name": queue.name, "depth": queue.depth, "oldest_at": queue.oldest_at, "dead": queue.dead,
            "is_paused": self.is_queue_paused(queue),
        })
    }
}
