//! Tokens, as JSON.

use chrono::TimeDelta;
use identity::model::Scope;
use serde_json::{Value, json};

use crate::app::{TestApp, browser::Browser};

const TOKENS: &str = "/api/v1/me/tokens";

fn token_input() -> Value {
    json!({ "name": " Nightly report ", "scopes": ["write", "read"], "expires_in_days": 30 })
}

#[tokio::test]
async fn a_token_is_created_shown_once_and_revoked() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    assert_eq!(browser.json(TOKENS).await, json!({ "items": [] }));
    let made = browser.call("POST", TOKENS, Some(&token_input())).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let mut made = made.json();
    let secret = made.as_object_mut().and_then(|made| made.remove("secret"));
    let secret = secret.expect("told").as_str().expect("text").to_owned();
    assert!(secret.starts_with("glh_pat_") && secret.len() == 57);
    let token = json!({
        "id": made["id"], "name": "Nightly report", "scopes": ["read", "write"],
        "created_at": "2026-11-01T00:00:00Z", "expires_at": "2026-12-01T00:00:00Z",
        "last_used_at": null
    });
    assert_eq!(made, token);
    assert_eq!(browser.json(TOKENS).await, json!({ "items": [token] }));
    let kept = "SELECT name || scopes AS value FROM api_tokens";
    assert_eq!(app.values(kept).await, ["Nightly reportread write"]);

    let program = Browser::bearing(&app, &secret);
    assert_eq!(program.json("/api/v1/me").await["login"], "wren-oak");
    let stranger = app.browser_of("finch-ash").await;
    let path = format!("{TOKENS}/{}", made["id"].as_str().expect("an id"));
    stranger.call("DELETE", &path, None).await.refuses(
        404,
        "NOT_FOUND",
        "Unknown or revoked token",
    );
    assert_eq!(browser.call("DELETE", &path, None).await.status, 204);
    program.get("/api/v1/me").await.refuses(401, "TOKEN_INVALID", "revoked token");
    browser.call("DELETE", &path, None).await.refuses(404, "NOT_FOUND", "revoked token");
    assert_eq!(browser.json(TOKENS).await, json!({ "items": [] }));
    let noted = "SELECT action || ' ' || coalesce(after, '') AS value FROM audit_logs \
                 WHERE target_kind = 'token' ORDER BY id";
    assert_eq!(
        app.values(noted).await,
        [
            r#"token.create {"expires_at":"2026-12-01T00:00:00Z","scopes":"read write"}"#,
            "token.revoke ",
        ]
    );
    app.finish().await;
}

#[tokio::test]
async fn the_owner_of_a_new_token_is_notified() {
    let (app, mailbox) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    app.verify_address("wren-oak").await;
    browser.call("POST", TOKENS, Some(&token_input())).await;
    app.work().await;
    let title = "Token \"Nightly report\" was created";
    assert_eq!(app.inbox(&browser).await, [format!("*{title}")]);
    assert_eq!(mailbox.subjects(), [format!("wren-oak@oak.example: {title}")]);
    app.finish().await;
}

#[tokio::test]
async fn invalid_tokens_are_refused() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    for (name, value, status, code) in [
        ("name", json!(" "), 422, "BAD_NAME"),
        ("name", json!("x".repeat(61)), 422, "BAD_NAME"),
        ("scopes", json!([]), 422, "NO_SUCH_SCOPE"),
        ("scopes", json!(["read", "king"]), 422, "NO_SUCH_SCOPE"),
        ("scopes", json!("read"), 400, "BAD_BODY"),
        ("expires_in_days", json!(0), 422, "BAD_LIFETIME"),
        ("expires_in_days", json!(367), 422, "BAD_LIFETIME"),
        ("expires_in_days", json!("1"), 400, "BAD_BODY"),
    ] {
        let mut input = token_input();
        input[name] = value;
        let answer = browser.call("POST", TOKENS, Some(&input)).await;
        answer.refuses(status, code, "detail");
    }
    let anonymous = Browser::new(&app);
    for (method, path) in
        [("GET", TOKENS.to_owned()), ("POST", TOKENS.to_owned()), ("DELETE", format!("{TOKENS}/x"))]
    {
        let answer = anonymous.call(method, &path, Some(&token_input())).await;
        answer.refuses(401, "SIGN_IN_REQUIRED", "Sign in");
    }
    let missing = browser.call("DELETE", &format!("{TOKENS}/x"), None).await;
    missing.refuses(404, "NOT_FOUND", "Unknown or revoked token");
    let without = browser.call("POST", TOKENS, None).await;
    without.refuses(415, "UNSUPPORTED_MEDIA_TYPE", "application/json");
    for _ in 0..50 {
        app.token("wren-oak", &[Scope::Read]).await;
    }
    let answer = browser.call("POST", TOKENS, Some(&token_input())).await;
    answer.refuses(409, "TOO_MANY_TOKENS", "Revoke one first");
    app.clock.advance(TimeDelta::days(30));
    let again = browser.call("POST", TOKENS, Some(&token_input())).await;
    // The session has expired as well by then.
    again.refuses(401, "SIGN_IN_REQUIRED", "Sign in");
    let browser = app.browser_of("wren-oak").await;
    let again = browser.call("POST", TOKENS, Some(&token_input())).await;
    assert_eq!(again.status, 201, "expired tokens do not count");
    app.finish().await;
}
