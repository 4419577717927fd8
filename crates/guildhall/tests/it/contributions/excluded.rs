//! Pull requests that score nothing, with the reason, and what makes them score again.

use std::sync::Arc;

use testkit::{
    payloads::{Account, AccountKind, Repo},
    story::Act,
};

use crate::app::{
    TestApp, at,
    scenarios::{Scenario, person, repo},
};

/// Checks that pull request 1 has these words among its reasons.
async fn says(app: &TestApp, words: &str) {
    let why = app.explanation(1).await.join("\n");
    assert!(why.to_lowercase().contains(words), "{why}");
}

#[tokio::test]
async fn a_self_merge_without_anothers_review_is_not_scored() {
    let app = TestApp::of_lantern().await;
    let author = person("hexacat");
    let scenario = Scenario::opened(&repo(1, "lantern"), 1, &author, "2026-10-01T08:00:00Z").then(
        Act::Merged,
        &author,
        "2026-10-02T08:00:00Z",
    );
    app.deliver_all(&[&scenario]).await;
    assert_eq!(app.net_ledger().await, Vec::<String>::new());
    says(&app, "merged").await;
    app.finish().await;
}

#[tokio::test]
async fn a_self_merge_that_another_person_reviewed_is_scored() {
    let app = TestApp::of_lantern().await;
    let author = person("hexacat");
    let scenario = Scenario::opened(&repo(1, "lantern"), 1, &author, "2026-10-01T08:00:00Z")
        .approved("2026-10-01T09:00:00Z")
        .then(Act::Merged, &author, "2026-10-02T08:00:00Z");
    // The review arrives last.
    let mut late = scenario;
    let review = late.deliveries.remove(1);
    app.deliver_all(&[&late]).await;
    assert_eq!(app.net_ledger().await, Vec::<String>::new());
    app.deliver(&[review]).await;
    app.work().await;
    assert_eq!(app.net_ledger().await, ["#1  pr_merged +50 2026-10", "#1  pr_opened +10 2026-10"]);
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn work_on_ones_own_repository_is_not_scored() {
    let app = TestApp::start().await;
    let owner = person("hexacat");
    app.project("season").await;
    app.repository("season", "hexacat/lantern", 1).await;
    let own = Arc::new(Repo::new(1, owner.clone(), "lantern", at("2025-01-01T00:00:00Z")));
    let mine =
        Scenario::opened(&own, 1, &owner, "2026-10-01T08:00:00Z").merged("2026-10-02T08:00:00Z");
    let anothers = Scenario::opened(&own, 2, &person("monacat"), "2026-10-01T08:00:00Z");
    app.deliver_all(&[&mine, &anothers]).await;
    assert_eq!(app.net_ledger().await, ["#2  pr_opened +10 2026-10"]);
    let shown = app.json("/api/v1/pull-requests/hexacat/lantern/1").await;
    for part in ["opening", "merge"] {
        assert_eq!(shown[part]["excluded"]["code"], "own_repository");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_bot_is_not_scored() {
    let app = TestApp::of_lantern().await;
    let bot = Account { id: 77, login: "keelbot[bot]".to_owned(), kind: AccountKind::Bot };
    let scenario = Scenario::opened(&repo(1, "lantern"), 1, &bot, "2026-10-01T08:00:00Z")
        .merged("2026-10-02T08:00:00Z");
    app.deliver_all(&[&scenario]).await;
    assert_eq!(app.net_ledger().await, Vec::<String>::new());
    says(&app, "bot").await;
    let board = app.json("/api/v1/leaderboards/global").await;
    assert_eq!(board["people"], 0);
    app.finish().await;
}
