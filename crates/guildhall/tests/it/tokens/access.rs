//! Access and refresh tokens: how a program continues a browser's sign-in, and how that ends.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use chrono::TimeDelta;
use identity::{actions::MAX_APPS, model::Role};
use serde_json::{Value, json};

use crate::app::{
    TestApp,
    browser::{Answer, Browser, SESSION},
};

const BEGIN: &str = "/api/v1/auth/token";
const REFRESH: &str = "/api/v1/auth/refresh";
const LOGOUT: &str = "/api/v1/auth/logout";
const SESSIONS: &str = "/api/v1/me/sessions";
const ME: &str = "/api/v1/me";
/// Counts the refresh tokens that were not used, and whose family has not ended.
const USABLE: &str = "SELECT count(*) FROM refresh_tokens WHERE revoked_at IS NULL";

fn text(pair: &Value, name: &str) -> String {
    pair[name].as_str().expect(name).to_owned()
}

async fn begin(browser: &Browser<'_>) -> Value {
    let begun = browser.call("POST", BEGIN, None).await;
    assert_eq!(begun.status, 200, "{}", begun.text);
    begun.json()
}

/// Sends the refresh token of a pair without a cookie, like a program.
async fn ask(app: &TestApp, path: &str, pair: &Value) -> Answer {
    let shown = json!({ "refresh_token": pair["refresh_token"] });
    let program = Browser::new(app);
    program.call_from("cross-site", "POST", path, Some(&shown)).await
}

/// Requests the current person with the access token of a pair.
async fn shown(app: &TestApp, pair: &Value) -> Answer {
    let program = Browser::bearing(app, &text(pair, "access_token"));
    program.get(ME).await
}

#[tokio::test]
async fn a_program_continues_a_browsers_sign_in() {
    let app = TestApp::start().await;
    let browser = app.browser_with("wren-oak", Role::Moderator).await;
    let first = begin(&browser).await;
    assert_eq!((&first["token_type"], &first["expires_in"]), (&json!("Bearer"), &json!(1800)));
    assert_eq!(first["refresh_expires_in"], 604_800);
    assert!(text(&first, "refresh_token").starts_with("glh_refresh_"));
    assert_eq!(shown(&app, &first).await.json()["login"], "wren-oak");
    let program = Browser::bearing(&app, &text(&first, "access_token"));
    assert_eq!(program.get("/api/v1/admin/people").await.status, 200);
    let refused = program.call("POST", BEGIN, None).await;
    refused.refuses(403, "SESSION_REQUIRED", "Tokens cannot do this");
    program.call("DELETE", SESSIONS, None).await.refuses(403, "SESSION_REQUIRED", "Tokens");

    app.clock.advance(TimeDelta::minutes(30) - TimeDelta::seconds(1));
    assert_eq!(shown(&app, &first).await.status, 200);
    app.clock.advance(TimeDelta::seconds(1));
    let late = shown(&app, &first).await;
    late.refuses(401, "TOKEN_EXPIRED", "expired");
    assert_eq!(late.header("www-authenticate"), r#"Bearer error="invalid_token""#);
    let next = ask(&app, REFRESH, &first).await;
    assert_eq!(next.status, 200, "{}", next.text);
    assert_eq!(next.header("cache-control"), "no-store");
    assert_eq!(shown(&app, &next.json()).await.status, 200);
    let stored = "SELECT count(*) FROM refresh_tokens WHERE length(token_hash) = 32";
    assert_eq!(app.count(stored).await, 2);
    app.finish().await;
}

#[tokio::test]
async fn a_program_is_listed_among_the_sessions_and_can_be_ended_there() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let pair = begin(&browser).await;
    let list = browser.json(SESSIONS).await;
    let items = list["items"].as_array().expect("items");
    let of = |is: bool| {
        let found = items.iter().find(|item| item["is_app"] == is);
        found.expect("a session").clone()
    };
    assert_eq!(items.len(), 2, "{list}");
    assert_eq!((&of(false)["is_current"], &of(true)["is_current"]), (&json!(true), &json!(false)));
    assert_eq!(of(true)["user_agent"], "Owl/1.0");
    assert_eq!(of(true)["expires_at"], "2026-11-08T00:00:00Z");
    let program = Browser::bearing(&app, &text(&pair, "access_token"));
    let own = program.json(SESSIONS).await;
    let own = own["items"].as_array().expect("items").iter();
    let own: Vec<_> = own.filter(|item| item["is_current"] == true).collect();
    assert!(own.len() == 1 && own[0]["is_app"] == true, "{own:?}");
    let page = browser.get("/settings/sessions").await.text;
    assert!(page.contains(">app</span>"), "{page}");
    let path = format!("{SESSIONS}/{}", text(&of(true), "id"));
    assert_eq!(browser.call("DELETE", &path, None).await.status, 204);
    shown(&app, &pair).await.refuses(401, "TOKEN_INVALID", "Unknown");
    ask(&app, REFRESH, &pair).await.refuses(401, "TOKEN_INVALID", "has ended");
    assert_eq!(app.count(USABLE).await, 0);
    let pair = begin(&browser).await;
    assert_eq!(app.count(USABLE).await, 1);
    browser.call("DELETE", SESSIONS, None).await;
    shown(&app, &pair).await.refuses(401, "TOKEN_INVALID", "Unknown");
    assert_eq!(app.count(USABLE).await, 0);
    assert_eq!(browser.get(ME).await.status, 200);
    app.finish().await;
}

