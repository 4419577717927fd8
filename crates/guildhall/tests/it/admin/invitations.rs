use chrono::TimeDelta;
use identity::{
    actions::{ban, change_role, erase},
    model::Role,
    reads::{invites, open_invitations},
};
use platform::audit::Actor::Operator;

use crate::app::{
    TestApp,
    browser::{Answer, Browser},
    mailbox::Mailbox,
};

const PAGE: &str = "/admin/people";
const ADDRESS: &str = "marit@harbor.example";

pub(super) async fn invite(admin: &Browser<'_>, address: &str) -> Answer {
    admin.post("/admin/people/invitations", &[("address", address)]).await
}

async fn is_invited(app: &TestApp) -> bool {
    let tx = app.context().begin().await.expect("a transaction");
    invites(&tx, ADDRESS, app.context().now()).await.expect("read")
}

async fn withdraw(app: &TestApp, admin: &Browser<'_>) {
    let context = app.context();
    for open in open_invitations(&context.db, context.now()).await.expect("read") {
        let path = format!("/admin/people/invitations/{}/withdraw", open.id);
        for _ in 0..2 {
            assert_eq!(admin.post(&path, &[]).await.location(), "/admin/people");
        }
    }
}

/// Invites a person, and withdraws the invitation.
pub(crate) async fn act(app: &TestApp) {
    let admin = app.browser_with("jay-elm", Role::Admin).await;
    invite(&admin, ADDRESS).await.location();
    withdraw(app, &admin).await;
}

/// Starts a server with an admin who invited the address.
async fn scene() -> (TestApp, Mailbox) {
    let (app, mailbox) = TestApp::mailing().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let sent = invite(&admin, " Marit@Harbor.example").await;
    assert_eq!(sent.location(), "/admin/people");
    app.work().await;
    (app, mailbox)
}

/// Returns the path of the link in the latest invitation.
pub(super) fn link(app: &TestApp, mailbox: &Mailbox) -> String {
    let link = mailbox.link(&format!("{}/invitations/", app.server.post.site));
    app.path(&link).to_owned()
}

