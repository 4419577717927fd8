//! The order and repetition of deliveries do not matter where the limits of the rules have an effect.

use contributions::rules::{Explanation, explanation::Evidence};
use testkit::{
    delivery::Delivery,
    histories::{History, HistorySpec, shuffle_and_double},
};

use crate::{app::TestApp, inbox::order::applied};

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

/// Returns the dump of a server that received these deliveries in this order, and the effects of limits there.
async fn dump_after(history: &History, deliveries: &[Delivery]) -> (Vec<String>, Bound) {
    let app = applied(history, deliveries, TIGHT_RULES).await;
    let found = (app.dump().await, bound(&app).await);
    app.finish().await;
    found
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
        let (in_order, limits) = dump_after(&history, &history.deliveries).await;
        let (shuffled, _) = dump_after(&history, &shuffled).await;
        let differing = in_order.iter().zip(&shuffled).find(|(a, b)| a != b);
        assert!(in_order.len() == shuffled.len() && differing.is_none(), "{seed}: {differing:#?}");
        let Bound { cap, diminishing, frequency } = limits;
        assert!(cap > 0 && diminishing > 0 && frequency > 0, "{seed}: {limits:?}");
    }
}
