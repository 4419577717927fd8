//! Judge `openid`: a script that uses a real OpenID Connect provider (`oidc-provider`) with the running demo: signing
//! in, linking, closing an account, and refusals.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};

use super::Surroundings;
use crate::installation::{Installation, OPENID_SECRET};
use xtask::{
    fetch,
    postgres::free_port,
    process::{Daemon, Farewell, found, succeed, tied},
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
    let binary = around.program();
    let folder = folder(around);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let installation = Installation::fresh(binary.clone(), folder.join("sqlite"), None)?;
    let on_sqlite = runtime.block_on(walk(&folder, installation));
    tally.step("signing in by oidc-provider on SQLite", on_sqlite);
    let Some(postgres) = around.postgres else {
        tally.leave_out("signing in by oidc-provider on PostgreSQL: PostgreSQL is not available");
        return Ok(());
    };
    let on_postgres = runtime.block_on(async {
        let url = postgres.new_database("openid")?;
        let installation = Installation::fresh(binary, folder.join("postgres"), Some(url))?;
        walk(&folder, installation).await
    });
    tally.step("signing in by oidc-provider on PostgreSQL", on_postgres);
    Ok(())
}

async fn walk(folder: &Path, mut installation: Installation) -> Result<()> {
    let (provider, port) = start(folder)?;
    installation.openid = Some(port);
    let serving = installation.demo().await?;
    fs::write(folder.join("walk.mjs"), include_str!("walk.mjs"))?;
    let mut command = Command::new("timeout");
    command.args(["120", "node", "walk.mjs"]);
    for port in [serving.port, port] {
        command.arg(format!("http://127.0.0.1:{port}"));
    }
    let walked = succeed(command.current_dir(folder));
    drop((serving, provider));
    walked?;
    fs::remove_dir_all(&installation.data)?;
    Ok(())
}

/// Starts the provider and waits until it listens.
fn start(folder: &Path) -> Result<(Daemon, u16)> {
    let port = free_port()?;
    fs::write(folder.join("provider.mjs"), include_str!("provider.mjs"))?;
    let node = found("node");
    ensure!(node.is_some(), "node is not installed beside npm");
    let said = folder.join("provider.log");
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
