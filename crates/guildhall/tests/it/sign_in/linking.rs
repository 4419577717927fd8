//! Linking and unlinking sign-in methods, and refusals.

use identity::model::Role;
use testkit::{
    clock::FakeClock,
    fake_github::{FakeGithub, Options},
    fake_openid::{CLIENT_ID, CLIENT_SECRET, FakeOpenId},
};

use super::openid::{callback, sign_in_as};
use crate::app::{
    TestApp, at,
    browser::{Answer, Browser},
};

const PATH: &str = "/settings/identities";
const LINK: &str = "/settings/identities/link";

/// Starts a GitHub with two people, an OpenID issuer, and a server that uses both.
async fn scene() -> (FakeGithub, FakeOpenId, TestApp) {
    let clock = FakeClock::new(at("2026-11-01T00:00:00Z"));
    let github = FakeGithub::start(Options::new(clock.clone())).await.expect("a port");
    github.add_user("wren-oak");
    github.add_user("finch-ash");
    let issuer = FakeOpenId::start(clock).await.expect("a port");
    let (at_github, at_issuer) = (github.url().to_owned(), issuer.url().to_owned());
    let app = TestApp::with(|config| {
        config.github_client_id = Some("guildhall".to_owned());
        config.github_client_secret = Some("fake-secret".to_owned().into());
        config.github_url = at_github.clone();
        config.github_api_url = at_github;
        config.openid_issuer = Some(at_issuer);
        config.openid_client_id = Some(CLIENT_ID.to_owned());
        config.openid_client_secret = Some(CLIENT_SECRET.to_owned().into());
        config.openid_name = Some("Oak Accounts".to_owned());
        config.openid_roles = vec![("staff".to_owned(), "moderator".to_owned())];
    });
    (github, issuer, app.await)
}

/// Authenticates at the issuer to link the account.
async fn authenticate(browser: &Browser<'_>, issuer: &FakeOpenId, subject: &str) -> Answer {
    let begin = format!("{LINK}/openid");
    let back = callback(browser, issuer, subject, Some("Wren"), &begin).await;
    browser.get(&back).await
}

async fn link(browser: &Browser<'_>, issuer: &FakeOpenId, subject: &str) -> Answer {
    assert_eq!(authenticate(browser, issuer, subject).await.location(), LINK);
    browser.post(LINK, &[]).await
}

async fn ids(browser: &Browser<'_>) -> Vec<(String, String, bool)> {
    let list = browser.json("/api/v1/me/identities").await;
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let items = list["items"].as_array().expect("items").iter();
    items
        .map(|item| (text(&item["id"]), text(&item["name"]), item["is_sign_in_method"] == true))
        .collect()
}

#[tokio::test]
async fn a_linked_openid_account_signs_in() {
    let (github, issuer, app) = scene().await;
    let browser = Browser::new(&app);
    browser.sign_in(&github, "wren-oak").await.location();
    let page = browser.get(PATH).await;
    assert!(page.text.contains("Link Oak Accounts") && !page.text.contains("Link GitHub"));
    assert_eq!(authenticate(&browser, &issuer, "7").await.location(), LINK);
    let before = app.count("SELECT count(*) FROM user_identities").await;
    assert_eq!(before, 1, "the callback alone links nothing");
    let asked = browser.get(LINK).await;
    assert!(asked.text.contains("Wren") && asked.text.contains("signed in here as wren-oak"));
    let linked = browser.post(LINK, &[]).await;
    assert_eq!(linked.location(), PATH);
    assert!(browser.get(PATH).await.text.contains("Account linked"));
    assert!(browser.cookie("guildhall-link").is_none());
    browser.post(LINK, &[]).await.refuses(409, "NOTHING_TO_LINK", "Start again");
    let other = Browser::new(&app);
    sign_in_as(&other, &issuer, "7", None).await.location();
    assert!(other.get("/").await.text.contains("wren-oak"));
    assert_eq!(app.count("SELECT count(*) FROM users").await, 1);
    let page = browser.get(PATH).await;
    assert!(
        page.text.contains("Oak Accounts: Wren") || page.text.contains("Oak Accounts: –"),
        "{}",
        page.text
    );
    app.work().await;
    let news = browser.json("/api/v1/me/notifications").await;
    let titles = news.to_string();
    assert!(titles.contains("was added to your sign-in methods"), "{titles}");
    app.finish().await;
}

