//! Coaches: invitations, approval, sharing of a roster, and its last coach.

use ctf::{
    actions::{
        accept_coach_link, accept_roster_link, change_coach_role, invite_coach, leave_roster,
        remove_roster_coach, set_coach_approved,
    },
    model::RosterRole,
    reads,
    rules::rosters::CoachInput,
};
use identity::model::Role;
use platform::{ActionError, audit::Actor::Operator};

use super::scene::harbor;
use crate::app::TestApp;

pub(super) fn code<T: std::fmt::Debug>(result: Result<T, ActionError>) -> &'static str {
    match result.expect_err("refused") {
        ActionError::Refused(problem) => problem.code,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn an_invited_person_becomes_an_approved_coach() {
    let (app, mailbox) = TestApp::mailing().await;
    let admin = app.browser_with("admin", Role::Admin).await;
    let sent = admin.post("/admin/ctf", &[("email", "marit@harbor.example")]).await;
    assert_eq!(sent.location(), "/admin/ctf");
    app.work().await;
    assert_eq!(mailbox.subjects(), ["marit@harbor.example: You are invited to become a coach"]);
    let link = mailbox.link(&app.server.post.site);
    let path = app.path(&link).to_owned();
    let list = admin.get("/admin/ctf").await.text;
    assert!(list.contains("marit@harbor.example"), "{list}");

    let marit = app.browser_of("marit-s").await;
    app.verify_as("marit-s", "marit@harbor.example").await;
    let page = marit.get(&path).await;
    assert!(page.text.contains("Become a coach"), "{}", page.text);
    let refused = marit.post(&path, &[("school", "Harbor High")]).await;
    refused.refuses_form(422, Some("division"), "Choose middle school");
    let details = [("school", "Harbor High"), ("division", "high_school"), ("region", "Texas")];
    assert_eq!(marit.post(&path, &details).await.location(), "/ctf");
    let home = marit.get("/ctf").await.text;
    assert!(home.contains("You are now a coach"), "{home}");
    assert!(home.contains("No rosters yet"), "{home}");
    let list = admin.get("/admin/ctf").await.text;
    assert!(list.contains("marit-s") && list.contains("Approved"), "{list}");
    assert!(!list.contains("marit@harbor.example"), "the address is forgotten");
    app.finish().await;
}

#[tokio::test]
async fn invitations_to_coaches_are_refused_with_the_reason() {
    let app = TestApp::start().await;
    let (context, post) = (app.context(), &app.server.post);
    let refused = invite_coach(context, post, Operator, "marit").await;
    assert_eq!(code(refused), "NOT_AN_EMAIL");
    let refused = invite_coach(context, post, Operator, "marit@harbor.example").await;
    assert_eq!(code(refused), "CTF_NO_EMAIL");
    let person = app.ctf_person("marit-s").await;
    let token = app.coach_token().await;
    let empty = CoachInput::default();
    let refused = accept_coach_link(context, person, &token, &empty).await;
    assert_eq!(code(refused), "BAD_ROSTER");
    accept_coach_link(context, person, &token, &harbor()).await.expect("a coach");
    let again = app.coach_token().await;
    let refused = accept_coach_link(context, person, &again, &harbor()).await;
    assert_eq!(code(refused), "ALREADY_COACH");
    app.finish().await;
}

#[tokio::test]
async fn a_suspended_coach_sees_no_roster_until_approved_again() {
    let app = TestApp::start().await;
    let (coach, roster) = app.roster("marit-s").await;
    let page = format!("/ctf/rosters/{roster}/coaches");
    let marit = app.browser_of("marit-s").await;
    assert_eq!(marit.get(&page).await.status, 200);
    let admin = app.browser_with("admin", Role::Admin).await;
    let suspend = format!("/admin/ctf/coaches/{coach}/suspend");
    assert!(admin.get(&suspend).await.text.contains("Suspend marit-s?"));
    assert_eq!(admin.post(&suspend, &[]).await.location(), "/admin/ctf");
    assert_eq!(marit.get(&page).await.status, 404);
    let home = marit.get("/ctf").await.text;
    assert!(home.contains("suspended") && !home.contains("Harbor Owls"), "{home}");
    marit.get("/ctf/rosters/new").await.refuses(403, "COACH_REQUIRED", "Only approved coaches");
    let list = admin.get("/admin/ctf").await.text;
    assert!(list.contains("Rosters without a coach"), "{list}");
    // An invitation that was made before does not lift the suspension.
    let person = app.person_id("marit-s").await.into();
    let token = app.coach_token().await;
    let refused = accept_coach_link(app.context(), person, &token, &harbor()).await;
    assert_eq!(code(refused), "ALREADY_COACH");
    let approve = format!("/admin/ctf/coaches/{coach}/approve");
    assert_eq!(admin.post(&approve, &[]).await.location(), "/admin/ctf");
    assert_eq!(marit.get(&page).await.status, 200);
    let unknown = set_coach_approved(app.context(), Operator, roster.0.into(), true).await;
    assert_eq!(code(unknown), "NOT_FOUND");
    app.finish().await;
}

#[tokio::test]
async fn a_roster_is_shared_with_an_assistant_who_cannot_change_it() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    app.coach("tomas-b").await;
    let marit = app.browser_of("marit-s").await;
    let page = format!("/ctf/rosters/{roster}/coaches");
    let shared = marit.post(&page, &[("role", "assistant"), ("email", "")]).await;
    assert_eq!(shared.status, 200);
    let (_, rest) = shared.text.split_once("/ctf/links/").expect("a link");
    let (token, _) = rest.split_once('<').expect("its end");
    crate::app::logs::plant(token);
    let path = format!("/ctf/links/{token}");
    let tomas = app.browser_of("tomas-b").await;
    let shown = tomas.get(&path).await.text;
    assert!(shown.contains("Assist the coaches of Harbor Owls"), "{shown}");
    let accepted = tomas.post(&path, &[]).await;
    assert_eq!(accepted.location(), format!("/ctf/rosters/{roster}"));
    assert!(tomas.get(&page).await.text.contains("tomas-b"));
    let settings = format!("/ctf/rosters/{roster}/settings");
    assert!(!tomas.get(&settings).await.text.contains("Save changes"));
    for path in ["settings", "coaches", "archive", "new-year", "join-link"] {
        let path = format!("/ctf/rosters/{roster}/{path}");
        tomas.post(&path, &[]).await.refuses(403, "ROSTER_COACH_REQUIRED", "Assistants can see");
    }
    assert_eq!(tomas.get(&path).await.status, 410, "a link works once");
    app.finish().await;
}

