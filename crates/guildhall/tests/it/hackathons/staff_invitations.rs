//! Invitations to the staff by email: only the owner of the address accepts, whom the link signs in, while their sender may add people.

use chrono::TimeDelta;
use hackathons::{
    FLAG,
    actions::{
        accept_staff_invitation, add_staff, cancel, erase, invite_staff, remove_staff, set_judging,
    },
    model::{HackathonId, StaffRole},
    reads,
};
use identity::{actions::grant_role, model::Role};
use platform::{
    audit::Actor::{Operator, Person},
    flags::{self, FlagChange},
    outbox::TO_ADDRESS,
};
use serde_json::json;

use super::{
    judging::rubric,
    scene::{code, november},
};
use crate::app::{
    TestApp,
    browser::{Browser, SESSION},
    mailbox::Mailbox,
};

const SLUG: &str = "low-tide";
const STAFF: &str = "/hackathons/low-tide/staff";
const INVITE: &str = "/hackathons/low-tide/staff-invitations";
const API: &str = "/api/v1/hackathons/low-tide/staff-invitations";
const ADDRESS: &str = "marit@harbor.example";

/// Lets a person invite an address on the page; returns the path of the invitation.
async fn invited(
    app: &TestApp,
    mailbox: &Mailbox,
    login: &str,
    address: &str,
    role: &str,
) -> String {
    let organizer = app.browser_of(login).await;
    let form = [("address", address), ("invited_role", role)];
    assert_eq!(organizer.post(INVITE, &form).await.location(), STAFF);
    newest(app, mailbox).await
}

/// Returns the path of the newest invitation.
async fn newest(app: &TestApp, mailbox: &Mailbox) -> String {
    app.work().await;
    let link = mailbox.link(&format!("{}/hackathon-invitations/", app.server.post.site));
    app.path(&link).to_owned()
}

/// Requests a sign-in link for an address; returns its path.
async fn sign_in_link(
    app: &TestApp,
    mailbox: &Mailbox,
    browser: &Browser<'_>,
    address: &str,
    back: &str,
) -> String {
    let asked = browser.post("/sign-in/email", &[("address", address), ("return", back)]).await;
    assert_eq!(asked.location(), "/sign-in/email");
    app.work().await;
    app.path(&mailbox.link(&format!("{}/sign-in/email/", app.server.post.site))).to_owned()
}

async fn role_of(app: &TestApp, login: &str) -> Option<StaffRole> {
    let id: HackathonId = app.hackathon_view(SLUG).await.key();
    let person = app.person_id(login).await.into();
    reads::role_in(&app.context().db, id, person).await.expect("read")
}

async fn ends(browser: &Browser<'_>, path: &str, words: &str) {
    for answer in [browser.get(path).await, browser.post(path, &[]).await] {
        answer.refuses(409, "STAFF_INVITATION_ENDED", words);
    }
}

/// Starts a server with a hackathon of `organizer`, and `marit-s`, who verified the address.
async fn scene() -> (TestApp, Mailbox) {
    let (app, mailbox) = TestApp::mailing().await;
    assert_eq!(app.hackathon(november()).await, SLUG);
    app.hacker("marit-s").await;
    app.verify_as("marit-s", ADDRESS).await;
    (app, mailbox)
}

