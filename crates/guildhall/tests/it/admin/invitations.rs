use chrono::TimeDelta;
use identity::{
    actions::{change_role, erase},
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

async fn invite(admin: &Browser<'_>, address: &str) -> Answer {
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
            assert_eq!(admin.post(&path, &[]).await.location(), "/admin/people#invite");
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
    assert_eq!(sent.location(), "/admin/people#invite");
    app.work().await;
    (app, mailbox)
}

#[tokio::test]
async fn who_is_invited_creates_an_account_with_an_emailed_link() {
    let (app, mailbox) = scene().await;
    let subjects = mailbox.subjects();
    assert!(subjects[0].starts_with("marit@harbor.example: You are invited to"), "{subjects:?}");
    let admin = app.browser_of("finch-ash").await;
    let page = admin.get(PAGE).await.text;
    assert!(page.contains("<bdi>marit@harbor.example</bdi>"), "{page}");
    let marit = Browser::new(&app);
    marit.post("/sign-in/email", &[("address", ADDRESS), ("return", "/")]).await.location();
    app.work().await;
    let link = mailbox.link(&format!("{}/sign-in/email/", app.server.post.site));
    let came = marit.post(app.path(&link), &[]).await;
    assert_eq!(came.location(), "/settings/profile");
    assert_eq!(marit.json("/api/v1/me").await["login"], "member.id");
    let page = admin.get(PAGE).await.text;
    assert!(!page.contains("Withdraw"), "{page}");
    invite(&admin, ADDRESS).await.refuses_form(409, Some("address"), "has this address");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_withdrawn_or_expired_invitation_lets_no_one_in() {
    let (app, mailbox) = scene().await;
    assert!(is_invited(&app).await);
    let admin = app.browser_of("finch-ash").await;
    withdraw(&app, &admin).await;
    assert!(!is_invited(&app).await);
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
    let (app, _mailbox) = scene().await;
    app.browser_with("rook-elm", Role::Admin).await;
    let context = app.context();
    for (role, expected) in [(Role::Moderator, false), (Role::Admin, true)] {
        let changed = change_role(context, Operator, "finch-ash", role, None).await;
        changed.expect("changed");
        assert_eq!(is_invited(&app).await, expected, "{role:?}");
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
