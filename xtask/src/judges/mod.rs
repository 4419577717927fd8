//! Outside judges: what others have written, held against the house, and what it stands on taken away.

mod browser;
mod faults;
mod mail;
mod octokit;
mod openapi;
mod openid;

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::{
    postgres::Postgres,
    process::{cargo, succeed},
    tally::Tally,
    workspace::Workspace,
};

/// One judge.
pub(crate) struct Judge {
    /// The name for `--only`.
    pub(crate) name: &'static str,
    /// What it needs from outside, or why that is not to be had.
    prepare: fn(&Surroundings) -> Result<()>,
    /// Its sentence.
    run: fn(&Surroundings, &mut Tally) -> Result<()>,
}

/// Every judge.
pub(crate) const ALL: &[Judge] = &[
    Judge {
        name: "octokit",
        prepare: octokit::prepare,
        run: octokit::run,
    },
    Judge {
        name: "browser",
        prepare: browser::prepare,
        run: browser::run,
    },
    Judge {
        name: "mail",
        prepare: mail::prepare,
        run: mail::run,
    },
    Judge {
        name: "openapi",
        prepare: openapi::prepare,
        run: openapi::run,
    },
    Judge {
        name: "openid",
        prepare: openid::prepare,
        run: openid::run,
    },
    Judge {
        name: "faults",
        prepare: faults::prepare,
        run: faults::run,
    },
];

/// What a judge finds around it.
pub(crate) struct Surroundings<'a> {
    /// The workspace.
    pub(crate) workspace: &'a Workspace,
    /// A throw-away cluster, if there is one.
    pub(crate) postgres: Option<&'a Postgres>,
    /// Whether something may be installed.
    pub(crate) install: bool,
    /// Whether data folders stay.
    pub(crate) keep: bool,
    /// The program to judge, if it need not be built.
    pub(crate) binary: Option<&'a Path>,
}

impl Surroundings<'_> {
    /// The program to judge; built when none was given.
    fn program(&self) -> Result<PathBuf> {
        if let Some(binary) = self.binary {
            return Ok(binary.to_owned());
        }
        succeed(cargo().args(["build", "--locked", "--workspace", "--bins"]))?;
        Ok(self.workspace.target.join("debug/guildhall"))
    }
}

/// Hears the judges one by one. One whose needs cannot be met is left out.
pub(crate) fn run(surroundings: &Surroundings, judges: &[&Judge], tally: &mut Tally) {
    for judge in judges {
        println!("\n== judge {}", judge.name);
        if let Err(error) = (judge.prepare)(surroundings) {
            tally.leave_out(format!("judge {}: {error:#}", judge.name));
        } else if let Err(error) = (judge.run)(surroundings, tally) {
            tally.fail(1, format!("judge {}: {error:#}", judge.name));
        }
    }
}
