//! `cargo xtask drill`: makes failures of servers of its own, and measures how long it takes to see and to repair them.

use std::{fs, path::PathBuf, process::Command, process::ExitCode};

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use xtask::{
    process::{cargo, succeed},
    workspace::Workspace,
};

/// The extensions of drills, with the programs that run them.
const RUN_BY: [(&str, &str); 2] = [("py", "python3"), ("sh", "sh")];
/// The name of the file that the drills share, which is not a drill itself.
const SHARED: &str = "drill";

/// Options of `cargo xtask drill`.
#[derive(Args)]
pub(crate) struct Options {
    /// The drill, such as `full-disk`, or `all`.
    name: String,
    /// Run the drills with this binary instead of building one.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// The binary of the release before, for `rolling-upgrade` [default: the same binary]
    #[arg(long, value_name = "FILE")]
    previous: Option<PathBuf>,
}

/// Runs the drills one after another. Each prints a line of JSON; the exit code is 1 if one failed.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    let mut all = drills(workspace)?;
    let names: Vec<String> = all.iter().map(|(name, ..)| name.clone()).collect();
    all.retain(|(name, ..)| options.name == "all" || options.name == *name);
    ensure!(!all.is_empty(), "no drill is called {}: there are {}", options.name, names.join(", "));
    if options.binary.is_none() {
        succeed(cargo().args(["build", "--locked", "--package", "guildhall"]))?;
    }
    let built = || workspace.target.join("debug/guildhall");
    let binary = options.binary.clone().unwrap_or_else(built);
    let mut have_passed = true;
    for (name, program, file) in all {
        let mut command = Command::new(program);
        command.arg(&file).env("GUILDHALL", &binary);
        command.envs(options.previous.iter().map(|previous| ("GUILDHALL_PREVIOUS", previous)));
        let status = command.status();
        have_passed &= status.with_context(|| format!("cannot run the drill {name}"))?.success();
    }
    Ok(if have_passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns the names of the drills, in their order, with the program that runs each and its file.
fn drills(workspace: &Workspace) -> Result<Vec<(String, &'static str, PathBuf)>> {
    let folder = workspace.root.join("ops/drills");
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let text = |part: Option<&std::ffi::OsStr>| part?.to_str().map(str::to_owned);
        let (Some(name), Some(kind)) = (text(path.file_stem()), text(path.extension())) else {
            continue;
        };
        let by = RUN_BY.iter().find(|(extension, _)| *extension == kind);
        if let Some((_, program)) = by.filter(|_| name != SHARED) {
            found.push((name, *program, path));
        }
    }
    found.sort();
    Ok(found)
}
