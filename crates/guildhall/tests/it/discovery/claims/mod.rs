//! Claims of people to issues.

mod analytics;
mod at_once;
mod claiming;
mod deadlines;
mod erasure;
mod issues;
mod listing;
mod outcome;
mod pages;
mod points;
mod pull_requests;
mod releasing;
pub(crate) mod rows;
mod work;

use chrono::TimeDelta;
use identity::{
    actions::sign_in,
    model::{AccountKind, Device, GithubAccount},
};
use testkit::{fake_github::IssueAct, story::Act};

use super::{LANTERN, Reef, follow, read_again};
use crate::app::{
    TestApp, at,
    browser::{Answer, Browser, SESSION},
};

/// Signs a person in whose account the simulated GitHub has.
pub(super) async fn finder<'a>(reef: &Reef, app: &'a TestApp, login: &str) -> Browser<'a> {
    let (account, _) = reef.github.named(login, LANTERN).expect("known");
    let created = at("2020-01-01T00:00:00Z");
    let login = login.to_owned();
    let account = GithubAccount::new(account.id, login, AccountKind::User, created);
    let welcome = sign_in(app.context(), account, &Device::default(), None).await;
    let browser = Browser::new(app);
    browser.set_cookie(SESSION, &welcome.expect("signed in").token);
    browser
}

/// Opens a draft of a pull request with a description, and returns its number.
fn draft(reef: &Reef, login: &str, body: &str) -> i64 {
    let opened = reef.github.open_pull(LANTERN, login, |pull| {
        pull.body = Some(body.to_owned());
        pull.draft = true;
    });
    opened.expect("opened")
}

/// Lets a maintainer change a pull request.
fn change(reef: &Reef, number: i64, act: Act) {
    let acted = reef.github.act(LANTERN, number, "rook-elm", act);
    acted.expect("acted");
}

/// A server that follows a repository with open issues, numbered from 1.
async fn with_issues(count: usize) -> (Reef, TestApp) {
    let reef = Reef::new().await;
    for number in 1..=count {
        reef.open(LANTERN, &format!("Sort the stations by column {number}"), &[]);
    }
    let app = reef.server().await;
    follow(&app, &[LANTERN]).await;
    (reef, app)
}

/// Returns the ID of the opportunity of an issue.
pub(super) async fn opportunity(app: &TestApp, number: i64) -> String {
    let sql = match app.context().db.engine() {
        platform::db::Engine::Sqlite => "lower(hex(id))",
        platform::db::Engine::Postgres => "replace(CAST(id AS text), '-', '')",
    };
    let sql = format!("SELECT {sql} AS value FROM opportunities WHERE number = {number}");
    let found = app.values(&sql).await.pop().expect("an opportunity");
    uuid::Uuid::parse_str(&found).expect("an ID").to_string()
}

impl Browser<'_> {
    /// Claims an issue.
    async fn claim(&self, app: &TestApp, number: i64) -> Answer {
        let id = opportunity(app, number).await;
        let path = format!("/api/v1/opportunities/{id}/claim");
        self.call("POST", &path, None).await
    }

    /// Releases an issue.
    async fn release(&self, app: &TestApp, number: i64) -> Answer {
        let id = opportunity(app, number).await;
        let path = format!("/api/v1/opportunities/{id}/release");
        self.call("POST", &path, None).await
    }

    /// Returns the person's claims: the number of the issue, the status, and the place in the queue, the reason or the outcome.
    async fn claims(&self) -> Vec<String> {
        let list = self.json("/api/v1/me/claims").await;
        let line = |claim: &serde_json::Value| {
            let mut line =
                format!("{} {}", claim["number"], claim["status"].as_str().expect("a status"));
            if let Some(place) = claim["place_in_queue"].as_i64() {
                line.push_str(&format!(" {place}"));
            }
            for field in ["end_reason", "pull_request", "outcome"] {
                if let Some(text) = claim[field].as_str() {
                    line.push_str(&format!(", {text}"));
                }
            }
            line
        };
        list["items"].as_array().expect("items").iter().map(line).collect()
    }
}

/// Returns the opportunities with their claimants.
async fn claimed(app: &TestApp) -> Vec<String> {
    let sql = "SELECT CAST(o.number AS text) || ' ' || o.status || coalesce(' by ' || u.login, '') AS value \
               FROM opportunities o LEFT JOIN users u ON u.id = o.claimed_by ORDER BY o.number";
    app.values(sql).await
}

/// Lets time pass, and the schedule of claims run.
async fn pass(reef: &Reef, app: &TestApp, time: TimeDelta) {
    reef.pass(app, time);
    app.run_schedule("ClaimDeadlines").await;
    app.work().await;
}

/// Lets something happen to an issue, and reads it.
async fn act(reef: &Reef, app: &TestApp, number: i64, act: &IssueAct) {
    reef.pass(app, TimeDelta::minutes(20));
    reef.act(LANTERN, number, act);
    read_again(app).await;
}
