//! Deliveries of repositories that are registered later.

use super::call::outcomes;
use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

#[tokio::test]
async fn deliveries_wait_and_count_once_the_repository_is_registered() {
    let app = TestApp::start().await;
    app.project("season").await;
    let scenario =
        Scenario::opened(&repo(1, "lantern"), 1, &person("hexacat"), "2026-10-02T08:00:00Z")
            .merged("2026-10-03T08:00:00Z");
    app.deliver(&scenario.deliveries).await;
    app.work().await;
    assert_eq!(outcomes(&app).await, ["repository not registered"; 2]);
    assert_eq!(app.count("SELECT count(*) FROM pull_requests").await, 0);
    app.repository("season", "octo-org/lantern", 1).await;
    assert_eq!(app.undone().await, 2);
    app.work().await;
    assert_eq!(outcomes(&app).await, ["updated #1"; 2]);
    let person = app.json("/api/v1/people/hexacat").await;
    assert_eq!(person["points"], 60);
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn deliveries_of_other_repositories_keep_waiting() {
    let app = TestApp::start().await;
    app.project("season").await;
    for (id, name) in [(1, "lantern"), (2, "harbor")] {
        let scenario =
            Scenario::opened(&repo(id, name), 1, &person("hexacat"), "2026-10-02T08:00:00Z");
        app.deliver(&scenario.deliveries).await;
    }
    app.work().await;
    app.repository("season", "octo-org/harbor", 2).await;
    app.work().await;
    let outcomes = outcomes(&app).await;
    assert_eq!(outcomes, ["repository not registered", "updated #1"]);
    app.finish().await;
}
