//! People who were invited by email create an account with the address, and sign in with it later.

use chrono::TimeDelta;
use ctf::{
    actions::{invite_coach, revoke_coach_link, send_profile_link, share_roster},
    model::RosterRole,
    reads,
    rules::profile::ProfileInput,
};
use identity::{
    actions::{link_identity, recognize, sign_in},
    model::{AccountKind, Device, GithubAccount, ProvenAccount},
};
use platform::{audit::Actor::Operator, outbox::TO_ADDRESS};

use super::privacy_scene::{fields, minor};
use crate::app::{
    TestApp,
    browser::{Browser, SESSION},
    mailbox::Mailbox,
};

const ASK: &str = "/sign-in/email";
const ADDRESS: &str = "marit@harbor.example";
const DEAD: (u16, &str, &str) = (400, "SIGN_IN_LINK_DEAD", "used or is older than 15 minutes");

/// Invites an address to become a coach; returns the path of the invitation.
async fn invite(app: &TestApp, address: &str) -> String {
    let made = invite_coach(app.context(), &app.server.post, Operator, address).await;
    app.work().await;
    format!("/ctf/links/{}", made.expect("invited"))
}

async fn ask(browser: &Browser<'_>, address: &str, back: &str) {
    let asked = browser.post(ASK, &[("address", address), ("return", back)]).await;
    assert_eq!(asked.location(), ASK);
}

/// Requests a link and reads its path from the email.
async fn emailed(
    app: &TestApp,
    mailbox: &Mailbox,
    browser: &Browser<'_>,
    address: &str,
    back: &str,
) -> String {
    ask(browser, address, back).await;
    app.work().await;
    app.path(&mailbox.link(&format!("{}{ASK}/", app.server.post.site))).to_owned()
}

fn created(mailbox: &Mailbox) -> usize {
    mailbox.subjects().iter().filter(|line| line.ends_with("Create your account")).count()
}

async fn verified(app: &TestApp) -> i64 {
    app.count("SELECT count(*) FROM user_emails WHERE verified_at IS NOT NULL").await
}

async fn login(browser: &Browser<'_>) -> String {
    browser.json("/api/v1/me").await["login"].as_str().expect("a login").to_owned()
}

