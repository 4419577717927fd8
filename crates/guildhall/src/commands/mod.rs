//! The command line, with a file for each command.

mod backup;
mod demo;
mod doctor;
mod flags;
mod jobs;
mod keys;
mod ledger;
mod migrate;
mod of_modules;
mod openapi;
mod place;
mod seed;
mod serve;
mod setup_code;
mod user;

use std::{path::PathBuf, process::ExitCode};

use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use platform::{
    command::{remark, say},
    config::{Config, Flags, LogFormat, environment},
    db::explain,
};
use testkit::fake_command;
use tokio::runtime::{Builder, Runtime};

use crate::{MODULES, sample_data};

/// A self-hosted server for open-source communities: contribution seasons, hackathons, CTF teams, and issues to work on
#[derive(Debug, Parser)]
#[command(
    name = "guildhall",
    version = crate::RELEASE,
    about,
    long_about = None,
    arg_required_else_help = true,
    after_help = "To try it: `guildhall demo`. To run it: `guildhall serve`, then open the address that it prints."
)]
struct Cli {
    /// Directory for the SQLite database and the key file [default: data; for the demo: data/demo]
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Configuration file [default: guildhall.toml in the working directory, if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a demo with sample data, reachable from this machine only
    #[command(after_help = "Example:\n  guildhall demo --data-dir /tmp/guildhall")]
    Demo(serve::BindArgs),
    /// Run the server and its background jobs
    #[command(
        after_help = "Example:\n  guildhall serve --data-dir /var/lib/guildhall --bind 0.0.0.0:8080"
    )]
    Serve(serve::Args),
    /// Run background jobs without the server
    #[command(after_help = "Example:\n  guildhall worker --data-dir /var/lib/guildhall")]
    Worker(serve::WorkerArgs),
    /// Show or apply database migrations
    #[command(subcommand)]
    Migrate(migrate::Command),
    /// Fill the database with sample data for testing and benchmarks
    Seed(seed::Args),
    /// Check the configuration, keys, database and external services, and show how to fix problems
    #[command(after_help = "Example:\n  guildhall doctor --json")]
    Doctor(doctor::Args),
    /// Print a code to become the first admin in a browser, or to sign in as an admin
    #[command(
        after_help = "Examples:\n  guildhall setup-code --data-dir /var/lib/guildhall\n  guildhall setup-code --as octocat"
    )]
    SetupCode(identity::commands::SetupCodeArgs),
    /// Manage people: roles, bans, export and erasure
    #[command(subcommand)]
    User(user::Command),
    /// List and change feature flags
    #[command(subcommand)]
    Flags(flags::Command),
    /// List the background jobs, run one now, and pause or resume one
    #[command(subcommand)]
    Jobs(jobs::Command),
    /// Verify, rebuild or export the ledger
    #[command(subcommand)]
    Ledger(ledger::Command),
    /// List and rotate the keys that encrypt stored secrets
    #[command(subcommand)]
    Keys(keys::Command),
    /// Write a backup of the database to one file. Servers can keep running
    #[command(
        after_help = "Example:\n  guildhall backup --to /backups/guildhall-2026-11-20.db\n\nThe backup does not contain the secret key. Store the key separately."
    )]
    Backup(backup::BackupArgs),
    /// Restore a backup to an empty data directory or database and verify it
    #[command(
        after_help = "Examples:\n  guildhall restore guildhall.db --data-dir /var/lib/guildhall\n  DATABASE_URL=postgres://guild@db/guild guildhall restore guildhall.db\n  guildhall restore guildhall.db --tables badges,seasons --into side.db"
    )]
    Restore(backup::RestoreArgs),
    /// Move an installation from SQLite to PostgreSQL and verify the result
    #[command(
        after_help = "Example:\n  guildhall move --to postgres://guild@db/guild --data-dir /var/lib/guildhall\n\nSet the password with DATABASE_PASSWORD_FILE=PATH. Stop the server and its workers first. The old database is locked during the move and read-only afterward."
    )]
    Move(backup::MoveArgs),
    /// Print the OpenAPI 3.1 description of the API
    #[command(after_help = "Example:\n  guildhall openapi > openapi.json")]
    Openapi,
    /// Simulate an external service, for testing
    #[command(subcommand)]
    Fake(fake_command::Command),
}

