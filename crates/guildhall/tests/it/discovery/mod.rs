//! Discovery: followed repositories, their opportunities, the search and its measures.

pub(crate) mod app;
mod catalog;
mod claims;
mod commands;
mod evaluate;
mod evaluate_both;
mod following;
mod importing;
mod list;
mod model;
mod one;
mod opportunities;
mod pages;
mod personal;
mod programs;
mod repositories;
mod vectors;
mod watching;

use chrono::TimeDelta;
use kernel::Clock as _;
use platform::config::Config;
use testkit::{
    clock::FakeClock,
    fake_github::{FakeGithub, IssueAct, Options, Role},
    payloads::{IssueState, Label},
};

use crate::app::{SECRET, TestApp};

/// The repository of most tests.
pub(crate) const LANTERN: &str = "octo-org/lantern";

/// A simulated GitHub with repositories and people, and the time that it shares with the servers that read it.
pub(crate) struct Reef {
    pub(crate) github: FakeGithub,
    clock: FakeClock,
}

impl Reef {
    pub(crate) async fn new() -> Self {
        let clock = FakeClock::new("2026-09-01T08:00:00Z".parse().expect("an instant"));
        let github = FakeGithub::start(Options::new(clock.clone())).await;
        let reef = Self { github: github.expect("a fake"), clock };
        for login in ["hexacat", "octavia", "rook-elm"] {
            reef.github.add_user(login);
        }
        reef.repository("octo-org", "lantern");
        reef
    }

    /// Adds a repository that `rook-elm` maintains.
    pub(crate) fn repository(&self, owner: &str, name: &str) {
        self.github.add_repo(owner, name);
        let full_name = format!("{owner}/{name}");
        self.github.permit(&full_name, "rook-elm", Role::Maintain).expect("permitted");
        let shape = |repo: &mut testkit::payloads::Repo| {
            repo.description = Some(format!("{name} for everyone"));
            repo.topics = vec!["cli".to_owned()];
        };
        self.github.shape(&full_name, shape).expect("known");
    }

    /// Starts a server that reads the fake with a token.
    pub(crate) async fn server(&self) -> TestApp {
        self.server_with(|_| ()).await
    }

    /// Starts a server that reads the fake with a token, after `change` changed its configuration.
    pub(crate) async fn server_with(&self, change: impl FnOnce(&mut Config)) -> TestApp {
        let url = self.github.url().to_owned();
        let app = TestApp::with(move |config| {
            config.github_api_url = url;
            config.github_api_token = Some("token-hexacat".to_owned().into());
            change(config);
        });
        let app = app.await;
        app.clock.set(self.clock.now());
        app
    }

    /// Registers the repository of most tests with a project of a server, and lets GitHub deliver its events.
    pub(crate) async fn register(&self, app: &TestApp) {
        app.project("season").await;
        self.register_repository(app, LANTERN).await;
    }

    /// Registers a repository with the project, and lets GitHub deliver its events.
    pub(crate) async fn register_repository(&self, app: &TestApp, name: &str) {
        let (_, repo) = self.github.named("octavia", name).expect("known");
        app.repository("season", name, repo.id).await;
        app.work().await;
        let url = format!("{}/api/v1/webhooks/github", app.url);
        self.github.add_hook(name, &url, SECRET).expect("a hook");
    }

    /// Opens an issue with a description that says enough.
    pub(crate) fn open(&self, repository: &str, title: &str, labels: &[&str]) -> i64 {
        self.open_with(repository, title, |issue| {
            issue.labels = labels.iter().map(|name| Label::named(*name)).collect();
        })
    }

    /// Opens an issue with a description that says enough, after `shape` changed it.
    pub(crate) fn open_with(
        &self,
        repository: &str,
        title: &str,
        shape: impl FnOnce(&mut IssueState),
    ) -> i64 {
        let opened = self.github.open_issue(repository, "octavia", |issue| {
            title.clone_into(&mut issue.title);
            issue.body =
                Some(format!("{title}. It should work as the guide in docs/usage.md says."));
            shape(issue);
        });
        opened.expect("opened")
    }

    pub(crate) fn act(&self, repository: &str, number: i64, act: &IssueAct) {
        let acted = self.github.act_on_issue(repository, number, act, "rook-elm");
        acted.expect("acted");
    }

    /// Lets time pass on GitHub and on a server.
    pub(crate) fn pass(&self, app: &TestApp, time: TimeDelta) {
        app.clock.set(self.clock.advance(time));
    }
}

/// Follows repositories and reads them.
pub(crate) async fn follow(app: &TestApp, names: &[&str]) -> discovery::actions::Followed {
    let context = app.context();
    let mut tx = context.begin().await.expect("a transaction");
    let names = names.iter().map(|name| (*name).to_owned());
    let followed = discovery::actions::follow(&mut tx, context, names).await;
    tx.commit().await.expect("committed");
    app.work().await;
    followed.expect("followed")
}

/// Reads what changed since the last time.
pub(crate) async fn read_again(app: &TestApp) {
    app.run_schedule("IssueSync").await;
    app.work().await;
}

/// Returns the opportunities: number, status and why they are dropped.
pub(crate) async fn opportunities(app: &TestApp) -> Vec<String> {
    let sql = "SELECT CAST(number AS text) || ' ' || status || coalesce(': ' || dropped_reason, '') AS value \
               FROM opportunities ORDER BY number, repository_id";
    app.values(sql).await
}
