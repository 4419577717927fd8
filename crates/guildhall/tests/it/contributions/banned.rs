//! Pull requests that were opened while their author was banned.

use chrono::TimeDelta;

use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

fn opened(number: i64, at: &str) -> Scenario {
    Scenario::opened(&repo(1, "lantern"), number, &person("hexacat"), at)
}

#[tokio::test]
async fn a_pull_request_opened_while_banned_is_not_scored() {
    let app = TestApp::of_lantern().await;
    let before = opened(1, "2026-10-31T08:00:00Z");
    app.deliver_all(&[&before]).await;
    // The ban lasts from the beginning of November 1 to the beginning of November 3.
    app.ban("hexacat").await;
    app.clock.advance(TimeDelta::days(2));
    app.unban("hexacat").await;
    app.clock.advance(TimeDelta::days(2));
    let during = opened(2, "2026-11-02T08:00:00Z").merged("2026-11-04T08:00:00Z");
    let after = opened(3, "2026-11-03T08:00:00Z");
    let before = before.merged("2026-11-02T08:00:00Z");
    app.deliver_all(&[&before, &during, &after]).await;
    assert_eq!(
        app.net_ledger().await,
        ["#1  pr_merged +50 2026-11", "#1  pr_opened +10 2026-10", "#3  pr_opened +10 2026-11",]
    );
    let shown = app.json("/api/v1/pull-requests/octo-org/lantern/2").await;
    for part in ["opening", "merge"] {
        assert_eq!(shown[part]["excluded"]["code"], "banned_at_opening");
    }
    app.finish().await;
}