#[tokio::test]
async fn an_invited_judge_accepts_by_the_email_alone_and_judges() {
    let (mut app, mailbox) = TestApp::mailing().await;
    app.may_leave_work();
    app.judged(2, 0).await;
    set_judging(app.context(), Operator, SLUG, &rubric(1)).await.expect("criteria");
    let path = invited(&app, &mailbox, "organizer", " Marit@Harbor.example", "judge").await;
    let subject = "Marit@Harbor.example: You are invited to judge Low Tide";
    assert_eq!(mailbox.subjects().pop().as_deref(), Some(subject));
    let organizer = app.browser_of("organizer").await;
    assert!(organizer.get(STAFF).await.text.contains("Marit@Harbor.example"));
    let marit = Browser::new(&app);
    let people = "SELECT count(*) FROM users";
    let before = app.count(people).await;
    // Programs that open links change nothing, nor do other sites.
    for _ in 0..2 {
        let page = marit.get(&path).await;
        let button = "Accept as <bdi>Marit@Harbor.example</bdi>";
        assert!(page.status == 200 && page.text.contains(button), "{}", page.text);
        assert!(page.text.contains("Judge Low Tide"), "{}", page.text);
    }
    marit.post_from("cross-site", &path, &[]).await.refuses(403, "CROSS_SITE_REQUEST", "");
    assert_eq!((app.count(people).await, marit.cookie(SESSION)), (before, None));
    assert_eq!(marit.post(&path, &[]).await.location(), "/hackathons/low-tide");
    assert!(marit.cookie(SESSION).is_some());
    assert_eq!(marit.json("/api/v1/me").await["login"], "member.id");
    assert_eq!(role_of(&app, "member.id").await, Some(StaffRole::Judge));
    let own = "/api/v1/me/hackathons/low-tide/judging";
    let next = marit.call("POST", own, Some(&json!({}))).await;
    assert_eq!(next.status, 200, "{}", next.text);
    // The link works once, and the address is forgotten.
    ends(&marit, &path, "already accepted").await;
    let other = Browser::new(&app);
    assert!(other.get(&path).await.location().starts_with("/sign-in?return="));
    assert_eq!(other.post(&path, &[]).await.status, 401);
    assert_eq!(app.count(people).await, before + 1);
    let list = organizer.get(STAFF).await.text;
    assert!(list.contains("member.id") && !list.contains("Harbor.example"), "{list}");
    let stored = "SELECT count(*) FROM staff_invitations WHERE address IS NOT NULL";
    assert_eq!(app.count(stored).await, 0);
    let mails = "SELECT count(*) FROM outbox_messages WHERE kind = 'staff_invitation'";
    assert_eq!(app.count(mails).await, 0);
    app.finish().await;
}

