//! Deliveries of one second that contradict each other.

use serde_json::{Value, json};
use testkit::delivery::Delivery;

use crate::app::{
    TestApp,
    scenarios::{Scenario, delivery, person, repo},
};

/// Returns the deliveries of a merged pull request: the opening, and two contradicting statements of the merge.
fn deliveries(changes: [(&str, Value); 2]) -> [Delivery; 3] {
    let author = person("hexacat");
    let scenario = Scenario::opened(&repo(1, "lantern"), 1, &author, "2026-10-01T08:00:00Z")
        .merged("2026-10-02T08:00:00Z");
    let body: Value = serde_json::from_slice(scenario.deliveries[1].bytes()).expect("JSON");
    let changed = changes.map(|(pointer, value)| {
        let mut body = body.clone();
        *body.pointer_mut(pointer).expect("a field") = value;
        delivery("pull_request", &body.to_string())
    });
    let [first, second] = changed;
    [scenario.deliveries[0].clone(), first, second]
}

#[tokio::test]
async fn the_outcome_is_never_worse_than_with_either_statement() {
    let spam = json!([{ "id": 1, "name": "spam", "color": "ff0000", "default": false }]);
    let labels = "/pull_request/labels";
    let title = "/pull_request/title";
    for changes in [
        [(labels, spam.clone()), (labels, json!([]))],
        [(title, json!("Fix typo")), (title, json!("Teach the parser"))],
        [(labels, spam), (title, json!("Fix typo"))],
    ] {
        let [opened, first, second] = deliveries(changes);
        let orders = [
            vec![opened.clone(), first.clone(), second.clone()],
            vec![second.clone(), first.clone(), opened.clone()],
            vec![first, second.clone(), opened, second],
        ];
        let mut dumps = Vec::new();
        for order in orders {
            let app = TestApp::of_lantern().await;
            app.deliver(&order).await;
            app.work().await;
            app.verify().await;
            let net = app.net_ledger().await;
            assert_eq!(net, ["#1  pr_merged +50 2026-10", "#1  pr_opened +10 2026-10"]);
            let shown = app.json("/api/v1/pull-requests/octo-org/lantern/1").await;
            assert_eq!(shown["has_conflicting_data"], true);
            dumps.push(app.dump().await);
            app.finish().await;
        }
        assert!(dumps.iter().all(|dump| *dump == dumps[0]), "{dumps:#?}");
    }
}

#[tokio::test]
async fn a_later_statement_settles_it() {
    let app = TestApp::of_lantern().await;
    let spam = json!([{ "id": 1, "name": "spam", "color": "ff0000", "default": false }]);
    let labels = "/pull_request/labels";
    let [opened, first, second] = deliveries([(labels, spam), (labels, json!([]))]);
    let mut later: Value = serde_json::from_slice(first.bytes()).expect("JSON");
    later["pull_request"]["updated_at"] = json!("2026-10-02T08:00:01Z");
    let later = delivery("pull_request", &later.to_string());
    app.deliver(&[opened, first, second, later]).await;
    app.work().await;
    app.verify().await;
    assert_eq!(app.net_ledger().await, ["#1  spam -20 2026-10"]);
    app.finish().await;
}
