//! Signing in with the code of an emailed link, and ending a link that no one asked for.

use chrono::TimeDelta;
use futures_util::future::join_all;

use super::email_link::{ADDRESS, ASK, request_link, scene};
use crate::app::{
    TestApp,
    browser::{Answer, Browser, SESSION},
    mailbox::Mailbox,
};

const CODE: &str = "/sign-in/email/code";
const WRONG: &str = "0000 0000";

/// Requests a link; returns its path and its code.
async fn emailed(app: &TestApp, mailbox: &Mailbox, browser: &Browser<'_>) -> (String, String) {
    assert_eq!(request_link(browser, ADDRESS, "/inbox").await.location(), ASK);
    app.work().await;
    let link = mailbox.link(&format!("{}{ASK}/", app.server.post.site));
    let taken = mailbox.taken();
    let codes =
        taken.iter().rev().find_map(|mail| mail.content.text.split_once("Or type this code: "));
    let (_, rest) = codes.expect("a code");
    let code = rest.lines().next().expect("a line").to_owned();
    (app.path(&link).to_owned(), code)
}

async fn enter(browser: &Browser<'_>, code: &str) -> Answer {
    browser.post(CODE, &[("code", code)]).await
}

/// Checks that neither a link nor its code signs in.
async fn both_ended(browser: &Browser<'_>, (link, code): &(String, String)) {
    let refused = browser.post(link, &[]).await;
    refused.refuses(400, "SIGN_IN_LINK_DEAD", "used or is older than 15 minutes");
    enter(browser, code).await.refuses_form(409, None, "older than 15 minutes");
    assert!(browser.cookie(SESSION).is_none());
}