#[tokio::test]
async fn linking_github_sets_the_login() {
    let (github, issuer, app) = scene().await;
    let browser = Browser::new(&app);
    sign_in_as(&browser, &issuer, "7", Some("Wren")).await.location();
    app.clock.advance(chrono::TimeDelta::minutes(1));
    let back = browser.callback(&github, "wren-oak", &format!("{LINK}/github")).await;
    assert_eq!(browser.get(&back).await.location(), LINK);
    browser.post(LINK, &[]).await.location();
    let list = browser.json("/api/v1/me/identities").await;
    let logins = list["logins"].as_array().expect("logins").iter();
    let logins: Vec<&str> = logins.filter_map(|seen| seen["login"].as_str()).collect();
    assert_eq!(logins, ["wren-oak", "wren.id"]);
    let other = Browser::new(&app);
    other.sign_in(&github, "wren-oak").await.location();
    assert_eq!(app.count("SELECT count(*) FROM users").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn an_account_of_another_person_is_refused() {
    let (github, issuer, app) = scene().await;
    sign_in_as(&Browser::new(&app), &issuer, "7", Some("Finch")).await.location();
    let browser = Browser::new(&app);
    browser.sign_in(&github, "wren-oak").await.location();
    let refused = link(&browser, &issuer, "7").await;
    refused.refuses(409, "IDENTITY_TAKEN", "belongs to another person");
    assert_eq!(ids(&browser).await.len(), 1);
    // A GitHub account whose person has signed in is refused as well.
    app.change("DELETE FROM sessions").await.expect("gone");
    app.browser_of("finch-ash").await;
    link_taken_github(&app, &github, &issuer).await;
    app.finish().await;
}

async fn link_taken_github(app: &TestApp, github: &FakeGithub, issuer: &FakeOpenId) {
    Browser::new(app).sign_in(github, "finch-ash").await.location();
    let browser = Browser::new(app);
    sign_in_as(&browser, issuer, "8", None).await.location();
    let back = browser.callback(github, "finch-ash", &format!("{LINK}/github")).await;
    assert_eq!(browser.get(&back).await.location(), LINK);
    let refused = browser.post(LINK, &[]).await;
    refused.refuses(409, "IDENTITY_TAKEN", "belongs to another person");
}

#[tokio::test]
async fn a_second_account_of_a_provider_and_a_repeated_link_are_refused() {
    let (github, issuer, app) = scene().await;
    let browser = Browser::new(&app);
    browser.sign_in(&github, "wren-oak").await.location();
    link(&browser, &issuer, "7").await.location();
    link(&browser, &issuer, "7").await.refuses(409, "IDENTITY_IS_YOURS", "already");
    link(&browser, &issuer, "8").await.refuses(
        409,
        "IDENTITY_ONE_EACH",
        "one account per provider",
    );
    app.finish().await;
}

#[tokio::test]
async fn the_last_sign_in_method_cannot_be_removed() {
    let (github, issuer, app) = scene().await;
    let browser = Browser::new(&app);
    browser.sign_in(&github, "wren-oak").await.location();
    let own = ids(&browser).await;
    let unlink = |id: &str| format!("/settings/identities/{id}/unlink");
    let refused = browser.post(&unlink(&own[0].0), &[]).await;
    refused.refuses(409, "LAST_SIGN_IN_METHOD", "your last sign-in method");
    link(&browser, &issuer, "7").await.location();
    let stranger = app.browser_with("rook-elm", Role::Admin).await;
    let refused = stranger.post(&unlink(&own[0].0), &[]).await;
    refused.refuses(404, "NOT_FOUND", "not linked to you");
    let api = format!("/api/v1/me/identities/{}", own[0].0);
    let refused = stranger.call("DELETE", &api, None).await;
    refused.refuses(404, "NOT_FOUND", "not linked to you");
    let done = browser.post(&unlink(&own[0].0), &[]).await;
    assert_eq!(done.location(), PATH);
    assert!(browser.get(PATH).await.text.contains("Account unlinked"));
    browser.post(&unlink(&own[0].0), &[]).await.refuses(404, "NOT_FOUND", "not linked to you");
    // The unlinked GitHub account cannot sign in, and does not belong to another person.
    let other = Browser::new(&app);
    let refused = other.sign_in(&github, "wren-oak").await;
    refused.refuses(403, "IDENTITY_UNLINKED", "no longer linked");
    assert_eq!(app.count("SELECT count(*) FROM users").await, 2);
    let issuers = ids(&browser).await;
    let path = format!("/api/v1/me/identities/{}", issuers[1].0);
    let refused = browser.call("DELETE", &path, None).await;
    refused.refuses(409, "LAST_SIGN_IN_METHOD", "your last sign-in method");
    // Once GitHub is linked again, the OpenID account can be unlinked.
    let back = browser.callback(&github, "wren-oak", &format!("{LINK}/github")).await;
    browser.get(&back).await.location();
    browser.post(LINK, &[]).await.location();
    assert_eq!(browser.call("DELETE", &path, None).await.status, 204);
    other.sign_in(&github, "wren-oak").await.location();
    sign_in_as(&Browser::new(&app), &issuer, "7", None).await.location();
    assert_eq!(app.count("SELECT count(*) FROM users").await, 3);
    app.work().await;
    let news = browser.json("/api/v1/me/notifications").await.to_string();
    assert!(news.contains("GitHub was removed from your sign-in methods"), "{news}");
    app.finish().await;
}

#[tokio::test]
async fn unlinking_an_account_takes_back_what_its_groups_gave() {
    let (github, issuer, app) = scene().await;
    let browser = Browser::new(&app);
    browser.sign_in(&github, "wren-oak").await.location();
    link(&browser, &issuer, "7").await.location();
    issuer.switch(|switches| {
        switches.claims.insert("groups".to_owned(), serde_json::json!(["staff"]));
    });
    sign_in_as(&Browser::new(&app), &issuer, "7", None).await.location();
    let role = "SELECT role AS value FROM users";
    assert_eq!(app.values(role).await, ["moderator"]);
    let path = format!("/api/v1/me/identities/{}", ids(&browser).await[1].0);
    assert_eq!(browser.call("DELETE", &path, None).await.status, 204);
    assert_eq!(app.values(role).await, ["user"]);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn linking_takes_a_recent_sign_in_and_the_session_that_began_it() {
    let (github, issuer, app) = scene().await;
    let browser = Browser::new(&app);
    browser.sign_in(&github, "wren-oak").await.location();
    // Another person's session in the same browser cannot finish the attempt.
    let back = callback(&browser, &issuer, "7", None, &format!("{LINK}/openid")).await;
    let attempt = browser.cookie("guildhall-sign-in").expect("an attempt");
    browser.sign_in(&github, "finch-ash").await.location();
    browser.set_cookie("guildhall-sign-in", &attempt);
    browser.get(&back).await.refuses(400, "SIGN_IN_NOT_BEGUN_HERE", "Start again");
    // An account that one session confirmed cannot be linked by another session.
    assert_eq!(authenticate(&browser, &issuer, "7").await.location(), LINK);
    let claim = browser.cookie("guildhall-link").expect("a claim");
    browser.sign_in(&github, "wren-oak").await.location();
    browser.set_cookie("guildhall-link", &claim);
    browser.post(LINK, &[]).await.refuses(409, "NOTHING_TO_LINK", "Start again");
    app.clock.advance(chrono::TimeDelta::hours(1));
    let page = browser.get(PATH).await;
    assert!(page.text.contains("sign in again"), "{}", page.text);
    let stale = browser.get(&format!("{LINK}/openid")).await;
    stale.refuses(403, "SIGN_IN_AGAIN", "more than an hour ago");
    let own = ids(&browser).await;
    let path = format!("/api/v1/me/identities/{}", own[0].0);
    let stale = browser.call("DELETE", &path, None).await;
    stale.refuses(403, "SIGN_IN_AGAIN", "more than an hour ago");
    assert_eq!(app.count("SELECT count(*) FROM user_identities").await, 2);
    app.finish().await;
}
