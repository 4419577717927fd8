//! Reading the issues of many repositories from the simulated GitHub: with as few calls as possible and in bounded memory, and
//! with the same rows although the server is killed and GitHub fails and limits the calls.

mod rows;

use std::{
    fs,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use sqlx::{AnyPool, AssertSqlSafe};

use super::{Dice, Surroundings, folder};
use crate::{
    bench::proc::peak,
    fake_github::{Github, Guild},
    installation::Installation,
    undone,
};
use rows::Rows;

const REPOSITORIES: usize = 1_100;
/// The open issues of all repositories.
const ISSUES: usize = 15_000;
/// How often the server is killed.
const KILLS: u32 = 10;
/// The most memory of the server, in MiB.
const MOST_MEMORY: f64 = 300.0;
/// The most calls, as a multiple of the least possible.
const MOST_CALLS: f64 = 1.05;
/// The names that one query finds, and the issues of a page.
const NAMED: usize = 50;
const PAGE: usize = 100;
/// The command that follows the repositories of a list.
const FOLLOW: &str = "discovery follow --file";
const PATIENCE: Duration = Duration::from_secs(300);

/// Returns the least calls that read all issues: a query finds fifty repositories by their names, and a page has a hundred open
/// issues. The first page of a repository states its description too, so that one without open issues takes a page as well.
fn least_calls(guilds: &[Guild]) -> usize {
    let pages = guilds.iter().map(|own| own.open_issues.div_ceil(PAGE).max(1));
    guilds.len().div_ceil(NAMED) + pages.sum::<usize>()
}

/// Judges the reading, first undisturbed and then while everything fails, on SQLite and on PostgreSQL.
pub(super) async fn judge(around: &Surroundings<'_>, mut dice: Dice) -> Result<()> {
    let calm =
        Installation::fresh(around.program(), folder(around).join("issues-undisturbed"), None)?;
    let github = Github::start(&calm).await?;
    let guilds = github.settle(REPOSITORIES, ISSUES, dice.seed).await?;
    let calm = reading(calm, &github, &guilds).await?;
    let wanted = undisturbed(&calm, &github, &guilds).await?;
    let mut read = vec![calm];
    let database = around.postgres.map(|postgres| postgres.new_database("sync_issues"));
    for (name, database) in [("SQLite", None), ("PostgreSQL", database.transpose()?)] {
        if name == "PostgreSQL" && database.is_none() {
            continue;
        }
        let data = folder(around).join(format!("issues-{name}"));
        let installation = Installation::fresh(around.program(), data, database)?;
        let installation = reading(installation, &github, &guilds).await?;
        let found = disturbed(&installation, &github, (name, &mut dice)).await?;
        wanted.same(&found)?;
        around.count("kills", KILLS as usize);
        around.count("compared rows of issues", found.count());
        read.push(installation);
    }
    if !around.keep {
        for installation in &read {
            fs::remove_dir_all(&installation.data)?;
        }
    }
    Ok(())
}

/// Lets an installation follow the repositories by a list.
async fn reading(
    mut installation: Installation,
    github: &Github,
    guilds: &[Guild],
) -> Result<Installation> {
    installation.github = Some(github.port);
    installation.settings = vec![
        ("GITHUB_API_TOKEN", format!("token-{}", github.people[1])),
        // Makes the work of a killed server due again soon.
        ("GUILDHALL_JOB_LEASE_SECONDS", "2".to_owned()),
        ("GUILDHALL_JOB_POLL_MILLISECONDS", "250".to_owned()),
    ];
    installation.command(&["migrate", "up", "--create"])?;
    let list = installation.data.join("repositories.txt");
    let names: Vec<&str> = guilds.iter().map(|own| own.full_name.as_str()).collect();
    fs::write(&list, names.join("\n"))?;
    let list = list.to_str().context("the list has no readable path")?;
    let follow: Vec<&str> = FOLLOW.split(' ').chain([list]).collect();
    installation.quietly(&follow)?;
    let pool = AnyPool::connect(&installation.database_url()).await?;
    pause(&pool, installation.database.is_some()).await?;
    pool.close().await;
    Ok(installation)
}

/// Pauses the schedule that reads all repositories again every quarter of an hour, in which a run may fall.
async fn pause(pool: &AnyPool, is_postgres: bool) -> Result<()> {
    let (id, now) = match is_postgres {
        true => ("gen_random_uuid()", "now()"),
        false => ("randomblob(16)", "'2026-11-27T00:00:00.000000Z'"),
    };
    let sql =
        format!("INSERT INTO job_pauses (id, created_at, name) VALUES ({id}, {now}, 'IssueSync')");
    sqlx::query(AssertSqlSafe(sql)).execute(pool).await?;
    Ok(())
}

/// Reads everything without faults; checks the calls and the memory.
async fn undisturbed(
    installation: &Installation,
    github: &Github,
    guilds: &[Guild],
) -> Result<Rows> {
    let before = github.calls().await?;
    let (serving, start) = (installation.serve(&[]).await?, Instant::now());
    let pool = AnyPool::connect(&installation.database_url()).await?;
    all_read(&pool).await?;
    let (took, memory) = (start.elapsed(), peak(serving.daemon.pid())?);
    drop(serving);
    let made = github.calls().await?.since(&before);
    let (calls, least) = (made.total(), least_calls(guilds) as u64);
    let refused = made.limited + made.failed;
    ensure!(refused == 0, "{refused} calls failed or were refused");
    let ratio = calls as f64 / least as f64;
    ensure!(
        calls >= least && ratio <= MOST_CALLS,
        "{calls} calls instead of {least}: {:?}",
        made.answered
    );
    ensure!(memory <= MOST_MEMORY, "the server took {memory:.0} MiB");
    let rows = Rows::read(&pool, false).await?;
    let open = undone::count(&pool, "issues WHERE NOT is_closed").await?;
    ensure!(open == ISSUES as i64, "{open} open issues");
    let found = undone::count(&pool, "opportunities").await?;
    ensure!(found > 0, "there are no opportunities");
    pool.close().await;
    println!(
        "{REPOSITORIES} repositories with {ISSUES} open issues: {calls} calls, {least} at least ({ratio:.3} ×: {:?}), at most \
         {memory:.0} MiB, {} rows, {found} of them opportunities, in {took:.0?}",
        made.answered,
        rows.count()
    );
    Ok(rows)
}

/// Reads everything while the server is killed, calls fail and both kinds of limits are reached.
async fn disturbed(
    installation: &Installation,
    github: &Github,
    (database, dice): (&str, &mut Dice),
) -> Result<Rows> {
    let before = github.calls().await?;
    let (pool, start) = (AnyPool::connect(&installation.database_url()).await?, Instant::now());
    let mut most_memory = killed(installation, github, (&pool, dice)).await?;
    let serving = installation.serve(&[]).await?;
    all_read(&pool).await?;
    most_memory = most_memory.max(peak(serving.daemon.pid())?);
    drop(serving);
    let took = start.elapsed();
    let calm = json!({
        "errors": 0.0, "rate_remaining": 5_000, "rate_reset": 3_600, "secondary": 0.0,
    });
    github.change("/_switches", &calm).await?;
    let made = github.calls().await?.since(&before);
    ensure!(
        made.limited > 0 && made.failed > 0,
        "{} calls were limited and {} failed",
        made.limited,
        made.failed
    );
    ensure!(most_memory <= MOST_MEMORY, "the server took {most_memory:.0} MiB");
    let rows = Rows::read(&pool, installation.database.is_some()).await?;
    pool.close().await;
    println!(
        "{database}: {KILLS} kills, {} calls that were answered, {} that were refused at a limit and {} that failed, at most \
         {most_memory:.0} MiB, {} rows, in {took:.0?}",
        made.total(),
        made.limited,
        made.failed,
        rows.count()
    );
    Ok(rows)
}

/// Kills the server again and again while it reads, with faults that stay. Returns the most memory that it took, in MiB.
async fn killed(
    installation: &Installation,
    github: &Github,
    (pool, dice): (&AnyPool, &mut Dice),
) -> Result<f64> {
    let mut most_memory = 0_f64;
    for kill in 1..=KILLS {
        // Little is left of GitHub's limit for a moment, so that no server reads everything before it is killed.
        let left = if kill % 2 == 0 { 100 } else { 10 };
        let faults = json!({
            "errors": 0.02, "rate_remaining": left, "rate_reset": 3, "secondary": 0.004, "secondary_seconds": 1,
        });
        github.change("/_switches", &faults).await?;
        let serving = installation.serve(&[]).await?;
        tokio::time::sleep(Duration::from_millis(dice.throw(50, 1_500))).await;
        most_memory = most_memory.max(peak(serving.daemon.pid())?);
        serving.daemon.kill()?;
        let left = undone(pool).await?;
        ensure!(left > 0, "nothing was left to read at kill {kill}");
    }
    Ok(most_memory)
}

const NAMES: &str = "followed_repositories WHERE due_at IS NOT NULL";
const SYNCS: &str = "issue_syncs WHERE due_at IS NOT NULL";

/// Counts what is left to find, to read and to derive.
async fn undone(pool: &AnyPool) -> Result<i64> {
    let mut left = 0;
    for from in [NAMES, SYNCS, "wake_ups"] {
        left += undone::count(pool, from).await?;
    }
    Ok(left)
}

/// Waits until everything is found, read and derived.
async fn all_read(pool: &AnyPool) -> Result<()> {
    let start = Instant::now();
    // Counted seldom, because counting keeps the processors from the work.
    while undone(pool).await? > 0 {
        ensure!(start.elapsed() < PATIENCE, "not read in {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    for (table, rows) in [
        ("followed_repositories WHERE dead_at IS NOT NULL", 0),
        ("issue_syncs WHERE dead_at IS NOT NULL", 0),
        ("issue_syncs WHERE read_until IS NOT NULL", REPOSITORIES),
    ] {
        let found = undone::count(pool, table).await?;
        ensure!(found == rows as i64, "{found} rows of {table}");
    }
    Ok(())
}
