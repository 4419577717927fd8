//! `GET /api/v1/opportunities/{id}`.

use serde_json::Value;

use super::*;

async fn first(app: &TestApp, query: &str) -> String {
    let list = app.json(&format!("/api/v1/opportunities?{query}")).await;
    let id = list["items"][0]["id"].as_str().expect("an ID");
    format!("/api/v1/opportunities/{id}")
}

#[tokio::test]
async fn each_number_is_explained() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    reef.open(LANTERN, "Report which page failed its checksum", &["bug", "good first issue"]);
    reef.open(LANTERN, "Report which page failed to be read", &["bug", "good first issue"]);
    follow(&app, &[LANTERN]).await;
    let found = app.json(&first(&app, "q=checksum").await).await;
    assert_eq!(found["title"], "Report which page failed its checksum");
    let body = found["body"].as_str().expect("a description");
    assert!(body.contains("docs/usage.md"), "{body}");
    let sum = |of: &Value, part: &str| -> f64 {
        let reasons = of.as_array().expect("reasons").iter();
        let of_part = reasons.filter(|reason| reason["part"] == part);
        of_part.filter_map(|reason| reason["value"].as_f64()).sum()
    };
    for part in ["complexity", "impact", "confidence", "urgency", "overall"] {
        let total = found[part].as_f64().expect("a number");
        assert!((sum(&found["reasons"], part) - total).abs() < 1e-9, "{part}: {found}");
    }
    let health = &found["repository_health"];
    for part in ["health", "activity", "community", "documentation"] {
        let total = health[part].as_f64().expect("a number");
        assert!((sum(&health["reasons"], part) - total).abs() < 0.51, "{part}: {health}");
    }
    let similar = &found["similar"][0];
    assert_eq!(similar["title"], "Report which page failed to be read");
    assert!(similar["similarity"].as_f64().expect("a number") > 0.5);
    app.finish().await;
}

#[tokio::test]
async fn one_that_can_no_longer_be_done_says_why() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    let number = reef.open(LANTERN, "Explain the tide table", &[]);
    follow(&app, &[LANTERN]).await;
    let path = first(&app, "").await;
    reef.pass(&app, TimeDelta::minutes(20));
    reef.act(LANTERN, number, &IssueAct::Assigned("octavia".to_owned()));
    read_again(&app).await;
    let found = app.json(&path).await;
    assert_eq!(found["status"], "expired");
    assert_eq!(found["dropped_reason"], "it is assigned to someone");
    app.finish().await;
}

#[tokio::test]
async fn unknown_and_hidden_ones_are_not_found() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    let unknown = "/api/v1/opportunities/00000000-0000-0000-0000-000000000001";
    app.refuses(unknown, 404, "NOT_FOUND", "no such opportunity").await;
    app.refuses("/api/v1/opportunities/one", 400, "BAD_PATH", "").await;
    reef.open(LANTERN, "Explain the tide table", &[]);
    follow(&app, &[LANTERN]).await;
    let path = first(&app, "").await;
    app.change("UPDATE repositories SET is_private = true").await.expect("hidden");
    app.refuses(&path, 404, "NOT_FOUND", "no such opportunity").await;
    app.finish().await;
}
