//! Places, teams and texts stay consistent when organizers change their mind.

use hackathons::{
    actions::{
        self, DecidedApplication, NewDecision, add_staff, apply, decide, edit_hackathon,
        replace_invite_code, withdraw,
    },
    model::{ApplicationId, ApplicationStatus, StaffRole, TeamRole},
    reads,
    rules::{applications::Decision, details::HackathonInput},
};
use platform::{ActionError, audit::Actor::Operator};

use super::scene::{application, code, november, with_places};
use crate::app::{TestApp, at};

fn given(places: &str, capacity: i64) -> HackathonInput {
    HackathonInput { places: Some(places.to_owned()), ..with_places(capacity) }
}

impl TestApp {
    async fn decides_on(
        &self,
        slug: &str,
        decision: Decision,
        id: ApplicationId,
    ) -> Result<DecidedApplication, ActionError> {
        let new = NewDecision { decision, applications: vec![id], reason: String::new() };
        decide(self.context(), Operator, slug, &new).await
    }

    async fn edits_event(&self, slug: &str, change: &HackathonInput) {
        edit_hackathon(self.context(), Operator, slug, change).await.expect("edited");
    }
}

#[tokio::test]
async fn a_judge_is_not_approved() {
    let app = TestApp::start().await;
    let slug = app.hackathon(given("review", 2)).await;
    let id = app.applied(&slug, "ada").await.key();
    app.decides_on(&slug, Decision::Reject, id).await.expect("rejected");
    add_staff(app.context(), Operator, &slug, "ada", StaffRole::Judge).await.expect("a judge");
    let refused = app.decides_on(&slug, Decision::Approve, id).await;
    assert_eq!(code(refused), "STAFF_CANNOT_APPLY");
    assert_eq!(app.status_of(&slug, "ada").await, ApplicationStatus::Rejected);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_change_of_how_places_are_given_passes_no_one() {
    use ApplicationStatus::{Approved, AutoAccepted, PendingReview, Waitlisted};
    let app = TestApp::start().await;
    let slug = app.hackathon(given("review", 1)).await;
    for login in ["one", "two"] {
        assert_eq!(app.applied(&slug, login).await.status, PendingReview);
    }
    app.edits_event(&slug, &given("automatic", 1)).await;
    app.applied(&slug, "late").await;
    for (login, status) in [("one", AutoAccepted), ("two", Waitlisted), ("late", Waitlisted)] {
        assert_eq!(app.status_of(&slug, login).await, status, "{login}");
    }
    // Back to reviews: more places do not approve people whom no one reviewed.
    app.edits_event(&slug, &given("review", 1)).await;
    app.edits_event(&slug, &given("review", 3)).await;
    assert_eq!(app.status_of(&slug, "two").await, PendingReview);
    let person = app.person_id("late").await.into();
    let hackathon = app.hackathon_view(&slug).await.key();
    let late = reads::application(&app.context().db, hackathon, person).await;
    let late = late.expect("read").expect("applied").key();
    app.decides_on(&slug, Decision::Approve, late).await.expect("approved");
    assert_eq!(app.status_of(&slug, "late").await, Approved);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn an_approval_counts_a_place_that_is_given_at_once() {
    let app = TestApp::start().await;
    let slug = app.hackathon(given("review", 1)).await;
    let mut ids = Vec::new();
    for login in ["ada", "bo", "cy"] {
        ids.push(app.applied(&slug, login).await.key());
    }
    for id in &ids[..2] {
        app.decides_on(&slug, Decision::Approve, *id).await.expect("approved");
    }
    // Two places become free without a turn of the waitlist.
    app.change("UPDATE hackathons SET capacity = 3").await.expect("changed");
    let decided = app.decides_on(&slug, Decision::Approve, ids[2]).await;
    let decided = decided.expect("approved");
    assert_eq!((decided.accepted, decided.waitlisted), (1, 0));
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn after_submissions_close_only_free_places_are_given() {
    let app = TestApp::start().await;
    let slug = app.hackathon(given("review", 1)).await;
    let mut ids = Vec::new();
    for login in ["ada", "bo"] {
        ids.push(app.applied(&slug, login).await.key());
    }
    app.clock.set(at("2026-11-22T18:00:00Z"));
    let first = app.decides_on(&slug, Decision::Approve, ids[0]).await;
    assert_eq!(first.expect("a free place").accepted, 1);
    let refused = app.decides_on(&slug, Decision::Approve, ids[1]).await;
    assert_eq!(code(refused), "PLACES_TAKEN");
    assert_eq!(app.status_of(&slug, "bo").await, ApplicationStatus::PendingReview);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_smaller_team_gets_its_places_at_once() {
    let app = TestApp::start().await;
    let slug = app.hackathon(with_places(1)).await;
    for login in ["one", "pair-a", "pair-b"] {
        app.applied(&slug, login).await;
    }
    let gannet = app.team_of(&slug, "pair-a", "Gannet").await;
    app.joins(&gannet, "pair-b").await.expect("joined");
    let one = app.person_id("one").await.into();
    withdraw(app.context(), one, &slug).await.expect("withdrawn");
    let waits = app.status_of(&slug, "pair-a").await;
    assert_eq!(waits, ApplicationStatus::Waitlisted);
    let leaver = app.person_id("pair-b").await.into();
    actions::leave_team(app.context(), leaver, &slug).await.expect("left");
    let has = app.status_of(&slug, "pair-a").await;
    assert_eq!(has, ApplicationStatus::AutoAccepted);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn the_first_to_join_a_team_that_everyone_left_leads_it() {
    let app = TestApp::start().await;
    let slug = app.hackathon(november()).await;
    for login in ["ada", "bo"] {
        app.applied(&slug, login).await;
    }
    let gannet = app.team_of(&slug, "ada", "Gannet").await;
    let ada = app.person_id("ada").await.into();
    actions::leave_team(app.context(), ada, &slug).await.expect("left");
    app.joins(&gannet, "bo").await.expect("joined");
    let id = app.hackathon_view(&slug).await.key();
    let bo = app.person_id("bo").await.into();
    let own = reads::team_of(&app.context().db, id, bo).await;
    assert_eq!(own.expect("read").expect("a team").1, TeamRole::Leader);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_person_who_withdrew_needs_the_current_invitation() {
    let app = TestApp::start().await;
    let private = HackathonInput { visibility: Some("private".to_owned()), ..november() };
    let slug = app.hackathon(private).await;
    let former = app.hackathon_view(&slug).await.invite_code;
    let person = app.hacker("ada").await;
    let send = async |code: &str| apply(app.context(), person, &slug, code, &application()).await;
    send(&former).await.expect("applied");
    withdraw(app.context(), person, &slug).await.expect("withdrawn");
    let current = replace_invite_code(app.context(), Operator, &slug).await;
    let current = current.expect("a code");
    assert_eq!(code(send(&former).await), "NOT_FOUND");
    let page = format!("/hackathons/{slug}");
    let browser = app.browser_of("ada").await;
    assert_eq!(browser.get(&page).await.status, 404);
    send(&current).await.expect("applied again");
    assert_eq!(browser.get(&page).await.status, 200);
    // Organizers invited the staff by its role.
    let mentor = app.hacker("mia").await;
    add_staff(app.context(), Operator, &slug, "mia", StaffRole::Mentor).await.expect("a mentor");
    apply(app.context(), mentor, &slug, "", &application()).await.expect("applied");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn an_earlier_revision_is_not_saved_over_a_later_one() {
    let app = TestApp::start().await;
    let mut precise = november();
    precise.dates[3] = Some("2026-11-22T18:00:42Z".to_owned());
    let slug = app.hackathon(precise).await;
    let before = app.hackathon_view(&slug).await;
    let organizer = app.browser_of("organizer").await;
    let path = format!("/hackathons/{slug}/edit");
    let revision = before.sequence.to_string();
    let form = [
        ("title", "Low Tide"),
        ("timezone", "Europe/Lisbon"),
        ("application_opens_at", "2026-10-12T19:00"),
        ("application_closes_at", "2026-11-06T18:00"),
        ("submission_opens_at", "2026-11-14T18:00"),
        ("submission_closes_at", "2026-11-22T18:00"),
        ("judging_opens_at", "2026-11-23T18:00"),
        ("judging_closes_at", "2026-11-29T18:00"),
        ("visibility", "public"),
        ("places", "automatic"),
        ("team_min", "1"),
        ("team_max", "4"),
        ("based_on", revision.as_str()),
    ];
    let shown = organizer.get(&path).await.text;
    let hidden = format!("name=\"based_on\" value=\"{revision}\"");
    assert!(shown.contains(&hidden), "{shown}");
    let same = organizer.post(&path, &form).await;
    assert_eq!(same.status, 303, "{}", same.text);
    let after = app.hackathon_view(&slug).await;
    assert_eq!((after.sequence, after.timeline()), (before.sequence, before.timeline()));
    app.edits_event(
        &slug,
        &HackathonInput { summary: Some("Small tools".to_owned()), ..HackathonInput::default() },
    )
    .await;
    let typed = [&form[..], &[("prizes", "A lantern")]].concat();
    let refused = organizer.post(&path, &typed).await;
    assert_eq!(refused.status, 409);
    assert!(
        refused.text.contains("A lantern") && refused.text.contains("was changed while"),
        "{}",
        refused.text
    );
    let kept = app.hackathon_view(&slug).await;
    assert_eq!((kept.summary.as_str(), kept.prizes.as_str()), ("Small tools", ""));
    app.finish().await;
}

#[tokio::test]
async fn pages_say_what_is_true_for_the_viewer() {
    let app = TestApp::start().await;
    let slug = app.hackathon(given("review", 1)).await;
    let judge = app.browser_of("judy").await;
    add_staff(app.context(), Operator, &slug, "judy", StaffRole::Judge).await.expect("a judge");
    let page = judge.get(&format!("/hackathons/{slug}")).await.text;
    assert!(page.contains("Judges cannot take part."), "{page}");
    assert!(!page.contains(">Apply</a>"), "{page}");
    let form = judge.get(&format!("/hackathons/{slug}/apply")).await.text;
    assert!(form.contains("You cannot apply now"), "{form}");
    app.applied(&slug, "ada").await;
    let ada = app.browser_of("ada").await;
    let looking = [("is_looking_for_team", "yes")];
    let done = ada.post(&format!("/hackathons/{slug}/looking"), &looking).await;
    let next = ada.get(done.location()).await.text;
    assert!(next.contains("Once you have a place, others see"), "{next}");
    app.clock.set(at("2026-11-29T18:00:00Z"));
    let list = ada.get("/hackathons").await.text;
    assert!(list.contains("id=\"past\"") && !list.contains("id=\"open\""), "{list}");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_closed_account_frees_its_place() {
    let app = TestApp::start().await;
    let slug = app.hackathon(with_places(1)).await;
    app.applied(&slug, "ada").await;
    app.applied(&slug, "bo").await;
    assert_eq!(app.status_of(&slug, "bo").await, ApplicationStatus::Waitlisted);
    let ada = app.browser_of("ada").await;
    let closed = ada.post("/settings/account/close", &[("login", "ada")]).await;
    assert_eq!(closed.location(), "/");
    app.work().await;
    assert_eq!(app.status_of(&slug, "bo").await, ApplicationStatus::AutoAccepted);
    app.finish().await;
}
