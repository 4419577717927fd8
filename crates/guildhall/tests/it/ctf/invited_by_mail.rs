//! Accepting an invitation by nothing but its email, which proves the address.

use chrono::TimeDelta;
use ctf::{
    actions::{invite_coach, send_profile_link, share_roster},
    model::RosterRole,
    rules::profile::ProfileInput,
};
use platform::audit::Actor::Operator;

use super::privacy_scene::{fields, minor};
use crate::app::{
    TestApp,
    browser::{Browser, SESSION},
    logs,
    mailbox::Mailbox,
};

const ADDRESS: &str = "marit@harbor.example";
const DETAILS: [(&str, &str); 3] =
    [("school", "Harbor High"), ("division", "high_school"), ("region", "Texas")];

/// Invites an address to become a coach; returns the paths of the link that could be handed over and of the emailed one.
async fn invite(app: &TestApp, mailbox: &Mailbox) -> (String, String) {
    let made = invite_coach(app.context(), &app.server.post, Operator, ADDRESS).await;
    let handed = made.expect("invited");
    logs::plant(&handed);
    (format!("/ctf/links/{handed}"), mailed(app, mailbox).await)
}

/// Returns the path of the link in the newest email.
async fn mailed(app: &TestApp, mailbox: &Mailbox) -> String {
    app.work().await;
    app.path(&mailbox.link(&format!("{}/ctf/links/", app.server.post.site))).to_owned()
}

async fn login(browser: &Browser<'_>) -> String {
    browser.json("/api/v1/me").await["login"].as_str().expect("a login").to_owned()
}

async fn accounts(app: &TestApp) -> i64 {
    app.count("SELECT count(*) FROM users").await
}

