//! Repositories that an installation of the server's GitHub App includes, with a simulated GitHub.

mod endings;
mod lists;
mod order;
mod registering;
mod tokens;
mod trust;

use chrono::TimeDelta;
use kernel::Clock as _;
use platform::crypto::RsaKey;
use serde_json::Value;
use testkit::{
    clock::FakeClock,
    fake_github::{APP_ID, APP_KEY, FakeGithub, Options, Role},
};

use crate::{
    app::{TestApp, at, browser::Browser},
    inbox::call::Call,
};

const OWNER: &str = "octo-org";
const REPOSITORY: &str = "octo-org/lantern";

/// The secret of the App's deliveries.
const SECRET: &str = "the app's own secret";

const API: &str = "/api/v1/projects/season/repositories";
const PAGE: &str = "/projects/season/repositories";
const NEW: &str = "/projects/season/repositories/new";

/// A simulated GitHub with a repository and a person who maintains it, and a server with the App.
struct Scene {
    github: FakeGithub,
    clock: FakeClock,
    github_id: i64,
    app: TestApp,
}

impl Scene {
    async fn new() -> Self {
        let clock = FakeClock::new(at("2026-11-01T08:00:00Z"));
        let github = FakeGithub::start(Options::new(clock.clone())).await;
        let github = github.expect("a fake");
        let github_id = github.add_repo(OWNER, "lantern").id;
        for login in ["wren-oak", "hexacat"] {
            github.add_user(login);
        }
        github
            .permit(REPOSITORY, "wren-oak", Role::Maintain)
            .expect("permitted");
        let url = github.url().to_owned();
        let app = TestApp::with(|config| {
            config.github_client_id = Some("guildhall".to_owned());
            config.github_client_secret = Some("fake-secret".to_owned().into());
            config.github_url = url.clone();
            config.github_api_url = url;
            // Nothing listens there: GitHub's webhooks of repositories deliver to no one.
            config.bind = "127.0.0.1:9".parse().expect("an address");
            config.github_app_id = Some(APP_ID);
            config.github_app_private_key = RsaKey::from_pem(APP_KEY);
            config.github_app_webhook_secret = Some(SECRET.to_owned().into());
        });
        let app = app.await;
        app.clock.set(clock.now());
        app.project("season").await;
        let hook = format!("{}/api/v1/webhooks/github", app.url);
        github.deliver_app_to(&hook, SECRET);
        Self {
            github,
            clock,
            github_id,
            app,
        }
    }

    /// Lets time pass on GitHub and on the server.
    fn pass(&self, time: TimeDelta) {
        let now = self.clock.advance(time);
        self.app.clock.set(now);
    }

    /// Has the server process what GitHub delivered.
    async fn settle(&self) {
        self.github.settle().await;
        self.app.work().await;
    }

    /// Installs the App in the repository; returns the installation's ID.
    async fn install(&self) -> i64 {
        let id = self.github.install(OWNER, &[REPOSITORY]).expect("known");
        self.settle().await;
        self.pass(TimeDelta::minutes(1));
        id
    }

    /// Registers the repository as an operator does, without anyone's token, and reads it.
    async fn register(&self) {
        let id = self.github_id;
        self.app.repository("season", REPOSITORY, id).await;
        self.app.work().await;
    }

    /// Requests the repository again and reads it.
    async fn read_again(&self) {
        self.app.run_schedule("RepositorySync").await;
        self.app.work().await;
    }

    /// Signs the maintainer in, without connecting GitHub.
    async fn maintainer(&self) -> Browser<'_> {
        let browser = Browser::new(&self.app);
        browser.sign_in(&self.github, "wren-oak").await.location();
        self.app.add_maintainer("season", "wren-oak").await;
        browser
    }

    /// Signs the maintainer in, and connects GitHub.
    async fn connected(&self) -> Browser<'_> {
        let browser = self.maintainer().await;
        let begin = format!("/settings/github/connect?return={NEW}");
        let back = browser.callback(&self.github, "wren-oak", &begin).await;
        assert_eq!(browser.get(&back).await.location(), NEW);
        browser
    }

    /// Returns the repository in the project's list.
    async fn listed(&self, browser: &Browser<'_>) -> Value {
        let mut list = browser.json(API).await;
        list["items"][0].take()
    }
}

/// Returns a request of the App.
fn of_app(event: &str, body: impl Into<Vec<u8>>) -> Call {
    Call::new(event, body)
        .signed_with(SECRET)
        .with("x-github-hook-installation-target-type", "integration")
}

/// Returns the outcome of each delivery, oldest first.
async fn outcomes(app: &TestApp) -> Vec<String> {
    let sql = "SELECT outcome AS value FROM webhook_deliveries ORDER BY received_at, id";
    app.values(sql).await
}
