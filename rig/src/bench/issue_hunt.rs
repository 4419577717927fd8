//! The installation that discovery is measured in: repositories that a server has read from a simulated GitHub, and a person
//! with preferences and merged pull requests.

use std::{
    cell::Cell,
    future::Future,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use sqlx::AnyPool;

use super::{
    Ground,
    contestants::{self, PROJECT},
    issues::{self, Dice, IN_REPOSITORY},
    load,
};
use crate::{
    deliveries::PATH,
    fake_github::{Github, SESSION},
    http::{Connection, request},
    installation::{Installation, SECRET, Serving},
    undone,
};
use xtask::postgres::Postgres;

/// The operations that are measured.
pub(super) const SEARCH: &str = "/api/v1/opportunities";
pub(super) const MATCH: &str = "/api/v1/opportunities/match";
/// The time between two changes of issues.
const EVERY: Duration = Duration::from_millis(500);
/// The people who own repositories.
const OWNERS: u64 = 50;
/// The repositories to which the person contributes, and those after them whose issues change.
const OWN: u64 = 4;
const CHANGING: u64 = 20;
/// The merged pull requests of the person.
const MERGED: u64 = 24;
/// The requests that the simulated GitHub answers in an hour.
const CALLS: u64 = 10_000_000;
/// The repositories that are added by one request.
const AT_ONCE: u64 = 50;
/// How long the last changes may take.
const FOLLOWED_WITHIN: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_secs(1800);

/// An installation with very many open issues.
pub(super) struct Scene<'a> {
    pub(super) installation: Installation,
    pub(super) postgres: Option<&'a Postgres>,
    pub(super) pool: AnyPool,
    /// The number of issues that can be done.
    pub(super) opportunities: i64,
    /// The session of the person.
    pub(super) session: String,
    github: Github,
    /// The number of changes so far.
    changed: Cell<u64>,
}

fn owner(repository: u64) -> String {
    format!("keeper-{}", repository % OWNERS)
}

fn full_name(repository: u64) -> String {
    format!("{}/{}", owner(repository), issues::name(repository))
}

impl<'a> Scene<'a> {
    /// Fills an installation as operators do: they name the repositories. Returns a line about this as well.
    pub(super) async fn open(
        ground: &Ground<'_>,
        wanted: u64,
        postgres: Option<&'a Postgres>,
    ) -> Result<(Self, String)> {
        let mut installation = contestants::empty(ground, "opportunities", postgres).await?;
        let github = Github::start(&installation).await?;
        installation.github = Some(github.port);
        let token = format!("token-{}", github.people[0]);
        installation.settings.push(("GITHUB_API_TOKEN", token));
        let limit = json!({ "rate_limit": CALLS, "rate_remaining": CALLS, "rate_reset": 86_400 });
        github.change("/_switches", &limit).await?;
        let repositories = wanted.div_ceil(IN_REPOSITORY);
        let ids = stocked(&github, repositories).await?;
        let names: Vec<String> = (0..repositories).map(full_name).collect();
        let list = installation.data.join("repositories.txt");
        std::fs::write(&list, names.join("\n"))?;
        let start = Instant::now();
        let list = list.to_string_lossy();
        let follow = "discovery follow --file".split(' ').chain([&*list]);
        installation.command(&follow.collect::<Vec<_>>())?;
        let serving = installation.serve(&[]).await?;
        let pool = AnyPool::connect(&installation.database_url()).await?;
        read(&pool).await?;
        let took = start.elapsed();
        let mut scene = Self {
            session: github.sign_in(serving.port, &github.people[1]).await?,
            installation,
            postgres,
            pool,
            opportunities: 0,
            github,
            changed: Cell::new(0),
        };
        scene.contribute(&serving, &ids).await?;
        let active = "opportunities WHERE status = 'active'";
        scene.opportunities = undone::count(&scene.pool, active).await?;
        ensure!(
            scene.opportunities as u64 >= wanted * 9 / 10,
            "of {wanted} issues only {} can be done",
            scene.opportunities
        );
        scene.until_complete(serving.port).await?;
        scene.prefer(serving.port).await?;
        // What the simulated GitHub says later comes by deliveries only.
        scene.installation.quietly(&["flags", "set", "github_api", "0"])?;
        drop(serving);
        if postgres.is_some() {
            // As it does by itself within minutes, but not in the middle of what is measured.
            for chore in ["VACUUM ANALYZE", "CHECKPOINT"] {
                sqlx::query(chore).execute(&scene.pool).await?;
            }
        }
        let line =
            format!("{repositories} repositories with {wanted} issues were read in {took:.0?}.");
        println!("{line}");
        Ok((scene, line))
    }

