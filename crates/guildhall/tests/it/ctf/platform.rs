//! Servers with a simulated game platform, for tests of the sync.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use ctf::{
    actions::request_sync,
    gateway::{GamePlatformCalls, Platforms},
    model::{CompetitorId, RosterId},
    reads::{self, SyncRunView},
    rules::runs::{RunScope, Trigger},
};
use platform::{
    Context,
    audit::Actor::Operator,
    config::Config,
    flags::{Flags, Outgoing as _},
};
use testkit::{
    clock::FakeClock,
    fake_game_platform::{FakeGamePlatform, Options},
};

use crate::{
    app::TestApp,
    flags::{set, to},
};

/// A server whose integration with a simulated platform is on for everyone.
pub(super) struct Synced {
    pub(super) app: TestApp,
    pub(super) fake: FakeGamePlatform,
    clock: FakeClock,
}

/// Points a server to a fake, with the variable of the integration on.
pub(super) fn connect(config: &mut Config, fake: &FakeGamePlatform) {
    config.game_platform_api_base_url = Some(fake.url());
    config.game_platform_api_token = Some(fake.token().into());
    config.game_platform_requests_per_minute = 60_000;
    let variable = GamePlatformCalls::FLAG.variable.to_owned();
    config.switches.insert(variable, "true".to_owned());
}

impl Synced {
    /// Starts a server and its platform.
    pub(super) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// Starts a server with a changed configuration.
    pub(super) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let clock = FakeClock::new("2026-11-01T00:00:00Z".parse().expect("an instant"));
        let fake = FakeGamePlatform::start(clock.clone(), Options::default()).await;
        let fake = fake.expect("a free port");
        let app = TestApp::with(|config| {
            connect(config, &fake);
            change(config);
        })
        .await;
        set(&app, GamePlatformCalls::FLAG.name, to(true, 100)).await;
        Self { app, fake, clock }
    }

    /// Moves the clocks of the server and of the platform.
    pub(super) fn advance(&self, by: TimeDelta) {
        self.clock.advance(by);
        self.app.clock.advance(by);
    }

    /// Creates the roster of a coach whom the platform knows, with competitors who are of age. All have accounts there.
    pub(super) async fn roster_of(
        &self,
        login: &str,
        count: usize,
    ) -> (RosterId, Vec<CompetitorId>) {
        let (coach, roster) = self.app.roster(login).await;
        self.fake.add_coach(&coach.to_string(), login);
        let mut competitors = Vec::new();
        for number in 0..count {
            let last = format!("Quill{number}");
            let id = self.app.competitor(roster, "Ada", &last).await;
            self.fake.add_user(&id.to_string(), &format!("{login}{number}"));
            competitors.push(id);
        }
        (roster, competitors)
    }

    /// Requests a run, works until it ends, and returns it.
    pub(super) async fn run(&self, scope: RunScope) -> SyncRunView {
        let context = self.app.context();
        let requested = request_sync(context, Some(Operator), Trigger::Admin, scope).await;
        self.app.work().await;
        self.ended(requested.expect("requested").run).await
    }

    pub(super) async fn ended(&self, run: ctf::model::SyncRunId) -> SyncRunView {
        let found = reads::sync_run(&self.app.context().db, run).await;
        let found = found.expect("read").expect("a run");
        assert!(found.is_finished(), "{found:?}");
        found
    }

    /// Returns the stored solves that the platform still lists.
    pub(super) async fn solves(&self) -> i64 {
        let sql = "SELECT count(*) FROM game_platform_challenge_solves WHERE vanished_at IS NULL";
        self.app.count(sql).await
    }

    /// Returns the number of calls to the platform.
    pub(super) fn calls(&self) -> u64 {
        self.fake.calls().values().sum()
    }
}

/// Returns the competitors of a run: those synced, skipped and failed.
pub(super) fn counts(run: &SyncRunView) -> (i64, i64, i64) {
    (run.synced, run.skipped, run.failed)
}

/// Returns a context in which the integration is on for everyone, and a platform that knows one account.
pub(super) async fn switched_on(
    app: &TestApp,
    account: &str,
) -> (Context, Platforms, FakeGamePlatform) {
    let clock = FakeClock::new(app.context().now());
    let fake = FakeGamePlatform::start(clock, Options::default()).await;
    let fake = fake.expect("a free port");
    fake.add_user(account, "ada");
    let mut config = Config::clone(&app.server.config);
    connect(&mut config, &fake);
    let switches: BTreeMap<String, String> = config.switches.clone();
    let flags = Flags::new(vec![GamePlatformCalls::FLAG], &switches).expect("flags");
    set(app, GamePlatformCalls::FLAG.name, to(true, 100)).await;
    flags.look(&app.context().db).await.expect("read");
    let mut context = app.context().clone();
    context.flags = flags;
    (context, Platforms::of(&config), fake)
}
