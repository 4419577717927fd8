//! Licenses, bans and sources of the whole tree, by cargo-deny.

use std::{path::PathBuf, process::Command};

use anyhow::Result;

use super::Options;
use crate::{
    process::{cargo, found, succeed},
    tally::Tally,
    workspace::Workspace,
};

const VERSION: &str = "0.20.2";

/// Asks cargo-deny where it is there; it compiles for minutes, so only a machine that judges for
/// everybody (`CI`) fetches it. Advisories need a network and are asked in the workflow.
pub(super) fn check(workspace: &Workspace, options: &Options, tally: &mut Tally) {
    let place = workspace.target.join("tools");
    let own = place.join("bin/cargo-deny");
    let tool = found("cargo-deny").or_else(|| own.is_file().then(|| own.clone()));
    match tool {
        Some(tool) => tally.step("cargo deny", ask(tool)),
        None if options.ci && !options.no_install => {
            println!(
                "cargo-deny {VERSION} is not there: installing it under {}",
                place.display()
            );
            tally.step("cargo deny", install(&place).and_then(|()| ask(own)));
        }
        None => tally.leave_out(format!(
            "cargo deny: `cargo install cargo-deny --locked --version {VERSION}` brings it"
        )),
    }
}

fn install(place: &PathBuf) -> Result<()> {
    let arguments = [
        "install",
        "cargo-deny",
        "--locked",
        "--debug",
        "--version",
        VERSION,
        "--root",
    ];
    succeed(cargo().args(arguments).arg(place))
}

fn ask(tool: PathBuf) -> Result<()> {
    succeed(Command::new(tool).args(["--offline", "check", "bans", "licenses", "sources"]))
}
