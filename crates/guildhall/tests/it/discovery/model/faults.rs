//! A model that fails is given up after three tries, and the reason is recorded.

use serde_json::json;
use testkit::fake_openai::Switches;

use super::*;

/// Analyzes one issue with faults, and returns its analysis and the calls.
async fn with(
    change: impl FnOnce(&mut Switches),
    configured: impl FnOnce(&mut Config),
) -> (Value, Vec<String>) {
    let reef = Reef::new().await;
    let openai = FakeOpenai::start().await.expect("a port");
    openai.switch(change);
    let own = configure(&openai);
    let mut app = reef
        .server_with(|config| {
            own(config);
            configured(config);
        })
        .await;
    reef.open(LANTERN, "Sort the stations", &["good first issue"]);
    follow(&app, &[LANTERN]).await;
    let found = detail(&app, "stations").await;
    let calls = calls(&app).await;
    // An issue that the model was given up for is tried again a day later.
    app.may_leave_work();
    app.finish().await;
    (found["model_analysis"].clone(), calls)
}

fn is_given_up(analysis: &Value, why: &str) {
    assert_eq!(analysis["source"], "rules", "{why}: {analysis}");
    assert!(analysis["confidence"].as_f64().is_some_and(|own| own < 0.5), "{why}: {analysis}");
    assert_eq!(analysis["summary"], "");
    assert!(analysis["failure"].as_str().is_some_and(|own| own.contains(why)), "{why}: {analysis}");
    assert!(analysis["estimated_hours"].as_f64().is_some_and(|own| own > 0.0));
}

#[tokio::test]
async fn three_failures_of_any_kind_give_it_up() {
    type Fault = fn(&mut Switches);
    let cases: [(Fault, &str, &str); 5] = [
        (|own| own.limited = 3, "429", "analysis limited free"),
        (|own| own.errors = 3, "503", "analysis failed free"),
        (|own| own.malformed = 3, "not JSON", "analysis malformed"),
        (|own| own.wrong_schema = 3, "summary", "analysis wrong_reply"),
        (|own| own.leaked = true, "key", "analysis wrong_reply"),
    ];
    for (fault, why, call) in cases {
        let (analysis, calls) = with(fault, |_| ()).await;
        is_given_up(&analysis, why);
        assert_eq!(calls, [call; 3], "{why}");
    }
}

#[tokio::test]
async fn a_late_answer_is_a_failure_that_may_cost() {
    let late = |own: &mut Switches| own.latency = 1_500;
    let (analysis, calls) = with(late, |config| config.ai_patience_seconds = 1).await;
    is_given_up(&analysis, "in time");
    assert_eq!(calls, ["analysis timed_out"; 3]);
}

#[tokio::test]
async fn the_third_try_may_succeed() {
    type Fault = fn(&mut Switches);
    let cases: [Fault; 4] = [
        |own| own.limited = 2,
        |own| own.errors = 2,
        |own| (own.malformed, own.wrong_schema) = (1, 1),
        |own| (own.limited, own.errors) = (1, 1),
    ];
    for fault in cases {
        let (analysis, calls) = with(fault, |_| ()).await;
        assert_eq!(analysis["source"], "model", "{analysis}");
        assert_eq!(calls.len(), 3);
        assert_eq!(calls[2], "analysis answered");
    }
}

#[tokio::test]
async fn a_rejected_key_and_a_long_wait_leave_the_issue_in_the_queue() {
    let (analysis, calls) = with(|own| own.rejected = true, |_| ()).await;
    assert_eq!(
        (analysis, calls.as_slice()),
        (Value::Null, &["analysis rejected free".to_owned()][..])
    );
    let wait = |own: &mut Switches| (own.limited, own.retry_after) = (1, 600);
    let (analysis, calls) = with(wait, |_| ()).await;
    assert_eq!(
        (analysis, calls.as_slice()),
        (Value::Null, &["analysis limited free".to_owned()][..])
    );
}

#[tokio::test]
async fn a_given_up_issue_is_tried_again_a_day_later() {
    let (reef, openai, app) = scene().await;
    openai.switch(|own| own.errors = 3);
    reef.open(LANTERN, "Sort the stations", &[]);
    follow(&app, &[LANTERN]).await;
    is_given_up(&detail(&app, "stations").await["model_analysis"], "503");
    app.work().await;
    assert_eq!(openai.usage().requests, 3);
    reef.pass(&app, TimeDelta::hours(25));
    app.work().await;
    assert_eq!(detail(&app, "stations").await["model_analysis"]["source"], "model");
    app.finish().await;
}

#[tokio::test]
async fn tokens_that_are_not_stated_cost_the_most() {
    let (reef, openai, app) = scene().await;
    openai.switch(|own| own.uncounted = true);
    reef.open(LANTERN, "Sort the stations", &[]);
    follow(&app, &[LANTERN]).await;
    assert_eq!(cost(&app).await, MOST);
    assert_eq!(detail(&app, "stations").await["model_analysis"]["source"], json!("model"));
    app.finish().await;
}
