//! Personal tokens in use: what their scopes allow, and when they stop working.

use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use identity::model::{Role, Scope};
use platform::audit::Actor;
use serde_json::json;

use crate::app::{
    TestApp,
    browser::{Browser, SESSION},
};

const ME: &str = "/api/v1/me";
const SETTINGS: &str = "/api/v1/me/notification-settings";
const ADMIN: &str = "/api/v1/admin/people";

#[tokio::test]
async fn scopes_decide_what_a_token_can_do() {
    let app = TestApp::start().await;
    app.browser_with("wren-oak", Role::Admin).await;
    let settings = {
        let browser = app.browser_of("wren-oak").await;
        let mut settings = browser.json(SETTINGS).await;
        let kept = ["timezone", "quiet_from", "quiet_until", "daily_cap", "modes"];
        let settings = settings.as_object_mut().expect("an object");
        settings.retain(|name, _| kept.contains(&name.as_str()));
        json!(settings)
    };
    for (scope, me, set, admin_home) in [
        (Scope::Read, true, false, false),
        (Scope::Write, false, true, false),
        (Scope::Admin, false, false, true),
    ] {
        let token = app.token("wren-oak", &[scope]).await;
        let program = Browser::bearing(&app, &token);
        for (method, path, body, is_let_in, needed) in [
            ("GET", ME, None, me, "read"),
            ("PUT", SETTINGS, Some(&settings), set, "write"),
            ("GET", ADMIN, None, admin_home, "admin"),
        ] {
            // Programs send no Origin header.
            let answer = program.call_from("cross-site", method, path, body).await;
            match is_let_in {
                true => assert!(answer.status.is_success(), "{path}: {}", answer.text),
                false => {
                    let says = format!("the scope '{needed}'");
                    answer.refuses(403, "SCOPE_REQUIRED", &says);
                }
            }
            assert_eq!(answer.header("cache-control"), "private, no-store");
        }
        assert_eq!(program.get("/api/v1/projects").await.status, 200);
        assert_eq!(program.get("/").await.status, 200);
    }
    app.finish().await;
}

#[tokio::test]
async fn the_owners_current_role_decides() {
    let app = TestApp::start().await;
    app.browser_of("wren-oak").await;
    let token = app.token("wren-oak", &[Scope::Admin]).await;
    let program = Browser::bearing(&app, &token);
    let grant = async |role| {
        let context = app.context();
        let granted =
            identity::actions::grant_role(context, Actor::Operator, "wren-oak", role).await;
        granted.expect("granted");
    };
    let refused = program.get(ADMIN).await;
    refused.refuses(403, "ROLE_REQUIRED", "moderators and admins");
    grant(Role::Moderator).await;
    assert_eq!(program.get(ADMIN).await.status, 200);
    grant(Role::User).await;
    program.get(ADMIN).await.refuses(403, "ROLE_REQUIRED", "moderators");
    app.finish().await;
}

#[tokio::test]
async fn credentials_can_only_be_changed_with_a_session() {
    let app = TestApp::start().await;
    app.browser_of("wren-oak").await;
    let token = app.token("wren-oak", &Scope::ALL).await;
    let program = Browser::bearing(&app, &token);
    let body = json!({
        "name": "another", "scopes": ["read"], "expires_in_days": 1,
        "address": "evil@oak.example", "token": "x"
    });
    for (method, path) in [
        ("POST", "/api/v1/me/tokens"),
        ("DELETE", "/api/v1/me/tokens/x"),
        ("DELETE", "/api/v1/me/sessions"),
        ("DELETE", "/api/v1/me/sessions/x"),
        ("PUT", "/api/v1/me/email"),
        ("DELETE", "/api/v1/me/email"),
        ("POST", "/api/v1/me/email/verify"),
    ] {
        let answer = program.call(method, path, Some(&body)).await;
        answer.refuses(403, "SESSION_REQUIRED", "Tokens cannot do this");
    }
    app.finish().await;
}

