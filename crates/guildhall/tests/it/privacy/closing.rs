//! Closing an account, and restoring it in time.

use chrono::TimeDelta;
use identity::model::{Role, Scope};
use serde_json::json;

use crate::{
    app::{
        TestApp,
        browser::{Browser, SESSION},
        scenarios::{Scenario, person, repo},
    },
    sign_in::openid::{sign_in_as, with_issuer},
};

const CLOSE: &str = "/settings/account/close";

#[tokio::test]
async fn a_closed_account_is_hidden_and_can_be_restored() {
    let (app, mailbox) = TestApp::mailing().await;
    app.project("season").await;
    app.repository("season", "octo-org/lantern", 1).await;
    let scenario =
        Scenario::opened(&repo(1, "lantern"), 1, &person("wren-oak"), "2026-10-02T08:00:00Z")
            .merged("2026-10-03T08:00:00Z");
    app.deliver_all(&[&scenario]).await;
    let browser = app.browser_of("wren-oak").await;
    app.verify_address("wren-oak").await;
    let token = app.token("wren-oak", &[Scope::Read]).await;
    let refused = browser.post(CLOSE, &[("login", "finch-ash")]).await;
    refused.refuses_form(422, Some("login"), "type your login: wren-oak");
    assert!(refused.text.contains("value=\"finch-ash\""));
    let session = browser.cookie(SESSION).expect("a session");
    let closed = browser.post(CLOSE, &[("login", "Wren-Oak")]).await;
    assert_eq!(closed.location(), "/");
    assert!(browser.cookie(SESSION).is_none());
    // Neither sessions nor tokens work, and the person is not shown.
    browser.set_cookie(SESSION, &session);
    browser.get("/settings/account").await.location();
    let bearing = Browser::bearing(&app, &token);
    assert_eq!(bearing.get("/api/v1/me").await.status, 401);
    app.refuses("/api/v1/people/wren-oak", 404, "PERSON_NOT_FOUND", "wren-oak").await;
    let shown = app.json("/api/v1/pull-requests/octo-org/lantern/1").await;
    let author = shown["author"].as_str().unwrap_or_default();
    assert!(author.starts_with("closed-"), "{shown}");
    app.work().await;
    let board = app.json("/api/v1/leaderboards/global").await;
    assert_eq!(board["items"], json!([]));
    app.verify().await;
    let subjects = mailbox.subjects();
    let notice = "wren-oak@oak.example: Your account is closed";
    assert!(subjects.iter().any(|subject| subject == notice), "{subjects:?}");
    // Signing in within a month restores the account.
    app.clock.advance(TimeDelta::days(29));
    let restored = app.browser_of("wren-oak").await;
    assert!(restored.get("/").await.text.contains("wren-oak"));
    app.work().await;
    let board = app.json("/api/v1/leaderboards/global").await;
    assert_eq!(board["items"][0]["login"], "wren-oak");
    assert_eq!(bearing.get("/api/v1/me").await.status, 401, "tokens stay revoked");
    let kinds = "SELECT action AS value FROM audit_logs WHERE action IN ('user.close', 'user.reopen') ORDER BY id";
    assert_eq!(app.values(kinds).await, ["user.close", "user.reopen"]);
    app.finish().await;
}

#[tokio::test]
async fn a_closed_account_is_erased_after_a_month() {
    let (issuer, app) = with_issuer().await;
    let browser = Browser::new(&app);
    sign_in_as(&browser, &issuer, "7", Some("Wren")).await.location();
    let word = json!({ "login": "wren.id" });
    let closed = browser.call("POST", "/api/v1/me/close", Some(&word)).await;
    assert_eq!(closed.status, 204, "{}", closed.text);
    app.clock.advance(TimeDelta::days(30));
    issuer.switch(|switches| {
        let exp = crate::app::at("2026-12-05T00:00:00Z").timestamp();
        switches.claims.insert("exp".to_owned(), json!(exp));
    });
    let late = sign_in_as(&Browser::new(&app), &issuer, "7", Some("Wren")).await;
    late.refuses(403, "ACCOUNT_DELETED", "account was deleted");
    app.run_schedule(guildhall::privacy::ERASURE).await;
    assert_eq!(app.count("SELECT count(*) FROM users WHERE erased_at IS NOT NULL").await, 1);
    let again = sign_in_as(&Browser::new(&app), &issuer, "7", Some("Wren")).await;
    again.refuses(403, "ACCOUNT_DELETED", "account was deleted");
    assert_eq!(app.count("SELECT count(*) FROM users").await, 1);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn the_last_admin_and_an_old_sign_in_cannot_close_the_account() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let refused = admin.post(CLOSE, &[("login", "finch-ash")]).await;
    refused.refuses_form(409, None, "finch-ash is the last admin");
    let browser = app.browser_of("wren-oak").await;
    app.clock.advance(TimeDelta::hours(1));
    let refused = browser.post(CLOSE, &[("login", "wren-oak")]).await;
    refused.refuses(403, "SIGN_IN_AGAIN", "more than an hour ago");
    let page = browser.get("/settings/account").await;
    assert!(page.text.contains("sign in again"), "{}", page.text);
    assert_eq!(app.count("SELECT count(*) FROM users WHERE is_deleted").await, 0);
    app.finish().await;
}
