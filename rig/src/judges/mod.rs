//! External judges: programs by others test Guildhall, and the services it depends on are made to fail.

mod attacks;
mod browser;
mod calendar;
mod clients;
mod credentials;
mod faults;
mod mail;
mod octokit;
mod openapi;
mod openid;
mod prism;
mod sync;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Result;
use clap::Args;
use xtask::{
    postgres::{self, Manner, Postgres},
    tally::Tally,
    workspace::Workspace,
};

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
    /// Run only the steps whose name contains this text. The judges `browser`, `faults` and `sync` have steps.
    #[arg(long, value_name = "TEXT", default_value = "")]
    step: String,
}

pub(crate) struct Judge {
    /// The name for `--only`.
    pub(crate) name: &'static str,
    /// Fetches the programs it needs; an error says what is missing.
    prepare: fn(&Surroundings) -> Result<()>,
    run: fn(&Surroundings, &mut Tally) -> Result<()>,
}

pub(crate) const ALL: &[Judge] = &[
    Judge { name: "octokit", prepare: octokit::prepare, run: octokit::run },
    Judge { name: "prism", prepare: prism::prepare, run: prism::run },
    Judge { name: "browser", prepare: browser::prepare, run: browser::run },
    Judge { name: "paths", prepare: browser::paths::prepare, run: browser::paths::run },
    Judge { name: "mail", prepare: mail::prepare, run: mail::run },
    Judge { name: "openapi", prepare: openapi::prepare, run: openapi::run },
    Judge { name: "clients", prepare: clients::prepare, run: clients::run },
    Judge { name: "openid", prepare: openid::prepare, run: openid::run },
    Judge { name: "credentials", prepare: credentials::prepare, run: credentials::run },
    Judge { name: "calendar", prepare: calendar::prepare, run: calendar::run },
    Judge { name: "attacks", prepare: attacks::prepare, run: attacks::run },
    Judge { name: "faults", prepare: faults::prepare, run: faults::run },
    Judge { name: "sync", prepare: sync::prepare, run: sync::run },
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
}

impl Surroundings<'_> {
    /// The program to judge.
    fn program(&self) -> PathBuf {
        self.binary.to_owned()
    }

    /// Returns true if a step should run.
    fn wants(&self, step: &str) -> bool {
        step.contains(self.step)
    }
}

/// Runs the judges. A judge whose needs cannot be met is left out.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> ExitCode {
    let listed = ALL.iter().map(|judge| judge.name).eq(xtask::JUDGES.iter().copied());
    assert!(listed, "xtask::JUDGES, by which `cargo xtask test` starts judges, is another list");
    let mut tally = Tally::default();
    let manner = Manner { durable: false, keep: options.keep };
    let postgres = match postgres::programs_or_install(!options.no_install) {
        Ok(programs) => Postgres::start(workspace, &programs, manner)
            .map_err(|error| tally.fail(1, format!("{error:#}")))
            .ok(),
        // Each judge reports what it leaves out.
        Err(error) => {
            println!("{error:#}");
            None
        }
    };
    let surroundings = Surroundings {
        workspace,
        postgres: postgres.as_ref(),
        install: !options.no_install,
        keep: options.keep,
        binary: &options.binary,
        step: &options.step,
    };
    let wanted = |judge: &&Judge| {
        options.only.is_empty() || options.only.iter().any(|name| name == judge.name)
    };
    for judge in ALL.iter().filter(wanted) {
        hear(judge, &surroundings, &mut tally);
    }
    tally.hand_over()
}

fn hear(judge: &Judge, surroundings: &Surroundings<'_>, tally: &mut Tally) {
    println!("\n== judge {}", judge.name);
    let prepared = (judge.prepare)(surroundings);
    tally.time(&format!("fetching for judge {}", judge.name));
    if let Err(error) = prepared {
        tally.leave_out(format!("judge {}: {error:#}", judge.name));
    } else if let Err(error) = (judge.run)(surroundings, tally) {
        tally.fail(1, format!("judge {}: {error:#}", judge.name));
    }
}
