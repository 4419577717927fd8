//! Judge `prism`: GitHub's own description of its REST API (`@octokit/openapi`) judges the calls of a real server.
//! Prism refuses each call that the description does not allow, and answers the others with the description's examples,
//! which the server must read.

mod calls;
mod client;
mod walk;

use std::{
    collections::BTreeSet,
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};

use self::{calls::Recorder, client::Endpoint};
use super::Surroundings;
use crate::deliveries::PATH;
use xtask::{
    fetch,
    postgres::free_port,
    process::{Daemon, Farewell, found, succeed, tied},
    tally::Tally,
};

/// Later versions of Prism need a later Node than Debian's.
const PACKAGES: [&str; 2] = ["@stoplight/prism-cli@5.14.2", "@octokit/openapi@23.0.2"];

/// Fetches Prism and the description.
pub(super) fn prepare(around: &Surroundings) -> Result<()> {
    fetch::npm_packages(&folder(around), &PACKAGES, around.install)
}

fn folder(around: &Surroundings) -> PathBuf {
    around.workspace.target.join("judges/prism")
}

/// Judges a server on SQLite: its calls do not depend on its database.
pub(super) fn run(around: &Surroundings, tally: &mut Tally) -> Result<()> {
    let folder = folder(around);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    sqlx::any::install_default_drivers();
    let port = free_port()?;
    let endpoints = client::endpoints(&around.workspace.root)?;
    let receiver = format!("http://127.0.0.1:{port}{PATH}");
    describe(&folder, &receiver, &endpoints)?;
    let (_prism, prism) = start_prism(&folder)?;
    let (_daemon, recorder) = start_recorder(&folder, prism)?;
    let refused = runtime.block_on(recorder.refuses_wrong_calls());
    tally.step("Prism refuses wrong calls", refused);
    let judged = runtime.block_on(walk::judge(around, &recorder, &endpoints, port));
    tally.step("calls of GitHub's REST API by Prism", judged);
    Ok(())
}

/// Writes the description that Prism serves, for a server that receives deliveries at a URL and makes only these calls.
fn describe(folder: &Path, receiver: &str, endpoints: &BTreeSet<Endpoint>) -> Result<()> {
    let script = folder.join("description.mjs");
    fs::write(&script, include_str!("description.mjs"))?;
    let mut command = Command::new("timeout");
    command.args(["120", "node", "description.mjs", receiver]);
    command.args(endpoints.iter().map(ToString::to_string));
    succeed(command.current_dir(folder))
}

/// Starts Prism; returns its port.
fn start_prism(folder: &Path) -> Result<(Daemon, u16)> {
    let port = free_port()?.to_string();
    let arguments = ["node_modules/.bin/prism", "mock", "--port", &port, "description.json"];
    let prism = node(folder, &arguments, "Prism is listening")?;
    Ok((prism, port.parse()?))
}

/// Starts the recorder before Prism.
fn start_recorder(folder: &Path, prism: u16) -> Result<(Daemon, Recorder)> {
    fs::write(folder.join("recorder.mjs"), include_str!("recorder.mjs"))?;
    let port = free_port()?;
    let arguments = ["recorder.mjs", &port.to_string(), &prism.to_string()];
    Ok((node(folder, &arguments, "ready")?, Recorder { port }))
}

/// Starts a script, and waits until it says that it listens.
fn node(folder: &Path, arguments: &[&str], ready: &str) -> Result<Daemon> {
    let node = found("node");
    ensure!(node.is_some(), "node is not installed beside npm");
    let script = Path::new(arguments[0]).with_extension("log");
    let said = folder.join(script.file_name().unwrap_or_default());
    let mut command = tied(&node.unwrap_or_default(), Farewell::Terminate, None)?;
    command.args(arguments).current_dir(folder);
    let log = File::create(&said)?;
    command.stdout(log.try_clone()?).stderr(log);
    let mut daemon = Daemon::start(&mut command, Farewell::Terminate)?;
    let start = Instant::now();
    while !fs::read_to_string(&said)?.contains(ready) {
        let waits = start.elapsed() < Duration::from_secs(60) && !daemon.has_ended();
        let text = fs::read_to_string(&said)?;
        ensure!(waits, "{} did not start: {text}", arguments[0]);
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(daemon)
}
