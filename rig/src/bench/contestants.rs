//! Starts the server, the baseline and the peers.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

use super::{Ground, contest::Contestant, payload::repository_name};
use crate::installation::{Installation, SECRET, is_ready};
use xtask::{
    fetch,
    postgres::{Postgres, free_port},
    process::{Daemon, Farewell, found, tied},
};

/// The repository of the deliveries.
pub(super) const REPOSITORY: u64 = 42;

/// The slug of the project of the repositories.
pub(super) const PROJECT: &str = "bench";

const PEER: &[&str] = &["@octokit/webhooks@14.2.0", "pg@8.23.1"];

/// Starts the server with its production middleware and without jobs.
pub(super) async fn installation(
    ground: &Ground<'_>,
    postgres: Option<&Postgres>,
) -> Result<Contestant> {
    let installation = furnished(ground, "installation", postgres, &[REPOSITORY]).await?;
    let serving = installation.serve(&["--no-jobs"]).await?;
    Ok(Contestant::new("guildhall", serving.daemon, serving.port, postgres))
}

/// Creates an installation without data.
pub(super) async fn empty(
    ground: &Ground<'_>,
    name: &str,
    postgres: Option<&Postgres>,
) -> Result<Installation> {
    let installation = Installation::fresh(
        ground.binary.clone(),
        ground.folder(name, postgres),
        database(name, postgres)?,
    )?;
    installation.command(&["migrate", "up", "--create"])?;
    Ok(installation)
}

/// Creates an installation with `repositories`.
pub(super) async fn furnished(
    ground: &Ground<'_>,
    name: &str,
    postgres: Option<&Postgres>,
    repositories: &[u64],
) -> Result<Installation> {
    let installation = empty(ground, name, postgres).await?;
    add_project(&installation, PROJECT)?;
    for repository in repositories {
        add_repository(&installation, *repository)?;
    }
    Ok(installation)
}

pub(super) fn add_project(installation: &Installation, slug: &str) -> Result<()> {
    installation.command(&["project", "create", "--name", "Bench", "--slug", slug])
}

/// Adds a repository to [`PROJECT`].
pub(super) fn add_repository(installation: &Installation, repository: u64) -> Result<()> {
    repository_of(installation, PROJECT, repository)
}

/// Adds a repository to a project.
pub(super) fn repository_of(
    installation: &Installation,
    slug: &str,
    repository: u64,
) -> Result<()> {
    let (name, id) = (repository_name(repository), repository.to_string());
    installation.command(&["repo", "add", &name, "--project", slug, "--github-id", &id])
}

/// Returns the SQLite installation that an earlier run kept, migrated to this binary's schema.
pub(super) fn kept(ground: &Ground<'_>, name: &str) -> Result<Option<Installation>> {
    let installation = Installation {
        binary: ground.binary.clone(),
        data: ground.folder(name, None),
        database: None,
        github: None,
        openid: None,
        mail: None,
        redis: None,
        push: None,
        settings: Vec::new(),
    };
    if !installation.data.join("guildhall.db").exists() {
        return Ok(None);
    }
    installation.command(&["migrate", "up", "--create"])?;
    Ok(Some(installation))
}

fn database(name: &str, postgres: Option<&Postgres>) -> Result<Option<String>> {
    let new = postgres.map(|postgres| postgres.new_database(&format!("bench_{name}")));
    new.transpose()
}

/// Starts the baseline, on the server's own tables.
pub(super) async fn floor(ground: &Ground<'_>, postgres: Option<&Postgres>) -> Result<Contestant> {
    let database = database("floor", postgres)?;
    let installation =
        Installation::fresh(ground.binary.clone(), ground.folder("floor", postgres), database)?;
    installation.command(&["migrate", "up", "--create"])?;
    let port = free_port()?;
    let mut command = tied(&ground.workspace.target.join("dist/floor"), Farewell::Terminate, None)?;
    command
        .env("FLOOR_BIND", format!("127.0.0.1:{port}"))
        .env("DATABASE_URL", installation.database_url());
    started("floor", &mut command, port, postgres).await
}

/// Starts `@octokit/webhooks`' Node middleware; with PostgreSQL it inserts a row before it answers.
pub(super) async fn node(ground: &Ground<'_>, postgres: Option<&Postgres>) -> Result<Contestant> {
    let node =
        found("node").context("Node is not installed: `apt-get install nodejs` installs it")?;
    let port = free_port()?;
    let mut command = tied(&node, Farewell::Terminate, None)?;
    command
        .arg(peer_script(ground)?)
        .env("PEER_PORT", port.to_string())
        .env("NODE_ENV", "production");
    match database("peer", postgres)? {
        Some(url) => command.env("DATABASE_URL", url),
        None => command.env_remove("DATABASE_URL"),
    };
    let name = if postgres.is_some() { "Node with pg" } else { "Node without a database" };
    started(name, &mut command, port, postgres).await
}

/// Copies the script beside its packages, where Node looks for them.
fn peer_script(ground: &Ground) -> Result<PathBuf> {
    let folder = ground.workspace.target.join("judges/peers");
    fetch::npm_packages(&folder, PEER, ground.install)?;
    let script = folder.join("webhooks.mjs");
    fs::copy(ground.workspace.root.join("bench/peers/webhooks.mjs"), &script)?;
    Ok(script)
}

async fn started(
    name: &'static str,
    command: &mut Command,
    port: u16,
    postgres: Option<&Postgres>,
) -> Result<Contestant> {
    let mut daemon =
        Daemon::start(command.env("GITHUB_WEBHOOK_SECRET", SECRET), Farewell::Terminate)?;
    let start = Instant::now();
    while !is_ready(port).await {
        if daemon.has_ended() {
            bail!("{name} ended before it was ready");
        }
        ensure!(start.elapsed() < Duration::from_secs(30), "{name} did not become ready");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(Contestant::new(name, daemon, port, postgres))
}

impl Ground<'_> {
    fn folder(&self, name: &str, postgres: Option<&Postgres>) -> PathBuf {
        let engine = if postgres.is_some() { "postgres" } else { "sqlite" };
        Path::new(&self.data).join(format!("{name}-{engine}"))
    }
}
