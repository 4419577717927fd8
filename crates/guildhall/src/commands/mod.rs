//! The command line's verbs, a file each.

mod backup;
mod deliveries;
mod demo;
mod demo_people;
mod doctor;
mod fake;
mod flags;
mod import;
mod keys;
mod ledger;
mod migrate;
mod openapi;
mod place;
mod project;
mod repo;
mod seed;
mod serve;
mod span;
mod user;

use std::{io::Write as _, net::SocketAddr, path::PathBuf, process::ExitCode};
use testkit::replay;

use clap::{Parser, Subcommand};
use platform::config::{Config, Flags, LogFormat, environment};

use crate::App;

/// One server where a developer community runs its programmes.
#[derive(Debug, Parser)]
#[command(name = "guildhall", version, about, long_about = None, arg_required_else_help = true)]
struct Cli {
    /// Where the SQLite database and the key file live [default: data; demo: data/demo]
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run everything with a believable season, on this machine only
    #[command(after_help = "Example:\n  guildhall demo --data-dir /tmp/guildhall")]
    Demo(serve::BindArgs),
    /// Run the server, with its jobs
    #[command(
        after_help = "Example:\n  guildhall serve --data-dir /var/lib/guildhall --bind 0.0.0.0:8080"
    )]
    Serve(serve::Args),
    /// Run the jobs without the server
    #[command(after_help = "Example:\n  guildhall worker --data-dir /var/lib/guildhall")]
    Worker(serve::WorkerArgs),
    /// Show or apply changes to the database's schema
    #[command(subcommand)]
    Migrate(migrate::Command),
    /// Fill the database with data for trying out and measuring
    Seed(seed::Args),
    /// Check configuration, key and database, and say how to mend them
    #[command(after_help = "Example:\n  guildhall doctor --json")]
    Doctor(doctor::Args),
    /// Make projects
    #[command(subcommand)]
    Project(project::Command),
    /// Register repositories
    #[command(subcommand)]
    Repo(repo::Command),
    /// Look after people
    #[command(subcommand)]
    User(user::Command),
    /// List deliveries, and try dead letters again
    #[command(subcommand)]
    Deliveries(deliveries::Command),
    /// Switch what the server offers and whom it calls
    #[command(subcommand)]
    Flags(flags::Command),
    /// Send a file of deliveries to a server, signed as GitHub would
    #[command(
        after_help = "Example:\n  guildhall replay season.jsonl.gz --to http://127.0.0.1:8080 --register lantern --wait"
    )]
    Replay(replay::Args),
    /// Fill a season that began earlier from an archive
    #[command(subcommand)]
    Import(import::Command),
    /// Verify, rebuild or dump the ledger
    #[command(subcommand)]
    Ledger(ledger::Command),
    /// List and rotate the keys that encrypt stored secrets
    #[command(subcommand)]
    Keys(keys::Command),
    /// Write a copy of everything into one file, while servers go on
    #[command(
        after_help = "Example:\n  guildhall backup --to /backups/guildhall-2026-11-20.db\n\nThe secret key is not in it: keep it apart."
    )]
    Backup(backup::BackupArgs),
    /// Bring a backup back where no Guildhall is, and check it
    #[command(
        after_help = "Examples:\n  guildhall restore guildhall.db --data-dir /var/lib/guildhall\n  DATABASE_URL=postgres://guild@db/guild guildhall restore guildhall.db"
    )]
    Restore(backup::RestoreArgs),
    /// Carry an installation on SQLite to PostgreSQL, and prove that all of it arrived
    #[command(
        after_help = "Example:\n  guildhall move --to postgres://guild@db/guild --data-dir /var/lib/guildhall\n\nStop the server first: nobody can write while it runs, nor afterwards at the old place."
    )]
    Move(backup::MoveArgs),
    /// Print the API's description (OpenAPI 3.1)
    #[command(after_help = "Example:\n  guildhall openapi > openapi.json")]
    Openapi,
    /// Run a stand-in for an outside service
    #[command(subcommand)]
    Fake(fake::Command),
}

/// Runs the program; the exit code says how it went: 0 well, 1 not, 2 wrong usage.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    // A second provider is a test's: the first one stays.
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    match run(cli) {
        Ok(code) => code,
        Err(error) => {
            remark(format_args!("guildhall: {}", sentence(&error)));
            ExitCode::FAILURE
        }
    }
}

/// An error with its causes, but none that is told already: many tell theirs themselves.
fn sentence(error: &anyhow::Error) -> String {
    let mut said = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !said.contains(&cause) {
            said = format!("{said}: {cause}");
        }
    }
    said
}

/// Prints a line beside a command's answer.
#[expect(
    clippy::print_stderr,
    reason = "the command line's own word to the person"
)]
fn remark(line: impl std::fmt::Display) {
    eprintln!("{line}");
}

