//! `/admin/discovery/model`

use identity::model::Role;

use super::*;

const PAGE: &str = "/admin/discovery/model";

#[tokio::test]
async fn without_a_model_it_says_how_to_set_one() {
    let app = TestApp::start().await;
    let admin = app.browser_with("lark-elm", Role::Admin).await;
    let page = admin.get(PAGE).await;
    for words in ["No model is configured", "OPENAI_API_KEY", "AI_DAILY_BUDGET_USD"] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    let other = app.browser_of("rook-elm").await;
    assert_eq!(other.get(PAGE).await.status, 403);
    app.finish().await;
}

#[tokio::test]
async fn it_shows_the_budget_the_calls_and_the_failures() {
    let (reef, openai, app) = scene().await;
    let admin = app.browser_with("lark-elm", Role::Admin).await;
    let page = admin.get(PAGE).await;
    assert!(page.text.contains("No calls yet"), "{}", page.text);
    openai.switch(|own| (own.errors, own.uncounted) = (1, true));
    reef.open(LANTERN, "Sort the stations", &[]);
    follow(&app, &[LANTERN]).await;
    let page = admin.get(PAGE).await;
    for words in [
        "gpt-4o-mini",
        "127.0.0.1",
        "$0.0358 of $100.00",
        "2026-09-01",
        "Answered",
        "Service failed",
        "the service failed (status 503)",
        "<dt>Issues analyzed</dt><dd>1</dd>",
        "$1.00 to read and $2.00 to write a million tokens",
    ] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    app.change("UPDATE model_usage SET cost = 100000000").await.expect("changed");
    let page = admin.get(PAGE).await;
    assert!(page.text.contains("The budget of today is used up"), "{}", page.text);
    app.change("UPDATE feature_flags SET enabled = false WHERE name = 'language_model'")
        .await
        .expect("changed");
    let context = app.context();
    context.flags.look(&context.db).await.expect("looked");
    let page = admin.get(PAGE).await;
    assert!(page.text.contains("switched off by the flag"), "{}", page.text);
    app.finish().await;
}

/// Returns the state of the model in `/api/health`.
async fn health(app: &TestApp) -> Value {
    let answer = app.get("/api/health").send().await.expect("an answer");
    let health: Value = answer.json().await.expect("JSON");
    health["checks"]["openai"].clone()
}

#[tokio::test]
async fn many_failures_raise_an_alert_and_a_fault() {
    let (reef, openai, mut app) = scene().await;
    openai.switch(|own| own.wrong_schema = 12);
    for number in 0..4 {
        reef.open(LANTERN, &format!("Sort column {number}"), &[]);
    }
    follow(&app, &[LANTERN]).await;
    app.run_schedule("OperatorAlerts").await;
    let alerts = "SELECT title AS value FROM alerts WHERE kind = 'language_model'";
    let raised = app.values(alerts).await;
    assert_eq!(raised, ["100 % of 12 calls to the language model failed in the last hour"]);
    assert_eq!(health(&app).await, "not_checked");
    app.server.outside.look(app.context()).await;
    assert_eq!(health(&app).await, "degraded");
    app.change("UPDATE model_usage SET outcome = 'answered'").await.expect("changed");
    app.server.outside.look(app.context()).await;
    assert_eq!(health(&app).await, "healthy");
    app.run_schedule("OperatorAlerts").await;
    assert!(!platform::alerts::is_open(&app.context().db, "language_model").await.expect("read"));
    app.may_leave_work();
    app.abandon().await;
}

#[tokio::test]
async fn calls_are_deleted_after_90_days() {
    let (reef, _openai, app) = scene().await;
    reef.open(LANTERN, "Sort the stations", &[]);
    follow(&app, &[LANTERN]).await;
    reef.pass(&app, TimeDelta::days(89));
    assert_eq!(app.run_schedule("ModelUsageRetention").await, "0 calls");
    reef.pass(&app, TimeDelta::days(2));
    assert_eq!(app.run_schedule("ModelUsageRetention").await, "1 call");
    app.abandon().await;
}