#[tokio::test]
async fn a_code_signs_in_where_its_link_was_requested() {
    let (app, mailbox) = scene().await;
    let browser = Browser::new(&app);
    let form = format!("action=\"{CODE}\"");
    assert!(!browser.get(ASK).await.text.contains(&form), "nothing was requested here");
    let (link, code) = emailed(&app, &mailbox, &browser).await;
    assert_eq!(code.len(), 9, "{code}");
    assert!(browser.get(ASK).await.text.contains(&form));
    let stored =
        "SELECT count(*) FROM sign_in_links WHERE length(code_hash) = 32 AND code_tries = 0";
    assert_eq!(app.count(stored).await, 1);
    let cross_site = browser.post_from("cross-site", CODE, &[("code", &code)]).await;
    cross_site.refuses(403, "CROSS_SITE_REQUEST", "");
    let typed = code.to_lowercase().replace(' ', "-");
    assert_eq!(enter(&browser, &typed).await.location(), "/inbox");
    assert_eq!(browser.json("/api/v1/me").await["login"], "wren-oak");
    browser.post("/sign-out", &[]).await.location();
    // Both work once together.
    let refused = browser.post(&link, &[]).await;
    refused.refuses(400, "SIGN_IN_LINK_DEAD", "used or is older than 15 minutes");
    enter(&browser, &code).await.refuses_form(409, None, "Request a new one at /sign-in");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn after_five_wrong_codes_only_the_link_signs_in() {
    let (app, mailbox) = scene().await;
    let browser = Browser::new(&app);
    let (link, code) = emailed(&app, &mailbox, &browser).await;
    for typed in ["", "K7WM", "123456789", "K7WM 4RXU", "\u{1f989}"] {
        let refused = enter(&browser, typed).await;
        refused.refuses_form(422, Some("code"), "Enter the 8 characters");
    }
    for left in ["4 tries are", "3 tries are", "2 tries are", "1 try is", "0 tries are"] {
        let refused = enter(&browser, WRONG).await;
        refused.refuses_form(422, Some("code"), &format!("{left} left"));
        assert!(refused.text.contains(&format!("value=\"{WRONG}\"")), "{}", refused.text);
    }
    for _ in 0..2 {
        enter(&browser, &code).await.refuses_form(409, None, "Five codes were wrong");
    }
    assert_eq!(app.count("SELECT code_tries FROM sign_in_links").await, 5);
    assert_eq!(browser.post(&link, &[]).await.location(), "/inbox");
    // Another request has tries of its own, of which the fifth may be right.
    let other = Browser::new(&app);
    let (_, code) = emailed(&app, &mailbox, &other).await;
    for _ in 0..4 {
        enter(&other, WRONG).await.refuses_form(422, Some("code"), "left");
    }
    assert_eq!(enter(&other, &code).await.location(), "/inbox");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn codes_at_once_are_five_and_sign_in_once() {
    let (app, mailbox) = scene().await;
    let browser = Browser::new(&app);
    let (_, code) = emailed(&app, &mailbox, &browser).await;
    let wrong = join_all((0..8).map(|_| enter(&browser, WRONG))).await;
    let compared = wrong.iter().filter(|answer| answer.status == 422).count();
    assert_eq!(compared, 5, "{:?}", wrong.iter().map(|answer| answer.status).collect::<Vec<_>>());
    enter(&browser, &code).await.refuses_form(409, None, "Five codes were wrong");
    let (_, code) = emailed(&app, &mailbox, &browser).await;
    let both = tokio::join!(enter(&browser, &code), enter(&browser, &code));
    let mut came = [both.0.status.as_u16(), both.1.status.as_u16()];
    came.sort_unstable();
    assert_eq!(came, [303, 409]);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_code_is_worth_nothing_in_another_browser_or_later() {
    let (app, mailbox) = scene().await;
    let (browser, other) = (Browser::new(&app), Browser::new(&app));
    let both = emailed(&app, &mailbox, &browser).await;
    enter(&other, &both.1).await.refuses_form(409, None, "was requested in another browser");
    request_link(&other, "unknown@oak.example", "/").await.location();
    app.work().await;
    let unknown = enter(&other, &both.1).await;
    unknown.refuses_form(422, Some("code"), "4 tries are left");
    // An address that has an account is not told from one that has none.
    let known = enter(&browser, WRONG).await;
    assert_eq!(known.text.replace(WRONG, ""), unknown.text.replace(&both.1, ""));
    app.clock.advance(TimeDelta::minutes(15));
    both_ended(&browser, &both).await;
    app.finish().await;
}

#[tokio::test]
async fn a_code_ends_with_the_address() {
    let (app, mailbox) = scene().await;
    let browser = Browser::new(&app);
    let both = emailed(&app, &mailbox, &browser).await;
    app.change("DELETE FROM user_emails").await.expect("gone");
    both_ended(&browser, &both).await;
    app.finish().await;
}

#[tokio::test]
async fn an_owner_who_did_not_ask_for_a_link_ends_it() {
    let (app, mailbox) = scene().await;
    let (browser, owner) = (Browser::new(&app), Browser::new(&app));
    let both = emailed(&app, &mailbox, &browser).await;
    let not_me = format!("{}/not-me", both.0);
    let taken = mailbox.taken();
    let content = &taken.last().expect("an email").content;
    assert!(content.text.contains(&not_me), "{}", content.text);
    // Programs that open links end nothing, nor do other sites.
    for _ in 0..2 {
        let page = owner.get(&not_me).await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains(&format!("action=\"{not_me}\"")), "{}", page.text);
    }
    let cross_site = owner.post_from("cross-site", &not_me, &[]).await;
    cross_site.refuses(403, "CROSS_SITE_REQUEST", "");
    let open = "SELECT count(*) FROM sign_in_links WHERE used_at IS NULL";
    assert_eq!(app.count(open).await, 1);
    for _ in 0..2 {
        assert_eq!(owner.post(&not_me, &[]).await.location(), "/");
    }
    both_ended(&browser, &both).await;
    let made_up = identity::rules::SecretKind::SignInLink.make([7; 32]);
    for token in [made_up.as_str(), "x", "%00", "%3Cscript%3E"] {
        let path = format!("{ASK}/{token}/not-me");
        let page = owner.get(&path).await;
        assert!(page.status == 200 && !page.text.contains("<script>"), "{token}");
        assert_eq!(owner.post(&path, &[]).await.location(), "/", "{token}");
    }
    // The person can request another link.
    let (link, _) = emailed(&app, &mailbox, &owner).await;
    assert_eq!(owner.post(&link, &[]).await.location(), "/inbox");
    app.work().await;
    app.finish().await;
}
