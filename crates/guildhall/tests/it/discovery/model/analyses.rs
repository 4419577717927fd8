//! Issues are analyzed in the background, those of most worth first, and issues with the same texts once.

use super::*;

#[tokio::test]
async fn an_analysis_is_shown_as_a_quotation() {
    let (reef, openai, app) = scene().await;
    reef.open(LANTERN, "Sort the stations", &["good first issue"]);
    follow(&app, &[LANTERN]).await;
    let found = detail(&app, "stations").await;
    let model = &found["model_analysis"];
    assert_eq!(model["source"], "model");
    assert_eq!(model["model"], "gpt-4o-mini");
    let summary = "This issue asks for one change: Sort the stations.";
    assert_eq!(model["summary"], summary);
    assert_eq!(model["required_skills"], serde_json::json!(["reading code", "testing"]));
    assert_eq!(model["estimated_hours"], 3.0);
    assert!(model["confidence"].as_f64().is_some_and(|own| own >= 0.5), "{model}");
    assert_eq!(model["failure"], Value::Null);
    let path = format!("/discover/{}", found["id"].as_str().expect("an ID"));
    let page = crate::app::browser::Browser::new(&app).get(&path).await;
    for words in [summary, "In the words of a model", "Written by <bdi>gpt-4o-mini", "<blockquote"]
    {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    assert_eq!(calls(&app).await, ["analysis answered"]);
    assert_eq!(openai.usage().completions, 1);
    app.finish().await;
}

#[tokio::test]
async fn without_a_model_nothing_is_asked_or_kept() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    reef.open(LANTERN, "Sort the stations", &[]);
    follow(&app, &[LANTERN]).await;
    assert_eq!(detail(&app, "stations").await["model_analysis"], Value::Null);
    let rows = "SELECT CAST(count(*) AS text) AS value FROM model_analyses";
    assert_eq!(app.values(rows).await, ["0"]);
    assert_eq!(calls(&app).await, [""; 0]);
    app.finish().await;
}

#[tokio::test]
async fn the_issues_of_most_worth_are_first() {
    let (reef, openai, app) = scene().await;
    for number in 0..30 {
        let labels: &[&str] = match number % 3 {
            0 => &["good first issue", "bug"],
            1 => &["help wanted"],
            _ => &[],
        };
        reef.open(LANTERN, &format!("Sort column {number}"), labels);
    }
    follow(&app, &[LANTERN]).await;
    let asked: Vec<String> = openai.asked().iter().map(title).collect();
    assert_eq!(asked.len(), 30);
    let best = "SELECT title AS value FROM opportunities WHERE is_good_first ORDER BY title";
    let mut first = asked[..8].to_vec();
    first.sort();
    first.dedup();
    let best = app.values(best).await;
    assert_eq!((best.len(), first.len()), (10, 8));
    assert!(first.iter().all(|title| best.contains(title)), "{first:?}");
    app.finish().await;
}

fn title(request: &Value) -> String {
    let quoted = request["messages"][1]["content"].as_str().expect("text");
    let quoted: Value = serde_json::from_str(quoted).expect("JSON");
    quoted["title"].as_str().expect("a title").to_owned()
}

#[tokio::test]
async fn issues_with_the_same_texts_share_an_answer() {
    let (reef, openai, app) = scene().await;
    reef.repository("octo-org", "beacon");
    let first = reef.open(LANTERN, "Sort the stations", &["bug"]);
    reef.open("octo-org/beacon", "Sort the stations", &["bug"]);
    follow(&app, &[LANTERN, "octo-org/beacon"]).await;
    assert_eq!(openai.usage().completions, 1);
    let list = app.json("/api/v1/opportunities").await;
    for item in list["items"].as_array().expect("items") {
        let id = item["id"].as_str().expect("an ID");
        let found = app.json(&format!("/api/v1/opportunities/{id}")).await;
        assert_eq!(found["model_analysis"]["source"], "model", "{found}");
    }
    // A comment changes the issue, but no text that the model reads.
    reef.pass(&app, TimeDelta::minutes(20));
    reef.act(LANTERN, first, &IssueAct::Commented("octavia".to_owned()));
    read_again(&app).await;
    app.work().await;
    assert_eq!(openai.usage().completions, 1);
    reef.pass(&app, TimeDelta::minutes(20));
    reef.act(LANTERN, first, &IssueAct::Labeled("docs".to_owned()));
    read_again(&app).await;
    app.work().await;
    assert_eq!(openai.usage().completions, 2);
    app.finish().await;
}

#[tokio::test]
async fn an_answer_about_earlier_texts_is_not_shown() {
    let (reef, _openai, app) = scene().await;
    reef.open(LANTERN, "Sort the stations", &[]);
    follow(&app, &[LANTERN]).await;
    app.change("UPDATE opportunities SET title = 'Sort the tides'").await.expect("changed");
    let id = app.values("SELECT CAST(content_digest AS text) AS value FROM model_analyses").await;
    assert_eq!(id.len(), 1);
    let list = app.json("/api/v1/opportunities").await;
    let id = list["items"][0]["id"].as_str().expect("an ID");
    let found = app.json(&format!("/api/v1/opportunities/{id}")).await;
    assert_eq!(found["model_analysis"], Value::Null);
    app.finish().await;
}

#[tokio::test]
async fn hidden_repositories_are_not_sent() {
    let (reef, openai, app) = scene().await;
    openai.switch(|switches| switches.rejected = true);
    reef.open(LANTERN, "Sort the stations", &[]);
    follow(&app, &[LANTERN]).await;
    assert_eq!(openai.usage().completions, 0);
    openai.switch(|switches| switches.rejected = false);
    app.change("UPDATE repositories SET is_private = true").await.expect("hidden");
    reef.pass(&app, TimeDelta::minutes(11));
    app.work().await;
    assert_eq!(openai.usage().completions, 0);
    app.finish().await;
}

#[tokio::test]
async fn the_flag_keeps_all_calls_off() {
    let (reef, openai, app) = scene().await;
    app.change("UPDATE feature_flags SET enabled = false WHERE name = 'language_model'")
        .await
        .expect("changed");
    let context = app.context();
    context.flags.look(&context.db).await.expect("looked");
    reef.open(LANTERN, "Sort the stations", &[]);
    follow(&app, &[LANTERN]).await;
    assert_eq!(openai.usage().requests, 0);
    app.finish().await;
}