/// Runs the program. Exit codes: 0 success, 1 failure, 2 wrong usage.
#[must_use]
pub fn main() -> ExitCode {
    // The database, its log, backups, exports and the key file are for this user alone.
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let matches = described().get_matches();
    // Installing fails when a test has already installed a provider, which is just as good.
    rustls::crypto::ring::default_provider().install_default().ok();
    let code = match run(&matches) {
        Ok(code) => code,
        Err(error) => {
            tracing::debug!(?error, "the command failed");
            remark(format_args!("guildhall: {}", sentence(&error)));
            ExitCode::FAILURE
        }
    };
    match platform::command::unwritten() {
        None => code,
        Some(error) => {
            remark(format_args!("guildhall: cannot write to standard output: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Describes the program's own commands and those of its modules.
fn described() -> clap::Command {
    let add = |program: clap::Command, command: platform::command::Command| {
        let described = (command.describe)();
        match command.part_of {
            Some(own) => program.mut_subcommand(own, |own| own.subcommand(described)),
            None => program.subcommand(described),
        }
    };
    MODULES.commands().into_iter().fold(Cli::command(), add)
}

/// Joins an error and its causes, without causes that an earlier message already contains. The text of a database, which
/// only the debug log shows, is replaced by its meaning.
fn sentence(error: &anyhow::Error) -> String {
    let explained = explain(error.chain());
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        let raw = explained.as_ref().filter(|explained| cause.contains(&explained.raw));
        let said = raw.map_or(cause, |explained| explained.fault.to_string());
        if text.is_empty() {
            text = said;
        } else if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        if raw.is_some() {
            break;
        }
    }
    text
}

fn run(matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    if let Some((command, arguments)) = of_modules::find(matches) {
        let (data_dir, config) = (matches.get_one("data_dir"), matches.get_one("config"));
        let flags = Flags { config: config.cloned(), data_dir: data_dir.cloned(), bind: None };
        return of_modules::run(command, arguments, &flags);
    }
    let cli = Cli::from_arg_matches(matches)?;
    let mut config = configuration(&cli)?;
    let done = |()| ExitCode::SUCCESS;
    runtime(false)?.block_on(async {
        match cli.command {
            Command::Demo(args) => demo::run(config, args).await.map(done),
            Command::Serve(args) => serve::run(config, args).await.map(done),
            Command::Worker(args) => serve::worker(config, &args).await.map(done),
            Command::Migrate(command) => migrate::run(&quiet(&mut config), command).await.map(done),
            Command::Seed(args) => seed::run(quiet(&mut config), args).await.map(done),
            Command::Doctor(args) => doctor::run(config, args).await,
            Command::SetupCode(args) => setup_code::run(quiet(&mut config), &args).await.map(done),
            Command::User(command) => user::run(quiet(&mut config), command).await.map(done),
            Command::Flags(command) => flags::run(quiet(&mut config), command).await.map(done),
            Command::Jobs(command) => jobs::run(quiet(&mut config), command).await.map(done),
            Command::Ledger(command) => ledger::run(quiet(&mut config), command).await,
            Command::Keys(command) => keys::run(quiet(&mut config), command).await,
            Command::Backup(args) => backup::backup(quiet(&mut config), args).await,
            Command::Restore(args) => backup::restore(quiet(&mut config), args).await,
            Command::Move(args) => backup::move_to(quiet(&mut config), args).await,
            Command::Openapi => {
                openapi::run();
                Ok(ExitCode::SUCCESS)
            }
            Command::Fake(command) => {
                sample_data::refuse_in_production(&config)?;
                fake_command::run(command, serve::stop_signal()).await.map(done)
            }
        }
    })
}

fn configuration(cli: &Cli) -> anyhow::Result<Config> {
    let bind = match &cli.command {
        Command::Serve(args) => args.bind.bind,
        Command::Demo(args) => args.bind,
        _ => None,
    };
    let (config, data_dir) = (cli.config.clone(), cli.data_dir.clone());
    let mut flags = Flags { config, data_dir, bind };
    if matches!(cli.command, Command::Demo(_)) && flags.data_dir.is_none() {
        flags.data_dir = Some(PathBuf::from("data/demo"));
    }
    load(&flags)
}

/// Loads the configuration from the environment and flags.
fn load(flags: &Flags) -> anyhow::Result<Config> {
    let environment = environment::text(std::env::vars_os())?;
    Ok(Config::load(&environment, flags)?)
}

fn runtime(is_single_threaded: bool) -> std::io::Result<Runtime> {
    if is_single_threaded {
        Builder::new_current_thread().enable_all().build()
    } else {
        Builder::new_multi_thread().enable_all().build()
    }
}

/// Logs only warnings, in a readable format, for commands that a person waits for, unless the configuration asks for
/// more.
fn quiet(config: &mut Config) -> Config {
    let levels = match config.log.as_str() {
        "info" => "warn",
        levels => levels,
    };
    platform::telemetry::start_logging(LogFormat::Pretty, levels);
    config.clone()
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn a_cause_is_shown_once() {
        let cause = std::io::Error::other("disk full");
        let repeated = anyhow::Error::from(cause).context("cannot write x: disk full");
        assert_eq!(sentence(&repeated), "cannot write x: disk full");
        let plain = anyhow::anyhow!("disk full").context("cannot write x");
        assert_eq!(sentence(&plain.context("sorry")), "sorry: cannot write x: disk full");
    }

    #[test]
    fn the_text_of_the_database_is_replaced_by_its_meaning() {
        let raw = "no such table: users";
        let error = || sea_orm::DbErr::Custom(raw.to_owned());
        let wrapped = platform::ActionError::Db(error().into());
        for error in [
            anyhow::Error::from(platform::db::DbError(error())),
            anyhow::Error::from(error()),
            anyhow::Error::from(wrapped).context("nothing was moved"),
        ] {
            let said = sentence(&error);
            assert!(!said.contains(raw) && !said.contains("Custom"), "{said}");
            assert!(said.contains("guildhall doctor"), "{said}");
        }
    }
}