#[tokio::test]
async fn the_link_in_the_email_creates_the_account_once() {
    let (app, mailbox) = scene().await;
    let subjects = mailbox.subjects();
    assert!(subjects[0].starts_with("marit@harbor.example: You are invited to"), "{subjects:?}");
    let admin = app.browser_of("finch-ash").await;
    let page = admin.get(PAGE).await.text;
    assert!(page.contains("<bdi>marit@harbor.example</bdi>"), "{page}");
    let (link, marit) = (link(&app, &mailbox), Browser::new(&app));
    for _ in 0..2 {
        let shown = marit.get(&link).await;
        assert!(shown.text.contains("Join as <bdi>marit@harbor.example</bdi>"), "{}", shown.text);
    }
    let came = marit.post(&link, &[]).await;
    let profile = came.location().to_owned();
    assert_eq!(profile, "/settings/profile?return=%2F");
    assert_eq!(marit.json("/api/v1/me").await["login"], "member.id");
    let form = marit.get(&profile).await.text;
    assert!(form.contains("Your account was created") && form.contains(">Continue</button>"));
    let named = [("name", "Marit Vale"), ("return", "/")];
    assert_eq!(marit.post("/settings/profile", &named).await.location(), "/");
    assert_eq!(mailbox.subjects().len(), 1, "one email is enough");
    for browser in [&marit, &Browser::new(&app)] {
        let used = browser.get(&link).await;
        assert_eq!(used.status, 404);
        assert!(used.text.contains("This invitation cannot be used"), "{}", used.text);
        assert_eq!(browser.post(&link, &[]).await.status, 404);
    }
    let page = admin.get(PAGE).await.text;
    assert!(!page.contains("Withdraw"), "{page}");
    invite(&admin, ADDRESS).await.refuses_form(409, Some("address"), "has this address");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn an_invitation_names_the_admin_and_leads_to_a_page() {
    let (app, mailbox) = TestApp::mailing().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    admin.post("/settings/profile", &[("name", "Finch Ash")]).await.location();
    let prefilled = admin.get("/admin/people?to=/seasons/autumn").await.text;
    assert!(prefilled.contains("value=\"/seasons/autumn\""), "{prefilled}");
    let elsewhere = [("address", "marit"), ("to", "https://evil.example")];
    let refused = admin.post("/admin/people/invitations", &elsewhere).await;
    refused.refuses_form(422, Some("to"), "not a page of this server");
    let sent = [("address", ADDRESS), ("to", "/seasons/autumn")];
    let next = admin.post("/admin/people/invitations", &sent).await;
    assert_eq!(next.location(), "/admin/people?to=%2Fseasons%2Fautumn");
    app.work().await;
    let text = &mailbox.taken()[0].content.text;
    assert!(text.contains("After joining, you continue to") && text.contains("/seasons/autumn"));
    assert!(text.contains("Finch Ash invites you"), "{text}");
    let marit = Browser::new(&app);
    let came = marit.post(&link(&app, &mailbox), &[]).await;
    assert_eq!(came.location(), "/settings/profile?return=%2Fseasons%2Fautumn");
    app.finish().await;
}

#[tokio::test]
async fn an_account_that_a_sign_in_link_created_ends_the_invitation() {
    let (app, mailbox) = scene().await;
    let (link, marit) = (link(&app, &mailbox), Browser::new(&app));
    marit.post("/sign-in/email", &[("address", ADDRESS), ("return", "/")]).await.location();
    app.work().await;
    let own = mailbox.link(&format!("{}/sign-in/email/", app.server.post.site));
    let came = marit.post(app.path(&own), &[]).await;
    assert_eq!(came.location(), "/settings/profile");
    assert_eq!(Browser::new(&app).post(&link, &[]).await.status, 404);
    assert_eq!(app.count("SELECT count(*) FROM invitations").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_withdrawn_or_expired_invitation_lets_no_one_in() {
    let (app, mailbox) = scene().await;
    assert!(is_invited(&app).await);
    let admin = app.browser_of("finch-ash").await;
    let link = link(&app, &mailbox);
    withdraw(&app, &admin).await;
    assert!(!is_invited(&app).await);
    assert_eq!(Browser::new(&app).post(&link, &[]).await.status, 404);
    let sent = mailbox.subjects().len();
    Browser::new(&app).post("/sign-in/email", &[("address", ADDRESS)]).await.location();
    app.work().await;
    assert_eq!(mailbox.subjects().len(), sent);
    invite(&admin, ADDRESS).await.location();
    app.work().await;
    app.clock.advance(TimeDelta::days(30));
    assert!(!is_invited(&app).await);
    app.clock.advance(TimeDelta::seconds(1));
    let report = app.run_schedule("SessionRetention").await;
    assert!(report.contains("invitations: 1"), "{report}");
    app.finish().await;
}

#[tokio::test]
async fn an_invitation_ends_with_the_role_or_the_account_of_its_sender() {
    let (app, mailbox) = scene().await;
    let link = link(&app, &mailbox);
    app.browser_with("rook-elm", Role::Admin).await;
    let context = app.context();
    for (role, expected) in [(Role::Moderator, false), (Role::Admin, true)] {
        let changed = change_role(context, Operator, "finch-ash", role, None).await;
        changed.expect("changed");
        assert_eq!(is_invited(&app).await, expected, "{role:?}");
        let status = if expected { 200 } else { 404 };
        assert_eq!(Browser::new(&app).get(&link).await.status, status, "{role:?}");
    }
    let person = app.person_id("finch-ash").await.into();
    let tx = context.begin().await.expect("a transaction");
    erase(&tx, context, Operator, person).await.expect("erased");
    tx.commit().await.expect("committed");
    assert_eq!(app.count("SELECT count(*) FROM invitations").await, 0);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn an_invitation_is_open_again_when_the_ban_of_its_sender_is_over() {
    let (app, mailbox) = scene().await;
    let link = link(&app, &mailbox);
    app.browser_with("rook-elm", Role::Admin).await;
    let context = app.context();
    let end = context.now() + TimeDelta::days(2);
    ban(context, Operator, "finch-ash", "Spam", Some(end)).await.expect("banned");
    for (days, is_over) in [(0, false), (1, false), (1, true)] {
        app.clock.advance(TimeDelta::days(days));
        assert_eq!(is_invited(&app).await, is_over);
        let open = open_invitations(&context.db, context.now()).await.expect("read");
        assert_eq!(open.len(), usize::from(is_over));
        let status = if is_over { 200 } else { 404 };
        assert_eq!(Browser::new(&app).get(&link).await.status, status);
    }
    let marit = Browser::new(&app);
    assert_eq!(marit.post(&link, &[]).await.location(), "/settings/profile?return=%2F");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_refused_invitation_keeps_what_was_typed() {
    let (app, _mailbox) = TestApp::mailing().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let refused = invite(&admin, "marit").await;
    refused.refuses_form(422, Some("address"), "not a valid email address");
    assert!(refused.text.contains("value=\"marit\""), "{}", refused.text);
    let done = admin.get("/setup/done").await.text;
    let says = done.contains("only who is invited gets an account");
    assert!(says && !done.contains("No one else can sign in"), "{done}");
    let moderator = app.browser_with("moss-fen", Role::Moderator).await;
    assert!(!moderator.get(PAGE).await.text.contains("Invite by email"));
    app.finish().await;
    let silent = TestApp::start().await;
    let admin = silent.browser_with("finch-ash", Role::Admin).await;
    let page = admin.get(PAGE).await.text;
    assert!(page.contains("/setup/email?from=settings"), "{page}");
    silent.finish().await;
}
