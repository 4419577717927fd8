//! External judges: programs by others test Guildhall, and the services it depends on are made to fail.

mod attacks;
mod backups;
mod browser;
mod calendar;
mod clients;
mod cost;
mod credentials;
mod faults;
mod mail;
mod metrics;
mod night;
mod octokit;
mod openapi;
mod openid;
mod prism;
mod season;
mod sync;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{Mutex, PoisonError},
    thread,
    time::Instant,
};

use anyhow::{Result, anyhow};
use clap::Args;
use tokio::{
    runtime::{Builder, Runtime},
    sync::OnceCell,
};
use xtask::{
    postgres::{self, Manner, Postgres},
    tally::Tally,
    workspace::Workspace,
};

pub(crate) use browser::pictures;

/// Options of `rig judges`.
#[derive(Args)]
pub(crate) struct Options {
    /// Run only these judges.
    #[arg(long, value_delimiter = ',', value_name = "JUDGE")]
    only: Vec<String>,
    /// The binary to judge.
    #[arg(long, value_name = "FILE")]
    binary: PathBuf,
    /// Keep PostgreSQL's files and the data folders.
    #[arg(long)]
    keep: bool,
    /// Install nothing; report what is missing.
    #[arg(long)]
    no_install: bool,
    /// Run only the steps whose name contains this text, of judges that have steps.
    #[arg(long, value_name = "TEXT", default_value = "")]
    step: String,
}

pub(crate) struct Judge {
    /// The name for `--only`.
    pub(crate) name: &'static str,
    /// The databases that it uses.
    databases: Databases,
    /// Fetches the programs it needs; an error says what is missing.
    prepare: fn(&Surroundings) -> Result<()>,
    run: fn(&Surroundings, &mut Tally) -> Result<()>,
}

/// The databases that a judge needs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Databases {
    /// SQLite, or clusters of its own.
    Own,
    /// Also the cluster of this process.
    Shared,
}

#[rustfmt::skip]
pub(crate) const ALL: &[Judge] = &[
    Judge { name: "octokit", databases: Databases::Shared, prepare: octokit::prepare, run: octokit::run },
    Judge { name: "prism", databases: Databases::Own, prepare: prism::prepare, run: prism::run },
    Judge { name: "browser", databases: Databases::Own, prepare: browser::prepare, run: browser::run },
    Judge { name: "paths", databases: Databases::Own, prepare: browser::paths::prepare, run: browser::paths::run },
    Judge { name: "mail", databases: Databases::Shared, prepare: mail::prepare, run: mail::run },
    Judge { name: "openapi", databases: Databases::Shared, prepare: openapi::prepare, run: openapi::run },
    Judge { name: "clients", databases: Databases::Own, prepare: clients::prepare, run: clients::run },
    Judge { name: "openid", databases: Databases::Shared, prepare: openid::prepare, run: openid::run },
    Judge { name: "credentials", databases: Databases::Own, prepare: credentials::prepare, run: credentials::run },
    Judge { name: "calendar", databases: Databases::Own, prepare: calendar::prepare, run: calendar::run },
    Judge { name: "backups", databases: Databases::Own, prepare: backups::prepare, run: backups::run },
    Judge { name: "metrics", databases: Databases::Own, prepare: metrics::prepare, run: metrics::run },
    Judge { name: "attacks", databases: Databases::Own, prepare: attacks::prepare, run: attacks::run },
    Judge { name: "faults", databases: Databases::Own, prepare: faults::prepare, run: faults::run },
    Judge { name: "night", databases: Databases::Shared, prepare: night::prepare, run: night::run },
    Judge { name: "sync", databases: Databases::Shared, prepare: sync::prepare, run: sync::run },
];

/// The environment of a judge.
pub(crate) struct Surroundings<'a> {
    pub(crate) workspace: &'a Workspace,
    /// A throw-away cluster, if available.
    pub(crate) postgres: Option<&'a Postgres>,
    /// True when programs may be installed.
    pub(crate) install: bool,
    /// True when data folders are kept.
    pub(crate) keep: bool,
    /// The program to judge.
    pub(crate) binary: &'a Path,
    /// Part of the name of the steps to run.
    step: &'a str,
    /// Set when the cluster has the demo's season.
    season: OnceCell<()>,
    /// The numbers of things judged so far, by name.
    judged: Mutex<BTreeMap<String, u64>>,
}

/// A step that runs beside others, on a thread of its own.
type Step<'a> = (&'static str, Box<dyn FnOnce() -> Result<()> + Send + 'a>);

