//! A person's way through everything that the server does on GitHub.

use std::{
    collections::BTreeSet,
    fs,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use sqlx::AnyPool;

use super::{
    calls::{Recorder, hook_secret, verdict},
    client::Endpoint,
    folder,
};
use crate::{
    deliveries::Delivery,
    fake_github::{ATTEMPT, BEGIN, SESSION},
    http::{Answer, Connection, request, with_cookies},
    installation::{Installation, SECRET, Serving},
    judges::Surroundings,
    undone,
};

/// The account, the repository and the webhook of the description's examples.
const LOGIN: &str = "octocat";
const ACCOUNT: i64 = 1;
const REPOSITORY: &str = "octocat/Hello-World";
const REPOSITORY_ID: i64 = 1_296_269;
/// The command that follows the issues of the repository.
const FOLLOW: &str = "discovery follow octocat/Hello-World";
/// The command that searches for issues on GitHub.
const SEARCH: &str = "discovery follow --search label:bug";
const HOOK: u64 = 12_345_678;

/// A private key for the App, which everyone can read.
const KEY: &str = "crates/testkit/src/fake_github/app.pem";

const REPOSITORIES: &str = "/api/v1/projects/season/repositories";
const AVAILABLE: &str = "/api/v1/projects/season/available-repositories";
const CONNECTION: &str = "/api/v1/me/github-connection";
const PATIENCE: Duration = Duration::from_secs(60);

/// Lets a server on a port do everything that it does on GitHub, and judges its calls. Each endpoint must be called.
pub(super) async fn judge(
    around: &Surroundings<'_>,
    recorder: &Recorder,
    endpoints: &BTreeSet<Endpoint>,
    port: u16,
) -> Result<()> {
    let data = folder(around).join("sqlite");
    let mut installation = Installation::fresh(around.program(), data, None)?;
    let github = format!("http://127.0.0.1:{}", recorder.port);
    installation.settings = vec![
        ("GITHUB_CLIENT_ID", "guildhall".to_owned()),
        ("GITHUB_CLIENT_SECRET", "a secret of the app".to_owned()),
        ("GITHUB_API_TOKEN", "a-token-of-the-server".to_owned()),
        ("GUILDHALL_GITHUB_URL", github.clone()),
        ("GUILDHALL_GITHUB_API_URL", github),
    ];
    installation.command(&["migrate", "up", "--create"])?;
    installation.command(&["project", "create", "--name", "season"])?;
    let walked = walk(around, &mut installation, recorder, port).await;
    // A refused call is often the reason for which the server went no further.
    let calls = recorder.calls().await?;
    let none = BTreeSet::new();
    let expected = if walked.is_ok() { endpoints } else { &none };
    let complaints = verdict(&calls, expected);
    ensure!(complaints.is_empty(), "{}", complaints.join("\n  "));
    walked?;
    println!("{} calls, of {} endpoints", calls.len(), endpoints.len());
    if !around.keep {
        fs::remove_dir_all(&installation.data)?;
    }
    Ok(())
}

/// Goes a person's way on a server without the App, and then on one with it.
async fn walk(
    around: &Surroundings<'_>,
    installation: &mut Installation,
    recorder: &Recorder,
    port: u16,
) -> Result<()> {
    let serving = installation.serve_at(port).await?;
    let pool = AnyPool::connect(&installation.database_url()).await?;
    let octocat = sign_in(installation, &serving).await?;
    let walk = Walk { octocat, recorder, pool: &pool };
    walk.without_app().await?;
    walk.follow_issues(installation).await?;
    drop(serving);
    let key = around.workspace.root.join(KEY);
    installation.settings.extend([
        ("GUILDHALL_GITHUB_APP_ID", "1".to_owned()),
        ("GUILDHALL_GITHUB_APP_PRIVATE_KEY", fs::read_to_string(key)?),
        ("GUILDHALL_GITHUB_APP_WEBHOOK_SECRET", SECRET.repeat(2)),
    ]);
    let serving = installation.serve_at(port).await?;
    walk.with_app().await?;
    drop(serving);
    pool.close().await;
    Ok(())
}

/// The person of the examples, signed in.
struct Person {
    port: u16,
    cookie: String,
}

impl Person {
    async fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Answer> {
        let headers = [("Cookie", self.cookie.as_str()), ("Sec-Fetch-Site", "same-origin")];
        request(self.port, method, path, &headers, body).await
    }

    /// Makes a request that must be answered with a status.
    async fn must(
        &self,
        (method, path): (&str, &str),
        body: Option<&Value>,
        status: u16,
    ) -> Result<Answer> {
        let answer = self.ask(method, path, body).await?;
        ensure!(
            answer.status == status,
            "{method} {path} was answered {}: {}",
            answer.status,
            answer.text()
        );
        Ok(answer)
    }

    async fn json(&self, path: &str) -> Result<Value> {
        self.must(("GET", path), None, 200).await?.json()
    }
}

/// Signs the person in, and makes them an admin.
async fn sign_in(installation: &Installation, serving: &Serving) -> Result<Person> {
    let port = serving.port;
    let begun = with_cookies(port, BEGIN, "").await?;
    let signed_in = through_github(port, &begun, "").await?;
    let person = Person { port, cookie: format!("{SESSION}={}", signed_in.cookie(SESSION)?) };
    let own = person.json("/api/v1/me").await?;
    ensure!(own["login"] == LOGIN, "signed in as {}", own["login"]);
    installation.command(&["user", "grant", LOGIN, "--role", "admin"])?;
    Ok(person)
}

/// Goes to GitHub from a page that redirects or leads on to it, and comes back with a code.
async fn through_github(port: u16, begun: &Answer, cookie: &str) -> Result<Answer> {
    let to = begun.header("location").or_else(|| begun.header("refresh"));
    let to = to.unwrap_or_default();
    let state = to.split("state=").nth(1);
    let state = state.and_then(|rest| rest.split('&').next());
    let state = state.with_context(|| format!("the page leads to {to:?}: {}", begun.text()))?;
    let back = format!("{BEGIN}/callback?code=a-code&state={state}");
    let attempt = format!("{ATTEMPT}={}; {cookie}", begun.cookie(ATTEMPT)?);
    let answer = with_cookies(port, &back, &attempt).await?;
    ensure!(answer.status == 303, "coming back was answered {}: {}", answer.status, answer.text());
    Ok(answer)
}

/// The person's way.
struct Walk<'a> {
    octocat: Person,
    recorder: &'a Recorder,
    pool: &'a AnyPool,
}

