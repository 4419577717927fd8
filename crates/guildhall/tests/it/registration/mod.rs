//! Registering repositories in the name of people, with a simulated GitHub.

mod api;
mod connection;
mod interrupted;
mod members;
mod page;
mod refusals;
mod removal;
mod together;

use chrono::TimeDelta;
use identity::model::{AccountKind, Device, GithubAccount, Viewer};
use kernel::Clock as _;
use testkit::{
    clock::FakeClock,
    fake_github::{FakeGithub, Options, Role},
};

use crate::app::{
    TestApp, at,
    browser::{Answer, Browser},
    scenarios::person,
};

/// The repository that is registered.
const REPOSITORY: &str = "octo-org/lantern";

/// The page that lists the repositories of the project.
const PAGE: &str = "/projects/season/repositories";

/// The page on which one is chosen.
const NEW: &str = "/projects/season/repositories/new";

/// The API of the project's repositories.
const API: &str = "/api/v1/projects/season/repositories";

/// A simulated GitHub with two maintainers of a repository, who also maintain the project on the server.
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
        let github_id = github.add_repo("octo-org", "lantern").id;
        for login in ["wren-oak", "finch-ash"] {
            github.add_user(login);
            github
                .permit(REPOSITORY, login, Role::Admin)
                .expect("permitted");
        }
        let url = github.url().to_owned();
        let app = TestApp::with(|config| {
            config.github_client_id = Some("guildhall".to_owned());
            config.github_client_secret = Some("fake-secret".to_owned().into());
            config.github_url = url.clone();
            config.github_api_url = url;
            // Nothing listens there: tests send deliveries themselves.
            config.bind = "127.0.0.1:9".parse().expect("an address");
        });
        let app = app.await;
        app.clock.set(clock.now());
        app.project("season").await;
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

    /// Signs a maintainer in with GitHub.
    async fn maintainer(&self, login: &str) -> Browser<'_> {
        let browser = Browser::new(&self.app);
        browser.sign_in(&self.github, login).await.location();
        self.app.add_maintainer("season", login).await;
        browser
    }

    /// Signs a maintainer in, and connects GitHub.
    async fn connected(&self, login: &str) -> Browser<'_> {
        let browser = self.maintainer(login).await;
        assert_eq!(self.connect(&browser, login).await.location(), NEW);
        browser
    }

    /// Authenticates at GitHub as `login` to connect it.
    async fn connect(&self, browser: &Browser<'_>, login: &str) -> Answer {
        let begin = format!("/settings/github/connect?return={NEW}");
        let back = browser.callback(&self.github, login, &begin).await;
        browser.get(&back).await
    }

    /// Submits the form that registers the repository.
    async fn register(&self, browser: &Browser<'_>) -> Answer {
        let id = self.github_id.to_string();
        browser.post(PAGE, &[("github_id", &id)]).await
    }

    /// Returns the number of the repository's webhooks at GitHub.
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
