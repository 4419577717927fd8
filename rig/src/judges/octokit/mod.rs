//! Judge `octokit`: sends every payload of `@octokit/webhooks-examples` to the inbox of a real server; the tables must
//! then agree with the JSON. `@octokit/graphql-schema`, GitHub's own schema, must accept the queries that the server sends.

mod facts;
mod payloads;
mod tables;

use std::{collections::BTreeMap, fs, path::PathBuf, process::Command, time::Duration};

use anyhow::{Result, ensure};
use sqlx::AnyPool;

use self::{facts::Facts, payloads::Payload};
use super::Surroundings;
use crate::{
    deliveries::{self, Delivery},
    http::Connection,
    installation::{Installation, SECRET, Serving},
    undone,
};
use xtask::{fetch, process::succeed, tally::Tally};

const PACKAGES: [&str; 2] = ["@octokit/webhooks-examples@7.6.1", "@octokit/graphql-schema@15.26.1"];
/// The queries, and the files that each consists of.
const QUERIES: [&[&str]; 5] =
    [&["pulls", "pull", "lists"], &["rest", "lists"], &["issues"], &["linked"], &["named"]];
const PATIENCE: Duration = Duration::from_secs(120);

/// Fetches the examples.
pub(super) fn prepare(around: &Surroundings) -> Result<()> {
    fetch::npm_packages(&folder(around), &PACKAGES, around.install)
}

fn folder(around: &Surroundings) -> PathBuf {
    around.workspace.target.join("judges/octokit")
}

/// Judges a server on SQLite, and one on PostgreSQL if it is available.
pub(super) fn run(around: &Surroundings, tally: &mut Tally) -> Result<()> {
    let payloads = payloads::read(&folder(around).join("node_modules/@octokit/webhooks-examples"))?;
    let facts = Facts::of(&payloads);
    println!("{} payloads, {facts}", payloads.len());
    tally.step("queries by GitHub's schema", queries(around));
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().build()?;
    sqlx::any::install_default_drivers();
    tally.step(
        "octokit's payloads on SQLite",
        runtime.block_on(judge(around, None, &payloads, &facts)),
    );
    let Some(postgres) = around.postgres else {
        tally.leave_out("octokit's payloads on PostgreSQL: PostgreSQL is not available");
        return Ok(());
    };
    let on_postgres = async {
        let url = postgres.new_database("octokit")?;
        judge(around, Some(url), &payloads, &facts).await
    };
    tally.step("octokit's payloads on PostgreSQL", runtime.block_on(on_postgres));
    Ok(())
}

/// Validates the queries against GitHub's schema.
fn queries(around: &Surroundings) -> Result<()> {
    let folder = folder(around);
    let sources = around.workspace.root.join("crates/github/src/gateway/queries");
    let mut documents = Vec::new();
    for parts in QUERIES {
        let read = |part: &&str| fs::read_to_string(sources.join(format!("{part}.graphql")));
        documents.push(parts.iter().map(read).collect::<Result<String, _>>()?);
    }
    fs::write(folder.join("queries.mjs"), include_str!("queries.mjs"))?;
    fs::write(folder.join("queries.json"), serde_json::to_string(&documents)?)?;
    let mut command = Command::new("timeout");
    command.args(["120", "node", "queries.mjs"]).current_dir(folder);
    succeed(&mut command)
}

async fn judge(
    around: &Surroundings<'_>,
    database: Option<String>,
    payloads: &[Payload],
    facts: &Facts,
) -> Result<()> {
    let engine = if database.is_some() { "postgres" } else { "sqlite" };
    let binary = around.program();
    let installation = Installation::fresh(binary, folder(around).join(engine), database)?;
    register(&installation, payloads)?;
    let serving = installation.serve(&[]).await?;
    let Serving { ready_after, port, .. } = &serving;
    println!("ready after {ready_after:?} on port {port}, process {}", serving.daemon.pid());
    send(&serving, payloads).await?;
    let pool = AnyPool::connect(&installation.database_url()).await?;
    settle(&pool, payloads.len()).await?;
    let complaints = facts.complaints(&pool).await?;
    pool.close().await;
    drop(serving);
    ensure!(complaints.is_empty(), "{}", complaints.join("\n  "));
    if !around.keep {
        std::fs::remove_dir_all(&installation.data)?;
    }
    Ok(())
}

/// Registers each repository in the payloads.
fn register(installation: &Installation, payloads: &[Payload]) -> Result<()> {
    installation.command(&["migrate", "up", "--create"])?;
    installation.command(&[
        "project",
        "create",
        "--name",
        "Octokit examples",
        "--slug",
        "octokit",
    ])?;
    let named: BTreeMap<_, _> = payloads.iter().filter_map(Payload::repository).collect();
    for (id, name) in named {
        installation.command(&[
            "repo",
            "add",
            name,
            "--project",
            "octokit",
            "--github-id",
            &id.to_string(),
        ])?;
    }
    Ok(())
}

async fn send(serving: &Serving, payloads: &[Payload]) -> Result<()> {
    let mut connection = Connection::open(serving.port).await?;
    for (number, payload) in payloads.iter().enumerate() {
        let id = deliveries::id("octokit", number as u64);
        let delivery = Delivery { event: &payload.event, id: &id, body: payload.bytes() };
        let answer = connection.send(&delivery.request(SECRET)).await?;
        ensure!(
            answer.status == 202,
            "payload {number} ({}) was answered {}: {}",
            payload.event,
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
    }
    Ok(())
}

/// Waits until all work is done, and checks that no delivery is dead or missing.
async fn settle(pool: &AnyPool, sent: usize) -> Result<()> {
    undone::wait(pool, PATIENCE).await?;
    let stored = undone::count(pool, "webhook_deliveries").await?;
    ensure!(stored == sent as i64, "{sent} deliveries were acknowledged and {stored} are stored");
    let dead = tables::dead(pool).await?;
    ensure!(dead.is_empty(), "dead letters:\n  {}", dead.join("\n  "));
    Ok(())
}