    /// Lets the person merge pull requests in some of the repositories.
    async fn contribute(&self, serving: &Serving, ids: &[u64]) -> Result<()> {
        let person = &self.github.people[1];
        contestants::add_project(&self.installation, PROJECT)?;
        for repository in 0..OWN {
            let (name, id) = (full_name(repository), ids[repository as usize].to_string());
            self.installation.command(&[
                "repo",
                "add",
                &name,
                "--project",
                PROJECT,
                "--github-id",
                &id,
            ])?;
            self.hook(repository, serving.port).await?;
        }
        for number in 0..MERGED {
            let repository = number % OWN;
            let title = format!("fix: Repair the cache of queries {number}");
            let pull = self.github.open_pull(person, &full_name(repository), &title).await?;
            let merge = format!("{pull}/merge");
            self.github.act(&owner(repository), ("PUT", &merge), &json!({})).await?;
        }
        let merged = "pull_requests WHERE merged_at IS NOT NULL";
        let start = Instant::now();
        while undone::count(&self.pool, merged).await?.unsigned_abs() < MERGED {
            ensure!(start.elapsed() < PATIENCE, "the pull requests did not arrive");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        undone::wait(&self.pool, PATIENCE).await
    }

    /// Lets a repository deliver what happens to its issues and pull requests.
    async fn hook(&self, repository: u64, port: u16) -> Result<()> {
        let url = format!("http://127.0.0.1:{port}{PATH}");
        let config = json!({ "url": url, "content_type": "json", "secret": SECRET });
        let hook = json!({ "events": ["issues", "pull_request"], "config": config });
        let path = format!("/repos/{}/hooks", full_name(repository));
        self.github.act(&owner(repository), ("POST", &path), &hook).await?;
        Ok(())
    }

    /// Lets the person state preferences, save some issues, and dismiss others.
    async fn prefer(&self, port: u16) -> Result<()> {
        let preferences = json!({
            "skills": ["caching", "command line", "databases", "concurrency", "testing"],
            "languages": ["Rust", "Python", "Go"], "interests": ["cache", "plugin", "buffer"],
            "excluded_topics": ["currency"], "level": "intermediate", "min_impact": 2, "hours_a_week": 6,
        });
        self.act(port, ("PUT", "/api/v1/preferences"), &preferences).await?;
        let found = Connection::open(port).await?.get(&format!("{SEARCH}?limit=20")).await?;
        let found = found.json()?;
        let items = found["items"].as_array().context("no issues")?;
        for (number, item) in items.iter().enumerate() {
            let id = item["id"].as_str().context("an issue without ID")?;
            let (what, body) = match number % 2 {
                0 => ("save", json!({})),
                _ => ("dismiss", json!({ "reason": "too_hard" })),
            };
            self.act(port, ("POST", &format!("{SEARCH}/{id}/{what}")), &body).await?;
        }
        Ok(())
    }

    /// Searches until the index has all issues.
    pub(super) async fn until_complete(&self, port: u16) -> Result<()> {
        let mut connection = Connection::open(port).await?;
        let (start, mut number) = (Instant::now(), 0);
        loop {
            // Each at another address, which no cache knows.
            let path = load::disguised(&format!("{SEARCH}?limit=1"), number % 2);
            let answer = connection.get(&path).await?;
            if answer.status == 200 && answer.json()?["total"] == self.opportunities {
                return Ok(());
            }
            ensure!(
                matches!(answer.status, 200 | 503) && start.elapsed() < PATIENCE,
                "the index was not complete: {}",
                answer.text()
            );
            number += 1;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn act(&self, port: u16, (method, path): (&str, &str), body: &Value) -> Result<()> {
        let cookie = format!("{SESSION}={}", self.session);
        let headers = [("Cookie", &*cookie), ("Sec-Fetch-Site", "same-origin")];
        let answer = request(port, method, path, &headers, Some(body)).await?;
        ensure!(answer.status < 300, "{method} {path}: {}", answer.text());
        Ok(())
    }

    /// Changes issues on GitHub, which delivers that to the server at `port`, until `work` ends. Checks that the server followed.
    pub(super) async fn hooked<T>(
        &self,
        port: u16,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        for repository in OWN..OWN + CHANGING {
            self.hook(repository, port).await?;
        }
        let done = tokio::select! {
            done = work => done?,
            Err(error) = self.change() => return Err(error),
        };
        // Few of the issues cannot be done.
        let changed = self.changed.get().min(CHANGING * IN_REPOSITORY);
        let followed = "opportunities WHERE title LIKE '% again %'";
        let start = Instant::now();
        while undone::count(&self.pool, followed).await?.unsigned_abs() < (changed * 9 / 10).max(1)
        {
            ensure!(
                start.elapsed() < FOLLOWED_WITHIN,
                "of {changed} changed issues few were followed"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(done)
    }

    async fn change(&self) -> Result<()> {
        let mut tick = tokio::time::interval(EVERY);
        loop {
            tick.tick().await;
            let number = self.changed.get();
            let repository = OWN + number % CHANGING;
            let issue = 1 + number / CHANGING % IN_REPOSITORY;
            let dice = Dice::new(number);
            let title = format!("Look again at {} and {}", dice.word(), dice.word());
            let path = format!("/repos/{}/issues/{issue}", full_name(repository));
            self.github
                .act(&owner(repository), ("PATCH", &path), &json!({ "title": title }))
                .await?;
            self.changed.set(number + 1);
        }
    }
}

/// Adds repositories to the simulated GitHub, and returns their IDs.
async fn stocked(github: &Github, repositories: u64) -> Result<Vec<u64>> {
    for number in 0..OWNERS {
        github.join(&owner(number)).await?;
    }
    let mut ids = Vec::new();
    for first in (0..repositories).step_by(AT_ONCE as usize) {
        let some = first..repositories.min(first + AT_ONCE);
        let some: Vec<Value> =
            some.map(|number| issues::repository(&owner(number), number, IN_REPOSITORY)).collect();
        let answer = request(github.port, "POST", "/_stock", &[], Some(&json!(some))).await?;
        ensure!(answer.status == 201, "{}", answer.text());
        let added: Vec<u64> = serde_json::from_value(answer.json()?)?;
        ids.extend(added);
    }
    Ok(ids)
}

/// Waits until all issues are read.
async fn read(pool: &AnyPool) -> Result<()> {
    for queue in ["followed_repositories", "issue_syncs"] {
        undone::empty(pool, &format!("{queue} WHERE due_at IS NOT NULL"), PATIENCE).await?;
    }
    undone::wait(pool, PATIENCE).await
}
