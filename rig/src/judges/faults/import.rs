use std::{
    fs,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use sqlx::AnyPool;

use super::{Surroundings, chosen, difference, dump, folder};
use crate::{
    bench::proc::peak, fake_github::Github, http::request, installation::Installation, undone,
};

/// Pull requests of the repository, unless `IMPORTED_PULL_REQUESTS` names another number.
const PULLS: u64 = 1_500;
const KILLS: u64 = 5;
const PATIENCE: Duration = Duration::from_secs(900);
/// The most memory that the import may add to the server, in MiB.
const MOST_ADDED: f64 = 200.0;

/// Imports a repository with servers that are killed while GitHub fails, and once undisturbed.
pub(super) async fn judge(around: &Surroundings<'_>) -> Result<()> {
    let pulls = std::env::var("IMPORTED_PULL_REQUESTS");
    let pulls = pulls.map_or(Ok(PULLS), |text| text.parse())?;
    let calm = Installation::fresh(around.program(), folder(around).join("import-calm"), None)?;
    let github = Github::start(&calm).await?;
    let owner = github.people[0].clone();
    let github_id = github.create(&owner, "lantern").await?;
    let past = json!({ "pulls": pulls, "seed": 7 });
    let path = format!("/_past/{owner}/lantern");
    let answer = request(github.port, "POST", &path, &[], Some(&past)).await?;
    ensure!(answer.status == 201, "no past: {}", answer.text());

    let full_name = format!("{owner}/lantern");
    let mut calm = reading(calm, &github, (&full_name, github_id))?;
    let (calls, added) = undisturbed(&mut calm, pulls).await?;
    // A page has a hundred pull requests; the repository is asked for once.
    let least = pulls.div_ceil(100) + 1;
    ensure!(calls as f64 <= 1.05 * least as f64, "{calls} requests instead of {least}");
    ensure!(added <= MOST_ADDED, "the import took {added:.0} MiB");
    let wanted = dump(&calm)?;

    let disturbed = folder(around).join("import-killed");
    let disturbed = Installation::fresh(around.program(), disturbed, None)?;
    let disturbed = reading(disturbed, &github, (&full_name, github_id))?;
    let start = Instant::now();
    for kill in 0..KILLS {
        // Sometimes nothing is left of GitHub's limit for a moment.
        let left = if kill % 2 == 0 { 5_000 } else { 3 };
        let faults = json!({ "errors": 0.1, "rate_remaining": left, "rate_reset": 3 });
        github.change("/_switches", &faults).await?;
        let serving = disturbed.serve(&[]).await?;
        tokio::time::sleep(Duration::from_millis(chosen(kill, 300, 4_000))).await;
        serving.daemon.kill()?;
        around.count("kills", 1);
    }
    let calm_again: Value = json!({ "errors": 0.0, "rate_remaining": 5_000, "rate_reset": 3_600 });
    github.change("/_switches", &calm_again).await?;
    let serving = disturbed.serve(&[]).await?;
    read(&disturbed, pulls).await?;
    drop(serving);
    let found = dump(&disturbed)?;
    ensure!(wanted == found, "{}", difference(&wanted, &found));
    disturbed.command(&["ledger", "verify"])?;
    around.count("imported pull requests", 2 * usize::try_from(pulls)?);
    println!(
        "{pulls} pull requests imported with {calls} requests (least possible: {least}) and {added:.0} MiB more; \
         the same after {KILLS} kills, errors and limits, in {:.0?}",
        start.elapsed()
    );
    if !around.keep {
        for installation in [&calm, &disturbed] {
            fs::remove_dir_all(&installation.data)?;
        }
    }
    Ok(())
}

/// Lets an installation read a repository of the fake GitHub.
fn reading(
    mut installation: Installation,
    github: &Github,
    (full_name, github_id): (&str, u64),
) -> Result<Installation> {
    installation.github = Some(github.port);
    let token = format!("token-{}", github.people[1]);
    installation.settings = vec![
        ("GITHUB_API_TOKEN", token),
        // Makes the work of a killed server due again soon.
        ("GUILDHALL_JOB_LEASE_SECONDS", "2".to_owned()),
        ("GUILDHALL_JOB_POLL_MILLISECONDS", "50".to_owned()),
    ];
    installation.command(&["migrate", "up", "--create"])?;
    installation.command(&["project", "create", "--name", "season"])?;
    let github_id = github_id.to_string();
    let add = ["repo", "add", full_name, "--project", "season", "--github-id", &github_id];
    installation.command(&add)?;
    Ok(installation)
}

/// Imports without faults. Returns the number of requests, and the memory that the server took in addition, in MiB.
async fn undisturbed(installation: &mut Installation, pulls: u64) -> Result<(u64, f64)> {
    let serving = installation.serve(&[]).await?;
    let before = peak(serving.daemon.pid())?;
    read(installation, pulls).await?;
    let added = peak(serving.daemon.pid())? - before;
    let listed = installation.quietly(&["repo", "list", "--json"])?;
    let listed: Value = serde_json::from_str(&listed)?;
    let calls = listed["repositories"][0]["sync"]["requests"].as_u64();
    // The page that finds the repository by its ID is not counted with the pages.
    Ok((calls.context("no requests")? + 1, added))
}

/// Waits until the repository and the patches that its settlement asked for are read, and settled.
async fn read(installation: &Installation, pulls: u64) -> Result<()> {
    let pool = AnyPool::connect(&installation.database_url()).await?;
    let start = Instant::now();
    for waiting in [
        "SELECT count(*) FROM repository_syncs WHERE completed_at IS NULL",
        "SELECT count(*) FROM pull_request_patches WHERE due_at IS NOT NULL",
    ] {
        loop {
            let left: i64 = sqlx::query_scalar(waiting).fetch_one(&pool).await?;
            if left == 0 {
                break;
            }
            ensure!(start.elapsed() < PATIENCE, "the repository was not read in {PATIENCE:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        undone::wait(&pool, PATIENCE).await?;
    }
    let read = undone::count(&pool, "pull_requests").await? as u64;
    ensure!(read == pulls, "{read} pull requests instead of {pulls}");
    pool.close().await;
    Ok(())
}
