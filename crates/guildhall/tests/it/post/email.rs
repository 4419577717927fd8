use chrono::TimeDelta;
use serde_json::json;

use crate::app::{
    TestApp,
    browser::{Answer, Browser},
    mailbox::Mailbox,
};

const PAGE: &str = "/settings/email";
const ADDRESS: &str = "wren@oak.example";

async fn ask(browser: &Browser<'_>, address: &str) -> Answer {
    browser.post(PAGE, &[("address", address)]).await
}

/// Asks for a link and takes it from the letter.
async fn mailed(app: &TestApp, mailbox: &Mailbox, browser: &Browser<'_>, address: &str) -> String {
    assert_eq!(ask(browser, address).await.location(), PAGE);
    app.work().await;
    mailbox.link(&app.server.post.site)
}

async fn open(app: &TestApp, browser: &Browser<'_>, link: &str) -> Answer {
    let page = browser.get(app.path(link)).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let token = link.split_once("token=").expect("a token").1;
    assert!(page.text.contains(token), "{}", page.text);
    browser
        .post("/settings/email/verify", &[("token", token)])
        .await
}

/// Proves an address and gives it up again.
pub(crate) async fn come_and_go(app: &TestApp, mailbox: &Mailbox, browser: &Browser<'_>) {
    let link = mailed(app, mailbox, browser, ADDRESS).await;
    open(app, browser, &link).await.location();
    browser.post("/settings/email/remove", &[]).await.location();
}

#[tokio::test]
async fn an_address_is_proven_by_a_link_and_replaced_by_the_next() {
    let (app, mailbox) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    let link = mailed(&app, &mailbox, &browser, ADDRESS).await;
    assert_eq!(
        mailbox.subjects(),
        ["wren@oak.example: Is this your address, wren-oak?"]
    );
    let waits = browser.get(PAGE).await;
    assert!(waits.text.contains("We sent a link to"), "{}", waits.text);
    assert_eq!(open(&app, &browser, &link).await.location(), PAGE);
    assert_eq!(
        browser.json("/api/v1/me/email").await,
        json!({ "address": ADDRESS, "asked": null })
    );
    open(&app, &browser, &link)
        .await
        .refuses(409, "DEAD_LINK", "used");
    ask(&browser, "WREN@oak.example")
        .await
        .refuses_form(409, Some("address"), "already");

    let link = mailed(&app, &mailbox, &browser, "wren@elm.example").await;
    open(&app, &browser, &link).await.location();
    app.work().await;
    let told = mailbox.subjects().pop().expect("a letter");
    assert_eq!(told, "wren@oak.example: wren-oak has a new e-mail address");
    assert_eq!(
        app.values("SELECT address AS value FROM user_emails").await,
        ["wren@elm.example"]
    );
    assert_eq!(
        browser.post("/settings/email/remove", &[]).await.location(),
        PAGE
    );
    assert_eq!(app.count("SELECT count(*) FROM user_emails").await, 0);
    let noted = "SELECT action AS value FROM audit_logs WHERE action LIKE 'email.%' ORDER BY id";
    assert_eq!(
        app.values(noted).await,
        ["email.verify", "email.verify", "email.remove"]
    );
    let named =
        "SELECT count(*) FROM audit_logs WHERE coalesce(after, before, '') LIKE '%example%'";
    assert_eq!(
        app.count(named).await,
        0,
        "what nobody can erase names no address"
    );
    app.finish().await;
}

#[tokio::test]
async fn a_link_is_good_for_whoever_asked_where_they_asked_and_not_for_long() {
    let (app, mailbox) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    let link = mailed(&app, &mailbox, &browser, ADDRESS).await;
    for other in ["wren-oak", "finch-ash"] {
        let elsewhere = app.browser_of(other).await;
        open(&app, &elsewhere, &link)
            .await
            .refuses(409, "DEAD_LINK", "another browser");
    }
    app.clock.advance(TimeDelta::minutes(15));
    open(&app, &browser, &link)
        .await
        .refuses(409, "DEAD_LINK", "older than 15 minutes");
    let first = mailed(&app, &mailbox, &browser, ADDRESS).await;
    let second = mailed(&app, &mailbox, &browser, ADDRESS).await;
    open(&app, &browser, &first)
        .await
        .refuses(409, "DEAD_LINK", "Request a new one");
    open(&app, &browser, &second).await.location();
    app.finish().await;
}

#[tokio::test]
async fn an_address_is_one_persons() {
    let (app, mailbox) = TestApp::mailing().await;
    let (one, other) = (
        app.browser_of("wren-oak").await,
        app.browser_of("finch-ash").await,
    );
    let link = mailed(&app, &mailbox, &one, ADDRESS).await;
    let late = mailed(&app, &mailbox, &other, "Wren@Oak.example").await;
    open(&app, &one, &link).await.location();
    open(&app, &other, &late)
        .await
        .refuses(409, "EMAIL_TAKEN", "Another person");
    app.finish().await;
}

#[tokio::test]
async fn the_api_does_the_same() {
    let (app, mailbox) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    let path = "/api/v1/me/email";
    let new = json!({ "address": ADDRESS });
    assert_eq!(browser.call("PUT", path, Some(&new)).await.status, 202);
    let asked = json!({ "address": null, "asked": ADDRESS });
    assert_eq!(browser.json(path).await, asked);
    app.work().await;
    let link = mailbox.link(&app.server.post.site);
    let token = json!({ "token": link.split_once("token=").expect("a token").1 });
    let verify = "/api/v1/me/email/verify";
    assert_eq!(browser.call("POST", verify, Some(&token)).await.status, 204);
    let again = browser.call("POST", verify, Some(&token)).await;
    again.refuses(409, "DEAD_LINK", "used");
    assert_eq!(browser.call("DELETE", path, None).await.status, 204);
    assert_eq!(
        browser.json(path).await,
        json!({ "address": null, "asked": null })
    );
    app.finish().await;
}

#[tokio::test]
async fn what_cannot_be_done_is_told() {
    let (app, _mailbox) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    ask(&browser, "wren")
        .await
        .refuses_form(422, Some("address"), "not an e-mail address");
    for _ in 0..5 {
        ask(&browser, ADDRESS).await.location();
    }
    ask(&browser, ADDRESS)
        .await
        .refuses_form(429, None, "in an hour");
    app.clock.advance(TimeDelta::hours(2));
    ask(&browser, ADDRESS).await.location();
    app.finish().await;

    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    ask(&browser, ADDRESS)
        .await
        .refuses_form(409, None, "SMTP_URL");
    let page = browser.get(PAGE).await;
    assert!(page.text.contains("cannot send e-mail"), "{}", page.text);
    app.finish().await;
}

#[tokio::test]
async fn an_address_that_nobody_proved_is_forgotten_in_time() {
    let (app, mailbox) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    let link = mailed(&app, &mailbox, &browser, ADDRESS).await;
    open(&app, &browser, &link).await.location();
    mailed(&app, &mailbox, &browser, "typo@oak.example").await;
    let forget = async || {
        let before = app.context().now() - identity::rules::SESSION_LASTS;
        identity::actions::forget_unverified(app.context(), before).await
    };
    assert_eq!(forget().await.expect("looked"), 0);
    app.clock
        .advance(identity::rules::SESSION_LASTS + TimeDelta::hours(1));
    assert_eq!(forget().await.expect("looked"), 1);
    let kept = app.values("SELECT address AS value FROM user_emails").await;
    assert_eq!(kept, [ADDRESS]);
    app.finish().await;
}
