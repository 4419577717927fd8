//! Points that are pending, on the page of their pull request.

use contributions::actions::{NewRules, publish_rules};
use platform::audit::Actor::Operator;

use crate::app::{
    TestApp, at,
    scenarios::{Scenario, person, repo},
};

#[tokio::test]
async fn the_sum_and_the_ledger_state_the_same_pending_points() {
    let mut app = TestApp::of_lantern().await;
    app.may_leave_work();
    let rules = NewRules { document: r#"{"maturing_days": 14}"#.to_owned(), based_on: None };
    publish_rules(app.context(), Operator, "season", rules).await.expect("published");
    app.clock.set(at("2026-11-03T12:00:00Z"));
    let merged =
        Scenario::opened(&repo(1, "lantern"), 1, &person("wren-oak"), "2026-11-02T08:00:00Z")
            .approved("2026-11-02T09:00:00Z")
            .merged("2026-11-02T10:00:00Z");
    app.deliver(&merged.deliveries).await;
    app.work().await;
    let page =
        app.browser_of("finch-ash").await.get("/pull-requests/octo-org/lantern/1").await.text;
    for part in [
        "<strong class=\"num\">0 points</strong>",
        "60 points are pending.",
        "No ledger entries yet. 60 points are pending.",
        "Of these, pending",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("An award of 0 points"), "{page}");
    app.finish().await;
}
