//! Signing in with an emailed link.

use chrono::TimeDelta;

use crate::app::{
    TestApp,
    browser::{Answer, Browser, SESSION},
    mailbox::Mailbox,
};

pub(super) const ASK: &str = "/sign-in/email";
pub(super) const ADDRESS: &str = "wren-oak@oak.example";
const BROWSER: &str = "guildhall-sign-in-link";

/// A person with a verified address and no session.
pub(super) async fn scene() -> (TestApp, Mailbox) {
    let (app, mailbox) = TestApp::mailing().await;
    app.device("wren-oak", "Elsewhere/1.0").await;
    app.verify_address("wren-oak").await;
    app.work().await;
    (app, mailbox)
}

pub(super) async fn request_link(browser: &Browser<'_>, address: &str, back: &str) -> Answer {
    let form = [("address", address), ("return", back)];
    browser.post(ASK, &form).await
}

/// Requests a link and reads its path from the email.
async fn emailed_link(
    app: &TestApp,
    mailbox: &Mailbox,
    browser: &Browser<'_>,
    back: &str,
) -> String {
    assert_eq!(request_link(browser, ADDRESS, back).await.location(), ASK);
    app.work().await;
    app.path(&mailbox.link(&format!("{}{ASK}/", app.server.post.site))).to_owned()
}

fn emails(mailbox: &Mailbox) -> usize {
    let subjects = mailbox.subjects();
    let links = subjects.iter().filter(|line| line.contains("Sign in as"));
    links.count()
}

async fn sessions(app: &TestApp) -> i64 {
    app.count("SELECT count(*) FROM sessions").await
}

/// Checks that the link was refused and created no session.
async fn refused(app: &TestApp, browser: &Browser<'_>, link: &str, says: (u16, &str, &str)) {
    let before = sessions(app).await;
    let answer = browser.post(link, &[]).await;
    answer.refuses(says.0, says.1, says.2);
    assert!(browser.cookie(SESSION).is_none(), "{says:?}");
    assert_eq!(sessions(app).await, before);
}

const DEAD: (u16, &str, &str) = (400, "SIGN_IN_LINK_DEAD", "used or is older than 15 minutes");