#[tokio::test]
async fn an_emailed_invitation_signs_in_and_accepts() {
    let (app, mailbox) = TestApp::mailing().await;
    let (handed, emailed) = invite(&app, &mailbox).await;
    assert_ne!(handed, emailed);
    let (browser, before) = (Browser::new(&app), accounts(&app).await);
    // Programs that open links change nothing.
    for _ in 0..2 {
        let page = browser.get(&emailed).await;
        let button = format!("Become a coach as <bdi>{ADDRESS}</bdi>");
        assert!(page.status == 200 && page.text.contains(&button), "{}", page.text);
    }
    // The link that is handed over asks to sign in, and names no address.
    let asked = browser.get(&handed).await;
    assert!(asked.location().starts_with("/sign-in?return=%2Fctf%2Flinks"), "{}", asked.location());
    assert_eq!(browser.post(&handed, &DETAILS).await.status, 401);
    browser.post_from("cross-site", &emailed, &DETAILS).await.refuses(
        403,
        "CROSS_SITE_REQUEST",
        "",
    );
    let refused = browser.post(&emailed, &[("school", ""), ("region", "Texas")]).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains(ADDRESS) && refused.text.contains("Texas"), "{}", refused.text);
    assert_eq!((accounts(&app).await, browser.cookie(SESSION)), (before, None));
    assert_eq!(browser.post(&emailed, &DETAILS).await.location(), "/ctf");
    assert_eq!(login(&browser).await, "member.id");
    assert_eq!(browser.get("/ctf").await.status, 200);
    // Neither link works again.
    let other = Browser::new(&app);
    for path in [&handed, &emailed] {
        assert_eq!(other.get(path).await.status, 410, "{path}");
        assert_eq!(other.post(path, &DETAILS).await.status, 401, "{path}");
    }
    assert_eq!(accounts(&app).await, before + 1);
    let stored = app.values("SELECT mailed_digest AS value FROM ctf_links").await;
    assert!(stored.iter().all(|digest| digest.len() == 64 && !emailed.contains(digest)));
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn an_account_with_the_address_is_signed_in_and_owes_its_second_factor() {
    let (app, mailbox) = TestApp::mailing().await;
    let (_, roster) = app.roster("tomas-b").await;
    app.coach("marit-s").await;
    app.verify_as("marit-s", ADDRESS).await;
    let marit = app.browser_of("marit-s").await;
    app.second_factor(&marit).await;
    app.work().await;
    let (context, post) = (app.context(), &app.server.post);
    let shared = share_roster(context, post, Operator, roster, RosterRole::Assistant, ADDRESS);
    shared.await.expect("shared");
    let emailed = mailed(&app, &mailbox).await;
    let browser = Browser::new(&app);
    let page = browser.get(&emailed).await.text;
    assert!(page.contains(&format!("Accept as <bdi>{ADDRESS}</bdi>")), "{page}");
    let address = format!("/ctf/rosters/{roster}");
    assert_eq!(browser.post(&emailed, &[]).await.location(), address);
    assert_eq!(login(&browser).await, "marit-s");
    let asked = browser.get(&address).await.location().to_owned();
    assert!(asked.starts_with("/sign-in/second-factor?return_to="), "{asked}");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn only_an_approved_coach_accepts_a_roster() {
    let (app, mailbox) = TestApp::mailing().await;
    let (_, roster) = app.roster("tomas-b").await;
    let (context, post) = (app.context(), &app.server.post);
    let shared = share_roster(context, post, Operator, roster, RosterRole::Assistant, ADDRESS);
    shared.await.expect("shared");
    let emailed = mailed(&app, &mailbox).await;
    let (browser, before) = (Browser::new(&app), accounts(&app).await);
    let page = browser.get(&emailed).await.text;
    assert!(page.contains("Become a coach first") && !page.contains("Accept as"), "{page}");
    browser.post(&emailed, &[]).await.refuses(403, "COACH_REQUIRED", "approved coaches");
    assert_eq!((accounts(&app).await, browser.cookie(SESSION)), (before, None));
    app.finish().await;
}

#[tokio::test]
async fn the_email_is_worth_nothing_to_other_accounts_and_to_a_banned_owner() {
    let (app, mailbox) = TestApp::mailing().await;
    let (_, emailed) = invite(&app, &mailbox).await;
    let other = app.browser_of("bo-friend").await;
    for answer in [other.get(&emailed).await, other.post(&emailed, &DETAILS).await] {
        answer.refuses(404, "INVITED_ADDRESS_NOT_VERIFIED", "has not verified");
        assert!(!answer.text.contains(ADDRESS), "{}", answer.text);
    }
    app.ctf_person("marit-s").await;
    app.verify_as("marit-s", ADDRESS).await;
    app.ban("marit-s").await;
    let browser = Browser::new(&app);
    browser.post(&emailed, &DETAILS).await.refuses(403, "BANNED", "/me/standing");
    assert!(browser.cookie(SESSION).is_none());
    assert_eq!(app.count("SELECT count(*) FROM coaches").await, 0);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn after_a_week_the_invited_person_signs_in_first() {
    let (app, mailbox) = TestApp::mailing().await;
    let (_, emailed) = invite(&app, &mailbox).await;
    app.clock.advance(TimeDelta::days(7));
    let browser = Browser::new(&app);
    let asked = browser.get(&emailed).await;
    assert!(asked.location().starts_with("/sign-in?return=%2Fctf%2Flinks"), "{}", asked.location());
    assert_eq!(browser.post(&emailed, &DETAILS).await.status, 401);
    app.ctf_person("marit-s").await;
    app.verify_as("marit-s", ADDRESS).await;
    let marit = app.browser_of("marit-s").await;
    let page = marit.get(&emailed).await.text;
    assert!(page.contains("Become a coach</button>"), "{page}");
    assert_eq!(marit.post(&emailed, &DETAILS).await.location(), "/ctf");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn of_two_browsers_at_once_one_accepts() {
    let (app, mailbox) = TestApp::mailing().await;
    let (_, emailed) = invite(&app, &mailbox).await;
    let (one, two) = (Browser::new(&app), Browser::new(&app));
    let before = accounts(&app).await;
    let both = tokio::join!(one.post(&emailed, &DETAILS), two.post(&emailed, &DETAILS));
    let mut came = [both.0.status.as_u16(), both.1.status.as_u16()];
    came.sort_unstable();
    assert!(came[0] == 303 && came[1] >= 400 && came[1] < 500, "{came:?}");
    assert_eq!(accounts(&app).await, before + 1);
    for (table, rows) in [("coaches", 1), ("sessions", 1)] {
        assert_eq!(app.count(&format!("SELECT count(*) FROM {table}")).await, rows, "{table}");
    }
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_competitor_gets_an_account_with_their_profile() {
    let (app, mailbox) = TestApp::mailing().await;
    let (_, roster) = app.roster("coach").await;
    let own = ProfileInput { email_school: "student@harbor.example".to_owned(), ..minor() };
    let id = app.added(roster, &own).await;
    let sent = send_profile_link(app.context(), &app.server.post, Operator, id).await;
    let handed = format!("/ctf/links/{}", sent.expect("sent").token);
    let emailed = mailed(&app, &mailbox).await;
    let browser = Browser::new(&app);
    let offer = "Sign in as <bdi>student@harbor.example</bdi>";
    assert!(!browser.get(&handed).await.text.contains("student@"), "the coach knows this link");
    assert!(browser.get(&emailed).await.text.contains(offer));
    let mut form = fields(&own);
    form.extend([("agreed", "0"), ("connect", "yes")]);
    let before = accounts(&app).await;
    assert_eq!(browser.post(&format!("{emailed}/profile"), &form).await.location(), "/ctf/me");
    assert_eq!((accounts(&app).await, login(&browser).await.as_str()), (before + 1, "member.id"));
    let member = app.person_id("member.id").await;
    assert_eq!(app.view(id).await.user_id, Some(member));
    // A parent needs no account, and is offered none.
    app.work().await;
    app.consent_token(id).await;
    let asked = mailed(&app, &mailbox).await;
    let page = Browser::new(&app).get(&asked).await;
    assert!(page.status == 200 && !page.text.contains("Sign in as"), "{}", page.text);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn an_address_is_not_offered_where_the_profile_has_an_account() {
    let (app, mailbox) = TestApp::mailing().await;
    let (_, roster) = app.roster("coach").await;
    let own = ProfileInput { email_school: "student@harbor.example".to_owned(), ..minor() };
    let id = app.added(roster, &own).await;
    app.connected(id, "ada-q").await;
    app.work().await;
    send_profile_link(app.context(), &app.server.post, Operator, id).await.expect("sent");
    let emailed = mailed(&app, &mailbox).await;
    let browser = Browser::new(&app);
    assert!(!browser.get(&emailed).await.text.contains("Sign in as"));
    let mut form = fields(&own);
    form.extend([("agreed", "0"), ("connect", "yes")]);
    let before = accounts(&app).await;
    let refused = browser.post(&format!("{emailed}/profile"), &form).await;
    refused.refuses_form(409, None, "belongs to another competitor");
    assert_eq!((accounts(&app).await, browser.cookie(SESSION)), (before, None));
    app.work().await;
    app.finish().await;
}
