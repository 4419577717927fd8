//! Reading repositories from GitHub's API, with a simulated GitHub.

mod ages;
mod equal;
mod failures;
mod files;
mod issues;
mod merges;
mod patches;
mod progress;
mod requests;

use std::cell::Cell;

use chrono::TimeDelta;
use kernel::Clock as _;
use testkit::{
    clock::FakeClock,
    fake_github::{FakeGithub, Options, Role},
    rng::Rng,
    story::Act,
};

use crate::app::{SECRET, TestApp};

/// The repository that is read.
pub(crate) const REPOSITORY: &str = "octo-org/lantern";

/// The people of the scene. The last two may merge.
const PEOPLE: [&str; 6] = ["hexacat", "monacat", "octavia", "wren-oak", "finch-ash", "rook-elm"];

/// A simulated GitHub with a repository and people, and the time that it shares with the servers that read it.
pub(crate) struct Scene {
    pub(crate) github: FakeGithub,
    clock: FakeClock,
    github_id: i64,
    /// The number of the last pull request.
    opened: Cell<i64>,
}

impl Scene {
    pub(crate) async fn new() -> Self {
        let clock = FakeClock::new("2026-09-01T08:00:00Z".parse().expect("an instant"));
        let github = FakeGithub::start(Options::new(clock.clone())).await;
        let github = github.expect("a fake");
        let github_id = github.add_repo("octo-org", "lantern").id;
        for login in PEOPLE {
            github.add_user(login);
        }
        for login in &PEOPLE[4..] {
            github.permit(REPOSITORY, login, Role::Maintain).expect("permitted");
        }
        Self { github, clock, github_id, opened: Cell::new(0) }
    }

    /// Starts a server that reads the fake with a token, without any repository.
    pub(crate) async fn server(&self) -> TestApp {
        let url = self.github.url().to_owned();
        let app = TestApp::with(move |config| {
            config.github_api_url = url;
            config.github_api_token = Some("token-hexacat".to_owned().into());
        });
        let app = app.await;
        app.clock.set(self.clock.now());
        app.project("season").await;
        app
    }

    /// Registers the repository, which requests that it is read.
    pub(crate) async fn register(&self, app: &TestApp) {
        app.repository("season", REPOSITORY, self.github_id).await;
    }

    /// Has GitHub deliver the events of the repository to a server.
    fn deliver_to(&self, app: &TestApp) {
        let url = format!("{}/api/v1/webhooks/github", app.url);
        self.github.add_hook(REPOSITORY, &url, SECRET).expect("a hook");
    }

    /// Lets time pass on GitHub and on the servers.
    pub(crate) fn pass(&self, apps: &[&TestApp], time: TimeDelta) {
        let now = self.clock.advance(time);
        for app in apps {
            app.clock.set(now);
        }
    }

    /// Opens a pull request, and merges it an hour later.
    fn merged(&self, apps: &[&TestApp], author: &str) -> i64 {
        let opened = self.github.open_pull(REPOSITORY, author, |_| {});
        let number = opened.expect("opened");
        self.pass(apps, TimeDelta::hours(1));
        self.github.merge(REPOSITORY, number, "rook-elm").expect("merged");
        self.pass(apps, TimeDelta::hours(1));
        number
    }

    /// Lets people open pull requests, `pulls` altogether, and do random things with them. GitHub's times are whole
    /// seconds, and no two things happen in one.
    async fn live(&self, apps: &[&TestApp], pulls: i64, acts: usize, rng: &mut Rng) {
        let mut opened = self.opened.get();
        for _ in 0..acts {
            self.pass(apps, TimeDelta::seconds(rng.between(1, 60 * 60 * 9)));
            if opened == 0 || (opened < pulls && rng.chance(40)) {
                let author = *rng.pick(&PEOPLE);
                let draft = rng.chance(20);
                let shape = |pull: &mut testkit::payloads::PullState| pull.draft = draft;
                opened = self.github.open_pull(REPOSITORY, author, shape).expect("opened");
                self.opened.set(opened);
                continue;
            }
            let number = rng.between(1, opened);
            let act = self.github.draw(REPOSITORY, number, rng).expect("an act");
            let by = match act {
                Act::Merged => *rng.pick(&PEOPLE[4..]),
                _ => *rng.pick(&PEOPLE),
            };
            self.github.act(REPOSITORY, number, by, act).expect("acted");
        }
        self.github.settle().await;
    }
}

/// Requests the repository again and reads it.
async fn read_again(app: &TestApp) {
    app.run_schedule("RepositorySync").await;
    app.work().await;
}

/// Returns the state of reading: the state, the number of pull requests and the error.
async fn state(app: &TestApp) -> Vec<String> {
    let sql = "SELECT CASE WHEN dead_at IS NOT NULL THEN 'failed' WHEN due_at IS NULL THEN 'complete' \
               ELSE 'due' END || ' ' || CAST(pulls_read AS text) || ' ' || coalesce(last_error, '-') AS value \
               FROM repository_syncs";
    app.values(sql).await
}
