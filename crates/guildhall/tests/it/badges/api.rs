//! The API of badges: success and each refusal.

use identity::model::Role;
use recognition::rules::badges::Criteria;
use serde_json::{Value, json};

use super::merged;
use crate::app::TestApp;

fn input() -> Value {
    json!({
        "slug": "twenty", "name": " Twenty ", "description": "20 merged pull requests.",
        "criteria": { "kind": "pr_count", "at_least": 20 }, "rarity": "RARE",
    })
}

/// Returns the input with other fields.
fn with(fields: &Value) -> Value {
    let mut input = input();
    for (name, value) in fields.as_object().expect("fields") {
        input[name] = value.clone();
    }
    input
}

#[tokio::test]
async fn an_admin_creates_and_changes_a_badge() {
    let app = TestApp::start().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let created = admin.call("POST", "/api/v1/badges", Some(&input())).await;
    assert_eq!(created.status, 201, "{}", created.text);
    let expected = json!({
        "slug": "twenty", "name": "Twenty", "description": "20 merged pull requests.",
        "criteria": { "kind": "pr_count", "at_least": 20 },
        "criteria_text": "Have 20 pull requests merged.", "rarity": "RARE",
        "holder_count": 0, "holder_share": null, "retired_at": null,
    });
    assert_eq!(created.json(), expected);
    let path = "/api/v1/badges/twenty";
    assert_eq!(app.json(path).await, expected);
    let patch = json!({ "criteria": { "kind": "streak", "months": 4 }, "retired": true });
    let changed = admin.call("PATCH", path, Some(&patch)).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    let changed = changed.json();
    assert_eq!(changed["criteria"]["months"], 4);
    assert_eq!(changed["retired_at"], json!(app.context().now()));
    let listed = app.json("/api/v1/badges").await;
    assert!(listed["items"].as_array().expect("items").contains(&changed));
    app.finish().await;
}

#[tokio::test]
async fn invalid_badges_are_refused_with_the_field() {
    let app = TestApp::start().await;
    app.badge("taken", Criteria::Manual).await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    for (fields, status, code, words) in [
        (json!({ "slug": "Twenty" }), 422, "BAD_BADGE", "slug"),
        (json!({ "slug": "taken" }), 409, "BADGE_SLUG_TAKEN", "already in use"),
        (json!({ "name": "" }), 422, "BAD_BADGE", "name"),
        (json!({ "criteria": { "kind": "x" } }), 422, "BAD_CRITERIA", "kind must be"),
        (
            json!({ "criteria": { "kind": "metric", "metric": "points", "at_least": 1 } }),
            422,
            "BAD_CRITERIA",
            "merged_pull_requests",
        ),
    ] {
        let refused = admin.call("POST", "/api/v1/badges", Some(&with(&fields))).await;
        let problem = refused.json();
        assert_eq!(refused.status, status, "{problem}");
        assert_eq!(problem["code"], code, "{problem}");
        let detail = problem["detail"].as_str().expect("a detail");
        assert!(detail.contains(words), "{detail}");
    }
    let criteria = json!({ "kind": "quality_rating", "average": 6 });
    let patch = json!({ "criteria": criteria });
    let refused = admin.call("PATCH", "/api/v1/badges/taken", Some(&patch)).await.json();
    let errors = refused["errors"].as_array().expect("errors").iter();
    let pointers: Vec<_> = errors.map(|error| error["pointer"].clone()).collect();
    assert_eq!(pointers, ["#/criteria/average", "#/criteria/over"]);
    app.finish().await;
}

