//! The month in which work counts, regardless of the order of its deliveries.

use testkit::story::Act;

use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

#[tokio::test]
async fn a_merge_counts_in_its_own_month() {
    let app = TestApp::of_lantern().await;
    let scenario =
        Scenario::opened(&repo(1, "lantern"), 1, &person("hexacat"), "2026-09-30T23:59:59Z")
            .merged("2026-10-01T00:00:00Z");
    app.deliver_all(&[&scenario]).await;
    assert_eq!(app.net_ledger().await, ["#1  pr_merged +50 2026-10", "#1  pr_opened +10 2026-09"]);
    app.finish().await;
}

#[tokio::test]
async fn a_draft_counts_from_when_it_is_ready_for_review() {
    let app = TestApp::of_lantern().await;
    let author = person("hexacat");
    let mut scenario = Scenario::new(&repo(1, "lantern"), 1, &author, "2026-08-31T08:00:00Z");
    scenario.story.pull.draft = true;
    let scenario = scenario.then(Act::Opened, &author, "2026-08-31T08:00:00Z");
    app.deliver_all(&[&scenario]).await;
    assert_eq!(app.net_ledger().await, Vec::<String>::new());
    assert!(app.explanation(1).await[0].contains("draft"), "{:?}", app.explanation(1).await);
    let scenario = scenario.then(Act::ReadyForReview, &author, "2026-09-02T08:00:00Z");
    app.deliver_all(&[&scenario]).await;
    assert_eq!(app.net_ledger().await, ["#1  pr_opened +10 2026-09"]);
    assert_eq!(app.explanation(1).await, ["10 opened"]);
    app.finish().await;
}

#[tokio::test]
async fn a_reopened_pull_request_counts_as_if_it_had_stayed_open() {
    let app = TestApp::of_lantern().await;
    let (author, maintainer) = (person("hexacat"), person("maintainer"));
    let scenario = Scenario::opened(&repo(1, "lantern"), 1, &author, "2026-09-02T08:00:00Z").then(
        Act::Closed,
        &maintainer,
        "2026-09-03T08:00:00Z",
    );
    app.deliver_all(&[&scenario]).await;
    assert_eq!(app.net_ledger().await, ["#1  pr_opened +10 2026-09"]);
    let shown = app.json("/api/v1/pull-requests/octo-org/lantern/1").await;
    assert_eq!(
        (&shown["state"], &shown["closed_at"]),
        (&"CLOSED".into(), &"2026-09-03T08:00:00Z".into())
    );
    let scenario = scenario
        .then(Act::Reopened, &author, "2026-09-04T08:00:00Z")
        .merged("2026-10-05T08:00:00Z");
    app.deliver_all(&[&scenario]).await;
    assert_eq!(app.net_ledger().await, ["#1  pr_merged +50 2026-10", "#1  pr_opened +10 2026-09"]);
    let shown = app.json("/api/v1/pull-requests/octo-org/lantern/1").await;
    assert_eq!(
        (&shown["state"], &shown["closed_at"]),
        (&"MERGED".into(), &"2026-10-05T08:00:00Z".into())
    );
    app.finish().await;
}

async fn says(app: &TestApp, number: i64, sentence: &str) -> bool {
    app.explanation(number).await.iter().any(|said| said == sentence)
}

/// Later merges in a month are worth less. A merge that is delivered late changes the ones after it.
#[tokio::test]
async fn a_late_merge_changes_the_ones_after_it() {
    let app = TestApp::of_lantern().await;
    let merged = |number: i64| {
        let opened = format!("2026-10-{number:02}T08:00:00Z");
        Scenario::opened(&repo(1, "lantern"), number, &person("hexacat"), &opened)
            .merged(&format!("2026-10-{number:02}T09:00:00Z"))
    };
    let scenarios: Vec<Scenario> = (1..=7).map(merged).collect();
    app.deliver_all(&scenarios.iter().skip(1).collect::<Vec<_>>()).await;
    assert!(says(&app, 7, "50 merged × 0.8 6th merge of the month = 40").await);
    app.deliver_all(&[&scenarios[0]]).await;
    assert!(says(&app, 6, "50 merged × 0.8 6th merge of the month = 40").await);
    assert!(says(&app, 7, "50 merged × 0.64 7th merge of the month = 32").await);
    let shown = app.json("/api/v1/people/hexacat").await;
    assert_eq!(shown["points"], 70 + 5 * 50 + 40 + 32);
    app.finish().await;
}

#[tokio::test]
async fn reversed_deliveries_give_the_same_result() {
    let (app, other) = (TestApp::of_lantern().await, TestApp::of_lantern().await);
    let author = person("hexacat");
    let scenario = Scenario::opened(&repo(1, "lantern"), 1, &author, "2026-09-02T08:00:00Z")
        .labeled("bug", "2026-09-02T09:00:00Z")
        .approved("2026-09-20T08:00:00Z")
        .merged("2026-10-05T08:00:00Z");
    app.deliver_all(&[&scenario]).await;
    let mut backwards = scenario;
    backwards.deliveries.reverse();
    for delivery in &backwards.deliveries {
        other.deliver(std::slice::from_ref(delivery)).await;
        other.work().await;
    }
    assert_eq!(app.dump().await, other.dump().await);
    app.finish().await;
    other.finish().await;
}
