//! The order and repetition of deliveries do not matter, with real HTTP and two workers.

use platform::config::Config;
use proptest::{
    prelude::*,
    test_runner::{self, TestCaseError, TestRunner},
};
use testkit::{
    delivery::Delivery,
    histories::{History, HistorySpec, shuffle_and_double},
};

use crate::app::TestApp;

/// Returns the number of random histories: more on SQLite, where a database is cheap.
fn cases() -> u32 {
    match std::env::var("TEST_DATABASE_URL") {
        Ok(_) => 100,
        Err(_) => 500,
    }
}

/// Number of histories that a server receives at once: most of the time of a server with one alone would go into
/// starting it.
const TOGETHER: u16 = 5;

/// Draws histories of different worlds.
fn histories() -> impl Strategy<Value = Vec<HistorySpec>> {
    (0..TOGETHER).map(spec).collect::<Vec<_>>()
}

fn spec(world: u16) -> impl Strategy<Value = HistorySpec> {
    (any::<u64>(), 1..3_usize, 2..6_usize, 1..7_usize, 1..8_usize, any::<bool>()).prop_map(
        move |(seed, repositories, people, pull_requests, acts, ties)| HistorySpec {
            seed,
            world,
            repositories,
            people,
            pull_requests,
            acts,
            ties,
        },
    )
}

/// Returns the dump of a server with two workers that received these deliveries in this order.
async fn dump_after(history: &History, deliveries: &[Delivery]) -> Vec<String> {
    let app = applied(history, deliveries, "").await;
    let dump = app.dump().await;
    app.finish().await;
    dump
}

/// Lets the two processes poll less often than in other tests: with eight of these servers at once, the test takes an eighth
/// less time.
fn poll_seldom(config: &mut Config) {
    config.job_poll_milliseconds = 200;
}

/// Returns a server on which two workers have applied these deliveries in this order, after a change to the project's
/// rules.
pub(crate) async fn applied(history: &History, deliveries: &[Delivery], rules: &str) -> TestApp {
    let app = TestApp::with(poll_seldom).await;
    app.project("season").await;
    if !rules.is_empty() {
        app.change(rules).await.expect("published");
    }
    for repository in &history.repositories {
        app.repository("season", &repository.full_name(), repository.id).await;
    }
    let sibling = app.sibling_with(poll_seldom).await;
    let workers = [TestApp::jobs(&app.server), TestApp::jobs(&sibling)];
    futures_util::future::join_all(senders(deliveries).map(|part| app.deliver_part(part))).await;
    app.settled().await;
    for worker in workers {
        worker.stop().await;
    }
    app.verify().await;
    sibling.context.db.close().await;
    app
}

/// Splits the deliveries among three senders, each with every third one.
fn senders(deliveries: &[Delivery]) -> impl Iterator<Item = Vec<&Delivery>> {
    (0..3).map(move |first| deliveries.iter().skip(first).step_by(3).collect())
}

impl TestApp {
    async fn deliver_part(&self, part: Vec<&Delivery>) {
        for delivery in part {
            assert_eq!(self.send(delivery).await.status(), 202);
        }
    }
}

/// Number of servers in parallel; each spends most of its time waiting for its workers.
const AT_ONCE: u32 = 4;

#[test]
fn order_and_repetition_do_not_matter() {
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| compare_histories(cases() / u32::from(TOGETHER) / AT_ONCE));
        }
    });
}

fn compare_histories(cases: u32) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut runner = TestRunner::new(test_runner::Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 64,
        ..test_runner::Config::default()
    });
    let outcome = runner.run(&(histories(), any::<u64>()), |(specs, seed)| {
        let histories = specs.iter().map(HistorySpec::generate);
        let history = History::together(histories).expect("histories");
        let shuffled = shuffle_and_double(seed, &history.deliveries);
        let (in_order, shuffled_dump) = runtime.block_on(async {
            tokio::join!(dump_after(&history, &history.deliveries), dump_after(&history, &shuffled))
        });
        let differing = in_order.iter().zip(&shuffled_dump).find(|(a, b)| a != b);
        if in_order.len() == shuffled_dump.len() && differing.is_none() {
            return Ok(());
        }
        Err(TestCaseError::fail(format!(
            "{} and {} lines; first difference: {differing:#?}",
            in_order.len(),
            shuffled_dump.len()
        )))
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
