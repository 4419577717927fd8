use anyhow::Context as _;
use kernel::counted;
use platform::{
    Context,
    audit::Actor,
    command::{FollowArgs, Work, WorkState, follow, say},
    module::Services,
};
use serde_json::{Value, json};

use crate::{
    actions::{integration_on, request_sync},
    gateway::Platforms,
    model::SyncRunId,
    reads::{self, SyncRunView},
    rules::runs::{RunOutcome, RunScope, SyncCounts, Trigger},
};

/// Have the competitors and teams of a coach read from the game platform
#[derive(Clone, Debug, clap::Parser)]
#[command(
    name = "coach",
    after_help = "Examples:\n  guildhall sync coach wren-oak\n  guildhall sync coach wren-oak --json\n\nA server or a worker does the run; standard error shows the progress. A run in progress that covers the coach counts. Exit codes: 0 the run succeeded (with `--no-wait`: it was requested), 1 it failed or the integration is off, 2 wrong usage."
)]
pub(super) struct SyncCoach {
    /// The coach's login, or ID
    #[arg(value_name = "LOGIN")]
    login: String,
    #[command(flatten)]
    following: FollowArgs,
}

/// Have everyone read from the game platform
#[derive(Clone, Copy, Debug, clap::Parser)]
#[command(
    name = "game-platform",
    after_help = "Examples:\n  guildhall sync game-platform\n  guildhall sync game-platform --no-wait --json\n\nA server or a worker does the run; standard error shows the progress. A run of everyone in progress counts. Exit codes: 0 the run succeeded (with `--no-wait`: it was requested), 1 it failed or the integration is off, 2 wrong usage."
)]
pub(super) struct SyncGamePlatform {
    #[command(flatten)]
    following: FollowArgs,
}

impl Work for SyncCoach {
    async fn work(self, services: &Services) -> anyhow::Result<()> {
        let db = &services.context.db;
        let person = identity::reads::find_named(db, &self.login).await?;
        let coach = reads::coach_of(db, person.id.into()).await?;
        let coach = coach.with_context(|| format!("{} is no coach: see /admin/ctf", self.login))?;
        sync(services, RunScope::Coach(coach.id.into()), self.following).await
    }
}

impl Work for SyncGamePlatform {
    async fn work(self, services: &Services) -> anyhow::Result<()> {
        sync(services, RunScope::All, self.following).await
    }
}

/// Requests a run, as the pages do, waits for its end and prints it.
///
/// # Errors
/// When the integration is off, the run did not succeed, or nothing changes for a minute.
async fn sync(app: &Services, scope: RunScope, following: FollowArgs) -> anyhow::Result<()> {
    let context = &app.context;
    context.flags.look_ahead(&context.db).await?;
    integration_on(context, &Platforms::of(&app.config))?;
    let requested = request_sync(context, Some(Actor::Operator), Trigger::Admin, scope).await?;
    if !following.no_wait {
        follow(|| async { Ok(going(&run(context, requested.run).await?)) }).await?;
    }
    let run = run(context, requested.run).await?;
    if following.json {
        say(object(&run));
    } else {
        say(line(&run));
    }
    anyhow::ensure!(
        following.no_wait || run.outcome == Some(RunOutcome::Success),
        "the run did not succeed: {}. See /admin/game-platform for the errors",
        run.said()
    );
    Ok(())
}

async fn run(context: &Context, id: SyncRunId) -> anyhow::Result<SyncRunView> {
    let found = reads::sync_run(&context.db, id).await?;
    found.context("the run no longer exists: request another one")
}

fn going(run: &SyncRunView) -> WorkState {
    WorkState { says: line(run), is_over: run.is_finished() }
}

fn line(run: &SyncRunView) -> String {
    let part = |counts: SyncCounts, one: &str, many: &str| {
        let SyncCounts { total, synced, skipped, failed } = counts;
        let all = counted(total, one, many);
        format!("{all}: {synced} synced, {skipped} without news, {failed} failed")
    };
    let competitors = part(run.competitors(), "competitor", "competitors");
    format!("{}; {competitors}; {}", run.said(), part(run.teams(), "team", "teams"))
}

fn object(run: &SyncRunView) -> Value {
    let part = |counts: SyncCounts| {
        let SyncCounts { total, synced, skipped, failed } = counts;
        json!({ "total": total, "synced": synced, "skipped": skipped, "failed": failed })
    };
    json!({
        "run": {
            "id": run.id, "state": run.state, "outcome": run.outcome.map(RunOutcome::as_str),
            "competitors": part(run.competitors()), "teams": part(run.teams()),
        },
    })
}
