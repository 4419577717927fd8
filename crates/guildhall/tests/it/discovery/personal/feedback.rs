//! `POST` and `DELETE /api/v1/opportunities/{id}/save`, `/dismiss`, `/started` and `/helpful`, and
//! `GET /api/v1/me/saved-opportunities`.

use serde_json::json;

use super::*;
use crate::app::browser::Browser;

const SAVED: &str = "/api/v1/me/saved-opportunities";

async fn numbers(browser: &Browser<'_>) -> Vec<i64> {
    let list = browser.json(SAVED).await;
    let items = list["items"].as_array().expect("items");
    let numbers = items.iter().map(|item| item["number"].as_i64());
    numbers.map(|number| number.expect("a number")).collect()
}

#[tokio::test]
async fn saved_issues_are_listed_until_they_are_removed() {
    let (_reef, app) = server().await;
    let ada = app.browser_of("ada").await;
    for number in [1, 2, 1] {
        let path = format!("/api/v1/opportunities/{}/save", opportunity(&app, number).await);
        assert_eq!(ada.call("POST", &path, None).await.status, 204);
    }
    assert_eq!(numbers(&ada).await, [2, 1], "each once, latest first");
    let first = ada.json(&format!("{SAVED}?limit=1")).await;
    let cursor = first["next_cursor"].as_str().expect("a cursor");
    let second = ada.json(&format!("{SAVED}?limit=1&cursor={cursor}")).await;
    assert_eq!(second["items"][0]["number"], 1);
    assert!(second["next_cursor"].is_null());
    let other = app.browser_of("wren-oak").await;
    assert_eq!(numbers(&other).await, [0; 0], "only their own");
    let path = format!("/api/v1/opportunities/{}/save", opportunity(&app, 2).await);
    for _ in 0..2 {
        assert_eq!(ada.call("DELETE", &path, None).await.status, 204);
    }
    assert_eq!(numbers(&ada).await, [1]);
    let answer = ada.call("GET", &format!("{SAVED}?cursor=7"), None).await;
    answer.refuses(400, "BAD_CURSOR", "");
    app.finish().await;
}

#[tokio::test]
async fn saved_issues_of_private_repositories_hide_no_others() {
    let (_reef, app) = server().await;
    let ada = app.browser_of("ada").await;
    for number in [1, 2] {
        let path = format!("/api/v1/opportunities/{}/save", opportunity(&app, number).await);
        assert_eq!(ada.call("POST", &path, None).await.status, 204);
    }
    let hidden = app.change("UPDATE repositories SET is_private = true").await;
    hidden.expect("changed");
    let page = ada.json(&format!("{SAVED}?limit=1")).await;
    assert_eq!(page["items"], json!([]));
    assert!(page["next_cursor"].is_string(), "the list goes on: {page}");
    app.finish().await;
}

#[tokio::test]
async fn dismissed_issues_are_not_proposed_and_lower_similar_ones() {
    let (_reef, app) = server().await;
    let ada = app.browser_of("ada").await;
    let wanted = json!({ "min_impact": 0, "max_complexity": 10 });
    ada.call("PUT", "/api/v1/preferences", Some(&wanted)).await;
    let path = format!("/api/v1/opportunities/{}/dismiss", opportunity(&app, 1).await);
    let body = json!({ "reason": "quiet_repository" });
    assert_eq!(ada.call("POST", &path, Some(&body)).await.status, 204);
    let matched = async || {
        let path = "/api/v1/opportunities/match";
        ada.call("POST", path, Some(&json!({}))).await.json()
    };
    let list = matched().await;
    assert_eq!(list["total"], 2);
    let fit = &list["items"][0]["match"];
    assert_eq!(fit["lowered"], 0.3);
    let words = "You dismissed a similar issue in this repository, as too quiet";
    assert_eq!(fit["lowered_because"], words);
    assert_eq!(ada.call("DELETE", &path, None).await.status, 204);
    let list = matched().await;
    assert_eq!((&list["total"], &list["items"][0]["match"]["lowered"]), (&json!(3), &json!(0.0)));
    app.finish().await;
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    let (_reef, app) = server().await;
    let ada = app.browser_of("ada").await;
    for act in ["save", "dismiss", "started", "helpful"] {
        let path = format!("/api/v1/opportunities/01900000-0000-7000-8000-0000000000ff/{act}");
        let answer = ada.call("POST", &path, Some(&json!({}))).await;
        answer.refuses(404, "NOT_FOUND", "/discover");
        let answer = ada.call("POST", "/api/v1/opportunities/7/save", None).await;
        answer.refuses(400, "BAD_PATH", "");
    }
    let path = format!("/api/v1/opportunities/{}/dismiss", opportunity(&app, 1).await);
    let answer = ada.call("POST", &path, Some(&json!({ "reason": "dull" }))).await;
    answer.refuses(400, "BAD_BODY", "dull");
    app.finish().await;
}

#[tokio::test]
async fn people_state_what_they_started_and_what_helped() {
    let (_reef, app) = server().await;
    let ada = app.browser_of("ada").await;
    let first = opportunity(&app, 1).await;
    let stated = async || {
        let figures = ada.json("/api/v1/analytics/contributions").await;
        ["saved", "dismissed", "started", "helpful"].map(|kind| figures["stated"][kind].as_i64())
    };
    for act in ["started", "helpful", "started"] {
        let path = format!("/api/v1/opportunities/{first}/{act}");
        assert_eq!(ada.call("POST", &path, None).await.status, 204);
    }
    assert_eq!(stated().await, [0, 0, 1, 1].map(Some), "each once");
    let kinds = "SELECT kind AS value FROM opportunity_feedback ORDER BY kind";
    assert_eq!(app.values(kinds).await, ["helpful", "started"]);
    let page = ada.get(&format!("/discover/{first}")).await;
    assert!(page.text.contains(">Started</button>"), "{}", page.text);
    let form = format!("/discover/{first}/feedback");
    for says in ["not-started", "not-helpful"] {
        assert_eq!(
            ada.post(&form, &[("says", says)]).await.location(),
            format!("/discover/{first}")
        );
    }
    assert_eq!(stated().await, [0; 4].map(Some));
    let answer = ada.post(&form, &[("says", "started")]).await;
    assert_eq!(answer.status, 303);
    let path = format!("/api/v1/opportunities/{first}/started");
    assert_eq!(ada.call("DELETE", &path, None).await.status, 204);
    assert_eq!(ada.post(&form, &[("says", "dull")]).await.status, 422);
    app.finish().await;
}
