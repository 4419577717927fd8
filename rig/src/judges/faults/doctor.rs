use std::{fs, time::Duration};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};

use super::{Surroundings, folder};
use crate::{
    fake_github::{Github, SESSION},
    http::request,
    installation::Installation,
};
use xtask::postgres::{self, Manner, Postgres, free_port};

/// The settings by which PostgreSQL may lose commits that it has confirmed. The clusters differ in the first two.
const SETTINGS: [&str; 3] = ["fsync", "full_page_writes", "synchronous_commit"];

/// Runs `doctor` on a cluster that syncs its writes and on one that does not.
pub(super) fn judge(around: &Surroundings<'_>) -> Result<()> {
    let programs = postgres::programs_or_install(around.install)?;
    for (durable, expected) in [(true, &SETTINGS[..0]), (false, &SETTINGS[..2])] {
        let manner = Manner { durable, keep: around.keep };
        let postgres = Postgres::start(around.workspace, &programs, manner)?;
        let data = folder(around).join("doctor");
        let url = postgres.new_database("doctor")?;
        let installation = Installation::fresh(around.program(), data, Some(url))?;
        installation.quietly(&["migrate", "up", "--create"])?;
        diagnose(&installation, expected)?;
        around.count("clusters of `doctor`", 1);
        if !around.keep {
            fs::remove_dir_all(&installation.data)?;
        }
    }
    Ok(())
}

/// Checks that `doctor` warns about exactly these settings, says how to change them, and fails if there are any.
fn diagnose(installation: &Installation, expected: &[&str]) -> Result<()> {
    let attempt = installation.attempt(&["doctor", "--json"], &[])?;
    let (code, said) = attempt.ended()?;
    let findings = findings(said).with_context(|| format!("`doctor --json` said {said:?}"))?;
    for setting in SETTINGS {
        let found = findings.iter().find(|finding| finding["check"] == setting);
        let found = found.with_context(|| format!("`doctor` does not check {setting}: {said}"))?;
        let is_bad = expected.contains(&setting);
        ensure!(found["is_ok"] == !is_bad, "`doctor` is wrong about {setting}: {found}");
        let detail = found["detail"].as_str().unwrap_or_default();
        let remedy = format!("set {setting} = on");
        ensure!(
            detail.contains(&remedy) == is_bad,
            "`doctor` should say {remedy:?} if it is off, and only then: {detail:?}"
        );
    }
    ensure!(
        (code == 0) == expected.is_empty(),
        "`doctor` should fail exactly when it finds something: {said}"
    );
    println!("`doctor` warns about {expected:?} of {SETTINGS:?}");
    Ok(())
}

/// Runs `doctor` while GitHub's messages to the webhook of a repository arrive, do not arrive, and arrive again.
pub(super) async fn judge_webhook(around: &Surroundings<'_>) -> Result<()> {
    let data = folder(around).join("doctor-webhook");
    let mut installation = Installation::fresh(around.program(), data, None)?;
    let github = Github::start(&installation).await?;
    let port = free_port()?;
    let site = format!("http://127.0.0.1:{port}");
    installation.github = Some(github.port);
    installation.settings = vec![
        ("GUILDHALL_BIND", format!("127.0.0.1:{port}")),
        ("GUILDHALL_PUBLIC_URL", site.clone()),
    ];
    installation.quietly(&["migrate", "up", "--create"])?;
    installation.quietly(&["project", "create", "--name", "season"])?;
    let [owner, author] = &github.people;
    let full_name = format!("{owner}/lantern");
    let last = |event| format!("The webhook of {full_name}: the last message ({event})");

    let serving = installation.serve_at(port).await?;
    register(&installation, &github, (port, owner)).await?;
    until_said(&installation, true, [&last("ping"), "arrived"]).await?;
    drop(serving);
    github.open_pull(author, &full_name, "fix: Berths").await?;
    let next = format!("got no response: let GitHub reach {site}/");
    until_said(&installation, false, [&last("pull_request"), &next]).await?;
    let serving = installation.serve_at(port).await?;
    github.open_pull(author, &full_name, "fix: Tides").await?;
    until_said(&installation, true, [&last("pull_request"), "arrived"]).await?;
    drop(serving);
    around.count("states of a webhook", 3);
    println!("`doctor` says whether GitHub's messages to the webhook of {full_name} arrive");
    if !around.keep {
        fs::remove_dir_all(&installation.data)?;
    }
    Ok(())
}

/// Registers a repository of a person, who becomes an admin, with a webhook that the server creates.
async fn register(
    installation: &Installation,
    github: &Github,
    (port, owner): (u16, &str),
) -> Result<()> {
    let id = github.create(owner, "lantern").await?;
    let session = github.sign_in(port, owner).await?;
    installation.quietly(&["user", "grant", owner, "--role", "admin"])?;
    github.connect(port, owner, &session).await?;
    let cookie = format!("{SESSION}={session}");
    let headers = [("Cookie", cookie.as_str()), ("Sec-Fetch-Site", "same-origin")];
    let (path, new) = ("/api/v1/projects/season/repositories", json!({ "github_id": id }));
    let answer = request(port, "POST", path, &headers, Some(&new)).await?;
    ensure!(answer.status == 201, "the repository is not registered: {}", answer.text());
    Ok(())
}

/// Waits until `doctor` says this of GitHub's messages, and checks that it fails exactly if they do not arrive.
async fn until_said(installation: &Installation, arrives: bool, words: [&str; 2]) -> Result<()> {
    let mut last = String::new();
    for _ in 0..100 {
        let attempt = installation.attempt(&["doctor", "--json"], &[])?;
        let (code, said) = attempt.ended()?;
        let findings = findings(said).with_context(|| format!("`doctor --json` said {said:?}"))?;
        let found = findings.iter().find(|finding| finding["check"] == "github-webhooks");
        let found = found.with_context(|| format!("`doctor` asks for no messages: {said}"))?;
        let detail = found["detail"].as_str().unwrap_or_default();
        if found["is_ok"] == arrives && words.iter().all(|word| detail.contains(word)) {
            let is_right = (code == 0) == arrives;
            ensure!(is_right, "`doctor` should fail exactly when it finds something: {said}");
            return Ok(());
        }
        said.clone_into(&mut last);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    bail!("`doctor` should say {words:?}: {last}")
}

fn findings(said: &str) -> Option<Vec<Value>> {
    let line = said.lines().find(|line| line.starts_with('{'))?;
    let report: Value = serde_json::from_str(line).ok()?;
    report["findings"].as_array().cloned()
}