#[tokio::test]
async fn invalid_tokens_are_refused_everywhere() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let token = app.token("wren-oak", &Scope::ALL).await;
    let session = browser.cookie(SESSION).expect("a session");
    let mistyped = token.replace("glh_pat_", "glh_tap_");
    let unknown = identity::rules::token([7; 32]);
    for wrong in ["", "x", &mistyped, &unknown, &session] {
        for path in [ME, "/api/v1/projects", "/"] {
            let answer = Browser::bearing(&app, wrong).get(path).await;
            answer.refuses(401, "TOKEN_INVALID", "Unknown or revoked token");
            let challenge = answer.header("www-authenticate");
            assert_eq!(challenge, r#"Bearer error="invalid_token""#, "{path}");
        }
    }
    let anonymous = Browser::new(&app).get(ME).await;
    assert_eq!(anonymous.header("www-authenticate"), "Bearer");
    let program = Browser::bearing(&app, &token);
    app.clock.advance(TimeDelta::days(30) - TimeDelta::microseconds(1));
    assert_eq!(program.get(ME).await.status, 200);
    app.clock.advance(TimeDelta::microseconds(1));
    for path in [ME, "/api/v1/projects"] {
        let answer = program.get(path).await;
        answer.refuses(401, "TOKEN_EXPIRED", "expired");
    }
    let before = app.context().now() + TimeDelta::seconds(1);
    let forgotten = identity::actions::forget_tokens(app.context(), before).await;
    assert_eq!(forgotten.expect("forgotten"), 1);
    program.get(ME).await.refuses(401, "TOKEN_INVALID", "Unknown");
    app.finish().await;
}

#[tokio::test]
async fn tokens_of_banned_and_deleted_people_are_refused() {
    let app = TestApp::start().await;
    app.browser_of("wren-oak").await;
    let token = app.token("wren-oak", &Scope::ALL).await;
    let program = Browser::bearing(&app, &token);
    app.ban("wren-oak").await;
    program.get(ME).await.refuses(403, "BANNED", "Spam");
    app.unban("wren-oak").await;
    assert_eq!(program.get(ME).await.status, 200);
    app.change("UPDATE users SET is_deleted = true").await.expect("deleted");
    program.get(ME).await.refuses(401, "TOKEN_INVALID", "Unknown");
    app.finish().await;
}

/// A page of another site can make a browser send its cookie, but not a token.
#[tokio::test]
async fn with_a_cookie_the_origin_is_checked_despite_a_token() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let token = app.token("wren-oak", &Scope::ALL).await;
    let program = Browser::bearing(&app, &token);
    program.set_cookie(SESSION, &browser.cookie(SESSION).expect("a session"));
    let path = "/api/v1/me/notifications/read";
    let elsewhere = program.call_from("cross-site", "POST", path, None).await;
    elsewhere.refuses(403, "CROSS_SITE_REQUEST", "another site");
    assert_eq!(program.call("POST", path, None).await.status, 200);
    let form = Browser::bearing(&app, &token);
    let read = form.post_from("cross-site", "/inbox/read", &[]).await;
    read.location();
    app.finish().await;
}

#[tokio::test]
async fn authentication_takes_one_statement_and_use_is_recorded_once_a_minute() {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let notes = Arc::clone(&seen);
    let app = TestApp::observed(move |statement| {
        notes.lock().expect("notes").push(statement.sql.clone());
    })
    .await;
    app.browser_of("wren-oak").await;
    let token = app.token("wren-oak", &[Scope::Read]).await;
    let program = Browser::bearing(&app, &token);
    let asks = async || {
        seen.lock().expect("notes").clear();
        assert_eq!(program.get(ME).await.status, 200);
        let asked = seen.lock().expect("notes").clone();
        let of_tokens = |sql: &&String| sql.contains("api_tokens");
        asked.iter().filter(of_tokens).count()
    };
    let used = "SELECT count(*) FROM api_tokens WHERE last_used_at = expires_at";
    assert_eq!(asks().await, 2, "the first use is recorded");
    for _ in 0..3 {
        assert_eq!(asks().await, 1);
    }
    app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(asks().await, 2);
    assert_eq!(app.count(used).await, 0);
    app.finish().await;
}
