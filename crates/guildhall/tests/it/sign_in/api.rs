//! The current person and their sessions, as JSON.

use serde_json::{Value, json};

use crate::app::{
    TestApp,
    browser::Browser,
    scenarios::{Scenario, person, repo},
};

const SESSIONS: &str = "/api/v1/me/sessions";

#[tokio::test]
async fn the_current_person_is_described() {
    let app = TestApp::of_lantern().await;
    let scenario =
        Scenario::opened(&repo(1, "lantern"), 1, &person("wren-oak"), "2026-10-02T08:00:00Z")
            .merged("2026-10-03T08:00:00Z");
    app.deliver_all(&[&scenario]).await;
    let browser = app.browser_of("wren-oak").await;
    let public = app.json("/api/v1/people/wren-oak").await;
    let me = browser.json("/api/v1/me").await;
    assert!(me["points"].as_i64().is_some_and(|points| points > 0));
    assert_eq!(
        me,
        json!({
            "id": public["id"], "login": "wren-oak", "role": "user", "points": public["points"]
        })
    );
    let answer = browser.get("/api/v1/me").await;
    assert_eq!(answer.header("cache-control"), "private, no-store");
    let anonymous = Browser::new(&app).get("/api/v1/me").await;
    anonymous.refuses(401, "SIGN_IN_REQUIRED", "Sign in");
    assert_eq!(anonymous.header("content-type"), "application/problem+json");
    app.ban("wren-oak").await;
    let banned = browser.get("/api/v1/me").await;
    banned.refuses(403, "BANNED", "account is banned");
    app.finish().await;
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one() {
    let app = TestApp::start().await;
    let (here, there) = (app.browser_of("wren-oak").await, app.browser_of("wren-oak").await);
    let list = here.json(SESSIONS).await;
    let items = list["items"].as_array().expect("items");
    let own = |is: bool| {
        let found: Vec<&Value> = items.iter().filter(|item| item["is_current"] == is).collect();
        assert_eq!(found.len(), 1, "{list}");
        let id = found[0]["id"].as_str().expect("an id");
        format!("{SESSIONS}/{id}")
    };
    let (this, other) = (own(true), own(false));
    let stranger = app.browser_of("finch-ash").await;
    let refused = stranger.call("DELETE", &other, None).await;
    refused.refuses(404, "NOT_FOUND", "This session does not exist");
    assert_eq!(there.get(SESSIONS).await.status, 200);
    let ended = here.call("DELETE", &other, None).await;
    assert_eq!((ended.status.as_u16(), &*ended.text), (204, ""));
    there.get(SESSIONS).await.refuses(401, "SIGN_IN_REQUIRED", "Sign in");
    for gone in [&*other, "/api/v1/me/sessions/nothing"] {
        let answer = here.call("DELETE", gone, None).await;
        answer.refuses(404, "NOT_FOUND", "has already ended");
    }
    assert_eq!(here.call("DELETE", &this, None).await.status, 204);
    here.get(SESSIONS).await.refuses(401, "SIGN_IN_REQUIRED", "Sign in");
    app.finish().await;
}

#[tokio::test]
async fn all_other_sessions_are_ended_at_once() {
    let app = TestApp::start().await;
    let here = app.browser_of("wren-oak").await;
    let other = app.browser_of("wren-oak").await;
    let stranger = app.browser_of("finch-ash").await;
    for ended in [1, 0] {
        let answer = here.call("DELETE", SESSIONS, None).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json(), json!({ "ended": ended }));
    }
    other.get(SESSIONS).await.refuses(401, "SIGN_IN_REQUIRED", "Sign in");
    for still in [&here, &stranger] {
        assert_eq!(still.get(SESSIONS).await.status, 200);
    }
    let anonymous = Browser::new(&app).call("DELETE", SESSIONS, None).await;
    anonymous.refuses(401, "SIGN_IN_REQUIRED", "Sign in");
    app.finish().await;
}
