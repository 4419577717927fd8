//! Commands for projects, seasons, repositories, points, disputes, archives and recorded deliveries.

mod arguments;
mod dispute;
mod exclusions;
mod import;
mod project;
mod replay;
mod repo;
mod rules;
mod score;
mod season;
mod sync;

use std::time::Duration;

use platform::{Context, command::Command};

pub(crate) use repo::register_unknown;

pub(crate) const COMMANDS: &[Command] = &[
    Command::of::<project::Project>(),
    Command::of::<repo::Repo>(),
    Command::of::<season::Season>(),
    Command::of::<score::Score>(),
    Command::of::<dispute::Dispute>(),
    Command::of::<import::Import>(),
    Command { part_of: Some("sync"), ..Command::of::<sync::SyncRepository>() },
    Command { part_of: Some("sync"), is_in_all: true, ..Command::of::<sync::SyncGithub>() },
    Command {
        // Replay often runs on the same machine as the measured server.
        is_single_threaded: true,
        ..Command::of::<replay::Replay>()
    },
];

/// Waits until the inbox and settlement are idle.
pub(crate) async fn wait_until_settled(context: &Context) -> anyhow::Result<()> {
    let db = &context.db;
    while github::reads::inbox(db).await?.undone > 0 || platform::jobs::raised(db).await? > 0 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}