#[tokio::test]
async fn reusing_a_refresh_token_revokes_its_whole_family() {
    let (app, mailbox) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    app.verify_address("wren-oak").await;
    let (first, other) = (begin(&browser).await, begin(&browser).await);
    let second = ask(&app, REFRESH, &first).await.json();
    let third = ask(&app, REFRESH, &second).await.json();
    ask(&app, REFRESH, &first).await.refuses(401, "TOKEN_REUSED", "already used");
    for pair in [&first, &second, &third] {
        shown(&app, pair).await.refuses(401, "TOKEN_INVALID", "Unknown");
        ask(&app, REFRESH, pair).await.refuses(401, "TOKEN_INVALID", "has ended");
    }
    assert_eq!(shown(&app, &other).await.status, 200, "another family");
    assert_eq!(app.count(USABLE).await, 1, "that of the other family");
    let rotated = "SELECT count(*) FROM refresh_tokens t JOIN refresh_tokens f ON f.id = t.rotated_from \
                   WHERE f.family = t.family AND f.revoked_at IS NOT NULL";
    assert_eq!(app.count(rotated).await, 2);
    assert_eq!(browser.get(ME).await.status, 200);
    let noted = "SELECT count(*) FROM audit_logs a JOIN sessions s ON s.id = a.target_id \
                 WHERE a.action = 'session.reuse' AND s.revoked_at IS NOT NULL";
    assert_eq!(app.count(noted).await, 1);
    app.work().await;
    let title = "We signed out one of your apps";
    let begun = "New sign-in from Owl/1.0";
    let titles = [begun, begun, title];
    assert_eq!(app.inbox(&browser).await, titles.map(|title| format!("*{title}")));
    // Messages of one batch are sent at the same time.
    let mut sent = mailbox.subjects();
    sent.sort();
    assert_eq!(sent, titles.map(|title| format!("wren-oak@oak.example: {title}")));
    app.finish().await;
}

#[tokio::test]
async fn a_person_has_at_most_fifty_apps_at_once() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let begin = || browser.call("POST", BEGIN, None);
    let begun = futures_util::future::join_all((0..MAX_APPS + 2).map(|_| begin())).await;
    assert_eq!(begun.iter().filter(|begun| begun.status == 200).count() as i64, MAX_APPS);
    begin().await.refuses(409, "TOO_MANY_APPS", "/settings/sessions");
    let pair = begun.iter().find(|begun| begun.status == 200).expect("a pair").json();
    assert_eq!(ask(&app, LOGOUT, &pair).await.status, 204);
    assert_eq!(begin().await.status, 200, "one has ended");
    app.finish().await;
}

#[tokio::test]
async fn two_refreshes_at_once_succeed_once_and_revoke_the_family() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let pair = begin(&browser).await;
    let (one, other) = tokio::join!(ask(&app, REFRESH, &pair), ask(&app, REFRESH, &pair));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401], "{} {}", one.text, other.text);
    shown(&app, &pair).await.refuses(401, "TOKEN_INVALID", "Unknown");
    app.finish().await;
}

