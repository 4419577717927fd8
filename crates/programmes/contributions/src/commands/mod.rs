//! Commands of the command line: projects, repositories, archives and recorded deliveries.

mod import;
mod project;
mod replay;
mod repo;

use std::{process::ExitCode, time::Duration};

use clap::{CommandFactory as _, FromArgMatches as _};
use platform::{Context, command::Command};

pub(crate) use repo::register_unknown;

/// The commands of this module.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        describe: project::Project::command,
        is_single_threaded: false,
        run: |program, arguments| {
            Box::pin(async move {
                let command = project::Project::from_arg_matches(arguments)?;
                project::run(program, command).await?;
                Ok(ExitCode::SUCCESS)
            })
        },
    },
    Command {
        describe: repo::Repo::command,
        is_single_threaded: false,
        run: |program, arguments| {
            Box::pin(async move {
                let command = repo::Repo::from_arg_matches(arguments)?;
                repo::run(program, command).await?;
                Ok(ExitCode::SUCCESS)
            })
        },
    },
    Command {
        describe: import::Import::command,
        is_single_threaded: false,
        run: |program, arguments| {
            Box::pin(async move {
                let command = import::Import::from_arg_matches(arguments)?;
                import::run(program, command).await?;
                Ok(ExitCode::SUCCESS)
            })
        },
    },
    Command {
        describe: replay::Replay::command,
        // It often shares its machine with the measured server.
        is_single_threaded: true,
        run: |program, arguments| {
            Box::pin(async move {
                let replay = replay::Replay::from_arg_matches(arguments)?;
                replay::run(program, replay).await
            })
        },
    },
];

/// Waits until the inbox and the settlement have nothing left to do.
pub(crate) async fn wait_until_settled(context: &Context) -> anyhow::Result<()> {
    let db = &context.db;
    while github::reads::inbox(db).await?.undone > 0 || platform::jobs::raised(db).await? > 0 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}
