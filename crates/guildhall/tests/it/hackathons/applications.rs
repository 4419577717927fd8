//! Applications, places and the waitlist.

use chrono::TimeDelta;
use hackathons::{
    actions::{self, NewDecision, apply, decide, edit_hackathon, withdraw},
    model::{ApplicationStatus, StaffRole},
    reads,
    rules::{
        applications::{ApplicationAnswer, ApplicationInput, Decision},
        details::{HackathonInput, Question},
    },
};
use platform::audit::Actor::Operator;

use super::scene::{application, code, november, with_places};
use crate::app::{TestApp, at};

#[tokio::test]
async fn the_waitlist_moves_in_order_and_a_team_gets_its_places_together() {
    use ApplicationStatus::{AutoAccepted, Waitlisted, Withdrawn};
    let app = TestApp::start().await;
    let slug = app.hackathon(with_places(2)).await;
    for login in ["one", "two", "pair-a", "single", "pair-b"] {
        app.applied(&slug, login).await;
    }
    let gannet = app.team_of(&slug, "pair-a", "Gannet").await;
    app.joins(&gannet, "pair-b").await.expect("joined");
    let id = app.hackathon_view(&slug).await.key();
    for (login, expected) in [("pair-a", 1), ("pair-b", 1), ("single", 3)] {
        let person = app.person_id(login).await.into();
        let own = reads::application(&app.context().db, id, person).await;
        let own = own.expect("read").expect("applied");
        let place = reads::place_on_waitlist(&app.context().db, &own).await;
        assert_eq!(place.expect("read"), Some(expected), "{login}");
    }

    let one = app.person_id("one").await.into();
    withdraw(app.context(), one, &slug).await.expect("withdrawn");
    withdraw(app.context(), one, &slug).await.expect("again");
    assert_eq!(app.status_of(&slug, "one").await, Withdrawn);
    // One place is free, and the first group on the waitlist needs two.
    for login in ["pair-a", "single", "pair-b"] {
        assert_eq!(app.status_of(&slug, login).await, Waitlisted, "{login}");
    }
    app.applied(&slug, "late").await;
    assert_eq!(app.status_of(&slug, "late").await, Waitlisted);
    let three = HackathonInput { capacity: Some(Some(3)), ..HackathonInput::default() };
    edit_hackathon(app.context(), Operator, &slug, &three).await.expect("edited");
    for (login, status) in [
        ("pair-a", AutoAccepted),
        ("pair-b", AutoAccepted),
        ("single", Waitlisted),
        ("late", Waitlisted),
    ] {
        assert_eq!(app.status_of(&slug, login).await, status, "{login}");
    }
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_person_applies_ten_times_an_hour() {
    let app = TestApp::start().await;
    let slug = app.hackathon(november()).await;
    app.applied(&slug, "one").await;
    let one = app.person_id("one").await.into();
    for _ in 1..10 {
        withdraw(app.context(), one, &slug).await.expect("withdrawn");
        apply(app.context(), one, &slug, "", &application()).await.expect("applied again");
    }
    withdraw(app.context(), one, &slug).await.expect("withdrawn");
    let written = application();
    let again = || apply(app.context(), one, &slug, "", &written);
    assert_eq!(code(again().await), "TOO_MANY_APPLICATIONS");
    app.clock.advance(TimeDelta::minutes(61));
    again().await.expect("an hour later");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn organizers_decide_and_a_rejected_person_leaves_their_team() {
    use ApplicationStatus::{Approved, PendingReview, Rejected, Waitlisted};
    let app = TestApp::start().await;
    let reviewed = HackathonInput { places: Some("review".to_owned()), ..with_places(1) };
    let slug = app.hackathon(reviewed).await;
    let mut ids = Vec::new();
    for login in ["one", "two"] {
        let applied = app.applied(&slug, login).await;
        assert_eq!(applied.status, PendingReview);
        ids.push(applied.key());
    }
    let decision = |decision, applications| NewDecision {
        decision,
        applications,
        reason: "Too few places.".to_owned(),
    };
    let approve = decision(Decision::Approve, ids.clone());
    let decided = decide(app.context(), Operator, &slug, &approve).await;
    let decided = decided.expect("decided");
    assert_eq!((decided.accepted, decided.waitlisted), (1, 1));
    assert_eq!(app.status_of(&slug, "two").await, Waitlisted);
    // An application on the waitlist is not approved by hand.
    let again = decision(Decision::Approve, vec![ids[1]]);
    let decided = decide(app.context(), Operator, &slug, &again).await;
    assert_eq!(decided.expect("decided").unchanged, 1);

    app.team_of(&slug, "one", "Gannet").await;
    let reject = decision(Decision::Reject, vec![ids[0]]);
    decide(app.context(), Operator, &slug, &reject).await.expect("rejected");
    assert_eq!(app.status_of(&slug, "one").await, Rejected);
    assert_eq!(app.status_of(&slug, "two").await, Approved);
    let active = "SELECT count(*) FROM team_members WHERE status = 'active'";
    assert_eq!(app.count(active).await, 0);
    let one = app.person_id("one").await.into();
    let refused = apply(app.context(), one, &slug, "", &application()).await;
    assert_eq!(code(refused), "APPLICATION_REJECTED");
    let none = decision(Decision::Approve, Vec::new());
    let refused = decide(app.context(), Operator, &slug, &none).await;
    assert_eq!(code(refused), "BAD_HACKATHON");
    let elsewhere = app.hackathon(november()).await;
    let foreign = decision(Decision::Approve, vec![ids[0]]);
    let refused = decide(app.context(), Operator, &elsewhere, &foreign).await;
    assert_eq!(code(refused), "NOT_FOUND");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn the_code_of_conduct_is_accepted_by_version_and_questions_are_kept() {
    let app = TestApp::start().await;
    let question = |text: &str| Question { text: text.to_owned(), is_required: true };
    let asking = HackathonInput {
        conduct: Some("Be kind.".to_owned()),
        questions: Some(vec![question("T-shirt size")]),
        ..november()
    };
    let slug = app.hackathon(asking).await;
    let person = app.hacker("one").await;
    let send = |input: ApplicationInput| {
        let (context, slug) = (app.context().clone(), slug.clone());
        async move { apply(&context, person, &slug, "", &input).await }
    };
    let answered = ApplicationInput {
        answers: vec![ApplicationAnswer {
            question: "T-shirt size".to_owned(),
            answer: "M".to_owned(),
        }],
        ..application()
    };
    assert_eq!(code(send(application()).await), "BAD_HACKATHON");
    let declined = ApplicationInput { conduct_version: 0, ..answered.clone() };
    assert_eq!(code(send(declined).await), "BAD_HACKATHON");
    let applied = send(answered.clone()).await.expect("applied");
    assert_eq!(applied.answer_to("T-shirt size"), "M");
    let stricter =
        HackathonInput { conduct: Some("Be very kind.".to_owned()), ..HackathonInput::default() };
    edit_hackathon(app.context(), Operator, &slug, &stricter).await.expect("edited");
    assert_eq!(code(send(answered.clone()).await), "CONDUCT_OUTDATED");
    let current = ApplicationInput { conduct_version: 2, ..answered };
    let changed = send(current).await.expect("changed");
    assert_eq!((changed.id, changed.conduct_version), (applied.id, 2));
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn staff_and_late_people_are_refused() {
    let app = TestApp::start().await;
    let slug = app.hackathon(november()).await;
    let organizer = app.person_id("organizer").await.into();
    let refused = apply(app.context(), organizer, &slug, "", &application()).await;
    assert_eq!(code(refused), "STAFF_CANNOT_APPLY");
    app.applied(&slug, "one").await;
    let refused = actions::add_staff(app.context(), Operator, &slug, "one", StaffRole::Judge).await;
    assert_eq!(code(refused), "STAFF_CANNOT_APPLY");
    actions::add_staff(app.context(), Operator, &slug, "one", StaffRole::Mentor)
        .await
        .expect("a mentor");
    let refused = actions::remove_staff(app.context(), Operator, &slug, "organizer").await;
    assert_eq!(code(refused), "LAST_ORGANIZER");
    app.clock.set(at("2026-11-06T18:00:00Z"));
    let late = app.hacker("late").await;
    let refused = apply(app.context(), late, &slug, "", &application()).await;
    assert_eq!(code(refused), "APPLICATIONS_CLOSED");
    app.work().await;
    app.finish().await;
}
