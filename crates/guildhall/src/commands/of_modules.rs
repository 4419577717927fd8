//! Commands that modules add.

use std::process::ExitCode;

use clap::ArgMatches;
use futures_util::future::BoxFuture;
use platform::{
    Context,
    command::{Command, Program},
    config::{Config, Flags},
    module::{Modules, Services},
};

use super::{described, load, place, quiet, runtime};
use crate::MODULES;

/// Finds the requested module command and its arguments.
pub(super) fn find(matches: &ArgMatches) -> Option<(Command, &ArgMatches)> {
    let named = |part_of: Option<&str>, name: &str| {
        let is = |command: &Command| (command.describe)().get_name() == name;
        let mut commands = MODULES.commands().into_iter();
        commands.find(|command| command.part_of == part_of && is(command))
    };
    let (name, arguments) = matches.subcommand()?;
    if let Some((part, arguments)) = arguments.subcommand()
        && let Some(command) = named(Some(name), part)
    {
        return Some((command, arguments));
    }
    Some((named(None, name)?, arguments))
}

/// Runs a command of a module.
pub(super) fn run(
    command: Command,
    arguments: &ArgMatches,
    flags: &Flags,
) -> anyhow::Result<ExitCode> {
    let program = CommandProgram(quiet(&mut load(flags)?));
    runtime(command.is_single_threaded)?.block_on((command.run)(&program, arguments))
}

/// The program as commands of modules use it.
struct CommandProgram(Config);

impl Program for CommandProgram {
    fn config(&self) -> &Config {
        &self.0
    }

    fn modules(&self) -> Modules {
        MODULES
    }

    fn command_line(&self) -> clap::Command {
        described()
    }

    fn look(&self) -> BoxFuture<'_, anyhow::Result<Context>> {
        Box::pin(place::look(&self.0))
    }

    fn open(&self) -> BoxFuture<'_, anyhow::Result<Services>> {
        Box::pin(async { Ok(place::open(self.0.clone()).await?.into_services()) })
    }
}