#[tokio::test]
async fn an_invited_coach_gets_an_account_and_returns_to_the_invitation() {
    let (app, mailbox) = TestApp::mailing().await;
    let invitation = invite(&app, "Marit@Harbor.example").await;
    let browser = Browser::new(&app);
    let asked = browser.get(&invitation).await;
    assert!(asked.location().starts_with("/sign-in?return=%2Fctf%2F"), "{}", asked.location());
    let page = browser.get("/sign-in").await;
    assert!(page.text.contains("or that an invitation was sent to"), "{}", page.text);
    let link = emailed(&app, &mailbox, &browser, ADDRESS, &invitation).await;
    assert_eq!(mailbox.subjects().pop(), Some(format!("{ADDRESS}: Create your account")));
    // Programs that open links change nothing.
    for _ in 0..2 {
        assert_eq!(browser.get(&link).await.status, 200);
    }
    assert_eq!((verified(&app).await, browser.cookie(SESSION)), (0, None));
    assert_eq!(browser.post(&link, &[]).await.location(), invitation);
    assert_eq!(login(&browser).await, "member.id", "the login does not show the address");
    let form = [("school", "Harbor High"), ("division", "high_school"), ("region", "Texas")];
    assert_eq!(browser.post(&invitation, &form).await.location(), "/ctf");
    browser.post("/sign-out", &[]).await.location();
    browser.post(&link, &[]).await.refuses(DEAD.0, DEAD.1, DEAD.2);
    // Later, the address signs in to the same account.
    let later = Browser::new(&app);
    let link = emailed(&app, &mailbox, &later, ADDRESS, "/ctf").await;
    assert_eq!(later.post(&link, &[]).await.location(), "/ctf");
    assert_eq!((login(&later).await.as_str(), verified(&app).await), ("member.id", 1));
    let removed = later.post("/settings/email/remove", &[]).await;
    removed.refuses(409, "LAST_SIGN_IN_METHOD", "last sign-in method");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_forwarded_invitation_is_worth_nothing_until_the_address_is_proven() {
    let (app, mailbox) = TestApp::mailing().await;
    let (context, post) = (app.context(), &app.server.post);
    let details = [("school", "Harbor High"), ("division", "high_school"), ("region", "Texas")];
    let (_, roster) = app.roster("tomas-b").await;
    app.coach("bo-coach").await;
    let shared = share_roster(context, post, Operator, roster, RosterRole::Coach, ADDRESS).await;
    let shared = format!("/ctf/links/{}", shared.expect("shared"));
    let invitation = invite(&app, ADDRESS).await;
    // Another address that they verified does not help either.
    app.browser_of("bo-friend").await;
    app.verify_address("bo-friend").await;
    for (login, path) in [("bo-coach", &shared), ("bo-friend", &invitation)] {
        let other = app.browser_of(login).await;
        for answer in [other.get(path).await, other.post(path, &details).await] {
            answer.refuses(404, "INVITED_ADDRESS_NOT_VERIFIED", "has not verified");
            assert!(!answer.text.contains("marit@"), "{}", answer.text);
        }
    }
    // A link to hand over is for everyone who has it.
    let handed = share_roster(context, post, Operator, roster, RosterRole::Coach, "").await;
    let handed = format!("/ctf/links/{}", handed.expect("shared"));
    assert_eq!(app.browser_of("bo-coach").await.get(&handed).await.status, 200);
    let browser = Browser::new(&app);
    let link = emailed(&app, &mailbox, &browser, ADDRESS, &invitation).await;
    assert_eq!(browser.post(&link, &[]).await.location(), invitation);
    assert_eq!(browser.post(&invitation, &details).await.location(), "/ctf");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_forwarded_profile_link_connects_no_account() {
    let (app, _mailbox) = TestApp::mailing().await;
    let (_, roster) = app.roster("coach").await;
    let own = ProfileInput { email_school: "pupil@harbor.example".to_owned(), ..minor() };
    let id = app.added(roster, &own).await;
    let sent = send_profile_link(app.context(), &app.server.post, Operator, id).await;
    let path = format!("/ctf/links/{}", sent.expect("sent").token);
    let mut form = fields(&own);
    form.extend([("agreed", "0"), ("connect", "yes")]);
    let offer = "Connect this profile with my account";
    let other = app.browser_of("bo-friend").await;
    assert!(!other.get(&path).await.text.contains(offer));
    let refused = other.post(&format!("{path}/profile"), &form).await;
    assert!(refused.text.contains("has not verified"), "{}", refused.text);
    assert_eq!(app.view(id).await.user_id, None);
    let pupil = app.browser_of("pupil-p").await;
    app.verify_as("pupil-p", "pupil@harbor.example").await;
    assert!(pupil.get(&path).await.text.contains(offer));
    let saved = pupil.post(&format!("{path}/profile"), &form).await;
    assert_eq!(saved.location(), "/ctf/me");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn an_invitation_ends_with_the_address_that_it_was_sent_to() {
    let (app, _mailbox) = TestApp::mailing().await;
    app.ctf_person("marit-s").await;
    app.verify_as("marit-s", ADDRESS).await;
    let invitation = invite(&app, ADDRESS).await;
    let person = app.person_id("marit-s").await.into();
    let tx = app.context().begin().await.expect("a transaction");
    ctf::actions::erase(&tx, app.context(), Operator, person).await.expect("erased");
    tx.commit().await.expect("committed");
    let other = app.browser_of("bo-friend").await;
    assert_eq!(other.get(&invitation).await.status, 410);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_github_account_that_is_added_later_signs_in_to_the_same_account() {
    let (app, mailbox) = TestApp::mailing().await;
    invite(&app, ADDRESS).await;
    let browser = Browser::new(&app);
    let link = emailed(&app, &mailbox, &browser, ADDRESS, "/").await;
    browser.post(&link, &[]).await.location();
    let context = app.context();
    let token = browser.cookie(SESSION).expect("a session");
    let found = recognize(context, &token).await.expect("read");
    let viewer = found.expect("a session").viewer;
    // GitHub states its login later than the account got the first one.
    app.clock.advance(TimeDelta::minutes(1));
    let github = GithubAccount {
        github_id: 77,
        login: "marit".to_owned(),
        kind: AccountKind::User,
        avatar_url: None,
        created_at: None,
        seen_at: context.now(),
    };
    let shown = ProvenAccount::Github(github.clone());
    link_identity(context, &viewer, &shown).await.expect("linked");
    let entered = sign_in(context, github, &Device::default(), None).await.expect("signed in");
    assert_eq!(entered.user_id, viewer.user_id);
    assert_eq!(login(&browser).await, "marit");
    // The address is no longer the only sign-in method.
    assert_eq!(browser.post("/settings/email/remove", &[]).await.status, 303);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn assistants_competitors_and_parents_get_accounts_of_their_own() {
    let (app, mailbox) = TestApp::mailing().await;
    let (_, roster) = app.roster("coach").await;
    let (context, post) = (app.context(), &app.server.post);
    let address = "helper@harbor.example";
    let shared = share_roster(context, post, Operator, roster, RosterRole::Assistant, address);
    shared.await.expect("shared");
    let own = ProfileInput { email_school: "pupil@harbor.example".to_owned(), ..minor() };
    let id = app.added(roster, &own).await;
    send_profile_link(context, post, Operator, id).await.expect("sent");
    app.consent_token(id).await;
    app.work().await;
    let mut logins = Vec::new();
    for address in [address, "pupil@harbor.example", "bartholomew@home.example"] {
        let browser = Browser::new(&app);
        let link = emailed(&app, &mailbox, &browser, address, "/").await;
        assert_eq!(browser.post(&link, &[]).await.location(), "/settings/profile", "{address}");
        let page = browser.get("/settings/profile").await.text;
        assert!(page.contains("Enter your name</a>"), "{page}");
        logins.push(login(&browser).await);
    }
    assert_eq!(logins, ["member.id", "member.id2", "member.id3"]);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn strangers_learn_nothing_and_get_no_account() {
    let (app, mailbox) = TestApp::mailing().await;
    invite(&app, ADDRESS).await;
    invite(&app, "revoked@harbor.example").await;
    let open = reads::open_coach_links(&app.context().db, app.context().now()).await.expect("read");
    for link in open.iter().filter(|link| link.email.as_deref() == Some("revoked@harbor.example")) {
        revoke_coach_link(app.context(), Operator, link.id.into()).await.expect("revoked");
    }
    let before = mailbox.subjects().len();
    for address in ["stranger@harbor.example", "revoked@harbor.example"] {
        ask(&Browser::new(&app), address, "/").await;
    }
    app.work().await;
    assert_eq!(mailbox.subjects().len(), before);
    // An invitation that has expired names no one.
    app.clock.advance(TimeDelta::days(60));
    ask(&Browser::new(&app), ADDRESS, "/").await;
    app.work().await;
    assert_eq!((created(&mailbox), verified(&app).await), (0, 0));
    app.finish().await;
}

#[tokio::test]
async fn a_link_works_once_for_fifteen_minutes_in_its_browser() {
    let (app, mailbox) = TestApp::mailing().await;
    invite(&app, ADDRESS).await;
    let (browser, other) = (Browser::new(&app), Browser::new(&app));
    let link = emailed(&app, &mailbox, &browser, ADDRESS, "/").await;
    other.post(&link, &[]).await.refuses(400, "SIGN_IN_OTHER_BROWSER", "Open it in the browser");
    app.clock.advance(TimeDelta::minutes(15));
    browser.post(&link, &[]).await.refuses(DEAD.0, DEAD.1, DEAD.2);
    assert_eq!(verified(&app).await, 0);
    let link = emailed(&app, &mailbox, &browser, ADDRESS, "/").await;
    let both = tokio::join!(browser.post(&link, &[]), browser.post(&link, &[]));
    let mut came = [both.0.status.as_u16(), both.1.status.as_u16()];
    came.sort_unstable();
    assert_eq!((came, verified(&app).await), ([303, 400], 1));
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn the_code_in_the_email_creates_the_account_too() {
    let (app, mailbox) = TestApp::mailing().await;
    invite(&app, ADDRESS).await;
    let browser = Browser::new(&app);
    emailed(&app, &mailbox, &browser, ADDRESS, "/ctf").await;
    let taken = mailbox.taken();
    let text = &taken.last().expect("an email").content.text;
    let (_, rest) = text.split_once("Or type this code: ").expect("a code");
    let form = [("code", rest.lines().next().expect("a line"))];
    assert_eq!(browser.post("/sign-in/email/code", &form).await.location(), "/ctf");
    assert_eq!((login(&browser).await.as_str(), verified(&app).await), ("member.id", 1));
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn links_at_once_create_one_account() {
    let (app, mailbox) = TestApp::mailing().await;
    invite(&app, ADDRESS).await;
    let people = app.count("SELECT count(*) FROM users").await;
    let browsers = [Browser::new(&app), Browser::new(&app), Browser::new(&app)];
    let mut links = Vec::new();
    for browser in &browsers {
        links.push(emailed(&app, &mailbox, browser, ADDRESS, "/").await);
    }
    let [one, two, three] = &browsers;
    let entered = tokio::join!(
        one.post(&links[0], &[]),
        two.post(&links[1], &[]),
        three.post(&links[2], &[])
    );
    for entered in [entered.0, entered.1, entered.2] {
        assert_eq!(entered.location(), "/settings/profile");
    }
    assert_eq!(app.count("SELECT count(*) FROM users").await, people + 1);
    for browser in &browsers {
        assert_eq!(login(browser).await, "member.id");
    }
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn an_address_with_an_owner_signs_in_to_that_account_also_when_it_is_banned() {
    let (app, mailbox) = TestApp::mailing().await;
    app.device("wren-oak", "Elsewhere/1.0").await;
    app.verify_address("wren-oak").await;
    let owned = "wren-oak@oak.example";
    invite(&app, owned).await;
    let browser = Browser::new(&app);
    let link = emailed(&app, &mailbox, &browser, owned, "/").await;
    browser.post(&link, &[]).await.location();
    assert_eq!(login(&browser).await, "wren-oak");
    app.ban("wren-oak").await;
    invite(&app, owned).await;
    let banned = Browser::new(&app);
    let link = emailed(&app, &mailbox, &banned, owned, "/ctf").await;
    assert_eq!(banned.post(&link, &[]).await.location(), "/me/standing");
    assert_eq!((created(&mailbox), verified(&app).await), (0, 1));
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn an_invited_address_is_not_flooded() {
    let (app, mailbox) = TestApp::mailing().await;
    invite(&app, ADDRESS).await;
    for hour in 0..4 {
        for _ in 0..3 {
            ask(&Browser::new(&app), ADDRESS, "/").await;
        }
        let refused = Browser::new(&app).post(ASK, &[("address", ADDRESS)]).await;
        assert_eq!(refused.status, 429, "hour {hour}");
        app.work().await;
        app.clock.advance(TimeDelta::hours(1));
    }
    // One of them was the invitation.
    assert_eq!(i64::try_from(created(&mailbox)), Ok(TO_ADDRESS - 1));
    app.finish().await;
}
