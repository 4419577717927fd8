//! `cargo xtask dev`: runs the demo, rebuilding and restarting it on every change.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    thread,
    time::{Duration, SystemTime},
};

use anyhow::Result;

use xtask::{
    process::{Daemon, Farewell, cargo, succeed, tied},
    workspace::Workspace,
};

/// Builds, runs and waits for a change, in a loop. Ctrl-C ends it.
pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode> {
    let binary = workspace.target.join("debug/guildhall");
    let mut running: Option<Daemon> = None;
    let mut seen = None;
    loop {
        let newest = newest_change(workspace);
        if newest == seen {
            thread::sleep(Duration::from_millis(300));
            continue;
        }
        seen = newest;
        // The old demo keeps running while the new one is built, and also if the build fails.
        match succeed(cargo().args(["build", "--package", "guildhall"])) {
            Ok(()) => {
                drop(running.take());
                running = Some(demo(&binary)?);
            }
            Err(error) => println!("{error:#}; waiting for the next change"),
        }
    }
}

fn demo(binary: &Path) -> Result<Daemon> {
    Daemon::start(tied(binary, Farewell::Terminate, None)?.arg("demo"), Farewell::Terminate)
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|about| about.modified()).ok()
}

fn newest_change(workspace: &Workspace) -> Option<SystemTime> {
    let mut newest = None;
    let mut folders = vec![workspace.root.join("crates")];
    let mut look = |path: &Path| newest = newest.max(modified(path));
    look(&workspace.root.join("Cargo.toml"));
    while let Some(folder) = folders.pop() {
        look(&folder);
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path: PathBuf = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                look(&path);
            }
        }
    }
    newest
}
