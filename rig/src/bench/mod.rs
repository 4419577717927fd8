//! `cargo xtask bench`: measures the release build, the baseline and the peers in one run.

mod boards;
mod contest;
mod contestants;
mod deadline;
mod endtoend;
mod event;
mod full_text;
mod growth;
mod hostile;
mod inbox;
mod issue_hunt;
mod issues;
mod jobs;
mod large;
mod live;
pub(crate) mod load;
mod numbers;
mod opportunities;
mod pages;
pub(crate) mod payload;
mod pictures;
pub(crate) mod proc;
mod report;
mod rosters;
mod scale;
mod settlement;
mod soak;
mod start;
mod traffic;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::{Args, ValueEnum};

use self::report::Report;
use xtask::{
    postgres::{self, Manner, Postgres},
    process::{cargo, succeed},
    workspace::Workspace,
};

/// Selection and length of measurements.
#[derive(Args, Clone)]
pub(crate) struct Options {
    /// Measure only these parts.
    #[arg(long, value_delimiter = ',', value_name = "PART")]
    only: Vec<Part>,
    /// Number of requests per round.
    #[arg(long, default_value_t = 20_000)]
    requests: u64,
    /// Number of rounds for each program.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Number of concurrent connections.
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// Number of people on the leaderboards.
    #[arg(long, default_value_t = 1_000_000)]
    people: u64,
    /// Number of pull requests in the large installation, which is kept for the next run.
    #[arg(long, default_value_t = 1_000_000)]
    large: u64,
    /// Number of competitors on the rosters of CTF teams, each with 200 solves.
    #[arg(long, default_value_t = 10_000)]
    competitors: u32,
    /// Number of submissions to a hackathon in its last minute.
    #[arg(long, default_value_t = 2_000)]
    submissions: usize,
    /// Number of open issues that can be found.
    #[arg(long, default_value_t = 100_000)]
    opportunities: u64,
    /// Number of minutes of the soak.
    #[arg(long, default_value_t = 120)]
    minutes: u32,
    /// Measure this binary instead of building one.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// Measure only on SQLite.
    #[arg(long)]
    no_postgres: bool,
    /// Install nothing; report what is missing.
    #[arg(long)]
    no_install: bool,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Part {
    /// Receiving deliveries, compared with the floor and the peers.
    Inbox,
    /// Settlement by itself.
    Settlement,
    /// From delivery to points.
    EndToEnd,
    /// From delivery to points, in a large installation.
    Growth,
    /// Pages, badges, verification and the move of a large installation.
    Scale,
    /// Ranks and pages of leaderboards.
    Boards,
    /// Pages, cached and rendered.
    Pages,
    /// The sync of CTF teams with a game platform, and their dashboards.
    Rosters,
    /// Submissions to a hackathon in its last minute, and their checks.
    Deadline,
    /// Searches among open issues, and the match of a person with all of them.
    Opportunities,
    /// The job runner by itself.
    Jobs,
    /// Liveness while anonymous clients ask for the most expensive pages.
    Hostile,
    /// Memory and liveness while many people upload the largest pictures.
    Pictures,
    /// Time to start, memory when idle, and size of the binary.
    Start,
    /// Memory, write-ahead log and answers during hours of work. Measured only if it is named.
    Soak,
}

/// The environment of all parts.
struct Ground<'a> {
    workspace: &'a Workspace,
    /// A cluster that writes through to disk.
    postgres: Option<Postgres>,
    /// The server's program.
    binary: PathBuf,
    /// The folder of the data directories.
    data: PathBuf,
    install: bool,
}

/// Builds the release binary, measures it, and writes the report.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    let binary = build(workspace, options)?;
    sqlx::any::install_default_drivers();
    let folder = workspace.target.join("bench");
    let mut report = Report::default();
    let install = !options.no_install;
    let durable = Manner { durable: true, keep: false };
    let start = || {
        let programs = postgres::programs_or_install(install)?;
        Postgres::start(workspace, &programs, durable)
    };
    let postgres = (!options.no_postgres).then(start);
    let postgres = postgres.and_then(|started| {
        let started = started.map_err(|error| report.leave_out(format!("PostgreSQL: {error:#}")));
        started.ok()
    });
    let ground = Ground { workspace, postgres, binary, data: folder.join("data"), install };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(measure(&ground, options, &mut report));
    report.finish(&folder)
}

/// Builds the needed binaries and returns the server's.
fn build(workspace: &Workspace, options: &Options) -> Result<PathBuf> {
    let mut packages = Vec::new();
    if options.wants(Part::Inbox) {
        packages.extend(["--package", "floor"]);
    }
    if options.wants(Part::Jobs) {
        packages.extend(["--package", "noop-jobs"]);
    }
    if options.binary.is_none() {
        packages.extend(["--package", "guildhall"]);
    }
    if !packages.is_empty() {
        let mut command = cargo();
        succeed(command.args(["build", "--profile", "dist", "--locked"]).args(packages))?;
    }
    let built = || workspace.target.join("dist/guildhall");
    Ok(options.binary.clone().unwrap_or_else(built))
}

impl Options {
    fn wants(&self, part: Part) -> bool {
        self.only.contains(&part) || self.only.is_empty() && part != Part::Soak
    }
}

async fn measure(ground: &Ground<'_>, options: &Options, report: &mut Report) {
    let parts = Part::value_variants().iter().copied();
    for part in parts.filter(|part| options.wants(*part)) {
        let (name, outcome) = match part {
            Part::Inbox => ("inbox", inbox::run(ground, options, report).await),
            Part::Settlement => ("settlement", settlement::run(ground, options, report).await),
            Part::EndToEnd => ("end to end", endtoend::run(ground, options, report).await),
            Part::Growth => ("growth", growth::run(ground, options, report).await),
            Part::Scale => ("scale", scale::run(ground, options, report).await),
            Part::Boards => ("boards", boards::run(ground, options, report).await),
            Part::Pages => ("pages", pages::run(ground, options, report).await),
            Part::Rosters => ("rosters", rosters::run(ground, options, report).await),
            Part::Deadline => ("deadline", deadline::run(ground, options, report).await),
            Part::Opportunities => {
                ("opportunities", opportunities::run(ground, options, report).await)
            }
            Part::Jobs => ("jobs", jobs::run(ground, report).await),
            Part::Hostile => ("hostile", hostile::run(ground, options, report).await),
            Part::Pictures => ("pictures", pictures::run(ground, report).await),
            Part::Start => ("start", start::run(ground, report).await),
            Part::Soak => ("soak", soak::run(ground, options, report).await),
        };
        match proc::yardstick() {
            Ok(cost) => {
                report.note(&format!("after {name}: HMAC of 24 KB costs {cost:.1} µs here"));
            }
            Err(error) => report.leave_out(format!("the yardstick: {error:#}")),
        }
        if let Err(error) = outcome {
            report.leave_out(format!("{name}: {error:#}"));
        }
    }
}