/// Prints a line of a command's answer.
fn say(line: impl std::fmt::Display) {
    // A closed pipe has seen enough: nobody is left to be told.
    writeln!(std::io::stdout(), "{line}").ok();
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let mut config = configuration(&cli)?;
    if needs_a_house(&cli.command) {
        place::must_exist(&config)?;
    }
    let done = |()| ExitCode::SUCCESS;
    // A sender of deliveries shares its machine with the server it measures: one thread costs least.
    let runtime = match cli.command {
        Command::Replay(_) => tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?,
        _ => tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?,
    };
    runtime.block_on(async {
        match cli.command {
            Command::Demo(args) => demo::run(config, args).await.map(done),
            Command::Serve(args) => serve::run(config, args).await.map(done),
            Command::Worker(args) => serve::worker(config, &args).await.map(done),
            Command::Migrate(command) => migrate::run(&config, command).await.map(done),
            Command::Seed(args) => seed::run(quiet(&mut config), args).await.map(done),
            Command::Doctor(args) => doctor::run(config, args).await,
            Command::Project(command) => project::run(quiet(&mut config), command).await.map(done),
            Command::Repo(command) => repo::run(quiet(&mut config), command).await.map(done),
            Command::User(command) => user::run(quiet(&mut config), command).await.map(done),
            Command::Deliveries(command) => {
                deliveries::run(quiet(&mut config), command).await.map(done)
            }
            Command::Flags(command) => flags::run(quiet(&mut config), command).await.map(done),
            Command::Replay(args) => replay_to(config, args).await,
            Command::Import(command) => import::run(quiet(&mut config), command).await.map(done),
            Command::Ledger(command) => ledger::run(quiet(&mut config), command).await,
            Command::Keys(command) => keys::run(quiet(&mut config), command).await,
            Command::Backup(args) => backup::backup(quiet(&mut config), args).await,
            Command::Restore(args) => backup::restore(quiet(&mut config), args).await,
            Command::Move(args) => backup::move_to(quiet(&mut config), args).await,
            Command::Openapi => {
                openapi::run();
                Ok(ExitCode::SUCCESS)
            }
            Command::Fake(command) => fake::run(command).await.map(done),
        }
    })
}

/// Whether a command has nothing to do where no Guildhall is yet. A worker has: it may be started beside
/// the first server and come first.
fn needs_a_house(command: &Command) -> bool {
    match command {
        Command::Migrate(migrate::Command::Status)
        | Command::Project(project::Command::List)
        | Command::Repo(_)
        | Command::User(_)
        | Command::Deliveries(_)
        | Command::Flags(_)
        | Command::Import(_)
        | Command::Ledger(_)
        | Command::Keys(_)
        | Command::Backup(_)
        | Command::Move(_) => true,
        Command::Replay(args) => args.register.is_some() || args.wait,
        _ => false,
    }
}

fn configuration(cli: &Cli) -> anyhow::Result<Config> {
    let bind = match &cli.command {
        Command::Serve(args) => args.bind.bind,
        Command::Demo(args) => args.bind,
        _ => None,
    };
    let mut flags = Flags {
        data_dir: cli.data_dir.clone(),
        bind,
    };
    if matches!(cli.command, Command::Demo(_)) && flags.data_dir.is_none() {
        flags.data_dir = Some(PathBuf::from("data/demo"));
    }
    let environment = environment::text(std::env::vars_os())?;
    Ok(Config::load(&environment, &flags)?)
}

/// For commands a person waits for: warnings only, readable.
fn quiet(config: &mut Config) -> Config {
    platform::telemetry::start_logging(LogFormat::Pretty, "warn");
    config.clone()
}

async fn replay_to(config: Config, args: replay::Args) -> anyhow::Result<ExitCode> {
    let secret = config.github_webhook_secret.clone().ok_or_else(|| {
        anyhow::anyhow!(
            "GITHUB_WEBHOOK_SECRET is not set: deliveries are signed with it; give it the server's"
        )
    })?;
    let app = match args.register.is_some() || args.wait {
        true => Some(App::open(config).await?),
        false => None,
    };
    let needed = || app.clone().expect("opened for --register and --wait");
    let register = async |slug: &str, found: Vec<(i64, String)>| {
        repo::register_unknown(&needed(), slug, found).await
    };
    let wait = async || serve::wait_until_done(&needed()).await;
    replay::run(args, &secret, register, wait).await
}

/// Where a server listens, for a person to open.
fn address(bind: SocketAddr) -> String {
    format!("http://{bind}/")
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn a_cause_is_told_once() {
        let cause = std::io::Error::other("no room");
        let told = anyhow::Error::from(cause).context("cannot write x: no room");
        assert_eq!(sentence(&told), "cannot write x: no room");
        let untold = anyhow::anyhow!("no room").context("cannot write x");
        assert_eq!(
            sentence(&untold.context("sorry")),
            "sorry: cannot write x: no room"
        );
    }
}
