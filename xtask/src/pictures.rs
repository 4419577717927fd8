//! `cargo xtask pictures`: takes the pictures of README.md and of the guides again, of the demo in the browser of the judges.

use std::{path::PathBuf, process::Command};

use anyhow::Result;
use clap::Args;
use xtask::{
    process::{cargo, succeed},
    workspace::Workspace,
};

/// Options of `cargo xtask pictures`.
#[derive(Args)]
pub(crate) struct Options {
    /// Take only the pictures whose name contains this text.
    #[arg(long, value_name = "TEXT", default_value = "")]
    only: String,
    /// Show the pages of this binary instead of building one.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
}

/// Builds what is needed, and takes the pictures.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut build = cargo();
    build.args(["build", "--locked", "--package", "rig"]);
    if options.binary.is_none() {
        build.args(["--package", "guildhall"]);
    }
    succeed(&mut build)?;
    let built = || workspace.target.join("debug/guildhall");
    let mut rig = Command::new(workspace.target.join("debug/rig"));
    rig.args(["pictures", "--only", &options.only, "--binary"]);
    rig.arg(options.binary.clone().unwrap_or_else(built));
    succeed(&mut rig)
}