#[tokio::test]
async fn after_a_week_an_invited_person_signs_in_first() {
    let (app, mailbox) = scene().await;
    let address = "guest@harbor.example";
    let path = invited(&app, &mailbox, "organizer", address, "judge").await;
    app.clock.advance(TimeDelta::days(7));
    let guest = Browser::new(&app);
    assert!(guest.get(&path).await.location().starts_with("/sign-in?return="));
    assert_eq!(guest.post(&path, &[]).await.status, 401);
    let link = sign_in_link(&app, &mailbox, &guest, address, &path).await;
    assert_eq!(guest.post(&link, &[]).await.location(), path);
    let page = guest.get(&path).await;
    assert!(page.status == 200 && page.text.contains("Judge Low Tide"), "{}", page.text);
    assert!(!page.text.contains("Accept as"), "{}", page.text);
    assert_eq!(guest.post(&path, &[]).await.location(), "/hackathons/low-tide");
    assert_eq!(role_of(&app, "member.id").await, Some(StaffRole::Judge));
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn an_account_with_the_address_accepts_by_email_and_owes_its_second_factor() {
    let (app, mailbox) = scene().await;
    let owner = app.browser_with("marit-s", Role::Moderator).await;
    app.second_factor(&owner).await;
    app.work().await;
    let path = invited(&app, &mailbox, "organizer", ADDRESS, "mentor").await;
    let marit = Browser::new(&app);
    let people = "SELECT count(*) FROM users";
    let before = app.count(people).await;
    assert_eq!(marit.post(&path, &[]).await.location(), "/hackathons/low-tide");
    assert_eq!(marit.json("/api/v1/me").await["login"], "marit-s");
    assert_eq!(app.count(people).await, before);
    assert_eq!(role_of(&app, "marit-s").await, Some(StaffRole::Mentor));
    let asked = marit.get("/admin/people").await.location().to_owned();
    assert!(asked.starts_with("/sign-in/second-factor?return_to="), "{asked}");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn an_email_signs_no_one_in_who_cannot_accept() {
    let (app, mailbox) = scene().await;
    let context = app.context();
    let path = invited(&app, &mailbox, "organizer", ADDRESS, "judge").await;
    let marit = Browser::new(&app);
    app.ban("marit-s").await;
    marit.post(&path, &[]).await.refuses(403, "BANNED", "/me/standing");
    app.unban("marit-s").await;
    app.clock.advance(TimeDelta::minutes(1));
    app.applied(SLUG, "marit-s").await;
    marit.post(&path, &[]).await.refuses(409, "STAFF_CANNOT_APPLY", "Withdraw your application");
    cancel(context, Operator, SLUG, "The harbor is closed.").await.expect("canceled");
    for answer in [marit.get(&path).await, marit.post(&path, &[]).await] {
        answer.refuses(409, "STAFF_INVITATION_ENDED", "is over");
    }
    assert!(marit.cookie(SESSION).is_none());
    assert_eq!(role_of(&app, "marit-s").await, None);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn of_two_browsers_at_once_one_accepts_and_gets_the_account() {
    let (app, mailbox) = scene().await;
    let path = invited(&app, &mailbox, "organizer", "guest@harbor.example", "mentor").await;
    let people = "SELECT count(*) FROM users";
    let before = app.count(people).await;
    let (one, two) = (Browser::new(&app), Browser::new(&app));
    let both = tokio::join!(one.post(&path, &[]), two.post(&path, &[]));
    let mut came = [both.0.status.as_u16(), both.1.status.as_u16()];
    came.sort_unstable();
    assert!(came[0] == 303 && came[1] >= 400 && came[1] < 500, "{came:?}");
    assert_eq!(app.count(people).await, before + 1);
    assert_eq!(role_of(&app, "member.id").await, Some(StaffRole::Mentor));
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_forwarded_invitation_is_worth_nothing_to_another_account() {
    let (app, mailbox) = scene().await;
    let path = invited(&app, &mailbox, "organizer", ADDRESS, "organizer").await;
    let friend = app.browser_of("bo").await;
    for _ in 0..2 {
        for answer in [friend.get(&path).await, friend.post(&path, &[]).await] {
            answer.refuses(404, "INVITED_ADDRESS_NOT_VERIFIED", "has not verified");
            let shown = answer.text.contains("marit@") || answer.text.contains("Low Tide");
            assert!(!shown, "{}", answer.text);
        }
        // Nor does an address of their own help.
        app.change("DELETE FROM user_emails WHERE address LIKE 'bo@%'").await.expect("none");
        app.verify_address("bo").await;
    }
    assert_eq!(role_of(&app, "bo").await, None);
    let marit = app.browser_of("marit-s").await;
    let both = tokio::join!(marit.post(&path, &[]), marit.post(&path, &[]));
    let mut statuses = [both.0.status.as_u16(), both.1.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    assert_eq!(role_of(&app, "marit-s").await, Some(StaffRole::Organizer));
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn an_invitation_is_worth_what_its_sender_may_grant() {
    for case in ["demoted", "removed", "banned", "closed", "no longer an admin"] {
        let (app, mailbox) = scene().await;
        let context = app.context();
        app.hacker("bo").await;
        if case == "no longer an admin" {
            app.browser_with("bo", Role::Admin).await;
            app.browser_with("adm", Role::Admin).await;
        } else {
            add_staff(context, Operator, SLUG, "bo", StaffRole::Organizer).await.expect("added");
        }
        let path = invited(&app, &mailbox, "bo", ADDRESS, "judge").await;
        let marit = app.browser_of("marit-s").await;
        assert_eq!(marit.get(&path).await.status, 200, "{case}");
        app.clock.advance(TimeDelta::minutes(1));
        match case {
            "demoted" => {
                let demoted = add_staff(context, Operator, SLUG, "bo", StaffRole::Mentor).await;
                demoted.map(drop).expect(case);
            }
            "removed" => {
                remove_staff(context, Operator, SLUG, "bo").await.map(drop).expect(case);
            }
            "banned" => app.ban("bo").await,
            "closed" => {
                let bo = app.browser_of("bo").await;
                let closed = bo.post("/settings/account/close", &[("login", "bo")]).await;
                assert_eq!(closed.location(), "/");
            }
            _ => grant_role(context, Operator, "bo", Role::User).await.map(drop).expect(case),
        }
        app.work().await;
        ends(&marit, &path, "invitation").await;
        // One that was not revoked gives nothing either, and lets no one create an account.
        let reopened =
            format!("UPDATE staff_invitations SET revoked_at = NULL, address = '{ADDRESS}'");
        app.change(&reopened).await.expect("changed");
        ends(&marit, &path, "may no longer add people").await;
        let tx = context.begin().await.expect("a transaction");
        assert!(!reads::invites(&tx, ADDRESS, context.now()).await.expect("read"), "{case}");
        drop(tx);
        assert_eq!(role_of(&app, "marit-s").await, None, "{case}");
        app.work().await;
        app.finish().await;
    }
}

#[tokio::test]
async fn withdrawn_replaced_and_expired_invitations_and_those_of_events_that_are_over_end() {
    let (app, mailbox) = scene().await;
    let (marit, organizer) = (app.browser_of("marit-s").await, app.browser_of("organizer").await);
    let first = invited(&app, &mailbox, "organizer", ADDRESS, "judge").await;
    // Inviting the same address again, or sending it again, replaces it.
    let second = invited(&app, &mailbox, "organizer", "MARIT@harbor.example", "mentor").await;
    ends(&marit, &first, "replaced by a newer one").await;
    let id = |list: &serde_json::Value| list["items"][0]["id"].as_str().expect("one").to_owned();
    let open = id(&organizer.json(API).await);
    assert_eq!(organizer.post(&format!("{INVITE}/{open}/send"), &[]).await.location(), STAFF);
    let third = newest(&app, &mailbox).await;
    ends(&marit, &second, "replaced by a newer one").await;
    let page = marit.get(&third).await;
    assert!(page.text.contains("Be a mentor at Low Tide"), "{}", page.text);
    let again = organizer.post(&format!("{INVITE}/{open}/send"), &[]).await;
    again.refuses(404, "NOT_FOUND", "Unknown invitation");
    let open = id(&organizer.json(API).await);
    let withdraw = format!("{INVITE}/{open}/withdraw");
    for _ in 0..2 {
        assert_eq!(organizer.post(&withdraw, &[]).await.location(), STAFF);
    }
    ends(&marit, &third, "was withdrawn").await;
    let acts =
        "SELECT count(*) FROM audit_logs WHERE action = 'hackathon.withdraw_staff_invitation'";
    assert_eq!(app.count(acts).await, 1);
    let fourth = invited(&app, &mailbox, "organizer", ADDRESS, "judge").await;
    assert_eq!(app.run_schedule("StaffInvitationRetention").await, "0 addresses");
    app.clock.advance(TimeDelta::days(30));
    ends(&app.browser_of("marit-s").await, &fourth, "has expired").await;
    assert_eq!(
        app.count("SELECT count(*) FROM staff_invitations WHERE address IS NOT NULL").await,
        1
    );
    app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(app.run_schedule("StaffInvitationRetention").await, "1 address");
    let fifth = invited(&app, &mailbox, "organizer", ADDRESS, "judge").await;
    cancel(app.context(), Operator, SLUG, "The harbor is closed.").await.expect("canceled");
    ends(&app.browser_of("marit-s").await, &fifth, "is over").await;
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn e_mails_to_an_address_and_open_invitations_are_limited() {
    let (app, _mailbox) = scene().await;
    let organizer = app.browser_of("organizer").await;
    let form = [("address", ADDRESS), ("invited_role", "judge")];
    for _ in 0..TO_ADDRESS {
        assert_eq!(organizer.post(INVITE, &form).await.location(), STAFF);
    }
    let refused = organizer.post(INVITE, &form).await;
    refused.refuses_form(429, None, "Try again tomorrow");
    assert!(refused.text.contains(ADDRESS), "{}", refused.text);
    let (context, post) = (app.context(), &app.server.post);
    for number in 1..100 {
        let address = format!("judge-{number}@harbor.example");
        let sent = invite_staff(context, post, Operator, SLUG, &address, StaffRole::Judge).await;
        sent.expect("invited");
    }
    let role = StaffRole::Judge;
    let other = invite_staff(context, post, Operator, SLUG, "more@harbor.example", role).await;
    assert_eq!(code(other), "TOO_MANY_STAFF_INVITATIONS");
    let same = invite_staff(context, post, Operator, SLUG, "judge-1@harbor.example", role).await;
    same.expect("replaced");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn an_invitation_neither_changes_a_role_nor_lets_participants_judge() {
    let (app, _mailbox) = scene().await;
    let context = app.context();
    let marit = app.person_id("marit-s").await.into();
    app.applied(SLUG, "marit-s").await;
    let judge = app.invites(Operator, SLUG, ADDRESS, StaffRole::Judge).await;
    let refused = accept_staff_invitation(context, marit, &judge.token).await;
    assert_eq!(code(refused), "STAFF_CANNOT_APPLY");
    let mentor = app.invites(Operator, SLUG, ADDRESS, StaffRole::Mentor).await;
    accept_staff_invitation(context, marit, &mentor.token).await.expect("a mentor");
    let organizer = app.person_id("organizer").await.into();
    app.verify_as("organizer", "organizer@harbor.example").await;
    let role = StaffRole::Mentor;
    let own = app.invites(Operator, SLUG, "organizer@harbor.example", role).await;
    let refused = accept_staff_invitation(context, organizer, &own.token).await;
    assert_eq!(code(refused), "ALREADY_IN_STAFF");
    assert_eq!(role_of(&app, "organizer").await, Some(StaffRole::Organizer));
    // What was sent to them before their removal does not let them return.
    let back = app.invites(Operator, SLUG, ADDRESS, StaffRole::Organizer).await;
    remove_staff(context, Operator, SLUG, "marit-s").await.expect("removed");
    let refused = accept_staff_invitation(context, marit, &back.token).await;
    assert_eq!(code(refused), "STAFF_INVITATION_ENDED");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn organizers_invite_by_api() {
    let (app, mailbox) = scene().await;
    let organizer = app.browser_of("organizer").await;
    let body = |address: &str, role: &str| json!({ "address": address, "role": role });
    let sent = organizer.call("POST", API, Some(&body(ADDRESS, "judge"))).await;
    assert_eq!(sent.status, 201, "{}", sent.text);
    let sent = sent.json();
    let listed = organizer.json(API).await;
    assert_eq!(listed["items"], json!([sent]));
    assert_eq!((&sent["role"], &sent["invited_by"]), (&json!("judge"), &json!("organizer")));
    let wrong =
        [(body("marit", "judge"), "NOT_AN_EMAIL"), (body(ADDRESS, "chair"), "BAD_HACKATHON")];
    for (wrong, code) in wrong {
        organizer.call("POST", API, Some(&wrong)).await.refuses(422, code, "");
    }
    let path = newest(&app, &mailbox).await;
    let stranger = app.browser_of("bo").await;
    assert_eq!(stranger.call("GET", API, None).await.status, 403);
    let one = format!("{API}/{}", sent["id"].as_str().expect("an ID"));
    for _ in 0..2 {
        assert_eq!(organizer.call("DELETE", &one, None).await.status, 204);
    }
    ends(&app.browser_of("marit-s").await, &path, "was withdrawn").await;
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn without_e_mail_no_one_is_invited() {
    let app = TestApp::start().await;
    app.hackathon(november()).await;
    let organizer = app.browser_of("organizer").await;
    let page = organizer.get(STAFF).await.text;
    assert!(!page.contains("Invite by email"), "{page}");
    let form = [("address", ADDRESS), ("invited_role", "judge")];
    let refused = organizer.post(INVITE, &form).await;
    refused.refuses(409, "", "cannot send email");
    app.finish().await;
}

#[tokio::test]
async fn the_flag_is_asked_for_the_invited_person() {
    let (app, mailbox) = scene().await;
    let path = invited(&app, &mailbox, "organizer", ADDRESS, "judge").await;
    let marit = app.browser_of("marit-s").await;
    let off = FlagChange { enabled: Some(false), ..FlagChange::default() };
    flags::change(app.context(), Operator, FLAG.name, off, "to try").await.expect("changed");
    for answer in [marit.get(&path).await, marit.post(&path, &[]).await] {
        assert_eq!(answer.status, 404, "{}", answer.text);
    }
    assert_eq!(role_of(&app, "marit-s").await, None);
    // No account is created for what no one has.
    app.change("DELETE FROM user_emails").await.expect("none");
    let visitor = Browser::new(&app);
    assert!(visitor.get(&path).await.location().starts_with("/sign-in?return="));
    assert_eq!(visitor.post(&path, &[]).await.status, 401);
    let mails = mailbox.subjects().len();
    let asked = Browser::new(&app).post("/sign-in/email", &[("address", ADDRESS)]).await;
    assert_eq!(asked.location(), "/sign-in/email");
    app.work().await;
    assert_eq!(mailbox.subjects().len(), mails);
    app.finish().await;
}

#[tokio::test]
async fn titles_that_lead_elsewhere_are_not_in_the_e_mail() {
    let (app, mailbox) = TestApp::mailing().await;
    let title = Some("Win at prize.example".to_owned());
    let details = hackathons::rules::details::HackathonInput { title, ..november() };
    let slug = app.hackathon(details).await;
    app.invites(Operator, &slug, ADDRESS, StaffRole::Organizer).await;
    app.work().await;
    let taken = mailbox.taken();
    let content = &taken.last().expect("an email").content;
    assert_eq!(content.subject, "You are invited to organize a hackathon");
    assert!(!content.text.contains("prize"), "{}", content.text);
    app.finish().await;
}

#[tokio::test]
async fn an_erased_person_is_in_no_invitation() {
    let (app, _mailbox) = scene().await;
    let (context, sender) = (app.context(), app.hacker("bo").await);
    add_staff(context, Operator, SLUG, "bo", StaffRole::Organizer).await.expect("added");
    let by_bo = app.invites(Person(sender.0), SLUG, "other@harbor.example", StaffRole::Judge).await;
    let to_marit = app.invites(Operator, SLUG, ADDRESS, StaffRole::Judge).await;
    app.work().await;
    for login in ["bo", "marit-s"] {
        let person = app.person_id(login).await.into();
        let tx = context.begin().await.expect("a transaction");
        erase(&tx, context, person).await.expect("erased");
        tx.commit().await.expect("committed");
    }
    for rest in [
        "SELECT count(*) FROM staff_invitations WHERE address IS NOT NULL OR revoked_at IS NULL \
         OR invited_by_id IS NOT NULL",
        "SELECT count(*) FROM outbox_messages WHERE kind = 'staff_invitation'",
    ] {
        assert_eq!(app.count(rest).await, 0, "{rest}");
    }
    let cy = app.hacker("cy").await;
    for token in [by_bo.token, to_marit.token] {
        let refused = accept_staff_invitation(context, cy, &token).await;
        assert_eq!(code(refused), "STAFF_INVITATION_ENDED");
    }
    app.work().await;
    app.finish().await;
}
