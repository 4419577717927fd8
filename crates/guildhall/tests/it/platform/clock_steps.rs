//! When the clock is set back an hour or forward a day, nothing happens twice, nothing is lost, and sessions keep their
//! duration.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use chrono::TimeDelta;
use platform::{
    Context,
    jobs::{self, Runner, Schedule, Settings},
};
use testkit::{histories::HistorySpec, rng::Rng};

use crate::app::{
    TestApp, at,
    browser::{Browser, SESSION},
};

const STEPS: [TimeDelta; 4] =
    [TimeDelta::hours(-1), TimeDelta::hours(24), TimeDelta::minutes(1), TimeDelta::seconds(-3)];

#[expect(clippy::print_stdout, reason = "a test's output is for a person")]
fn print_line(text: impl std::fmt::Display) {
    println!("{text}");
}

/// Returns the dump of a server after a history, with `disturb` called between deliveries.
async fn dump_of(seed: u64, mut disturb: impl FnMut(&TestApp)) -> Vec<String> {
    let app = TestApp::start().await;
    app.project("season").await;
    let history = HistorySpec::small(seed).generate();
    for repository in &history.repositories {
        let name = repository.full_name();
        app.repository("season", &name, repository.id).await;
    }
    let sibling = app.sibling().await;
    let runners = [TestApp::jobs(&app.server), TestApp::jobs(&sibling)];
    for delivery in &history.deliveries {
        app.deliver(std::slice::from_ref(delivery)).await;
        disturb(&app);
    }
    // Jobs that were postponed while the clock was back are due when it catches up.
    app.clock.set(at("2027-03-01T00:00:00Z"));
    app.settled().await;
    for runner in runners {
        runner.stop().await;
    }
    sibling.context.db.close().await;
    app.work().await;
    app.verify().await;
    let dump = app.dump().await;
    app.finish().await;
    dump
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_are_settled_once_despite_clock_steps() {
    for seed in [1, 2] {
        print_line(format_args!("history and steps of seed {seed}"));
        let mut rng = Rng::new(seed);
        let stepped = dump_of(seed, |app| {
            if rng.between(0, 3) == 0 {
                app.clock.advance(*rng.pick(&STEPS));
            }
        });
        assert_eq!(stepped.await, dump_of(seed, |_| {}).await, "seed {seed}");
    }
}

const SETTINGS: Settings = Settings {
    lease: Duration::from_secs(60),
    poll: Duration::from_millis(5),
    linger: Duration::from_millis(1),
};

/// Counts the completed runs of the job `Hourly`.
async fn completed(app: &TestApp) -> u32 {
    let runs = jobs::runs(&app.context().db, "Hourly", 100).await;
    let runs = runs.expect("runs");
    let done = runs.iter().filter(|run| run.completed_at.is_some());
    u32::try_from(done.count()).expect("a small number")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tick_that_occurs_again_is_not_run_again() {
    let app = TestApp::start().await;
    let sibling = app.sibling().await;
    let ran = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&ran);
    let hourly = Schedule::new("Hourly", "0 * * * *", move |_: Context| {
        counter.fetch_add(1, Ordering::SeqCst);
        async { Ok(String::new()) }
    });
    let start = |context| Runner::start(context, SETTINGS, vec![], vec![hourly.clone()]);
    let runners = [start(app.context()), start(&sibling.context)];
    for (to, times) in [
        ("2026-11-01T01:00:30Z", 1),
        // An hour back, and forward again.
        ("2026-11-01T00:00:40Z", 1),
        ("2026-11-01T01:00:10Z", 1),
        ("2026-11-01T02:00:00Z", 2),
        // A day forward: only the latest tick runs.
        ("2026-11-02T02:30:00Z", 3),
        ("2026-11-02T01:30:00Z", 3),
        ("2026-11-02T03:00:00Z", 4),
        // Three days ahead by mistake, and put back: the next hour has its run.
        ("2026-11-05T03:10:00Z", 5),
        ("2026-11-02T03:20:00Z", 5),
        ("2026-11-02T04:00:00Z", 6),
    ] {
        app.clock.set(at(to));
        // A run is recorded before the clock moves on: until then, a day forward ends its lease.
        for _ in 0..500 {
            if completed(&app).await >= times {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        // A second run would happen in this time, in which both also see a clock that was put back.
        tokio::time::sleep(Duration::from_millis(150)).await;
        assert_eq!(ran.load(Ordering::SeqCst), times, "{to}");
    }
    for runner in runners {
        runner.stop().await;
    }
    let runs = jobs::runs(&app.context().db, "Hourly", 100).await.expect("runs");
    assert_eq!(runs.len(), 6);
    assert!(runs.iter().all(|run| run.completed_at.is_some() && run.attempts == 1));
    sibling.context.db.close().await;
    app.finish().await;
}

#[tokio::test]
async fn sessions_tokens_and_rate_limits_survive_a_clock_step() {
    let app = TestApp::with(|config| {
        config.exempt_networks.clear();
        config.requests_per_minute = 1_000;
        config.person_requests_per_minute = 20;
    })
    .await;
    let session = app.signed_in("wren-oak", &Default::default()).await;
    let token = app.token("wren-oak", &[identity::model::Scope::Read]).await;
    let browser = Browser::new(&app);
    browser.set_cookie(SESSION, &session);
    let program = Browser::bearing(&app, &token);
    let mut asked = 0;
    for step in STEPS {
        app.clock.advance(step);
        for who in [&browser, &program] {
            let answer = who.get("/api/v1/me").await;
            assert_eq!(answer.status, 200, "{step}: {}", answer.text);
            asked += 1;
            // Rate limits use a monotonic clock.
            let left = answer.header("ratelimit").split("\"person\";r=").nth(1);
            let left = left.and_then(|left| left.split(';').next()?.parse().ok());
            let left: u32 = left.expect("a number");
            assert!((20 - asked..=22 - asked).contains(&left), "{step}: {left} after {asked}");
        }
    }
    app.clock.advance(TimeDelta::days(60));
    assert_eq!(browser.get("/api/v1/me").await.status, 401, "they still expire");
    app.finish().await;
}
