//! Linking an account on GitHub by a text in its bio, on a server without sign-in with GitHub.

use chrono::TimeDelta;
use identity::{
    actions::sign_in,
    model::{AccountKind, Device, GithubAccount, Role},
};
use testkit::{
    clock::FakeClock,
    fake_github::{FakeGithub, Options},
};

use crate::app::{
    TestApp, at,
    browser::{Answer, Browser},
    logs,
    mailbox::Mailbox,
};

const PAGE: &str = "/settings/identities/github";
const CHECK: &str = "/settings/identities/github/check";

/// Starts GitHub with two people, and a server that has only a token of it, and email.
async fn scene() -> (FakeGithub, TestApp, Mailbox) {
    let clock = FakeClock::new(at("2026-11-01T00:00:00Z"));
    let github = FakeGithub::start(Options::new(clock)).await.expect("a port");
    for login in ["marit-sea", "finch-ash"] {
        github.add_user(login);
    }
    let (url, mailbox) = (github.url().to_owned(), Mailbox::default());
    let app = TestApp::posting(mailbox.channels(), |config| {
        config.github_url = url.clone();
        config.github_api_url = url;
        config.github_api_token = Some("token-finch-ash".to_owned().into());
    });
    (github, app.await, mailbox)
}

/// Joins by an invitation.
async fn member<'a>(app: &'a TestApp, mailbox: &Mailbox) -> Browser<'a> {
    invited(app, mailbox, "marit@harbor.example").await
}

async fn invited<'a>(app: &'a TestApp, mailbox: &Mailbox, address: &str) -> Browser<'a> {
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    admin.post("/admin/people/invitations", &[("address", address)]).await.location();
    app.work().await;
    let link = mailbox.link(&format!("{}/invitations/", app.server.post.site));
    let marit = Browser::new(app);
    marit.post(app.path(&link), &[]).await.location();
    marit
}

/// Returns the text that a person is shown for an account.
async fn text(browser: &Browser<'_>, login: &str) -> String {
    let next = browser.post(PAGE, &[("login", login)]).await;
    let page = browser.get(next.location()).await.text;
    let text = page.split("<code>").nth(1).and_then(|rest| rest.split("</code>").next());
    let text = text.expect("a text").to_owned();
    assert!(text.starts_with("guildhall-"), "{text}");
    text
}

async fn check(browser: &Browser<'_>, login: &str) -> Answer {
    browser.post(CHECK, &[("login", login)]).await
}

async fn linked(browser: &Browser<'_>) -> usize {
    browser.json("/api/v1/me/identities").await["items"].as_array().expect("items").len()
}

#[tokio::test]
async fn a_text_in_the_bio_links_the_account() {
    let (github, app, mailbox) = scene().await;
    let marit = member(&app, &mailbox).await;
    let page = Browser::new(&app).get("/sign-in").await.text;
    assert!(page.contains("Accounts are by invitation"), "{page}");
    app.project("season").await;
    app.season_until("2026-11-30").await;
    marit.post("/seasons/autumn/register", &[("consent_version", "1")]).await.location();
    for place in ["/settings/identities", "/seasons/autumn", "/seasons/autumn/register", "/"] {
        let page = marit.get(place).await.text;
        assert!(page.contains("href=\"/settings/identities/github"), "{place}: {page}");
    }
    let is_work = async || {
        let work = marit.json("/api/v1/work").await;
        let items = work["items"].as_array().expect("items");
        items.iter().any(|item| item["kind"] == "github_account")
    };
    assert!(is_work().await);
    let unknown = marit.post(PAGE, &[("login", "no one")]).await;
    unknown.refuses_form(422, Some("login"), "not a username on GitHub");
    let proof = text(&marit, "@Marit-Sea").await;
    let wrong = check(&marit, "marit-sea").await;
    wrong.refuses_form(409, None, "does not have the text yet");
    assert!(wrong.text.contains(&proof) && wrong.text.contains("value=\"marit-sea\""));
    check(&marit, "marit-lake").await.refuses_form(422, Some("login"), "knows no account");
    github.set_bio("marit-sea", &format!("Sails. {proof}")).expect("a person");
    let done = check(&marit, "marit-sea").await;
    assert_eq!(done.location(), PAGE);
    let page = marit.get(PAGE).await.text;
    assert!(page.contains("<bdi>marit-sea</bdi> is linked"), "{page}");
    assert!(page.contains("You can remove the text from your bio"), "{page}");
    assert_eq!(linked(&marit).await, 1);
    assert!(!is_work().await);
    assert_eq!(marit.json("/api/v1/me").await["login"], "marit-sea", "it follows GitHub now");
    let page = marit.get("/settings/identities").await.text;
    assert!(page.contains("no sign-in with GitHub") && page.contains("marit@harbor.example"));
    app.work().await;
    let subjects = mailbox.subjects();
    assert!(
        subjects.iter().any(|it| it.ends_with("Your GitHub account was linked")),
        "{subjects:?}"
    );
    app.finish().await;
}

