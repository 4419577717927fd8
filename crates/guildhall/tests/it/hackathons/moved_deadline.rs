//! A common deadline that is moved after it passed.

use hackathons::{
    actions::{edit_hackathon, submit},
    rules::details::HackathonInput,
};
use platform::audit::Actor::Operator;

use super::{scene::november, submissions::gannet};
use crate::app::{TestApp, at};

#[tokio::test]
async fn a_deadline_in_the_future_opens_frozen_submissions() {
    let app = TestApp::start().await;
    let slug = app.building(november(), &["ada", "bo", "cy"]).await;
    let context = app.context();
    let submits = async |login: &str| {
        let person = app.hacker_id(login).await;
        submit(context, person, &slug, &gannet()).await.expect(login);
    };
    submits("ada").await;
    app.clock.set(at("2026-11-22T18:00:30Z"));
    app.run_schedule("SubmissionDeadlines").await;
    submits("bo").await;
    app.clock.set(at("2026-11-22T19:30:00Z"));
    submits("cy").await;
    let state = async |login: &str| {
        let submission = app.submission_of(&slug, login).await;
        let is_frozen = submission.locked_at.is_some();
        (is_frozen, submission.facts().is_late)
    };
    let moved = async |closes_at: &str| {
        let mut input = HackathonInput::default();
        input.dates[3] = Some(closes_at.to_owned());
        edit_hackathon(context, Operator, &slug, &input).await.expect("moved");
    };
    // A deadline that is still in the past opens nothing.
    moved("2026-11-22T19:00:00Z").await;
    assert_eq!(state("ada").await, (true, false));
    assert!(!state("bo").await.1, "it came before the corrected deadline");
    assert!(state("cy").await.1);
    moved("2026-11-22T20:00:00Z").await;
    for login in ["ada", "bo", "cy"] {
        assert_eq!(state(login).await, (false, false), "{login}");
    }
    submits("ada").await;
    app.clock.set(at("2026-11-22T20:00:00Z"));
    let frozen = app.run_schedule("SubmissionDeadlines").await;
    assert_eq!(frozen, "3 submissions");
    assert_eq!(state("cy").await, (true, false));
    app.abandon().await;
}
