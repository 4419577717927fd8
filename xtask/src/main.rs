//! The project's own tool: `cargo xtask check | test | fuzz | bench | pictures | drill | dev`. It depends on no module.
#![allow(clippy::print_stdout, reason = "a tool talks to the person who runs it")]

mod check;
mod compiler;
mod dev;
mod drill;
mod fuzz;
mod pictures;
mod planted;
mod programs;
mod since;
mod test;
mod tools;

use std::{ffi::OsString, process::ExitCode};

use anyhow::Result;
use clap::{Parser, Subcommand};
use xtask::{
    process::{cargo, succeed},
    tally::Tally,
    workspace::Workspace,
};

/// Checks, tests and runs Guildhall on a machine with only Rust, git and a C compiler.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check formatting, clippy, dependencies between crates, banned crates, owners of tables, sizes and words.
    Check(check::Options),
    /// Run everything: the checks, the tests on SQLite and on a temporary PostgreSQL, and the checks with external tools.
    Test(test::Options),
    /// Run the parsers of outside text on many inputs that reach new code, and keep those inputs for the tests.
    Fuzz(fuzz::Options),
    /// Measure the speed of the program against a minimal baseline and comparable servers, in one run.
    #[command(disable_help_flag = true)]
    Bench {
        /// Options: see `cargo xtask bench --help`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Take the pictures of README.md and of the guides again.
    Pictures(pictures::Options),
    /// Make failures of servers of its own, and measure how long it takes to see and to repair them.
    Drill(drill::Options),
    /// Run the demo and restart it whenever a source file changes.
    Dev,
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    let workspace = Workspace::load()?;
    match command {
        Command::Check(options) => {
            let mut tally = Tally::default();
            check::run(&workspace, &options, &mut tally);
            Ok(tally.finish(options.ci))
        }
        Command::Test(options) => test::run(&workspace, &options),
        Command::Fuzz(options) => fuzz::run(&workspace, &options),
        Command::Bench { arguments } => {
            let rig = ["run", "--quiet", "--package", "rig", "--", "bench"];
            succeed(cargo().args(rig).args(arguments))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Pictures(options) => {
            pictures::run(&workspace, &options)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Drill(options) => drill::run(&workspace, &options),
        Command::Dev => dev::run(&workspace),
    }
}