#[tokio::test]
async fn a_link_signs_in_and_returns_to_the_page_before() {
    let (app, mailbox) = scene().await;
    let browser = Browser::new(&app);
    browser.set_cookie(SESSION, "planted");
    let page = browser.get("/sign-in?return=/inbox").await;
    let form = r#"action="/sign-in/email""#;
    assert!(page.text.contains(form), "{}", page.text);
    let link = emailed_link(&app, &mailbox, &browser, "/inbox").await;
    let subject_sent = mailbox.subjects().pop();
    let subject = "wren-oak@oak.example: Sign in as wren-oak";
    assert_eq!(subject_sent.as_deref(), Some(subject));
    assert!(browser.get(ASK).await.text.contains("Check your email"));
    for _ in 0..2 {
        let page = browser.get(&link).await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains(&format!(r#"action="{link}""#)));
        assert_eq!(browser.cookie(SESSION).as_deref(), Some("planted"));
    }
    let stored = "SELECT count(*) FROM sign_in_links \
                  WHERE length(token_hash) = 32 AND length(browser_hash) = 32 AND used_at IS NULL";
    assert_eq!(app.count(stored).await, 1);

    assert_eq!(browser.post(&link, &[]).await.location(), "/inbox");
    let token = browser.cookie(SESSION).expect("a session");
    assert!(token.starts_with("guildhall_session_"), "{token}");
    assert!(browser.cookie(BROWSER).is_none());
    assert_eq!(browser.json("/api/v1/me").await["login"], "wren-oak");
    app.work().await;
    let news = mailbox.subjects().pop().expect("an email");
    assert!(news.contains("Owl"), "the new device is reported: {news}");

    browser.post("/sign-out", &[]).await.location();
    refused(&app, &browser, &link, DEAD).await;
    app.finish().await;
}

#[tokio::test]
async fn the_previous_session_ends() {
    let (app, mailbox) = scene().await;
    let browser = app.browser_of("finch-ash").await;
    let former = browser.cookie(SESSION).expect("a session");
    let link = emailed_link(&app, &mailbox, &browser, "/").await;
    browser.post(&link, &[]).await.location();
    assert_eq!(browser.json("/api/v1/me").await["login"], "wren-oak");
    let old = Browser::new(&app);
    old.set_cookie(SESSION, &former);
    old.get("/api/v1/me").await.refuses(401, "SIGN_IN_REQUIRED", "Sign in");
    app.finish().await;
}

#[tokio::test]
async fn another_browser_cannot_use_the_link_and_does_not_use_it_up() {
    let (app, mailbox) = scene().await;
    let browser = Browser::new(&app);
    let link = emailed_link(&app, &mailbox, &browser, "/").await;
    let says = (400, "SIGN_IN_OTHER_BROWSER", "Open it in the browser that requested it");
    let other = Browser::new(&app);
    refused(&app, &other, &link, says).await;
    for planted in ["", "x"] {
        other.set_cookie(BROWSER, planted);
        refused(&app, &other, &link, says).await;
    }
    request_link(&other, ADDRESS, "/").await.location();
    refused(&app, &other, &link, says).await;
    browser.post_from("cross-site", &link, &[]).await.refuses(403, "CROSS_SITE_REQUEST", "");
    browser.post(&link, &[]).await.location();
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn two_requests_at_once_sign_in_only_once() {
    let (app, mailbox) = scene().await;
    let browser = Browser::new(&app);
    let link = emailed_link(&app, &mailbox, &browser, "/").await;
    let before = sessions(&app).await;
    let both = tokio::join!(browser.post(&link, &[]), browser.post(&link, &[]));
    let mut came = [both.0.status.as_u16(), both.1.status.as_u16()];
    came.sort_unstable();
    assert_eq!(came, [303, 400]);
    assert_eq!(sessions(&app).await, before + 1);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_link_expires_after_fifteen_minutes_and_is_deleted() {
    let (app, mailbox) = scene().await;
    let browser = Browser::new(&app);
    let link = emailed_link(&app, &mailbox, &browser, "/").await;
    app.clock.advance(TimeDelta::minutes(15));
    refused(&app, &browser, &link, DEAD).await;
    request_link(&browser, "unknown@oak.example", "/").await.location();
    app.clock.advance(TimeDelta::minutes(15));
    app.work().await;
    app.clock.advance(TimeDelta::minutes(46));
    let forget = || identity::actions::forget_sign_in_links(app.context());
    assert_eq!(forget().await.expect("forgotten"), 1);
    app.clock.advance(TimeDelta::minutes(15));
    assert_eq!(forget().await.expect("forgotten"), 1);
    assert_eq!(app.count("SELECT count(*) FROM sign_in_links").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn an_email_that_would_arrive_too_late_is_not_sent() {
    let (app, mailbox) = scene().await;
    request_link(&Browser::new(&app), ADDRESS, "/").await.location();
    app.clock.advance(TimeDelta::minutes(15));
    app.work().await;
    assert_eq!(emails(&mailbox), 0);
    app.finish().await;
}

#[tokio::test]
async fn unknown_addresses_get_the_same_answer_and_no_email() {
    let (app, mailbox) = scene().await;
    app.device("finch-ash", "Elsewhere/1.0").await;
    app.change(
        "INSERT INTO user_emails (id, created_at, user_id, address) \
         SELECT id, created_at, id, 'finch-ash@oak.example' FROM users WHERE login = 'finch-ash'",
    )
    .await
    .expect("an unverified address");
    app.work().await;
    let mut answers = Vec::new();
    for address in ["WREN-OAK@oak.example", "unknown@oak.example", "finch-ash@oak.example"] {
        let browser = Browser::new(&app);
        for wanted in [303, 303, 303, 429] {
            let answer = request_link(&browser, address, "/").await;
            assert_eq!(answer.status, wanted, "{address}");
            let cookie = browser.cookie(BROWSER).expect("a secret");
            assert_eq!(cookie.len(), 64, "{address}");
            let text = answer.text.replace(address, "");
            answers.push((address, text, answer.header("location").to_owned()));
        }
        browser.get(ASK).await;
    }
    let (known, others) = answers.split_at(4);
    for (known, other) in known.iter().cycle().zip(others) {
        assert_eq!((&known.1, &known.2), (&other.1, &other.2), "{}", other.0);
    }
    app.work().await;
    assert_eq!(emails(&mailbox), 3);
    assert!(mailbox.taken().iter().all(|email| email.recipient == ADDRESS));
    app.finish().await;
}

#[tokio::test]
async fn an_address_gets_at_most_three_links_an_hour() {
    let (app, _mailbox) = scene().await;
    for _ in 0..3 {
        request_link(&Browser::new(&app), ADDRESS, "/").await.location();
    }
    let other = request_link(&Browser::new(&app), "Wren-Oak@OAK.example", "/").await;
    other.refuses_form(429, None, "in an hour");
    assert_eq!(other.headers["retry-after"], "3600");
    app.clock.advance(TimeDelta::hours(1));
    request_link(&Browser::new(&app), ADDRESS, "/").await.location();
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn banned_people_are_shown_their_ban() {
    let (app, mailbox) = scene().await;
    app.ban("wren-oak").await;
    let browser = Browser::new(&app);
    let link = emailed_link(&app, &mailbox, &browser, "/inbox").await;
    let entered = browser.post(&link, &[]).await;
    assert_eq!(entered.location(), "/me/standing");
    let refused = browser.get("/inbox").await;
    refused.refuses(403, "BANNED", "account is banned");
    app.finish().await;
}

#[tokio::test]
async fn deleted_people_are_refused() {
    let (app, mailbox) = scene().await;
    let browser = Browser::new(&app);
    let link = emailed_link(&app, &mailbox, &browser, "/").await;
    app.change("UPDATE users SET is_deleted = true").await.expect("deleted");
    let says = (403, "ACCOUNT_DELETED", "account was deleted");
    refused(&app, &browser, &link, says).await;
    request_link(&browser, ADDRESS, "/").await.location();
    app.work().await;
    assert_eq!(emails(&mailbox), 1, "deleted people get no email");
    app.finish().await;
}

#[tokio::test]
async fn a_link_to_a_removed_address_is_refused() {
    let (app, mailbox) = scene().await;
    let browser = Browser::new(&app);
    let link = emailed_link(&app, &mailbox, &browser, "/").await;
    app.change("DELETE FROM user_emails").await.expect("gone");
    refused(&app, &browser, &link, DEAD).await;
    app.finish().await;
}

#[tokio::test]
async fn the_return_path_cannot_lead_to_another_site() {
    let (app, mailbox) = scene().await;
    for evil in [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\t//evil.example",
        "/sign-out",
    ] {
        app.clock.advance(TimeDelta::hours(1));
        let browser = Browser::new(&app);
        let link = emailed_link(&app, &mailbox, &browser, evil).await;
        assert_eq!(browser.post(&link, &[]).await.location(), "/", "{evil}");
        app.work().await;
    }
    app.finish().await;
}

#[tokio::test]
async fn malformed_links_are_refused() {
    let (app, _mailbox) = scene().await;
    let browser = Browser::new(&app);
    browser.set_cookie(BROWSER, &"0".repeat(64));
    let unknown = identity::rules::SecretKind::SignInLink.make([7; 32]);
    let long = "a".repeat(2000);
    for token in [
        unknown.as_str(),
        "x",
        "guildhall_link_",
        "guildhall_email_0123",
        "%00",
        "%27%20OR%201%3D1",
        "%F0%9F%A6%89",
        "%3Cscript%3E",
        &long,
    ] {
        let link = format!("{ASK}/{token}");
        let page = browser.get(&link).await;
        assert_eq!(page.status, 200, "{token}");
        assert!(!page.text.contains("<script>"), "{token}");
        refused(&app, &browser, &link, DEAD).await;
    }
    for address in ["", "wren", "wren@localhost", "a@b.example, c@d.example"] {
        request_link(&browser, address, "/").await.refuses_form(
            422,
            Some("address"),
            "not a valid email address",
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn without_a_mail_server_the_link_is_not_offered() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let page = browser.get("/sign-in").await;
    assert!(!page.text.contains("emailed link"), "{}", page.text);
    request_link(&browser, ADDRESS, "/").await.refuses_form(409, None, "/admin/settings");
    app.finish().await;
}
