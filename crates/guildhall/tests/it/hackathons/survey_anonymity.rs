//! Organizers who compare what they read cannot find out who answered a survey.

use guildhall::{MODULES, privacy};
use hackathons::actions::{answer_survey, close_surveys, open_surveys};
use platform::audit::Actor::Operator;

use super::{
    scene::code,
    surveys::{PEOPLE, answers},
};
use crate::app::{TestApp, at};

/// Lets everyone answer a survey, each with a number and words of their own. Returns the slug of the hackathon.
async fn answered(app: &TestApp) -> String {
    let slug = app.surveyed().await;
    app.clock.set(at("2026-11-30T18:00:00Z"));
    open_surveys(app.context()).await.expect("opened");
    for (login, number) in PEOPLE.into_iter().zip([1, 2, 3, 4, 5, 5]) {
        let own = answers(number, &["Tea"], &format!("Words {number}"));
        app.answers(&slug, login, &own).await.expect("answered");
    }
    slug
}

async fn erase(app: &TestApp, login: &str) {
    let person = app.hacker_id(login).await;
    privacy::erase(MODULES, app.context(), Operator, person).await.expect("erased");
}

/// Reads everything that an organizer can read about the survey of participants.
async fn read(app: &TestApp, slug: &str) -> String {
    let organizer = app.browser_of("organizer").await;
    let survey = format!("/hackathons/{slug}/surveys/participants");
    let mut all = String::new();
    all.push_str(&organizer.get(&format!("{survey}/results.csv")).await.text);
    for path in [format!("/api/v1{survey}"), format!("/api/v1{survey}/results")] {
        all.push_str(&organizer.json(&path).await.to_string());
    }
    all
}

#[tokio::test]
async fn a_person_who_is_erased_after_the_survey_changes_no_result() {
    let app = TestApp::start().await;
    let slug = answered(&app).await;
    let open = read(&app, &slug).await;
    assert!(!open.contains("Words"), "{open}");
    app.clock.set(at("2026-12-14T18:00:00Z"));
    assert_eq!(read(&app, &slug).await.matches("Words").count(), 0, "not before they are counted");
    close_surveys(app.context()).await.expect("closed");
    let before = read(&app, &slug).await;
    assert_eq!(before.matches("Words 1").count(), 2, "{before}");
    // Of six people, one leaves: what vanished with them would have been theirs.
    erase(&app, "ada").await;
    assert_eq!(read(&app, &slug).await, before);
    app.abandon().await;
}

#[tokio::test]
async fn nothing_connects_a_person_with_their_answers_once_the_survey_is_closed() {
    let app = TestApp::start().await;
    let slug = answered(&app).await;
    app.clock.set(at("2026-12-14T18:00:00Z"));
    for closed in [1, 0] {
        assert_eq!(close_surveys(app.context()).await.expect("closed"), closed);
    }
    assert_eq!(app.count("SELECT count(*) FROM survey_answers").await, 0);
    // A process whose clock is behind stores no answer after the others.
    app.clock.set(at("2026-12-14T17:59:59Z"));
    let bo = app.hacker_id("bo").await;
    let late = answer_survey(app.context(), bo, &slug, 1, &answers(1, &[], "Late")).await;
    assert_eq!(code(late), "SURVEY_CLOSED");
    let own =
        app.browser_of("bo").await.json(&format!("/api/v1/me/hackathons/{slug}/survey")).await;
    assert_eq!(own["answers"].as_array().map(Vec::len), Some(0), "{own}");
    app.clock.set(at("2027-05-28T18:00:00Z"));
    assert_eq!(app.run_schedule("HackathonRetention").await, "1 hackathon");
    assert_eq!(app.count("SELECT count(*) FROM surveys WHERE counted IS NOT NULL").await, 0);
    assert_eq!(app.run_schedule("HackathonRetention").await, "0 hackathons");
    app.abandon().await;
}

#[tokio::test]
async fn fewer_than_five_answers_are_never_counted() {
    let app = TestApp::start().await;
    let slug = answered(&app).await;
    // Two of six are erased while the survey is open, so four answers are left.
    for login in ["ada", "bo"] {
        erase(&app, login).await;
    }
    app.clock.set(at("2026-12-14T18:00:00Z"));
    close_surveys(app.context()).await.expect("closed");
    let read = read(&app, &slug).await;
    assert!(!read.contains("Words") && read.contains("from 5 answers on"), "{read}");
    let stored = app.values("SELECT counted AS value FROM surveys").await;
    assert_eq!(stored, ["[null,null,null]"], "not even in the database");
    app.abandon().await;
}
