use chrono::TimeDelta;
use serde_json::json;

use crate::app::{
    TestApp,
    browser::{Answer, Browser},
    mailbox::Mailbox,
};

const PAGE: &str = "/settings/email";
const ADDRESS: &str = "wren@oak.example";

async fn request_link(browser: &Browser<'_>, address: &str) -> Answer {
    browser.post(PAGE, &[("address", address)]).await
}

/// Requests a verification link and reads it from the email.
async fn emailed_link(
    app: &TestApp,
    mailbox: &Mailbox,
    browser: &Browser<'_>,
    address: &str,
) -> String {
    // Sends what is due, so that the email with the link is the last one.
    app.work().await;
    assert_eq!(request_link(browser, address).await.location(), PAGE);
    app.work().await;
    mailbox.link(&app.server.post.site)
}

async fn open_link(app: &TestApp, browser: &Browser<'_>, link: &str) -> Answer {
    let page = browser.get(app.path(link)).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let token = link.split_once("token=").expect("a token").1;
    assert!(page.text.contains(token), "{}", page.text);
    browser.post("/settings/email/verify", &[("token", token)]).await
}

/// Verifies an address, then removes it.
pub(crate) async fn verify_and_remove(app: &TestApp, mailbox: &Mailbox, browser: &Browser<'_>) {
    let link = emailed_link(app, mailbox, browser, ADDRESS).await;
    open_link(app, browser, &link).await.location();
    browser.post("/settings/email/remove", &[]).await.location();
}

#[tokio::test]
async fn an_address_is_verified_by_a_link_and_replaced_by_the_next_one() {
    let (app, mailbox) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    let link = emailed_link(&app, &mailbox, &browser, ADDRESS).await;
    assert_eq!(mailbox.subjects(), ["wren@oak.example: Verify your email address, wren-oak"]);
    let pending = browser.get(PAGE).await;
    assert!(pending.text.contains("We sent a link to"), "{}", pending.text);
    assert_eq!(open_link(&app, &browser, &link).await.location(), PAGE);
    assert_eq!(
        browser.json("/api/v1/me/email").await,
        json!({ "address": ADDRESS, "pending_address": null })
    );
    open_link(&app, &browser, &link).await.refuses(409, "LINK_INVALID", "used");
    request_link(&browser, "WREN@oak.example").await.refuses_form(409, Some("address"), "already");

    let link = emailed_link(&app, &mailbox, &browser, "wren@elm.example").await;
    open_link(&app, &browser, &link).await.location();
    app.work().await;
    let subjects = mailbox.subjects();
    let changed = "wren@oak.example: The email address of wren-oak was changed";
    assert!(subjects.iter().any(|subject| subject == changed), "{subjects:?}");
    assert_eq!(app.values("SELECT address AS value FROM user_emails").await, ["wren@elm.example"]);
    assert_eq!(browser.post("/settings/email/remove", &[]).await.location(), PAGE);
    assert_eq!(app.count("SELECT count(*) FROM user_emails").await, 0);
    let actions = "SELECT action AS value FROM audit_logs WHERE action LIKE 'email.%' ORDER BY id";
    assert_eq!(app.values(actions).await, ["email.verify", "email.verify", "email.remove"]);
    let with_address =
        "SELECT count(*) FROM audit_logs WHERE coalesce(after, before, '') LIKE '%example%'";
    assert_eq!(app.count(with_address).await, 0, "the audit log contains no email address");
    app.finish().await;
}

#[tokio::test]
async fn a_link_works_for_15_minutes_in_the_browser_that_requested_it() {
    let (app, mailbox) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    let link = emailed_link(&app, &mailbox, &browser, ADDRESS).await;
    for other in ["wren-oak", "finch-ash"] {
        let other_browser = app.browser_of(other).await;
        open_link(&app, &other_browser, &link).await.refuses(
            409,
            "LINK_INVALID",
            "another browser",
        );
    }
    app.clock.advance(TimeDelta::minutes(15));
    open_link(&app, &browser, &link).await.refuses(409, "LINK_INVALID", "older than 15 minutes");
    let first = emailed_link(&app, &mailbox, &browser, ADDRESS).await;
    let second = emailed_link(&app, &mailbox, &browser, ADDRESS).await;
    open_link(&app, &browser, &first).await.refuses(409, "LINK_INVALID", "Request a new one");
    open_link(&app, &browser, &second).await.location();
    app.finish().await;
}

#[tokio::test]
async fn an_address_belongs_to_one_person() {
    let (app, mailbox) = TestApp::mailing().await;
    let (one, other) = (app.browser_of("wren-oak").await, app.browser_of("finch-ash").await);
    let link = emailed_link(&app, &mailbox, &one, ADDRESS).await;
    let late = emailed_link(&app, &mailbox, &other, "Wren@Oak.example").await;
    open_link(&app, &one, &link).await.location();
    open_link(&app, &other, &late).await.refuses(409, "EMAIL_TAKEN", "Another account");
    app.finish().await;
}

