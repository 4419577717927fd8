//! Builds the test programs of the crates with fuzz targets.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};
use xtask::{
    process::{cargo, found, output},
    workspace::Workspace,
};

use super::targets::Target;
use crate::programs::Program;

/// Flags of the stable compiler that make bolero use libFuzzer, and every branch and comparison report to it.
const FLAGS: &[&str] = &[
    "--cfg fuzzing",
    "--cfg fuzzing_libfuzzer",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/// The test programs by crate.
pub(super) struct Programs(BTreeMap<String, PathBuf>);

impl Programs {
    /// Builds the programs of these targets, in a folder of their own.
    pub(super) fn build(workspace: &Workspace, targets: &[Target]) -> Result<Self> {
        ensure!(
            found("c++").is_some(),
            "install a C++ compiler, such as Debian's package `g++`: libFuzzer is compiled from source"
        );
        let packages: BTreeSet<&str> = targets.iter().map(|t| t.package.as_str()).collect();
        println!(
            "building {} with coverage counters; the first time, this takes as long as a build of the server",
            packages.iter().copied().collect::<Vec<_>>().join(", ")
        );
        let apart = apart(workspace);
        let within = packages.difference(&apart).copied().collect();
        let mut programs = BTreeMap::new();
        // The second command names all crates, so that nothing is compiled again with other features.
        for (packages, tests) in [(within, "--lib"), (packages, "--test=unit")] {
            let mut command = command(workspace, &packages)?;
            let messages = output(command.arg(tests).stderr(Stdio::inherit()))?;
            let built = Program::read(&messages);
            programs.extend(built.map(|program| (program.package, program.executable)));
        }
        Ok(Self(programs))
    }

    pub(super) fn of(&self, target: &Target) -> Result<&PathBuf> {
        let program = self.0.get(&target.package);
        program.with_context(|| format!("cargo built no tests of {}", target.package))
    }
}

fn command(workspace: &Workspace, packages: &BTreeSet<&str>) -> Result<Command> {
    let mut command = cargo();
    // With a named target, build scripts and macros are compiled without the flags.
    command
        .args(["test", "--locked", "--no-run", "--release"])
        .args(["--message-format", "json-render-diagnostics", "--target"])
        .arg(host()?)
        .args(packages.iter().flat_map(|package| ["--package", package]))
        .env("CARGO_TARGET_DIR", workspace.target.join("fuzz"))
        .env("RUSTFLAGS", FLAGS.join(" "))
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        // Integers that overflow count as failures too.
        .env("CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS", "true");
    Ok(command)
}

/// Returns the name of this machine's target.
fn host() -> Result<String> {
    let about = output(Command::new("rustc").arg("-vV"))?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("`rustc -vV` does not name the host")?.to_owned())
}

/// Returns the crates whose unit tests are in `tests/unit.rs`.
fn apart(workspace: &Workspace) -> BTreeSet<&str> {
    let packages = workspace.packages.iter();
    let apart = packages.filter(|package| package.targets.iter().any(|it| it.name == "unit"));
    apart.map(|package| package.name.as_str()).collect()
}
