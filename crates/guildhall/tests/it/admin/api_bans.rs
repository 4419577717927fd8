//! The JSON API for bans, and what a ban prevents.

use chrono::TimeDelta;
use identity::model::Role;
use serde_json::{Value, json};

use crate::app::{TestApp, browser::Browser};

const PEOPLE: &str = "/api/v1/admin/people?login=wren-oak";
const BAN: &str = "/api/v1/admin/people/wren-oak/ban";
const LIFT: &str = "/api/v1/admin/people/wren-oak/ban?reason=The+appeal+was+right";

#[tokio::test]
async fn a_ban_applies_at_once_and_ends_on_time() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let person = app.browser_of("wren-oak").await;
    assert_eq!(person.json("/api/v1/me").await["login"], "wren-oak");
    let ban = json!({ "reason": " Spam ", "expires_at": "2026-11-08T00:00:00Z" });
    let banned = admin.call("PUT", BAN, Some(&ban)).await;
    assert_eq!((banned.status.as_u16(), &*banned.text), (204, ""));
    let refused = person.get("/api/v1/me").await;
    refused.refuses(403, "BANNED", "until 8 November 2026, 00:00 UTC");
    refused.refuses(403, "BANNED", "'Spam'");
    refused.refuses(403, "BANNED", "To contest the ban, sign in and open /me/standing");
    let shown = &admin.json(PEOPLE).await["items"][0]["ban"];
    assert_eq!(
        shown,
        &json!({
            "reason": "Spam", "created_at": "2026-11-01T00:00:00Z", "expires_at": "2026-11-08T00:00:00Z",
            "actor": "finch-ash"
        })
    );
    app.clock.advance(TimeDelta::days(7) - TimeDelta::microseconds(1));
    person.get("/api/v1/me").await.refuses(403, "BANNED", "Spam");
    app.clock.advance(TimeDelta::microseconds(1));
    assert_eq!(person.get("/api/v1/me").await.status, 200);
    assert_eq!(admin.json(PEOPLE).await["items"][0]["ban"], Value::Null);
    admin.call("DELETE", LIFT, None).await.refuses(409, "NOT_BANNED", "no ban to lift");
    app.finish().await;
}

#[tokio::test]
async fn bans_are_replaced_and_lifted_and_the_history_is_kept() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let person = app.browser_of("wren-oak").await;
    for ban in [
        json!({ "reason": "Spam", "expires_at": "2026-11-02T00:00:00Z" }),
        json!({ "reason": "More spam" }),
    ] {
        let banned = admin.call("PUT", BAN, Some(&ban)).await;
        assert_eq!(banned.status, 204, "{}", banned.text);
    }
    app.clock.advance(TimeDelta::days(20));
    person.get("/api/v1/me").await.refuses(403, "BANNED", "More spam");
    let lifted = admin.call("DELETE", LIFT, None).await;
    assert_eq!((lifted.status.as_u16(), &*lifted.text), (204, ""));
    assert_eq!(person.get("/api/v1/me").await.status, 200);
    let happened = "SELECT reason AS value FROM bans ORDER BY id";
    assert_eq!(app.values(happened).await, ["Spam", "More spam", "The appeal was right"]);
    let noted = "SELECT a.action || ' ' || w.reason || ' ' || a.after AS value FROM audit_logs a \
                 JOIN audit_words w ON w.id = a.id JOIN users u ON u.id = a.actor_id WHERE a.action LIKE 'user.%ban' ORDER BY a.id";
    assert_eq!(
        app.values(noted).await,
        [
            r#"user.ban Spam {"is_banned":true,"until":"2026-11-02T00:00:00Z"}"#,
            r#"user.ban More spam {"is_banned":true,"until":null}"#,
            r#"user.unban The appeal was right {"is_banned":false}"#,
        ]
    );
    app.finish().await;
}

#[tokio::test]
async fn invalid_bans_are_refused() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    app.browser_of("wren-oak").await;
    let spam = json!({ "reason": "Spam" });
    for (browser, status, code, words) in [
        (app.browser_of("rook-elm").await, 403, "ROLE_REQUIRED", "can do this"),
        (app.browser_with("moss-fen", Role::Moderator).await, 403, "ROLE_REQUIRED", "can do this"),
        (Browser::new(&app), 401, "SIGN_IN_REQUIRED", "Sign in"),
    ] {
        let put = browser.call("PUT", BAN, Some(&spam)).await;
        put.refuses(status, code, words);
        let lift = browser.call("DELETE", LIFT, None).await;
        lift.refuses(status, code, words);
    }
    let until = |until: &str| json!({ "reason": "Spam", "expires_at": until });
    for (login, body, status, code) in [
        ("unknown-login", spam.clone(), 404, "PERSON_NOT_FOUND"),
        ("finch-ash", spam.clone(), 409, "CANNOT_BAN_SELF"),
        ("wren-oak", json!({ "reason": " " }), 422, "REASON_REQUIRED"),
        ("wren-oak", json!({}), 400, "BAD_BODY"),
        ("wren-oak", until("soon"), 400, "BAD_BODY"),
        ("wren-oak", until("2026-11-01T00:00:00Z"), 422, "BAD_EXPIRY"),
        ("wren-oak", until("9999-11-01T00:00:00Z"), 422, "BAD_EXPIRY"),
    ] {
        let path = format!("/api/v1/admin/people/{login}/ban");
        let answer = admin.call("PUT", &path, Some(&body)).await;
        answer.refuses(status, code, "detail");
    }
    for (path, status, code) in [
        (LIFT, 409, "NOT_BANNED"),
        (BAN, 422, "REASON_REQUIRED"),
        ("/api/v1/admin/people/unknown-login/ban?reason=x", 404, "PERSON_NOT_FOUND"),
    ] {
        let answer = admin.call("DELETE", path, None).await;
        answer.refuses(status, code, "detail");
    }
    assert_eq!(app.count("SELECT count(*) FROM bans").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn the_last_active_admin_cannot_be_removed() {
    let app = TestApp::start().await;
    app.browser_with("finch-ash", Role::Admin).await;
    let ban = async |login: &str| {
        let operator = platform::audit::Actor::Operator;
        let banned = identity::actions::ban(app.context(), operator, login, "Spam", None).await;
        banned.map(|_| ()).map_err(|error| error.to_string())
    };
    let refused = ban("finch-ash").await.expect_err("the only one");
    assert!(refused.contains("finch-ash is the last admin"), "{refused}");
    app.browser_with("wren-oak", Role::Admin).await;
    ban("wren-oak").await.expect("there is another");
    ban("finch-ash").await.expect_err("the other is banned");
    app.unban("wren-oak").await;
    ban("finch-ash").await.expect("there is another again");
    app.finish().await;
}
