//! Order and repetition do not matter: through the HTTP inbox and two real workers.

use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};
use testkit::{
    delivery::Delivery,
    histories::{History, HistorySpec, shuffle_and_double},
};

use crate::app::TestApp;

/// Random histories a run: more where a database costs nothing to make.
fn cases() -> u32 {
    match std::env::var("TEST_DATABASE_URL") {
        Ok(_) => 100,
        Err(_) => 500,
    }
}

fn spec() -> impl Strategy<Value = HistorySpec> {
    (
        any::<u64>(),
        1..3_usize,
        2..6_usize,
        1..7_usize,
        1..8_usize,
        any::<bool>(),
    )
        .prop_map(
            |(seed, repositories, people, pull_requests, acts, ties)| HistorySpec {
                seed,
                repositories,
                people,
                pull_requests,
                acts,
                ties,
            },
        )
}

/// What a server with two workers makes of deliveries that arrive in this order.
async fn told(history: &History, deliveries: &[Delivery]) -> Vec<String> {
    let app = TestApp::start().await;
    app.project("season").await;
    for repository in &history.repositories {
        app.repository("season", &repository.full_name(), repository.id)
            .await;
    }
    let sibling = app.sibling().await;
    let workers = [TestApp::jobs(&app.server), TestApp::jobs(&sibling)];
    futures_util::future::join_all(lanes(deliveries).map(|lock| app.deliver_lane(lock))).await;
    app.settled().await;
    for worker in workers {
        worker.stop().await;
    }
    app.verify().await;
    let dump = app.dump().await;
    sibling.context.db.close().await;
    app.finish().await;
    dump
}

/// Three senders at once, each with every third delivery.
fn lanes(deliveries: &[Delivery]) -> impl Iterator<Item = Vec<&Delivery>> {
    (0..3).map(move |lock| deliveries.iter().skip(lock).step_by(3).collect())
}

impl TestApp {
    async fn deliver_lane(&self, lock: Vec<&Delivery>) {
        for delivery in lock {
            assert_eq!(self.send(delivery).await.status(), 202);
        }
    }
}

/// Histories told at once: each mostly waits for its workers.
const AT_ONCE: u32 = 4;

#[test]
fn order_and_repetition_do_not_matter() {
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| tell_histories(cases() / AT_ONCE));
        }
    });
}

fn tell_histories(cases: u32) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 64,
        ..Config::default()
    });
    let outcome = runner.run(&(spec(), any::<u64>()), |(spec, seed)| {
        let history = spec.generate();
        let shuffled = shuffle_and_double(seed, &history.deliveries);
        let (told, retold) = runtime.block_on(async {
            tokio::join!(
                told(&history, &history.deliveries),
                told(&history, &shuffled)
            )
        });
        let differing = told.iter().zip(&retold).find(|(a, b)| a != b);
        if told.len() == retold.len() && differing.is_none() {
            return Ok(());
        }
        Err(TestCaseError::fail(format!(
            "{} and {} lines; first difference: {differing:#?}",
            told.len(),
            retold.len()
        )))
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
