use platform::{
    Context,
    audit::Actor,
    config::Config,
    jobs::{JobCommand, JobControl, JobsStatus, QueueState, QueueStatus},
    processes,
};

use super::{place, remark, say};
use crate::api::JobList;

/// Subcommands of `jobs`.
#[derive(Clone, Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List the scheduled jobs with their last runs, and the queues with their workers
    #[command(after_help = "Examples:\n  guildhall jobs list\n  guildhall jobs list --json")]
    List {
        /// Print the result as one JSON object, as `GET /api/v1/admin/jobs` does
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

pub(super) async fn run(config: Config, command: Command) -> anyhow::Result<()> {
    let services = place::open(config).await?.into_services();
    let context = &services.context;
    let done = work(context, &JobControl(services.jobs()), command).await;
    let running = processes::all(&context.db).await.unwrap_or_default();
    context.db.close().await;
    say(done?);
    if let Some(why) = processes::no_one_works(&running, context.now()) {
        remark(why);
    }
    Ok(())
}

/// Does what the command says; returns what to print.
async fn work(context: &Context, jobs: &JobControl, command: Command) -> anyhow::Result<String> {
    let (name, command) = match command {
        Command::List { json: false } => return Ok(lines(&jobs.all(context).await?)),
        Command::List { json: true } => {
            return Ok(serde_json::to_string(&JobList::from(jobs.all(context).await?))?);
        }
        Command::Run { name } => (name, JobCommand::Run),
        Command::Pause { name, reason } => (name, JobCommand::Pause(reason)),
        Command::Resume { name } => (name, JobCommand::Resume),
    };
    let name = jobs.named(&name)?.now;
    let done = jobs.run(context, Actor::Operator, name, command.clone()).await?;
    Ok(match command {
        JobCommand::Pause(_) => format!("{name} is paused."),
        JobCommand::Resume => format!("{name} is not paused."),
        _ if done > 0 => format!("Requested a run of {name}."),
        _ => format!("A run of {name} waits already, or is in progress."),
    })
}

fn lines(all: &JobsStatus) -> String {
    let schedules = all.schedules.iter().map(|it| {
        let state = match it.runs.first() {
            _ if it.is_paused => "paused",
            None => "no run yet",
            Some(run) => {
                let said = run.last_error.as_deref().or(run.outcome.as_deref());
                said.unwrap_or("waits, or is in progress")
            }
        };
        format!("{:28} {:14} {state}", it.job.now, it.cron)
    });
    let queues = all.queues.iter().map(|QueueStatus { state, is_paused, .. }| {
        let QueueState { name, depth, dead, .. } = state;
        let paused = if *is_paused { ", paused" } else { "" };
        format!("{name:28} queue          {depth} pending, {dead} failed{paused}")
    });
    schedules.chain(queues).collect::<Vec<_>>().join("\n")
}
