//! The switches of the game platform, its checks and its health.

use std::{collections::BTreeSet, sync::Arc};

use ctf::gateway::{GamePlatform, PlatformError, Platforms};
use platform::{
    audit::Actor::Operator,
    flags::{FlagChange, FlagViewer, change},
};
use serde_json::json;
use testkit::fake_game_platform::{FakeGamePlatform, Options};
use uuid::Uuid;

use crate::app::TestApp;

const FLAG: &str = "game_platform_integration";

async fn started(variable: &str) -> (TestApp, FakeGamePlatform) {
    let clock = testkit::clock::FakeClock::new("2026-11-01T00:00:00Z".parse().expect("an instant"));
    let fake = FakeGamePlatform::start(clock, Options::default()).await;
    let fake = fake.expect("a free port");
    fake.add_user("c", "ada");
    let app = TestApp::with(|config| {
        config.game_platform_api_base_url = Some(fake.url());
        config.game_platform_api_token = Some(fake.token().into());
        let switch = "GAME_PLATFORM_INTEGRATION_ENABLED".to_owned();
        config.switches.insert(switch, variable.to_owned());
    })
    .await;
    (app, fake)
}

fn coach(number: u128) -> FlagViewer {
    FlagViewer::new(Uuid::from_u128(number), None)
}

fn opened(app: &TestApp, subjects: &[FlagViewer]) -> Result<Arc<dyn GamePlatform>, PlatformError> {
    Platforms::of(&app.server.config).open(app.context(), subjects)
}

fn refused(app: &TestApp, subjects: &[FlagViewer]) -> String {
    opened(app, subjects).expect_err("off").message()
}

async fn set(app: &TestApp, wanted: FlagChange) {
    let changed = change(app.context(), Operator, FLAG, wanted, "to try").await;
    changed.expect("changed");
}

#[tokio::test]
async fn without_its_variable_only_checks_call_the_platform() {
    let (app, fake) = started("").await;
    let platforms = Platforms::of(&app.server.config);
    assert!(platforms.is_configured() && !platforms.is_enabled(app.context()));
    let said = refused(&app, &[coach(1)]);
    assert!(said.contains("Set GAME_PLATFORM_INTEGRATION_ENABLED=true"), "{said}");
    let found = app.server.outside.look(app.context()).await;
    let found = found.iter().find(|found| found.name == "game_platform");
    let condition = &found.expect("the game platform").condition;
    assert_eq!(*condition, platform::outside::Condition::SwitchedOff);
    assert!(fake.calls().is_empty());

    let checks = platforms.checks(app.context()).expect("a platform");
    for checked in checks.all(Some("c")).await {
        let words = checked.result.expect(checked.call);
        assert!(words.contains("expected shape") || checked.call == "root", "{words}");
    }
    assert_eq!(fake.calls().len(), 5);
    fake.switch(|switches| switches.rejected = true);
    let results = checks.all(None).await;
    assert_eq!(results[0].result, Ok("the platform answers".to_owned()));
    assert_eq!(results[1].result, Err(PlatformError::Rejected));
    app.finish().await;
}

#[tokio::test]
async fn a_rollout_begins_with_named_coaches_and_ends_within_a_call() {
    let (app, fake) = started("true").await;
    let said = refused(&app, &[coach(1)]);
    assert!(said.contains("not on for this roster"), "{said}");
    set(
        &app,
        FlagChange { people: Some(BTreeSet::from([Uuid::from_u128(1)])), ..FlagChange::default() },
    )
    .await;
    assert!(opened(&app, &[coach(2)]).is_err() && opened(&app, &[]).is_err());
    let client = opened(&app, &[coach(2), coach(1)]).expect("on for one coach");
    assert!(client.user("c").await.expect("an answer").is_some());
    let found = app.server.outside.look(app.context()).await;
    let found = found.iter().find(|found| found.name == "game_platform");
    let condition = &found.expect("the game platform").condition;
    assert!(matches!(condition, platform::outside::Condition::Healthy(_)), "{condition:?}");

    let calls = fake.calls();
    set(&app, crate::flags::to(false, 100)).await;
    let error = client.user("c").await.expect_err("off");
    assert_eq!(error.kind(), "switched_off");
    assert!(error.message().contains("/admin/flags"), "{error}");
    assert_eq!(fake.calls(), calls, "no call goes out");
    set(&app, crate::flags::to(true, 100)).await;
    assert!(opened(&app, &[]).is_ok() && client.user("c").await.is_ok());
    app.finish().await;
}

#[tokio::test]
async fn a_server_without_a_platform_says_so() {
    let app = TestApp::start().await;
    let said = refused(&app, &[]);
    assert!(said.contains("GAME_PLATFORM_API_BASE_URL"), "{said}");
    let health = app.json("/api/health").await;
    assert_eq!(health["checks"]["game_platform"], json!("not_configured"));
    app.finish().await;
}

#[tokio::test]
async fn an_installation_that_never_started_is_checked_as_it_will_start() {
    let (app, fake) = started("true").await;
    let created = "DELETE FROM feature_flags";
    app.change(created).await.expect("as after `migrate up --create`");
    let context = app.context();
    let platforms = Platforms::of(&app.server.config);
    context.flags.look(&context.db).await.expect("read");
    let said = platforms.held_back(context, &[]).expect("off");
    assert!(said.contains("switched off by the flag"), "{said}");
    // As `doctor` does.
    context.flags.look_ahead(&context.db).await.expect("read");
    let said = platforms.held_back(context, &[]).expect("not on for everyone");
    assert!(said.contains("not on for this roster yet"), "{said}");
    let found = app.server.outside.look(context).await;
    let found = found.iter().find(|found| found.name == "game_platform");
    let condition = &found.expect("the game platform").condition;
    let accepted = matches!(condition, platform::outside::Condition::Healthy(_));
    assert!(accepted, "{condition:?}");
    assert_eq!(app.count("SELECT count(*) FROM feature_flags").await, 0);
    drop(fake);
    app.finish().await;
}
