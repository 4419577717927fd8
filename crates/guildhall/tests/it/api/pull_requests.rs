//! A pull request and the explanation of its points.

use serde_json::{Value, json};
use testkit::story::{Act, Diff};

use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

async fn shown(app: &TestApp, number: i64) -> Value {
    app.json(&format!("/api/v1/pull-requests/octo-org/lantern/{number}")).await
}

#[tokio::test]
async fn a_pull_request_has_facts_points_and_an_explanation() {
    let app = TestApp::of_lantern().await;
    let large = Diff { additions: 500, deletions: 100, changed_files: 9, head_sha: "c".repeat(40) };
    let author = person("hexacat");
    let scenario = Scenario::opened(&repo(1, "lantern"), 1, &author, "2026-10-02T08:00:00Z")
        .then(Act::Synchronized(large), &author, "2026-10-02T08:30:00Z")
        .labeled("enhancement", "2026-10-02T09:00:00Z")
        .approved("2026-10-02T10:00:00Z")
        .merged("2026-10-02T11:00:00Z");
    app.deliver(&scenario.deliveries).await;
    app.work().await;
    let shown = shown(&app, 1).await;
    for (field, value) in [
        ("repository", json!("octo-org/lantern")),
        ("number", json!(1)),
        ("title", json!("fix: Close gap 1")),
        ("author", json!("hexacat")),
        ("state", json!("MERGED")),
        ("is_draft", json!(false)),
        ("labels", json!(["enhancement"])),
        ("additions", json!(500)),
        ("opened_at", json!("2026-10-02T08:00:00Z")),
        ("reviewed_at", json!("2026-10-02T10:00:00Z")),
        ("approved_at", json!("2026-10-02T10:00:00Z")),
        ("merged_at", json!("2026-10-02T11:00:00Z")),
        ("has_conflicting_data", json!(false)),
        ("points", json!(110)),
        ("pending_points", json!(0)),
        ("rules_version", json!(1)),
    ] {
        assert_eq!(shown[field], value, "{field}");
    }
    let sentences = shown["explanations"].to_string();
    for words in ["10 opened", "50 merged", "50 size bonus", "line totals are used"] {
        assert!(sentences.contains(words), "{words}: {sentences}");
    }
    let entries = shown["transactions"].as_array().expect("entries");
    let sum: i64 = entries.iter().filter_map(|entry| entry["points"].as_i64()).sum();
    assert_eq!(sum, 110);
    app.finish().await;
}

#[tokio::test]
async fn an_unscored_pull_request_says_why() {
    let app = TestApp::of_lantern().await;
    let mut scenario =
        Scenario::new(&repo(1, "lantern"), 1, &person("hexacat"), "2026-10-02T08:00:00Z");
    scenario.story.pull.draft = true;
    let scenario = scenario.then(Act::Opened, &person("hexacat"), "2026-10-02T08:00:00Z");
    app.deliver(&scenario.deliveries).await;
    app.work().await;
    let shown = shown(&app, 1).await;
    assert_eq!((&shown["points"], &shown["is_draft"]), (&json!(0), &json!(true)));
    assert_eq!(shown["opening"]["excluded"]["code"], "draft");
    assert_eq!(shown["explanations"].as_array().map(Vec::len), Some(1));
    app.finish().await;
}

#[tokio::test]
async fn a_pull_request_survives_its_deleted_author() {
    let app = TestApp::of_lantern().await;
    let mut scenario =
        Scenario::new(&repo(1, "lantern"), 1, &person("hexacat"), "2026-10-02T08:00:00Z");
    scenario.story.pull.author = None;
    let scenario = scenario.then(Act::Opened, &person("hexacat"), "2026-10-02T08:00:00Z");
    app.deliver(&scenario.deliveries).await;
    app.work().await;
    let shown = shown(&app, 1).await;
    assert_eq!((&shown["author"], &shown["points"]), (&Value::Null, &json!(0)));
    let sentence =
        "This pull request earns no points because its author's GitHub account is deleted.";
    assert_eq!(shown["explanations"], json!([sentence]));
    let page = app.get("/pull-requests/octo-org/lantern/1").send().await;
    let html = page.expect("an answer").text().await.expect("HTML");
    assert!(html.contains("GitHub account is deleted"));
    assert!(!html.contains("not scored yet"), "{html}");
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn an_unknown_pull_request_is_not_found() {
    let app = TestApp::of_lantern().await;
    for (path, status, code) in [
        ("octo-org/lantern/1", 404, "NOT_FOUND"),
        ("octo-org/none/1", 404, "NOT_FOUND"),
        ("octo-org/lantern/-1", 404, "NOT_FOUND"),
        ("octo-org/lantern/one", 400, "BAD_PATH"),
        ("octo-org/lantern/99999999999999999999", 400, "BAD_PATH"),
        ("%ff/lantern/1", 400, "BAD_PATH"),
    ] {
        let path = format!("/api/v1/pull-requests/{path}");
        app.refuses(&path, status, code, "").await;
    }
    app.finish().await;
}