impl Surroundings<'_> {
    /// The program to judge.
    fn program(&self) -> PathBuf {
        self.binary.to_owned()
    }

    /// Returns true if a step should run.
    fn wants(&self, step: &str) -> bool {
        step.contains(self.step)
    }

    /// Counts what was just judged, such as pages or kills, for the line that lists it.
    fn count(&self, what: &str, number: usize) {
        let mut judged = self.judged.lock().unwrap_or_else(PoisonError::into_inner);
        *judged.entry(what.to_owned()).or_default() += number as u64;
    }

    /// Runs the wanted steps side by side: most of them wait for timers and for each other's services.
    fn side_by_side(&self, tally: &mut Tally, steps: Vec<Step<'_>>) {
        let names: Vec<_> = steps.iter().map(|(name, _)| *name).collect();
        let names = names.join(", ");
        thread::scope(|scope| {
            let wanted = steps.into_iter().filter(|(name, _)| self.wants(name));
            let start = |(name, step): (_, Box<dyn FnOnce() -> Result<()> + Send>)| {
                let timed = move || {
                    let start = Instant::now();
                    (step(), start.elapsed())
                };
                (name, scope.spawn(timed))
            };
            let running: Vec<_> = wanted.map(start).collect();
            if running.is_empty() {
                tally.leave_out(format!("no step is named {:?}: {names}", self.step));
            }
            for (name, thread) in running {
                match thread.join() {
                    Ok((outcome, took)) => tally.took(name, outcome, took),
                    Err(_) => tally.step(name, Err(anyhow!("its thread panicked"))),
                }
            }
        });
    }
}

/// Returns a runtime for a step.
fn runtime() -> Result<Runtime> {
    Ok(Builder::new_multi_thread().worker_threads(2).enable_all().build()?)
}

/// Runs the judges. A judge whose needs cannot be met is left out.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> ExitCode {
    let names = |all: &mut dyn Iterator<Item = &'static str>| all.collect::<BTreeSet<_>>();
    let here = names(&mut ALL.iter().map(|judge| judge.name));
    let started = names(&mut xtask::judges());
    assert_eq!(
        here, started,
        "`cargo xtask test` starts the judges of `GROUPS` in xtask/src/lib.rs"
    );
    let mut tally = Tally::default();
    cost::adopt();
    let is_wanted = |judge: &&Judge| {
        options.only.is_empty() || options.only.iter().any(|name| name == judge.name)
    };
    let wanted: Vec<&Judge> = ALL.iter().filter(is_wanted).collect();
    let is_shared = wanted.iter().any(|judge| judge.databases == Databases::Shared);
    let postgres = is_shared.then(|| cluster(workspace, options, &mut tally)).flatten();
    let mut surroundings = Surroundings {
        workspace,
        postgres: postgres.as_ref(),
        install: !options.no_install,
        keep: options.keep,
        binary: &options.binary,
        step: &options.step,
        season: OnceCell::new(),
        judged: Mutex::default(),
    };
    for judge in wanted {
        hear(judge, &mut surroundings, &mut tally);
    }
    surroundings.end_season();
    tally.hand_over()
}

/// Starts the cluster of this process.
fn cluster(workspace: &Workspace, options: &Options, tally: &mut Tally) -> Option<Postgres> {
    let manner = Manner { durable: false, keep: options.keep };
    match postgres::programs_or_install(!options.no_install) {
        Ok(programs) => Postgres::start(workspace, &programs, manner)
            .map_err(|error| tally.fail(1, format!("{error:#}")))
            .ok(),
        // Each judge reports what it leaves out.
        Err(error) => {
            println!("{error:#}");
            None
        }
    }
}

/// Runs a judge, and prints its cost and what it judged for `cargo xtask test` to list.
fn hear(judge: &Judge, surroundings: &mut Surroundings<'_>, tally: &mut Tally) {
    println!("\n== judge {}", judge.name);
    let prepared = (judge.prepare)(surroundings);
    tally.time(&format!("fetching for judge {}", judge.name));
    let (start, before) = (Instant::now(), cost::so_far());
    if let Err(error) = prepared {
        tally.leave_out(format!("judge {}: {error:#}", judge.name));
    } else if let Err(error) = (judge.run)(surroundings, tally) {
        tally.fail(1, format!("judge {}: {error:#}", judge.name));
    }
    let (took, used) = (start.elapsed(), cost::so_far() - before);
    let judged = surroundings.judged.get_mut().unwrap_or_else(PoisonError::into_inner);
    let judged = std::mem::take(judged).into_iter().map(|(what, count)| format!("{count} {what}"));
    println!(
        "judged: {}, {:.0} s, {:.0} s of CPU: {}",
        judge.name,
        took.as_secs_f64(),
        used.as_secs_f64(),
        judged.collect::<Vec<_>>().join(", ")
    );
}
