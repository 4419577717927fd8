//! Judge `openid`: a script that uses a real OpenID Connect provider (`oidc-provider`) with the running demo: signing
//! in, linking, closing an account, and refusals.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};

use super::{Step, Surroundings, runtime};
use crate::installation::{Installation, OPENID_SECRET};
use xtask::{
    fetch,
    postgres::free_port,
    process::{Daemon, Farewell, found, output, tied},
    tally::Tally,
};

const PROVIDER: &str = "oidc-provider@9.13.3";

/// Fetches the provider.
pub(super) fn prepare(around: &Surroundings) -> Result<()> {
    fetch::npm_packages(&folder(around), &[PROVIDER], around.install)
}

fn folder(around: &Surroundings) -> PathBuf {
    around.workspace.target.join("judges/openid")
}

/// Judges a server on SQLite, and one on PostgreSQL if it is available.
pub(super) fn run(around: &Surroundings, tally: &mut Tally) -> Result<()> {
    fs::write(folder(around).join("walk.mjs"), include_str!("walk.mjs"))?;
    fs::write(folder(around).join("provider.mjs"), include_str!("provider.mjs"))?;
    let mut steps: Vec<Step> = vec![(
        "signing in by oidc-provider on SQLite",
        Box::new(|| runtime()?.block_on(walk(around, "sqlite", None))),
    )];
    match around.postgres {
        Some(postgres) => steps.push((
            "signing in by oidc-provider on PostgreSQL",
            Box::new(|| {
                let url = postgres.new_database("openid")?;
                runtime()?.block_on(walk(around, "postgres", Some(url)))
            }),
        )),
        None => tally
            .leave_out("signing in by oidc-provider on PostgreSQL: PostgreSQL is not available"),
    }
    around.side_by_side(tally, steps);
    Ok(())
}

async fn walk(around: &Surroundings<'_>, engine: &str, database: Option<String>) -> Result<()> {
    let folder = folder(around);
    let mut installation = Installation::fresh(around.program(), folder.join(engine), database)?;
    let (provider, port) = start(&folder, engine)?;
    installation.openid = Some(port);
    let serving = around.demo(&installation).await?;
    let mut command = Command::new("timeout");
    command.args(["120", "node", "walk.mjs"]);
    for port in [serving.port, port] {
        command.arg(format!("http://127.0.0.1:{port}"));
    }
    let walked = output(command.current_dir(folder));
    drop((serving, provider));
    let walked = walked?;
    println!("{walked}");
    around.count("cases", walked.lines().filter(|line| line.starts_with("ok: ")).count());
    fs::remove_dir_all(&installation.data)?;
    Ok(())
}

/// Starts the provider and waits until it listens.
fn start(folder: &Path, engine: &str) -> Result<(Daemon, u16)> {
    let port = free_port()?;
    let node = found("node");
    ensure!(node.is_some(), "node is not installed beside npm");
    let said = folder.join(format!("provider-{engine}.log"));
    let mut command = tied(&node.unwrap_or_default(), Farewell::Terminate, None)?;
    command.args(["provider.mjs", &port.to_string(), OPENID_SECRET]);
    command.current_dir(folder);
    let log = File::create(&said)?;
    command.stdout(log.try_clone()?).stderr(log);
    let mut daemon = Daemon::start(&mut command, Farewell::Terminate)?;
    let start = Instant::now();
    while !fs::read_to_string(&said)?.contains("ready") {
        let waits = start.elapsed() < Duration::from_secs(30) && !daemon.has_ended();
        ensure!(waits, "the provider did not start: {}", fs::read_to_string(&said)?);
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok((daemon, port))
}
