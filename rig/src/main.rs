//! The test rig: external judges and benchmarks, which run a Guildhall and test it from outside. `cargo xtask test` and
//! `cargo xtask bench` start it.
#![allow(clippy::print_stdout, reason = "a tool talks to the person who runs it")]

mod attempt;
mod bench;
mod deliveries;
mod fake_github;
mod game_platform;
mod http;
mod installation;
mod judges;
mod rosters;
mod undone;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use xtask::workspace::Workspace;

/// Judges and measures a Guildhall server from outside.
#[derive(Parser)]
#[command(name = "rig")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the checks with external tools. Their results are printed for `cargo xtask test` to count.
    Judges(judges::Options),
    /// Take the pictures of README.md and of the guides.
    Pictures(judges::pictures::Options),
    /// Measure the speed of the program against a minimal baseline and comparable servers, in one run.
    Bench(bench::Options),
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
        Command::Judges(options) => Ok(judges::run(&workspace, &options)),
        Command::Pictures(options) => {
            judges::pictures::run(&workspace, &options)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Bench(options) => bench::run(&workspace, &options),
    }
}
