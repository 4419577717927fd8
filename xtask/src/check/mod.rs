//! `cargo xtask check`: everything that can be said of the code without running it.

mod deny;
mod lock;
mod rooms;
mod sizes;
mod sources;
mod tables;

use clap::{Args, builder::FalseyValueParser};

use crate::{
    process::{cargo, succeed},
    tally::Tally,
    workspace::Workspace,
};

/// How strictly to check.
#[derive(Args)]
pub(crate) struct Options {
    /// Install nothing; name what is missing instead.
    #[arg(long)]
    pub(crate) no_install: bool,
    /// What is left out is a failure.
    #[arg(long, env = "CI", value_parser = FalseyValueParser::new(), hide_env_values = true)]
    pub(crate) ci: bool,
}

/// Runs every check, also after one has failed.
pub(crate) fn run(workspace: &Workspace, options: &Options, tally: &mut Tally) {
    tally.step(
        "formatting",
        succeed(cargo().args(["fmt", "--all", "--check", "--", "-l"])),
    );
    tally.step("who may know whom", rooms::check(workspace));
    tally.step("crates and registries", lock::check(workspace));
    match sources::tracked(workspace) {
        Ok(files) => {
            tally.step("one owner for each table", tables::check(&files));
            tally.step("sizes", sizes::check(&files));
        }
        Err(error) => tally.fail(1, format!("{error:#}")),
    }
    deny::check(workspace, options, tally);
    let clippy = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--quiet",
        "--",
        "--deny",
        "warnings",
    ];
    tally.step("clippy", succeed(cargo().args(clippy)));
}

/// Turns complaints into an outcome.
fn none_of(complaints: &[String]) -> anyhow::Result<()> {
    anyhow::ensure!(complaints.is_empty(), "\n  {}", complaints.join("\n  "));
    Ok(())
}
