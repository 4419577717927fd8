//! A hackathon with teams, each with a repository of its own at the simulated GitHub. All of it enters by the server's API.

use std::{cell::Cell, rc::Rc, time::Duration};

use anyhow::{Result, ensure};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};
use sqlx::AnyPool;
use tokio::task::{JoinSet, LocalSet};

use super::{Ground, contestants};
use crate::{
    fake_github::{Github, SESSION},
    http::{Answer, request},
    installation::{Installation, Serving},
    undone,
};
use xtask::postgres::Postgres;

const HOST: &str = "rushing-rhea";
const EVENT: &str = "/api/v1/hackathons/deadline";
const OWN: &str = "/api/v1/me/hackathons/deadline";
/// The number of calls that the simulated GitHub allows in a day: what is measured is its latency, not its hourly limit.
const CALLS: u64 = 100_000_000;
/// The number of teams that are created at the same time.
const AT_ONCE: usize = 8;
/// The files of a repository, and their lines.
const FILES: u64 = 6;
const LINES: u64 = 60;
const PATIENCE: Duration = Duration::from_secs(600);

/// An event whose teams have places, repositories and work that is not yet submitted.
pub(super) struct Event {
    pub(super) installation: Installation,
    pub(super) github: Rc<Github>,
    pub(super) serving: Serving,
    pub(super) pool: AnyPool,
    /// The login and the session of the leader of each team.
    pub(super) leaders: Vec<(String, String)>,
    host: String,
}

impl Event {
    /// Holds an event of `teams` teams.
    pub(super) async fn hold(
        ground: &Ground<'_>,
        teams: usize,
        postgres: Option<&Postgres>,
    ) -> Result<Self> {
        let mut installation = contestants::empty(ground, "deadline", postgres).await?;
        let github = Github::start(&installation).await?;
        let token = format!("token-{}", github.people[0]);
        installation.github = Some(github.port);
        installation.settings.push(("GITHUB_API_TOKEN", token));
        let limit = json!({ "rate_limit": CALLS, "rate_remaining": CALLS, "rate_reset": 86_400 });
        github.change("/_switches", &limit).await?;
        let serving = installation.serve(&[]).await?;
        github.join(HOST).await?;
        let host = github.sign_in(serving.port, HOST).await?;
        installation.quietly(&["user", "grant", HOST, "--role", "admin"])?;
        let mut event = Self {
            pool: AnyPool::connect(&installation.database_url()).await?,
            installation,
            github: Rc::new(github),
            serving,
            leaders: Vec::new(),
            host,
        };
        event.announce().await?;
        event.leaders = event.enter(teams).await?;
        Ok(event)
    }

    /// Creates and publishes the event. People can apply.
    async fn announce(&self) -> Result<()> {
        let hours = TimeDelta::hours;
        let now = self::now();
        let mut event = dates(now, [hours(-1), hours(6), hours(6)], now + hours(12));
        event["title"] = json!("Deadline");
        self.host("PUT", &format!("/api/v1/admin/hackathon-hosts/{HOST}"), &json!({})).await?;
        self.host("POST", "/api/v1/hackathons", &event).await?;
        self.host("POST", &format!("{EVENT}/publish"), &json!({})).await
    }

    /// Ends the applications, and opens submissions until `closes_at`. Waits until everyone is notified.
    pub(super) async fn open_submissions(&self, closes_at: DateTime<Utc>) -> Result<()> {
        let hours = TimeDelta::hours;
        let dates = dates(now(), [hours(-8), hours(-7), hours(-7)], closes_at);
        self.host("PATCH", EVENT, &dates).await?;
        undone::empty(&self.pool, "wake_ups", PATIENCE).await
    }

    async fn host(&self, method: &str, path: &str, body: &Value) -> Result<()> {
        let answer = act(self.serving.port, &self.host, (method, path), body).await?;
        ensure!(
            answer.status < 300,
            "{method} {path} was answered {}: {}",
            answer.status,
            answer.text()
        );
        Ok(())
    }

