//! Registering repositories in the name of people, with a simulated GitHub.

mod api;
mod arrivals;
mod connection;
mod interrupted;
mod members;
mod named;
mod page;
mod refusals;
mod removal;
mod together;
mod webhook_events;

use chrono::TimeDelta;
use identity::model::{AccountKind, Device, GithubAccount, Viewer};
use testkit::fake_github::Role;

use crate::app::{
    TestApp, at,
    browser::{Answer, Browser},
    github_scene::{API, NEW, PAGE, REPOSITORY, Scene},
    scenarios::person,
};

impl Scene {
    /// Starts GitHub with two maintainers of the repository, and a server.
    async fn with_maintainers() -> Self {
        let scene = Self::start(|_| {}).await;
        for login in ["wren-oak", "finch-ash"] {
            scene.github.add_user(login);
            scene.github.permit(REPOSITORY, login, Role::Admin).expect("permitted");
        }
        scene
    }

    /// Submits the form that registers the repository.
    async fn register(&self, browser: &Browser<'_>) -> Answer {
        let id = self.github_id.to_string();
        browser.post(PAGE, &[("github_id", &id)]).await
    }

    /// Returns the number of the repository's webhooks on GitHub.
    fn hooks(&self) -> usize {
        self.github.hooks(REPOSITORY).expect("known").len()
    }

    async fn registered(&self) -> i64 {
        let sql = "SELECT count(*) FROM project_repositories";
        self.app.count(sql).await
    }

    /// Returns the number of webhooks that are planned or are to be deleted.
    async fn tasks(&self) -> i64 {
        self.app.count("SELECT count(*) FROM hook_tasks").await
    }
}

/// Connects GitHub for a person without a GitHub.
pub(crate) async fn connect(app: &TestApp, login: &str) {
    let token = app.signed_in(login, &Device::default()).await;
    let found = identity::actions::recognize(app.context(), &token).await;
    let viewer: Viewer = found.expect("looked up").expect("signed in").viewer;
    let account = GithubAccount::new(
        person(login).id,
        login.to_owned(),
        AccountKind::User,
        at("2020-01-01T00:00:00Z"),
    );
    let token = "gho_made-up".into();
    identity::actions::connect_github(app.context(), &viewer, &account, &token, "admin:repo_hook")
        .await
        .expect("connected");
}
