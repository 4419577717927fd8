use std::process::ExitCode;

use crate::command::{FollowArgs, Program, Run, remark};

/// The name of the group.
pub(super) const NAME: &str = "sync";

/// Describes the group of commands that have a server or a worker read other services.
pub(super) fn describe() -> clap::Command {
    clap::Command::new(NAME)
        .about("Have a server or a worker read GitHub or the game platform now")
        .subcommand_required(true)
        .arg_required_else_help(true)
}

/// Have everything read: all repositories from GitHub, and everyone from the game platform
#[derive(Clone, Copy, Debug, clap::Parser)]
#[command(
    name = "all",
    after_help = "Examples:\n  guildhall sync all\n  guildhall sync all --json\n\nWhat is switched off or fails does not keep the rest from being read. With `--json`, there is a line for each. Exit codes: 0 success, 1 something failed, 2 wrong usage."
)]
pub(super) struct All {
    #[command(flatten)]
    following: FollowArgs,
}

impl Run for All {
    async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        let mut failed = Vec::new();
        let commands = program.modules().commands().into_iter();
        for command in commands.filter(|it| it.part_of == Some(NAME) && it.is_in_all) {
            let described = (command.describe)().no_binary_name(true);
            let name = described.get_name().to_owned();
            let arguments = described.try_get_matches_from(self.following.given())?;
            if let Err(error) = (command.run)(program, &arguments).await {
                remark(format_args!("{name}: {error:#}"));
                failed.push(name);
            }
        }
        anyhow::ensure!(failed.is_empty(), "not everything was read: {}", failed.join(", "));
        Ok(ExitCode::SUCCESS)
    }
}
