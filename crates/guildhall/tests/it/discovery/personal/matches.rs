//! `POST /api/v1/opportunities/match`.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::*;
use crate::app::browser::Browser;

const PATH: &str = "/api/v1/opportunities/match";

async fn matches(browser: &Browser<'_>, input: Value) -> Value {
    let answer = browser.call("POST", PATH, Some(&input)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

async fn prefer(browser: &Browser<'_>, input: Value) {
    let set = browser.call("PUT", "/api/v1/preferences", Some(&input)).await;
    assert_eq!(set.status, 200, "{}", set.text);
}

fn titles(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().expect("items");
    let titles = items.iter().map(|item| item["title"].as_str());
    titles.map(|title| title.expect("a title")).collect()
}

/// Returns the evidence of a part of the only match.
fn evidence<'a>(list: &'a Value, part: &str) -> &'a str {
    let parts = list["items"][0]["match"]["parts"].as_array().expect("parts");
    let of = parts.iter().find(|own| own["part"] == part).expect("a part");
    of["evidence"].as_str().expect("words")
}

#[tokio::test]
async fn limits_and_skills_decide() {
    let (_reef, app) = server().await;
    let ada = app.browser_of("ada").await;
    prefer(&ada, json!({ "min_impact": 0, "max_complexity": 10 })).await;
    let all = matches(&ada, json!({})).await;
    assert_eq!((titles(&all).len(), &all["total"]), (3, &json!(3)));
    prefer(
        &ada,
        json!({ "types": ["documentation"], "min_impact": 0, "max_complexity": 10, "hours_a_week": 40 }),
    )
    .await;
    let only = matches(&ada, json!({})).await;
    assert_eq!(titles(&only), ["Explain the tide table"]);
    assert!(evidence(&only, "availability").contains("you set 40 h"));
    let found = &only["items"][0]["match"];
    let parts = found["parts"].as_array().expect("parts");
    let number = |value: &Value| value.as_f64().expect("a number");
    let sum: f64 =
        (parts.iter()).map(|part| number(&part["value"]) * number(&part["weight"])).sum();
    assert!((sum - number(&found["total"])).abs() < 1e-9, "{found}");
    prefer(&ada, json!({ "excluded_topics": ["CLI"], "min_impact": 0 })).await;
    assert_eq!(matches(&ada, json!({})).await["total"], 0, "a topic of the repository");
    app.finish().await;
}

#[tokio::test]
async fn words_narrow_the_matches_and_pages_follow_each_other() {
    let (_reef, app) = server().await;
    let ada = app.browser_of("ada").await;
    prefer(&ada, json!({ "min_impact": 0, "max_complexity": 10 })).await;
    let found = matches(&ada, json!({ "q": "checksum" })).await;
    assert_eq!(titles(&found), ["Report which page failed its checksum"]);
    let mut seen = Vec::new();
    let mut cursor = Value::Null;
    for _ in 0..3 {
        let page = matches(&ada, json!({ "limit": 1, "cursor": cursor })).await;
        seen.extend(titles(&page).into_iter().map(str::to_owned));
        cursor = page["next_cursor"].clone();
    }
    assert!(cursor.is_null());
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 3);
    for (input, code) in [
        (json!({ "cursor": "7" }), "BAD_CURSOR"),
        (json!({ "limit": 0 }), "BAD_LIMIT"),
        (json!({ "q": "x".repeat(301) }), "BAD_QUERY"),
    ] {
        let answer = ada.call("POST", PATH, Some(&input)).await;
        answer.refuses(400, code, "");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_claimed_issue_is_not_proposed_until_it_is_free_again() {
    let (_reef, app) = server().await;
    let (ada, wren) = (app.browser_of("ada").await, app.browser_of("wren-oak").await);
    prefer(&wren, json!({ "min_impact": 0, "max_complexity": 10 })).await;
    let id = opportunity(&app, 2).await;
    for (act, total) in [("claim", 2), ("release", 3)] {
        let path = format!("/api/v1/opportunities/{id}/{act}");
        let answer = ada.call("POST", &path, None).await;
        assert!(answer.status.is_success(), "{}", answer.text);
        assert_eq!(matches(&wren, json!({})).await["total"], total, "{act}");
    }
    app.finish().await;
}

#[tokio::test]
async fn merged_pull_requests_show_skills_and_languages() {
    let (reef, app) = server().await;
    reef.register(&app).await;
    let octavia = finder(&reef, &app, "octavia").await;
    prefer(&octavia, json!({ "types": ["feature"], "min_impact": 0, "max_complexity": 10 })).await;
    let before = matches(&octavia, json!({})).await;
    assert!(evidence(&before, "experience").contains("no merged pull request yet"));
    reef.pass(&app, TimeDelta::hours(1));
    let opened = reef.github.open_pull(LANTERN, "octavia", |pull| {
        "Index the database transactions".clone_into(&mut pull.title);
        pull.body = Some("Fixes #3".to_owned());
    });
    let number = opened.expect("opened");
    let merged = reef.github.merge(LANTERN, number, "rook-elm");
    merged.expect("merged");
    reef.github.settle().await;
    app.work().await;
    let after = matches(&octavia, json!({})).await;
    assert_eq!(evidence(&after, "experience"), "1 merge in lantern");
    let skills = evidence(&after, "skill");
    assert!(skills.contains("1 merged pull request"), "{skills}");
    assert!(evidence(&after, "difficulty").contains("your last one was"));
    let total = |list: &Value| list["items"][0]["match"]["total"].as_f64();
    assert!(total(&after) > total(&before), "{after}");
    app.finish().await;
}
