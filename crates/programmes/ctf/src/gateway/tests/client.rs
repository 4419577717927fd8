use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use kernel::{Clock as _, Timestamp};
use testkit::{
    clock::FakeClock,
    fake_game_platform::{Booking, FakeGamePlatform, FlashBooking, Options},
};

use crate::gateway::{
    GamePlatform as _, NewUser, PlatformError, PlatformRole, client::MetaCtf, link::Link,
    recorder::Recorder,
};

struct World {
    fake: FakeGamePlatform,
    clock: FakeClock,
    client: MetaCtf,
}

async fn world_with(rate: u64, limit: usize) -> World {
    let now = Timestamp::from_timestamp(1_790_000_000, 0).expect("an instant");
    let clock = FakeClock::new(now);
    let fake = FakeGamePlatform::start(clock.clone(), Options::default()).await;
    let fake = fake.expect("a free port");
    fake.add_user("c", "ada");
    let link = Link::new(&fake.url(), &fake.token().into(), rate, 20, limit);
    let client = MetaCtf::checking(Arc::new(link), clock.clone());
    World { fake, clock, client }
}

async fn world() -> World {
    world_with(60_000, 1 << 20).await
}

#[tokio::test]
async fn accounts_are_read_with_either_status() {
    let world = world().await;
    assert!(world.client.user("c").await.expect("an answer").is_some());
    world.fake.switch(|switches| switches.created = true);
    let user = world.client.user("c").await.expect("an answer");
    assert_eq!(user.expect("an account").status, "approved");
    assert_eq!(world.client.user("x").await.expect("an answer"), None);
    let error = world.client.odl_scores("x", None).await.expect_err("unknown");
    assert_eq!(error, PlatformError::Unknown);
}

#[tokio::test]
async fn a_client_of_checks_changes_nothing() {
    let world = world().await;
    let user = NewUser {
        first_name: "Ada".to_owned(),
        last_name: "Lovelace".to_owned(),
        email: "ada@school.example".to_owned(),
        role: PlatformRole::User,
        id: "d".to_owned(),
        username: None,
        school: None,
        region: None,
        coach: None,
    };
    let shown = format!("{user:?}");
    assert!(!shown.contains("Ada") && !shown.contains('@'), "{shown}");
    let error = world.client.create_user(user).await.expect_err("off");
    assert_eq!(error.kind(), "switched_off");
    assert_eq!(world.fake.users(), ["c"]);
}

#[tokio::test]
async fn scores_are_read_from_a_time_on() {
    let world = world().await;
    let at = |seconds: i64| Booking {
        syned_user_id: "c".to_owned(),
        timestamp_unix: Some(1_790_000_000 + seconds),
        ..Booking::default()
    };
    world.fake.book(&at(-3_600));
    let second = world.fake.book(&at(0))[0];
    let all = world.client.odl_scores("c", None).await.expect("scores");
    assert_eq!((all.total_solved, all.solves.len()), (2, 2));
    let since = Some(world.clock.now());
    let rest = world.client.odl_scores("c", since).await.expect("scores");
    let ids: Vec<_> = rest.solves.iter().map(|solve| &solve.solve_id).collect();
    assert_eq!(ids, [&second.to_string()], "a solve of that very second counts");
    world.fake.book_flash(&FlashBooking {
        syned_user_id: "c".to_owned(),
        flash_ctf_name: "Flash CTF".to_owned(),
        count: Some(3),
        ..FlashBooking::default()
    });
    let events = world.client.flash_progress("c").await.expect("events");
    assert_eq!((events[0].challenges_solved, events[0].solves.len()), (3, 3));
}

#[tokio::test]
async fn an_outage_is_tried_again_and_then_not_called() {
    let world = world().await;
    world.fake.switch(|switches| switches.outage = true);
    for _ in 0..3 {
        let error = world.client.user("c").await.expect_err("outage");
        assert_eq!(error, PlatformError::Failed { status: 503 });
    }
    assert_eq!(world.client.recorder.calls(), 9, "three tries each");
    let error = world.client.user("c").await.expect_err("outage");
    assert_eq!(error, PlatformError::Failed { status: 503 });
    assert_eq!(world.client.recorder.calls(), 10, "the tenth failure opens the breaker");
    let error = world.client.user("c").await.expect_err("resting");
    assert_eq!(error, PlatformError::Resting);
    assert_eq!(world.client.recorder.calls(), 10);
    world.fake.switch(|switches| switches.outage = false);
    world.clock.advance(TimeDelta::seconds(31));
    assert!(world.client.user("c").await.is_ok());
}

#[tokio::test]
async fn requests_are_counted_by_client() {
    let world = world().await;
    let mut other = world.client.clone();
    other.recorder = Recorder::default();
    for _ in 0..3 {
        other.user("c").await.expect("an answer");
    }
    world.client.user("c").await.expect("an answer");
    let calls = [&world.client, &other].map(|client| client.recorder.calls());
    assert_eq!(calls, [1, 3]);
}

#[tokio::test]
async fn a_limit_of_the_platform_is_waited_for_three_times() {
    let world = world().await;
    let limit = |left| {
        move |switches: &mut testkit::fake_game_platform::Switches| {
            switches.requests_left = left;
        }
    };
    world.fake.switch(limit(Some(0)));
    let error = world.client.user("c").await.expect_err("limited");
    assert_eq!(error, PlatformError::RateLimited { retry_after: Duration::ZERO });
    assert_eq!(world.client.recorder.calls(), 4);
    world.fake.switch(limit(None));
    assert!(world.client.user("c").await.is_ok(), "waits are no failures");
}

#[tokio::test]
async fn answers_that_cannot_be_read_are_errors() {
    let world = world().await;
    world.fake.switch(|switches| switches.malformed = 1.0);
    let error = world.client.user("c").await.expect_err("cut");
    assert_eq!(error.kind(), "malformed");
    world.fake.switch(|switches| switches.malformed = 0.0);
    world.fake.switch(|switches| switches.rejected = true);
    let error = world.client.user("c").await.expect_err("rejected");
    assert_eq!(error, PlatformError::Rejected);
    let small = world_with(60_000, 2_000).await;
    assert!(small.client.odl_scores("c", None).await.is_ok());
    small.fake.book_some("c", 100);
    let error = small.client.odl_scores("c", None).await.expect_err("large");
    assert_eq!(error, PlatformError::TooLarge);
}

#[tokio::test]
async fn a_token_stays_secret() {
    let world = world().await;
    let shown = format!("{:?}", world.client);
    assert!(!shown.contains(world.fake.token()), "{shown}");
}