    /// Lets as many people sign in, apply, found a team and push their work; returns them.
    async fn enter(&self, teams: usize) -> Result<Vec<(String, String)>> {
        let (local, mut tasks) = (LocalSet::new(), JoinSet::new());
        let (next, port) = (Rc::new(Cell::new(0)), self.serving.port);
        for _ in 0..AT_ONCE.min(teams) {
            let (next, github) = (Rc::clone(&next), Rc::clone(&self.github));
            let some = async move {
                let mut entered = Vec::new();
                while next.get() < teams {
                    let number = next.replace(next.get() + 1);
                    entered.push(found_team(&github, port, number as u64).await?);
                }
                anyhow::Ok(entered)
            };
            tasks.spawn_local_on(some, &local);
        }
        let all = local.run_until(async {
            let mut all = Vec::new();
            while let Some(some) = tasks.join_next().await {
                all.extend(some??);
            }
            anyhow::Ok(all)
        });
        all.await
    }
}

/// Submits the work of a team.
pub(super) async fn submit(port: u16, (login, session): &(String, String)) -> Result<Answer> {
    let body = json!({
        "title": format!("Entry of {login}"), "summary": "A **tide table** that works offline.",
        "repository": format!("https://github.com/{login}/entry"), "technologies": "Rust, maps"
    });
    act(port, session, ("PUT", &format!("{OWN}/submission")), &body).await
}

async fn act(
    port: u16,
    session: &str,
    (method, path): (&str, &str),
    body: &Value,
) -> Result<Answer> {
    let cookie = format!("{SESSION}={session}");
    let headers = [("Cookie", &*cookie), ("Sec-Fetch-Site", "same-origin")];
    request(port, method, path, &headers, Some(body)).await
}

async fn found_team(github: &Github, port: u16, number: u64) -> Result<(String, String)> {
    let login = format!("tide-{number}");
    github.join(&login).await?;
    let story = story(&login, number, now());
    let added = request(github.port, "POST", "/_code", &[], Some(&story)).await?;
    ensure!(added.status == 201, "{login}: {}", added.text());
    let session = github.sign_in(port, &login).await?;
    let steps = [
        ("PUT", "application", json!({ "conduct_version": 1 })),
        ("POST", "team", json!({ "name": format!("Crew {number}") })),
    ];
    for (method, what, body) in steps {
        let path = format!("{OWN}/{what}");
        let answer = act(port, &session, (method, &path), &body).await?;
        ensure!(answer.status < 300, "{login}: {}", answer.text());
    }
    Ok((login, session))
}

/// Returns the code of a team: two pushes in the last hours. No two teams share a file.
fn story(login: &str, number: u64, now: DateTime<Utc>) -> Value {
    let ago = |minutes| text(now - TimeDelta::minutes(minutes));
    let push = |minutes: i64, files: std::ops::Range<u64>| {
        let files: serde_json::Map<String, Value> = files
            .map(|file| (format!("src/part_{file}.rs"), json!(file_of(number, file))))
            .chain([("README.md".to_owned(), json!(format!("# Entry of {login}\n")))])
            .collect();
        let commit = json!({
            "author": login, "at": ago(minutes + 10), "message": "Keep the tides", "files": files
        });
        json!({ "by": login, "at": ago(minutes), "commits": [commit] })
    };
    json!({
        "repository": format!("{login}/entry"), "created_at": ago(240), "license": "MIT",
        "pushes": [push(180, 0..FILES / 2), push(60, FILES / 2..FILES)]
    })
}

fn file_of(number: u64, file: u64) -> String {
    use super::load::scatter;
    let seed = number * FILES + file;
    let lines = (0..LINES).map(|line| {
        let value = scatter(seed * LINES + line);
        format!("pub const TIDE_{line}: u64 = {value};\n")
    });
    lines.collect()
}

/// Returns the dates of an event without judging, by the distance of the first three from `now`.
fn dates(now: DateTime<Utc>, spans: [TimeDelta; 3], closes_at: DateTime<Utc>) -> Value {
    let [opens, ends, submits] = spans.map(|span| text(now + span));
    json!({
        "application_opens_at": opens, "application_closes_at": ends,
        "submission_opens_at": submits, "submission_closes_at": text(closes_at)
    })
}

fn text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Returns the time of this machine, by which the server meets its deadlines.
#[expect(
    clippy::disallowed_methods,
    reason = "the bench drives a server that runs by the machine's clock"
)]
pub(super) fn now() -> DateTime<Utc> {
    Utc::now()
}
