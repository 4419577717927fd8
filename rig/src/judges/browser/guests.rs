//! A project with content that is hard to lay out: names without a break, markup, right-to-left text, large numbers.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use sqlx::AnyPool;

use crate::{
    deliveries::{self, Delivery},
    http::Connection,
    installation::{Installation, SECRET, Serving},
    undone,
};

const REPOSITORY: &str =
    "octo-guests/a-repository-whose-name-is-as-long-as-names-may-be-on-that-site";
const REPOSITORY_ID: u64 = 990_001;
/// A login of the maximum length, without a hyphen.
const LOGIN: &str = "octocatwhoselogincannotbebrokenanywhere";

/// Registers the project and its repository.
pub(super) fn register(installation: &Installation) -> Result<()> {
    let name = "Guests";
    installation.command(&["project", "create", "--name", name, "--slug", "guests"])?;
    let id = REPOSITORY_ID.to_string();
    installation.command(&["repo", "add", REPOSITORY, "--project", "guests", "--github-id", &id])
}

/// Sends its pull requests to the webhook.
pub(super) async fn arrive(installation: &Installation, serving: &Serving) -> Result<()> {
    let titles = [
        "W".repeat(256),
        "<img src=x onerror=alert(1)> & \"quotes\"".to_owned(),
        "turned \u{202e}txet denrut\u{202c} and \u{2066}isolated".to_owned(),
    ];
    let mut connection = Connection::open(serving.port).await?;
    // The last one cannot be applied and becomes a dead letter.
    let bodies = (1..).zip(&titles).map(|(number, title)| body(number, title));
    let mut strange = body(4, "strange");
    strange["pull_request"]["number"] = json!("seven");
    for (number, body) in (1..).zip(bodies.chain([strange])) {
        let body = body.to_string();
        let id = deliveries::id("guests", number);
        let delivery = Delivery { event: "pull_request", id: &id, body: body.as_bytes() };
        let answer = connection.send(&delivery.request(SECRET)).await?;
        ensure!(answer.status == 202, "guest {number} was answered {}", answer.status);
    }
    sqlx::any::install_default_drivers();
    let pool = AnyPool::connect(&installation.database_url()).await?;
    undone::wait(&pool, Duration::from_secs(60)).await?;
    pool.close().await;
    Ok(())
}

fn body(number: u64, title: &str) -> Value {
    let someone = |id: u64, login: &str| json!({ "login": login, "id": id, "type": "User" });
    let owner = someone(990_100, "octo-guests");
    let repository = json!({
        "id": REPOSITORY_ID, "name": REPOSITORY.rsplit('/').next(), "full_name": REPOSITORY, "owner": owner,
        "private": false,
    });
    let (opened, merged) = ("2026-10-05T08:00:00Z", "2026-10-06T08:00:00Z");
    let branch = |name: &str| json!({ "ref": name, "sha": "a".repeat(40), "repo": repository });
    json!({
        "action": "closed", "number": number, "repository": repository,
        "sender": someone(990_102, "octo-host"),
        "pull_request": {
            "id": 990_200 + number, "number": number, "title": title, "state": "closed", "draft": false,
            "user": someone(990_101, LOGIN), "created_at": opened, "updated_at": merged,
            "closed_at": merged, "merged_at": merged, "merged": true, "merged_by": someone(990_102, "octo-host"),
            "labels": [{ "name": "L".repeat(50) }, { "name": "=1+1" }],
            "head": branch("repair"), "base": branch("main"),
            "additions": 9_007_199_254_740_991u64, "deletions": 9_007_199_254_740_991u64, "changed_files": 4, "commits": 3,
        },
    })
}

/// Lists every kind of page, including errors, for the season and for this project.
pub(super) async fn pages(port: u16) -> Result<Vec<String>> {
    let mut connection = Connection::open(port).await?;
    let mut board = async |path: &str| -> Result<Value> {
        let answer = connection.get(path).await?;
        Ok(serde_json::from_slice(&answer.body)?)
    };
    let first = board("/api/v1/leaderboards/global?limit=1").await?;
    let login = first["items"][0]["login"].as_str().context("the board is empty")?;
    let pulls = board(&format!("/api/v1/people/{login}/pull-requests?limit=100")).await?;
    let mut pulls = pulls["items"].as_array().into_iter().flatten();
    let merged = pulls.find(|pull| pull["state"] == "MERGED");
    let pull = merged.and_then(|pull| pull["pull_request"].as_str());
    let pull = pull.context("the first has nothing merged")?.replace('#', "/");
    let projects = board("/api/v1/projects").await?;
    let slug = projects["items"][0]["slug"].as_str().context("there is no project")?;
    Ok(vec![
        "/".to_owned(),
        "/projects".to_owned(),
        format!("/projects/{slug}"),
        format!("/projects/{slug}/rules"),
        "/projects/guests".to_owned(),
        "/leaderboards".to_owned(),
        "/leaderboards?rank=120".to_owned(),
        "/leaderboards?rank=99999999".to_owned(),
        format!("/leaderboards?around={LOGIN}"),
        "/leaderboards/months".to_owned(),
        "/leaderboards/months/2026-10".to_owned(),
        "/leaderboards/projects/guests".to_owned(),
        "/badges".to_owned(),
        "/badges/first-merge".to_owned(),
        "/badges/streak-24".to_owned(),
        format!("/people/{login}"),
        format!("/people/{LOGIN}"),
        format!("/pull-requests/{pull}"),
        format!("/pull-requests/{REPOSITORY}/1"),
        format!("/pull-requests/{REPOSITORY}/2"),
        format!("/pull-requests/{REPOSITORY}/3"),
        "/guides".to_owned(),
        "/guides/contributing".to_owned(),
        "/guides/maintaining".to_owned(),
        "/leaderboards?rank=first".to_owned(),
        "/people/unknown-login".to_owned(),
    ])
}