#[tokio::test]
async fn only_approved_coaches_accept_a_shared_roster_and_only_once() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let stranger = app.ctf_person("wren-oak").await;
    let token = app.share_token(roster, RosterRole::Coach).await;
    let refused = accept_roster_link(app.context(), stranger, &token).await;
    assert_eq!(code(refused), "COACH_REQUIRED");
    let marit = app.person_id("marit-s").await.into();
    let refused = accept_roster_link(app.context(), marit, &token).await;
    assert_eq!(code(refused), "ALREADY_COACH");
    app.coach("tomas-b").await;
    let tomas = app.person_id("tomas-b").await.into();
    accept_roster_link(app.context(), tomas, &token).await.expect("still usable");
    let refused = accept_roster_link(app.context(), tomas, &token).await;
    assert_eq!(code(refused), "CTF_LINK_ENDED");
    app.finish().await;
}

#[tokio::test]
async fn the_last_coach_hands_over_before_leaving() {
    let app = TestApp::start().await;
    let (coach, roster) = app.roster("marit-s").await;
    let other = app.shared_with(roster, "tomas-b", RosterRole::Assistant).await;
    let marit = app.person_id("marit-s").await;
    let (context, actor) = (app.context(), app.actor("marit-s").await);
    assert_eq!(code(leave_roster(context, marit, roster).await), "LAST_COACH");
    let refused = remove_roster_coach(context, Operator, roster, coach).await;
    assert_eq!(code(refused), "LAST_COACH");
    let assistant = RosterRole::Assistant;
    let refused = change_coach_role(context, actor, roster, coach, assistant).await;
    assert_eq!(code(refused), "LAST_COACH");
    change_coach_role(context, actor, roster, other, RosterRole::Coach).await.expect("handed over");
    leave_roster(context, marit, roster).await.expect("left");
    let left = reads::roster_coaches(&context.db, roster).await.expect("read");
    let logins: Vec<&str> = left.iter().map(|row| row.coach.login.as_str()).collect();
    assert_eq!(logins, ["tomas-b"]);
    let refused = remove_roster_coach(context, Operator, roster, coach).await;
    assert_eq!(code(refused), "NOT_FOUND");
    let browser = app.browser_of("marit-s").await;
    let page = format!("/ctf/rosters/{roster}/coaches");
    assert_eq!(browser.get(&page).await.status, 404);
    app.finish().await;
}

#[tokio::test]
async fn a_suspended_coach_does_not_count_as_the_other_coach() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let other = app.shared_with(roster, "tomas-b", RosterRole::Coach).await;
    set_coach_approved(app.context(), Operator, other, false).await.expect("suspended");
    let marit = app.person_id("marit-s").await;
    let refused = leave_roster(app.context(), marit, roster).await;
    assert_eq!(code(refused), "LAST_COACH");
    app.finish().await;
}

#[tokio::test]
async fn of_coaches_who_leave_at_once_one_stays() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach-0").await;
    for number in 1..6 {
        let login = format!("coach-{number}");
        app.shared_with(roster, &login, RosterRole::Coach).await;
    }
    let mut people = Vec::new();
    for number in 0..6 {
        people.push(app.person_id(&format!("coach-{number}")).await);
    }
    let leaving = people.into_iter().map(|person| leave_roster(app.context(), person, roster));
    let outcomes = futures_util::future::join_all(leaving).await;
    let refused: Vec<_> = outcomes.into_iter().filter(Result::is_err).collect();
    assert_eq!(refused.len(), 1, "{refused:?}");
    for outcome in refused {
        assert_eq!(code(outcome), "LAST_COACH");
    }
    let left = "SELECT count(*) FROM roster_coaches WHERE role = 'coach'";
    assert_eq!(app.count(left).await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_person_reads_how_to_take_part() {
    let app = TestApp::start().await;
    let wren = app.browser_of("wren-oak").await;
    let home = wren.get("/ctf").await.text;
    for part in ["You are not on a CTF team yet", "join link", "ask an admin"] {
        assert!(home.contains(part), "{part}: {home}");
    }
    app.finish().await;
}