#[tokio::test]
async fn an_admin_awards_and_revokes_a_badge() {
    let app = TestApp::of_lantern().await;
    app.badge("helper", Criteria::Manual).await;
    app.deliver_all(&[&merged(1, "hexacat", 1)]).await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let path = "/api/v1/badges/helper/holders";
    let award = json!({ "login": "HEXACAT", "reason": "For help" });
    assert_eq!(admin.call("POST", path, Some(&award)).await.status, 204);
    let holders = app.json(path).await;
    assert_eq!(holders["items"][0]["login"], "hexacat");
    assert_eq!(holders["items"][0]["awarded_by"], "ADMIN");
    let one = format!("{path}/hexacat");
    for (method, path, body, status, code) in [
        ("POST", path, Some(&award), 409, "BADGE_HELD"),
        ("DELETE", &*one, None, 422, "REASON_REQUIRED"),
    ] {
        let refused = admin.call(method, path, body).await;
        assert_eq!(refused.status, status, "{}", refused.text);
        assert_eq!(refused.json()["code"], code);
    }
    let revoked = format!("{one}?reason=A+mistake");
    assert_eq!(admin.call("DELETE", &revoked, None).await.status, 204);
    let again = admin.call("DELETE", &revoked, None).await;
    assert_eq!(again.json()["code"], "BADGE_NOT_HELD");
    let unknown = json!({ "login": "no-one", "reason": "For help" });
    let unknown = admin.call("POST", path, Some(&unknown)).await;
    assert_eq!(unknown.status, 404, "{}", unknown.text);
    let silent = json!({ "login": "hexacat", "reason": " " });
    let silent = admin.call("POST", path, Some(&silent)).await;
    assert_eq!(silent.json()["code"], "REASON_REQUIRED");
    app.finish().await;
}

#[tokio::test]
async fn unknown_badges_are_not_found() {
    let app = TestApp::start().await;
    for (path, code) in [
        ("/api/v1/badges/none", "NOT_FOUND"),
        ("/api/v1/badges/none/holders", "NOT_FOUND"),
        ("/api/v1/people/none/badges", "PERSON_NOT_FOUND"),
    ] {
        app.refuses(path, 404, code, "Unknown").await;
    }
    app.finish().await;
}

#[tokio::test]
async fn a_revoked_badge_is_not_earned_again() {
    let app = TestApp::of_lantern().await;
    app.deliver_all(&[&merged(1, "hexacat", 1)]).await;
    let context = app.context();
    let operator = platform::audit::Actor::Operator;
    recognition::actions::revoke_badge(context, operator, "first-merge", "hexacat", "A test")
        .await
        .expect("revoked");
    app.deliver_all(&[&merged(2, "hexacat", 2)]).await;
    assert_eq!(app.badges_of("hexacat").await, [""; 0]);
    recognition::actions::award_badge(context, operator, "first-merge", "hexacat", "A test")
        .await
        .expect("awarded");
    assert_eq!(app.badges_of("hexacat").await, ["first-merge"]);
    app.finish().await;
}

#[tokio::test]
async fn holders_are_paged_and_hidden_people_are_left_out() {
    let app = TestApp::of_lantern().await;
    let pulls = [merged(1, "hexacat", 1), merged(2, "monacat", 2), merged(3, "octavia", 3)];
    app.deliver_all(&pulls.iter().collect::<Vec<_>>()).await;
    let path = "/api/v1/badges/first-merge/holders";
    let first = app.json(&format!("{path}?limit=2")).await;
    let login = |page: &Value, index: usize| page["items"][index]["login"].clone();
    assert_eq!([login(&first, 0), login(&first, 1)], ["octavia", "monacat"]);
    let cursor = first["next_cursor"].as_str().expect("a cursor");
    let second = app.json(&format!("{path}?limit=2&cursor={cursor}")).await;
    assert_eq!(login(&second, 0), "hexacat");
    assert_eq!(second["next_cursor"], Value::Null);
    app.ban("monacat").await;
    app.work().await;
    let badge = app.json("/api/v1/badges/first-merge").await;
    assert_eq!(badge["holder_count"], 2);
    assert_eq!(badge["holder_share"], 100.0);
    let left = app.json(path).await;
    assert_eq!([login(&left, 0), login(&left, 1)], ["octavia", "hexacat"]);
    app.finish().await;
}

#[tokio::test]
async fn the_schema_of_criteria_is_published() {
    let app = TestApp::start().await;
    let response = app.get("/api/v1/schemas/badge-criteria").send().await;
    let response = response.expect("an answer");
    assert_eq!(response.headers()["content-type"], "application/schema+json");
    let schema: Value = response.json().await.expect("JSON");
    assert_eq!(schema["oneOf"].as_array().expect("kinds").len(), 7);
    app.finish().await;
}
