//! The label `spam`, within the seven days in which facts can change and later.

use testkit::{payloads::Label, story::Act};

use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

fn merged() -> Scenario {
    Scenario::opened(&repo(1, "lantern"), 1, &person("hexacat"), "2026-10-01T08:00:00Z")
        .merged("2026-10-02T08:00:00Z")
}

#[tokio::test]
async fn a_spam_label_within_seven_days_voids_the_points_and_deducts_twenty() {
    let app = TestApp::of_lantern().await;
    let scenario = merged();
    app.deliver_all(&[&scenario]).await;
    let scenario = scenario.labeled("Spam", "2026-10-09T07:59:59Z");
    app.deliver_all(&[&scenario]).await;
    assert_eq!(app.net_ledger().await, ["#1  spam -20 2026-10"]);
    let why = app.explanation(1).await.join("\n");
    assert!(why.contains("-20") && why.contains("spam"), "{why}");
    let kinds = "SELECT kind AS value FROM point_transactions ORDER BY id";
    let mut kinds = app.values(kinds).await;
    kinds.sort();
    assert_eq!(kinds, ["AWARD", "AWARD", "PENALTY", "REVERSAL", "REVERSAL"]);
    app.finish().await;
}

#[tokio::test]
async fn a_late_spam_label_changes_nothing() {
    let app = TestApp::of_lantern().await;
    let scenario = merged().labeled("spam", "2026-10-09T08:00:01Z");
    app.deliver_all(&[&scenario]).await;
    assert_eq!(app.net_ledger().await, ["#1  pr_merged +50 2026-10", "#1  pr_opened +10 2026-10"]);
    app.finish().await;
}

#[tokio::test]
async fn a_spam_label_removed_in_time_changes_nothing() {
    let app = TestApp::of_lantern().await;
    let scenario = merged().labeled("spam", "2026-10-03T08:00:00Z");
    app.deliver_all(&[&scenario]).await;
    let off = Act::Unlabeled(Label::named("spam"));
    let scenario = scenario.then(off, &person("maintainer"), "2026-10-04T08:00:00Z");
    app.deliver_all(&[&scenario]).await;
    assert_eq!(app.net_ledger().await, ["#1  pr_merged +50 2026-10", "#1  pr_opened +10 2026-10"]);
    assert_eq!(app.json("/api/v1/people/hexacat").await["points"], 60);
    app.finish().await;
}

#[tokio::test]
async fn a_small_typo_fix_scores_less() {
    let app = TestApp::of_lantern().await;
    let author = person("hexacat");
    let mut scenario = Scenario::new(&repo(1, "lantern"), 1, &author, "2026-10-01T08:00:00Z");
    scenario.story.pull.title = "docs: Fix typo in the readme".to_owned();
    let scenario =
        scenario.then(Act::Opened, &author, "2026-10-01T08:00:00Z").merged("2026-10-02T08:00:00Z");
    app.deliver_all(&[&scenario]).await;
    assert_eq!(app.net_ledger().await, ["#1  pr_merged +35 2026-10", "#1  pr_opened +10 2026-10"]);
    let why = app.explanation(1).await.join("\n");
    assert!(why.contains("typo") && why.contains("35"), "{why}");
    app.finish().await;
}
