//! The house's own tool: `cargo xtask check | test | bench | dev`. It knows no room.
#![allow(
    clippy::print_stdout,
    reason = "a tool talks to the person who runs it"
)]

mod bench;
mod check;
mod deliveries;
mod dev;
mod fetch;
mod house;
mod http;
mod judges;
mod planted;
mod postgres;
mod process;
mod redis;
mod tally;
mod test;
mod undone;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Checks, tests and runs Guildhall on a machine with only Rust, git and a C compiler.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Formatting, clippy, who may know whom, banned crates, owners of tables, sizes.
    Check(check::Options),
    /// Everything: check, tests on SQLite, tests on a throw-away PostgreSQL, outside judges.
    Test(test::Options),
    /// Speed: the release binary beside its floor and its peers, in one run.
    Bench(bench::Options),
    /// Runs the demo and restarts it whenever a source file changes.
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
    let workspace = workspace::Workspace::load()?;
    match command {
        Command::Check(options) => {
            let mut tally = tally::Tally::default();
            check::run(&workspace, &options, &mut tally);
            Ok(tally.finish(options.ci))
        }
        Command::Test(options) => test::run(&workspace, &options),
        Command::Bench(options) => bench::run(&workspace, &options),
        Command::Dev => dev::run(&workspace),
    }
}
