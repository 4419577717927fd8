//! A server on which people connect a simulated GitHub.

use chrono::TimeDelta;
use kernel::Clock as _;
use platform::config::Config;
use testkit::{
    clock::FakeClock,
    fake_github::{FakeGithub, Options},
};

use super::{
    TestApp, at,
    browser::{Answer, Browser},
};

/// The owner of the repository.
pub(crate) const OWNER: &str = "octo-org";

pub(crate) const REPOSITORY: &str = "octo-org/lantern";

pub(crate) const API: &str = "/api/v1/projects/season/repositories";

/// The page that lists the repositories of the project.
pub(crate) const PAGE: &str = "/projects/season/repositories";

/// The page on which one is chosen.
pub(crate) const NEW: &str = "/projects/season/repositories/new";

/// A simulated GitHub with a repository, and a server with a project.
pub(crate) struct Scene {
    pub(crate) github: FakeGithub,
    pub(crate) clock: FakeClock,
    pub(crate) github_id: i64,
    pub(crate) app: TestApp,
}

impl Scene {
    /// Starts GitHub, and a server with a changed configuration.
    pub(crate) async fn start(change: impl FnOnce(&mut Config)) -> Self {
        let clock = FakeClock::new(at("2026-11-01T08:00:00Z"));
        let github = FakeGithub::start(Options::new(clock.clone())).await;
        let github = github.expect("a fake");
        let github_id = github.add_repo(OWNER, "lantern").id;
        let url = github.url().to_owned();
        let app = TestApp::with(|config| {
            config.github_client_id = Some("guildhall".to_owned());
            config.github_client_secret = Some("fake-secret".to_owned().into());
            config.github_url = url.clone();
            config.github_api_url = url;
            // Nothing listens there: GitHub's webhooks of repositories deliver to no one.
            config.bind = "127.0.0.1:9".parse().expect("an address");
            change(config);
        });
        let app = app.await;
        app.clock.set(clock.now());
        app.project("season").await;
        Self { github, clock, github_id, app }
    }

    /// Lets time pass on GitHub and on the server.
    pub(crate) fn pass(&self, time: TimeDelta) {
        let now = self.clock.advance(time);
        self.app.clock.set(now);
    }

    /// Signs a maintainer in with GitHub, without connecting it.
    pub(crate) async fn maintainer(&self, login: &str) -> Browser<'_> {
        let browser = Browser::new(&self.app);
        browser.sign_in(&self.github, login).await.location();
        self.app.add_maintainer("season", login).await;
        browser
    }

    /// Signs a maintainer in, and connects GitHub.
    pub(crate) async fn connected(&self, login: &str) -> Browser<'_> {
        let browser = self.maintainer(login).await;
        assert_eq!(self.connect(&browser, login).await.location(), NEW);
        browser
    }

    /// Authenticates on GitHub as `login` to connect it.
    pub(crate) async fn connect(&self, browser: &Browser<'_>, login: &str) -> Answer {
        let begin = format!("/settings/github/connect?return={NEW}");
        let back = browser.connection(&self.github, login, &begin).await;
        browser.get(&back).await
    }
}