impl Walk<'_> {
    async fn without_app(&self) -> Result<()> {
        self.connect().await?;
        self.register_with_hook().await?;
        self.update_hook().await?;
        self.read_again().await?;
        self.read_patch().await?;
        self.check_rights().await?;
        self.services_respond().await?;
        self.move_hook().await?;
        self.remove().await?;
        let path = ("DELETE", CONNECTION);
        self.octocat.must(path, None, 204).await?;
        Ok(())
    }

    /// Follows the issues of the repository, and reads them a second time, which asks first whether one changed.
    async fn follow_issues(&self, installation: &Installation) -> Result<()> {
        let follow: Vec<&str> = FOLLOW.split(' ').collect();
        installation.command(&follow)?;
        self.until("issue_syncs WHERE completed_at IS NOT NULL", 1).await?;
        let path = ("POST", "/api/v1/admin/jobs/IssueSync/runs");
        self.octocat.must(path, None, 202).await?;
        self.recorder.wait("issues/list-for-repo").await?;
        let search: Vec<&str> = SEARCH.split(' ').collect();
        installation.command(&search)?;
        self.recorder.wait("search/issues-and-pull-requests").await?;
        let topic = json!({ "topic": "octocat" });
        let path = ("POST", "/api/v1/repositories/watch");
        self.octocat.must(path, Some(&topic), 201).await?;
        self.recorder.wait("search/repos").await?;
        let page = ("GET", "/admin/discovery");
        self.octocat.must(page, None, 200).await?;
        self.recorder.wait("rate-limit/get").await
    }

    /// Finds the repository in an installation of the App, and registers it without a connection.
    async fn with_app(&self) -> Result<()> {
        self.reports("GitHub accepts the key of").await?;
        self.octocat.must(("GET", "/setup/github"), None, 200).await?;
        self.octocat.must(("POST", "/setup/github/test"), None, 303).await?;
        let path = ("POST", "/api/v1/admin/jobs/InstallationSync/runs");
        self.octocat.must(path, None, 202).await?;
        let included = format!(
            "installation_repositories WHERE repository_github_id = {REPOSITORY_ID} AND removed_at IS NULL"
        );
        self.until(&included, 1).await?;
        let path = format!("{AVAILABLE}?q={REPOSITORY}");
        let list = self.octocat.json(&path).await?;
        check_first(&list)?;
        self.register().await?;
        self.until("repositories WHERE hook_id IS NOT NULL", 0).await
    }

    /// Connects GitHub, and finds the repository in the list of those to register.
    async fn connect(&self) -> Result<()> {
        let path = ("POST", "/settings/github/connect");
        let begun = self.octocat.must(path, None, 200).await?;
        through_github(self.octocat.port, &begun, &self.octocat.cookie).await?;
        let connected = self.octocat.json(CONNECTION).await?;
        ensure!(connected["login"] == LOGIN, "connected: {connected}");
        let list = self.octocat.json(AVAILABLE).await?;
        ensure!(list["next_page"] == 2, "{list}");
        check_first(&list)
    }

    /// Registers the repository, and waits until it is read.
    async fn register(&self) -> Result<()> {
        let new = json!({ "github_id": REPOSITORY_ID });
        let path = ("POST", REPOSITORIES);
        let registered = self.octocat.must(path, Some(&new), 201).await?.json()?;
        ensure!(registered["full_name"] == REPOSITORY, "{registered}");
        self.until("repository_syncs WHERE completed_at IS NULL", 0).await
    }

    async fn register_with_hook(&self) -> Result<()> {
        self.register().await?;
        let stored = format!("repositories WHERE hook_id = {HOOK} AND github_id = {REPOSITORY_ID}");
        self.until(&stored, 1).await
    }

    /// Has the webhook deliver all events, of which the one in the examples delivers two.
    async fn update_hook(&self) -> Result<()> {
        let path = format!("/projects/season/repositories/{REPOSITORY_ID}/webhook");
        self.octocat.must(("POST", &path), None, 303).await?;
        self.recorder.wait("repos/get-webhook").await
    }

    /// Reads the repository a second time, which asks first whether a pull request changed.
    async fn read_again(&self) -> Result<()> {
        let path = format!("{REPOSITORIES}/{REPOSITORY_ID}/sync");
        let changed = json!({ "whole": false });
        let path = ("POST", path.as_str());
        self.octocat.must(path, Some(&changed), 202).await?;
        self.recorder.wait("pulls/list").await?;
        self.until("repository_syncs WHERE completed_at IS NULL", 0).await
    }

    /// Delivers that a small pull request was merged, whose patch the rules of the project judge.
    async fn read_patch(&self) -> Result<()> {
        let secret = hook_secret(&self.recorder.calls().await?);
        let secret = secret.context("the server created no webhook")?;
        let account = json!({ "id": ACCOUNT, "login": LOGIN, "type": "User" });
        let author = json!({ "id": ACCOUNT + 1, "login": "monalisa", "type": "User" });
        let repository = json!({
            "id": REPOSITORY_ID, "full_name": REPOSITORY, "name": "Hello-World", "owner": account,
        });
        let at = "2026-01-26T19:01:12Z";
        let pull = json!({
            "id": 1, "number": 1_347, "state": "closed", "title": "Amazing new feature",
            "user": author, "labels": [], "draft": false, "created_at": at, "updated_at": at,
            "closed_at": at, "merged_at": at, "merged_by": account, "additions": 1, "deletions": 1,
            "changed_files": 1, "commits": 1, "auto_merge": null,
            "head": { "ref": "new-topic", "sha": "6dcb09b5b57875f334f61aebed695e2e4193db5e" },
            "base": { "ref": "main", "sha": "9049f1265b7d61be4a8904a9a27120d2064dab3b", "repo": repository },
        });
        let closed = json!({
            "action": "closed", "number": 1_347, "pull_request": pull, "repository": repository,
            "sender": account,
        });
        let closed = closed.to_string();
        let delivery = delivery("pull_request", &closed);
        self.deliver(&delivery.request_of_hook(HOOK, &secret)).await?;
        self.recorder.wait("pulls/list-files").await?;
        self.until("pull_request_patches WHERE due_at IS NOT NULL", 0).await
    }

    /// Delivers that the person lost their role and ended their authorization, which GitHub denies.
    async fn check_rights(&self) -> Result<()> {
        let secret = hook_secret(&self.recorder.calls().await?);
        let secret = secret.context("the server created no webhook")?;
        let account = json!({ "id": ACCOUNT, "login": LOGIN, "type": "User" });
        let repository = json!({
            "id": REPOSITORY_ID, "full_name": REPOSITORY, "name": "Hello-World", "owner": account,
        });
        let removed = json!({
            "action": "removed", "member": account, "repository": repository, "sender": account,
        });
        let removed = removed.to_string();
        let delivery = delivery("member", &removed);
        self.deliver(&delivery.request_of_hook(HOOK, &secret)).await?;
        self.recorder.wait("repos/get-collaborator-permission-level").await?;
        self.until("member_checks", 0).await?;
        let asked = self.recorder.count("users/get-authenticated").await?;
        let revoked = json!({ "action": "revoked", "sender": account }).to_string();
        let delivery = self::delivery("github_app_authorization", &revoked);
        self.deliver(&delivery.request(SECRET)).await?;
        self.until("wake_ups", 0).await?;
        let checks = self.recorder.count("users/get-authenticated").await? - asked;
        ensure!(checks == 1, "GitHub was asked {checks} times whether it accepts the token");
        let connection = self.octocat.json(CONNECTION).await?;
        ensure!(connection["revoked_at"].is_null(), "{connection}");
        Ok(())
    }

    async fn deliver(&self, request: &[u8]) -> Result<()> {
        let mut connection = Connection::open(self.octocat.port).await?;
        let answer = connection.send(request).await?;
        ensure!(answer.status == 202, "a delivery: {}", answer.text());
        undone::wait(self.pool, PATIENCE).await
    }

    /// Checks that both clients of GitHub found it well.
    async fn services_respond(&self) -> Result<()> {
        self.reports("4999 of 5000 requests are left").await?;
        let responds = format!("127.0.0.1:{} responds", self.recorder.port);
        self.reports(&responds).await
    }

    /// Waits until the health page contains a finding: the services are checked soon after the start.
    async fn reports(&self, finding: &str) -> Result<()> {
        let start = Instant::now();
        loop {
            let health = self.octocat.json("/api/v1/admin/health").await?;
            let findings = health["findings"].to_string();
            if findings.contains(finding) {
                return Ok(());
            }
            ensure!(start.elapsed() < PATIENCE, "{finding}: {findings}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Removes the repository, whose webhook is then deleted, and registers it again while GitHub's list still has the
    /// webhook.
    async fn move_hook(&self) -> Result<()> {
        self.remove().await?;
        self.recorder.wait("repos/delete-webhook").await?;
        self.register_with_hook().await?;
        self.recorder.wait("repos/update-webhook").await
    }

    /// Removes the repository, and waits until its webhook is deleted.
    async fn remove(&self) -> Result<()> {
        let path = format!("{REPOSITORIES}/{REPOSITORY_ID}");
        self.octocat.must(("DELETE", &path), None, 204).await?;
        self.until("hook_tasks", 0).await
    }

    /// Waits until there are as many rows.
    async fn until(&self, from: &str, rows: i64) -> Result<()> {
        let start = Instant::now();
        loop {
            let found = undone::count(self.pool, from).await?;
            if found == rows {
                return Ok(());
            }
            ensure!(
                start.elapsed() < PATIENCE,
                "after {PATIENCE:?} {found} rows instead of {rows}: {from}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// Checks that the repository is the first in a list, and can be registered.
fn check_first(list: &Value) -> Result<()> {
    let found = &list["items"][0];
    let is_found = found["github_id"] == REPOSITORY_ID
        && found["full_name"] == REPOSITORY
        && found["can_register"] == true;
    ensure!(is_found, "{list}");
    Ok(())
}

fn delivery<'a>(event: &'a str, body: &'a str) -> Delivery<'a> {
    Delivery {
        event,
        id: match event {
            "member" => "6f1f2c1e-0000-4000-8000-000000000001",
            "pull_request" => "6f1f2c1e-0000-4000-8000-000000000003",
            _ => "6f1f2c1e-0000-4000-8000-000000000002",
        },
        body: body.as_bytes(),
    }
}
