//! More than ten pull requests in 24 hours: the excess is not scored, even across the end of a month.

use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

/// Pull requests opened a minute apart, the seventh of them on the first of October.
fn burst(count: i64) -> Vec<Scenario> {
    let opening = |number: i64| {
        let at = crate::app::at("2026-09-30T23:53:00Z") + chrono::TimeDelta::minutes(number);
        Scenario::opened(&repo(1, "lantern"), number, &person("hexacat"), &at.to_rfc3339())
    };
    (1..=count).map(opening).collect()
}

#[tokio::test]
async fn the_excess_of_a_burst_is_not_scored() {
    let app = TestApp::of_lantern().await;
    let scenarios = burst(12);
    app.deliver_all(&scenarios.iter().collect::<Vec<_>>()).await;
    assert_eq!(app.json("/api/v1/people/hexacat").await["points"], 100);
    let net = app.net_ledger().await;
    assert_eq!(net.len(), 10, "{net:?}");
    assert_eq!(net.iter().filter(|line| line.ends_with("2026-09")).count(), 6);
    assert_eq!(app.explanation(10).await, ["10 opened"]);
    for number in [11, 12] {
        let why = app.explanation(number).await.join(" ");
        assert!(why.contains("24 hours") && why.contains("= 0"), "{why}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_late_delivery_pushes_the_last_one_over_the_limit() {
    let app = TestApp::of_lantern().await;
    let scenarios = burst(11);
    app.deliver_all(&scenarios.iter().skip(1).collect::<Vec<_>>()).await;
    assert_eq!(app.explanation(11).await, ["10 opened"]);
    app.deliver_all(&[&scenarios[0]]).await;
    assert!(app.explanation(11).await.join(" ").contains("= 0"));
    assert_eq!(app.json("/api/v1/people/hexacat").await["points"], 100);
    app.finish().await;
}

#[tokio::test]
async fn other_people_and_repositories_do_not_count() {
    let app = TestApp::of_lantern().await;
    app.repository("season", "octo-org/harbor", 2).await;
    let mut scenarios = burst(10);
    let at = "2026-10-01T00:30:00Z";
    scenarios.push(Scenario::opened(&repo(1, "lantern"), 50, &person("monacat"), at));
    scenarios.push(Scenario::opened(&repo(2, "harbor"), 51, &person("hexacat"), at));
    app.deliver_all(&scenarios.iter().collect::<Vec<_>>()).await;
    assert_eq!(app.json("/api/v1/people/hexacat").await["points"], 110);
    assert_eq!(app.json("/api/v1/people/monacat").await["points"], 10);
    app.finish().await;
}