#[tokio::test]
async fn the_api_verifies_and_removes_an_address() {
    let (app, mailbox) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    let path = "/api/v1/me/email";
    let new = json!({ "address": ADDRESS });
    assert_eq!(browser.call("PUT", path, Some(&new)).await.status, 202);
    let asked = json!({ "address": null, "pending_address": ADDRESS });
    assert_eq!(browser.json(path).await, asked);
    app.work().await;
    let link = mailbox.link(&app.server.post.site);
    let token = json!({ "token": link.split_once("token=").expect("a token").1 });
    let verify = "/api/v1/me/email/verify";
    assert_eq!(browser.call("POST", verify, Some(&token)).await.status, 204);
    let again = browser.call("POST", verify, Some(&token)).await;
    again.refuses(409, "LINK_INVALID", "used");
    assert_eq!(browser.call("DELETE", path, None).await.status, 204);
    assert_eq!(browser.json(path).await, json!({ "address": null, "pending_address": null }));
    app.finish().await;
}

#[tokio::test]
async fn invalid_requests_are_refused() {
    let (app, _mailbox) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    request_link(&browser, "wren").await.refuses_form(
        422,
        Some("address"),
        "not a valid email address",
    );
    for _ in 0..5 {
        request_link(&browser, ADDRESS).await.location();
    }
    request_link(&browser, ADDRESS).await.refuses_form(429, None, "in an hour");
    app.clock.advance(TimeDelta::hours(2));
    let browser = app.browser_of("wren-oak").await;
    request_link(&browser, ADDRESS).await.location();
    app.finish().await;

    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    request_link(&browser, ADDRESS).await.refuses_form(409, None, "/admin/settings");
    let page = browser.get(PAGE).await;
    assert!(page.text.contains("cannot send email"), "{}", page.text);
    app.finish().await;
}

#[tokio::test]
async fn unverified_addresses_are_deleted_after_a_while() {
    let (app, mailbox) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    let link = emailed_link(&app, &mailbox, &browser, ADDRESS).await;
    open_link(&app, &browser, &link).await.location();
    emailed_link(&app, &mailbox, &browser, "typo@oak.example").await;
    let forget = async || {
        let before = app.context().now() - identity::rules::SESSION_LASTS;
        identity::actions::forget_unverified(app.context(), before).await
    };
    assert_eq!(forget().await.expect("deleted"), 0);
    app.clock.advance(identity::rules::SESSION_LASTS + TimeDelta::hours(1));
    assert_eq!(forget().await.expect("deleted"), 1);
    let kept = app.values("SELECT address AS value FROM user_emails").await;
    assert_eq!(kept, [ADDRESS]);
    app.finish().await;
}

#[tokio::test]
async fn an_old_session_cannot_add_verify_or_remove_an_address() {
    let (app, mailbox) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    let link = emailed_link(&app, &mailbox, &browser, ADDRESS).await;
    app.clock.advance(TimeDelta::days(20));
    let again = "sign in again";
    assert!(browser.get(PAGE).await.text.contains(again), "the page says so");
    request_link(&browser, "mallory@oak.example").await.refuses(
        403,
        "SIGN_IN_AGAIN",
        "requires a recent sign-in",
    );
    let token = link.split_once("token=").expect("a token").1;
    for (path, form) in
        [("/settings/email/verify", vec![("token", token)]), ("/settings/email/remove", vec![])]
    {
        let refused = browser.post(path, &form).await;
        refused.refuses(403, "SIGN_IN_AGAIN", "requires a recent sign-in");
    }
    let path = "/api/v1/me/email";
    let new = json!({ "address": "mallory@oak.example" });
    for (method, body) in [("PUT", Some(&new)), ("DELETE", None)] {
        let refused = browser.call(method, path, body).await;
        refused.refuses(403, "SIGN_IN_AGAIN", "requires a recent sign-in");
    }
    assert_eq!(
        app.count("SELECT count(*) FROM user_emails WHERE verified_at IS NOT NULL").await,
        0
    );
    app.finish().await;
}

#[tokio::test]
async fn a_changed_address_is_a_changed_sign_in_method() {
    let (app, mailbox) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    verify_and_remove(&app, &mailbox, &browser).await;
    app.work().await;
    let sent = mailbox.subjects();
    let to = |subject: &str| sent.iter().any(|sent| sent == &format!("{ADDRESS}: {subject}"));
    assert!(to("The email address of wren-oak was changed"), "{sent:#?}");
    let inbox = app.inbox(&browser).await;
    for title in
        ["Email was added to your sign-in methods", "Email was removed from your sign-in methods"]
    {
        assert!(inbox.iter().any(|line| line.ends_with(title)), "{inbox:#?}");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_requests_send_no_more_than_five_links() {
    let (app, _mailbox) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    let addresses: Vec<String> = (0..16).map(|n| format!("wren{n}@oak.example")).collect();
    let asked = addresses.iter().map(|address| request_link(&browser, address));
    let answers = futures_util::future::join_all(asked).await;
    let refused = answers.iter().filter(|answer| answer.status == 429).count();
    let sent = "SELECT count(*) FROM outbox_messages WHERE channel = 'email'";
    assert_eq!((app.count(sent).await, refused), (5, 11));
    app.work().await;
    app.finish().await;
}
