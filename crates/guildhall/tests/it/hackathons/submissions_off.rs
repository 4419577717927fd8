//! The flag of submissions: off, they stay where they are and cannot change.

use hackathons::{
    SUBMISSIONS,
    actions::{check_again, save_submission, submit, withdraw_submission},
    model::SubmissionStatus,
};
use platform::{
    audit::Actor::Operator,
    flags::{self, FlagChange},
};

use super::{
    scene::{code, november},
    submissions::gannet,
};
use crate::app::TestApp;

const PAGE: &str = "/hackathons/low-tide/submission";

#[tokio::test]
async fn what_was_submitted_stays_and_cannot_change() {
    let app = TestApp::start().await;
    let slug = app.building(november(), &["ada", "bo"]).await;
    assert_eq!(slug, "low-tide");
    let context = app.context();
    let [ada, bo] = [app.hacker_id("ada").await, app.hacker_id("bo").await];
    submit(context, ada, &slug, &gannet()).await.expect("submitted");
    let to = async |enabled| {
        let change = FlagChange { enabled: Some(enabled), ..FlagChange::default() };
        flags::change(context, Operator, SUBMISSIONS.name, change, "to try").await.expect("set");
    };
    to(false).await;
    assert_eq!(code(submit(context, ada, &slug, &gannet()).await), "SUBMISSIONS_OFF");
    assert_eq!(code(save_submission(context, bo, &slug, &gannet()).await), "SUBMISSIONS_OFF");
    assert_eq!(code(withdraw_submission(context, ada, &slug).await), "SUBMISSIONS_OFF");
    check_again(context, ada, &slug).await.expect("checks go on");
    let own = app.browser_of("ada").await;
    let page = own.get(PAGE).await;
    assert!(page.status == 200 && page.text.contains("Gannet"), "{}", page.text);
    let form = own.get(&format!("{PAGE}/edit")).await.text;
    assert!(form.contains("Submissions are turned off on this server for now."), "{form}");
    let withdrawn = own.post(&format!("{PAGE}/withdraw"), &[]).await;
    withdrawn.refuses(409, "SUBMISSIONS_OFF", "What was submitted stays.");

    to(true).await;
    let after = withdraw_submission(context, ada, &slug).await.expect("withdrawn");
    let hackathon = app.hackathon_view(&slug).await;
    assert_eq!(after.status(&hackathon, context.now()), SubmissionStatus::Withdrawn);
    app.abandon().await;
}