#[tokio::test]
async fn invalid_refresh_tokens_are_refused() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let pair = begin(&browser).await;
    let session = browser.cookie(SESSION).expect("a session");
    for wrong in ["", "x", "glh_refresh_", &session, &text(&pair, "access_token")] {
        let answer = ask(&app, REFRESH, &json!({ "refresh_token": wrong })).await;
        answer.refuses(401, "TOKEN_INVALID", "Unknown");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    let as_cookie = Browser::new(&app);
    as_cookie.set_cookie(SESSION, &text(&pair, "refresh_token"));
    as_cookie.get(ME).await.refuses(401, "SIGN_IN_REQUIRED", "Sign in");
    let as_bearer = Browser::bearing(&app, &text(&pair, "refresh_token"));
    as_bearer.get(ME).await.refuses(401, "TOKEN_INVALID", "Unknown");
    let anonymous = Browser::new(&app);
    anonymous.call("POST", BEGIN, None).await.refuses(401, "SIGN_IN_REQUIRED", "Sign in");
    let elsewhere = browser.call_from("cross-site", "POST", BEGIN, None).await;
    elsewhere.refuses(403, "CROSS_SITE_REQUEST", "another site");
    for path in [REFRESH, LOGOUT] {
        let answer = anonymous.call("POST", path, None).await;
        answer.refuses(415, "UNSUPPORTED_MEDIA_TYPE", "application/json");
        let answer = anonymous.call("POST", path, Some(&json!({}))).await;
        answer.refuses(400, "BAD_BODY", "missing field");
    }
    app.clock.advance(TimeDelta::days(7));
    ask(&app, REFRESH, &pair).await.refuses(401, "TOKEN_EXPIRED", "seven days");
    app.clock.advance(TimeDelta::days(90));
    let before = app.context().now() - TimeDelta::days(30);
    let forgotten = identity::actions::forget_sessions(app.context(), before).await;
    assert_eq!(forgotten.expect("forgotten"), 2);
    ask(&app, REFRESH, &pair).await.refuses(401, "TOKEN_INVALID", "Unknown");
    app.finish().await;
}

#[tokio::test]
async fn logging_out_revokes_the_family() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let first = begin(&browser).await;
    let second = ask(&app, REFRESH, &first).await.json();
    for _ in 0..2 {
        let answer = ask(&app, LOGOUT, &second).await;
        assert_eq!((answer.status.as_u16(), &*answer.text), (204, ""));
    }
    assert_eq!(app.count(USABLE).await, 0);
    shown(&app, &second).await.refuses(401, "TOKEN_INVALID", "Unknown");
    ask(&app, REFRESH, &second).await.refuses(401, "TOKEN_INVALID", "has ended");
    let missing = ask(&app, LOGOUT, &json!({ "refresh_token": "x" })).await;
    assert_eq!(missing.status, 204);
    assert_eq!(browser.get(ME).await.status, 200);
    app.finish().await;
}

#[tokio::test]
async fn a_ban_role_change_or_deletion_applies_to_valid_tokens() {
    let app = TestApp::start().await;
    let browser = app.browser_with("wren-oak", Role::Moderator).await;
    let pair = begin(&browser).await;
    let program = Browser::bearing(&app, &text(&pair, "access_token"));
    app.ban("wren-oak").await;
    program.get(ME).await.refuses(403, "BANNED", "Spam");
    ask(&app, REFRESH, &pair).await.refuses(403, "BANNED", "Spam");
    app.unban("wren-oak").await;
    assert_eq!(program.get(ME).await.status, 200);
    app.change("UPDATE users SET role = 'user'").await.expect("changed");
    program.get("/api/v1/admin/people").await.refuses(403, "ROLE_REQUIRED", "moderators");
    app.change("UPDATE users SET is_deleted = true").await.expect("deleted");
    program.get(ME).await.refuses(401, "TOKEN_INVALID", "Unknown");
    ask(&app, REFRESH, &pair).await.refuses(401, "TOKEN_INVALID", "has ended");
    app.finish().await;
}

#[tokio::test]
async fn authentication_takes_one_statement() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let app = TestApp::observed(move |statement| {
        let is_authentication = statement.sql.contains("sessions");
        counter.fetch_add(usize::from(is_authentication), Ordering::SeqCst);
    })
    .await;
    let browser = app.browser_of("wren-oak").await;
    let pair = begin(&browser).await;
    app.clock.advance(TimeDelta::minutes(29));
    for _ in 0..3 {
        asked.store(0, Ordering::SeqCst);
        assert_eq!(shown(&app, &pair).await.status, 200);
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }
    app.finish().await;
}
