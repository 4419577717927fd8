//! The order and repetition of deliveries do not matter, with real HTTP and two workers.

use contributions::rules::{Explanation, explanation::Evidence};
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
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

/// Returns the dump of a server with two workers that received these deliveries in this order.
async fn dump_after(history: &History, deliveries: &[Delivery]) -> Vec<String> {
    dump_under(history, deliveries, "").await.0
}

/// Returns the same dump after a change to the project's rules, and the effects of their limits.
async fn dump_under(
    history: &History,
    deliveries: &[Delivery],
    rules: &str,
) -> (Vec<String>, Bound) {
    let app = TestApp::start().await;
    app.project("season").await;
    if !rules.is_empty() {
        app.change(rules).await.expect("published");
    }
    for repository in &history.repositories {
        app.repository("season", &repository.full_name(), repository.id)
            .await;
    }
    let sibling = app.sibling().await;
    let workers = [TestApp::jobs(&app.server), TestApp::jobs(&sibling)];
    futures_util::future::join_all(senders(deliveries).map(|part| app.deliver_part(part))).await;
    app.settled().await;
    for worker in workers {
        worker.stop().await;
    }
    app.verify().await;
    let (dump, bound) = (app.dump().await, bound(&app).await);
    sibling.context.db.close().await;
    app.finish().await;
    (dump, bound)
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

/// Rules with limits that a small history reaches, published before it begins.
const TIGHT_RULES: &str = "INSERT INTO project_rules (id, project_id, version, document, published_at, created_at) \
     SELECT p.id, p.id, 2, '{\"monthly_cap\": 150, \"diminishing\": {\"after\": 1}, \
     \"frequency\": {\"openings\": 2}, \"exclude\": {\"self_merges\": false}}', \
     '2025-01-01T00:00:00.000000Z', p.created_at FROM projects p";

/// The number of contributions on which each limit of the rules had an effect.
#[derive(Debug, Default)]
struct Bound {
    cap: usize,
    diminishing: usize,
    frequency: usize,
}

/// Counts the effects of limits.
async fn bound(app: &TestApp) -> Bound {
    let rows = contributions::reads::canonical(&app.context().db).await;
    let mut bound = Bound::default();
    for row in rows.expect("read") {
        let parts = [row.opening_explanation, row.merge_explanation];
        for text in parts.into_iter().flatten() {
            let part: Explanation = serde_json::from_str(&text).expect("an explanation");
            bound.frequency += part.flags.len();
            for award in &part.awards {
                let capped = award.cap.is_some_and(|cap| cap.granted < cap.uncapped);
                bound.cap += usize::from(capped);
                let diminished = award.steps.iter().any(|step| {
                    let is_late = matches!(&step.evidence, Evidence::Diminishing { place, full } if place > full);
                    is_late && award.points > 0
                });
                bound.diminishing += usize::from(diminished);
            }
        }
    }
    bound
}

#[tokio::test]
async fn order_and_repetition_do_not_matter_where_limits_bind() {
    for seed in 0..3 {
        let spec = HistorySpec {
            repositories: 1,
            people: 3,
            pull_requests: 44,
            acts: 5,
            ..HistorySpec::small(seed)
        };
        let history = spec.generate();
        assert!(history.stories.len() >= 40);
        let shuffled = shuffle_and_double(seed + 100, &history.deliveries);
        let (in_order, limits) = dump_under(&history, &history.deliveries, TIGHT_RULES).await;
        let (shuffled, _) = dump_under(&history, &shuffled, TIGHT_RULES).await;
        let differing = in_order.iter().zip(&shuffled).find(|(a, b)| a != b);
        assert!(
            in_order.len() == shuffled.len() && differing.is_none(),
            "{seed}: {differing:#?}"
        );
        let Bound {
            cap,
            diminishing,
            frequency,
        } = limits;
        assert!(
            cap > 0 && diminishing > 0 && frequency > 0,
            "{seed}: {limits:?}"
        );
    }
}

/// Number of histories in parallel; each spends most of its time waiting for its workers.
const AT_ONCE: u32 = 4;

#[test]
fn order_and_repetition_do_not_matter() {
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| compare_histories(cases() / AT_ONCE));
        }
    });
}

fn compare_histories(cases: u32) {
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
        let (in_order, shuffled_dump) = runtime.block_on(async {
            tokio::join!(
                dump_after(&history, &history.deliveries),
                dump_after(&history, &shuffled)
            )
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