#[tokio::test]
async fn who_came_from_a_page_continues_there() {
    let (github, app, mailbox) = scene().await;
    let marit = member(&app, &mailbox).await;
    let fields = [("login", "marit-sea"), ("return", "/seasons/autumn")];
    let chosen = marit.post(PAGE, &fields).await;
    let page = marit.get(chosen.location()).await.text;
    assert_eq!(page.matches("name=\"return\" value=\"/seasons/autumn\"").count(), 2, "{page}");
    let proof = text(&marit, "marit-sea").await;
    github.set_bio("marit-sea", &proof).expect("a person");
    let done = marit.post(CHECK, &fields).await;
    let page = marit.get(done.location()).await.text;
    assert!(page.contains("href=\"/seasons/autumn\">Continue"), "{page}");
    let page = marit.get(&format!("{PAGE}?return=//evil.example")).await.text;
    assert!(page.contains("href=\"/\">Continue"), "{page}");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn no_one_links_an_account_by_the_text_of_another_person() {
    let (github, app, mailbox) = scene().await;
    let marit = member(&app, &mailbox).await;
    let proof = text(&marit, "marit-sea").await;
    github.set_bio("marit-sea", &proof).expect("a person");
    let moss = invited(&app, &mailbox, "moss@harbor.example").await;
    assert_ne!(text(&moss, "marit-sea").await, proof);
    check(&moss, "marit-sea").await.refuses_form(409, None, "does not have the text yet");
    // The text is for one account: another profile with it proves nothing.
    github.set_bio("finch-ash", &proof).expect("a person");
    check(&marit, "finch-ash").await.refuses_form(409, None, "does not have the text yet");
    app.clock.advance(TimeDelta::hours(2));
    check(&marit, "marit-sea").await.refuses_form(409, None, "does not have the text yet");
    assert_eq!(linked(&marit).await, 0);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn an_account_of_another_person_is_refused() {
    let (github, app, mailbox) = scene().await;
    let marit = member(&app, &mailbox).await;
    // Its owner signed in with it before.
    let (id, now) = (github.add_user("robin-bay").id, app.context().now());
    let account = GithubAccount::new(id, "robin-bay".to_owned(), AccountKind::User, now);
    let entered = sign_in(app.context(), account, &Device::default(), None).await;
    logs::plant(&entered.expect("signed in").token);
    let early = marit.post(PAGE, &[("login", "Robin-Bay")]).await;
    early.refuses_form(409, Some("login"), "belongs to another person");
    check(&marit, "robin-bay").await.refuses_form(409, Some("login"), "belongs to another person");
    assert_eq!(linked(&marit).await, 0);
    app.clock.advance(TimeDelta::hours(1));
    let proof = text(&marit, "marit-sea").await;
    github.set_bio("marit-sea", &proof).expect("a person");
    check(&marit, "marit-sea").await.refuses(
        403,
        "SIGN_IN_AGAIN",
        "signed in more than an hour ago",
    );
    app.work().await;
    app.finish().await;
}
