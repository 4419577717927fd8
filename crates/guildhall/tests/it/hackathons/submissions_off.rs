//! The flag of submissions: off, they stay where they are and cannot change.

use hackathons::{
    FRIENDS, SUBMISSIONS,
    actions::{
        accept_invitation, check_again, invite, save_submission, submit, withdraw_submission,
    },
    model::SubmissionStatus,
};
use platform::{
    audit::Actor::Operator,
    flags::{self, Flag, FlagChange},
};

use super::{
    scene::{code, november},
    submissions::gannet,
};
use crate::app::TestApp;

const PAGE: &str = "/hackathons/low-tide/submission";

async fn turn(app: &TestApp, flag: &Flag, enabled: bool) {
    let change = FlagChange { enabled: Some(enabled), ..FlagChange::default() };
    flags::change(app.context(), Operator, flag.name, change, "to try").await.expect("set");
}

#[tokio::test]
async fn what_was_submitted_stays_and_cannot_change() {
    let app = TestApp::start().await;
    let slug = app.building(november(), &["ada", "bo"]).await;
    assert_eq!(slug, "low-tide");
    let context = app.context();
    let [ada, bo] = [app.hacker_id("ada").await, app.hacker_id("bo").await];
    submit(context, ada, &slug, &gannet()).await.expect("submitted");
    turn(&app, SUBMISSIONS, false).await;
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

    turn(&app, SUBMISSIONS, true).await;
    let after = withdraw_submission(context, ada, &slug).await.expect("withdrawn");
    let hackathon = app.hackathon_view(&slug).await;
    assert_eq!(after.status(&hackathon, context.now()), SubmissionStatus::Withdrawn);
    app.abandon().await;
}

#[tokio::test]
async fn a_refused_submission_keeps_what_was_typed() {
    let app = TestApp::start().await;
    app.building(november(), &["ada"]).await;
    turn(&app, SUBMISSIONS, false).await;
    let ada = app.browser_of("ada").await;
    for step in ["submit", "draft"] {
        let typed = [
            ("title", "Gannet of the pier"),
            ("summary", "Berths without a network."),
            ("repository", "https://github.com/gannet-crew/berthlist"),
            ("step", step),
        ];
        let refused = ada.post(PAGE, &typed).await;
        refused.refuses_form(
            409,
            None,
            "turned off on this server for now, so nothing was changed",
        );
        for kept in ["value=\"Gannet of the pier\"", "Berths without a network."] {
            assert!(refused.text.contains(kept), "{kept}: {}", refused.text);
        }
    }
    assert_eq!(app.count("SELECT count(*) FROM submissions").await, 0);
    app.abandon().await;
}

#[tokio::test]
async fn teams_form_as_before_unless_a_submission_would_move() {
    let app = TestApp::start().await;
    let slug = app.building(november(), &["ada", "bo", "cy", "dee"]).await;
    let context = app.context();
    let [ada, bo, cy, dee] = [
        app.hacker_id("ada").await,
        app.hacker_id("bo").await,
        app.hacker_id("cy").await,
        app.hacker_id("dee").await,
    ];
    save_submission(context, bo, &slug, &gannet()).await.expect("a draft");
    submit(context, dee, &slug, &gannet()).await.expect("submitted");
    // Without friends, whoever has no team can be invited.
    turn(&app, FRIENDS, false).await;
    turn(&app, SUBMISSIONS, false).await;
    let team = app.team_of(&slug, "ada", "Gannet").await;
    app.joins(&team, "bo").await.expect("joined, with the draft");
    for login in ["cy", "dee"] {
        invite(context, ada, &slug, login).await.expect("invited");
    }
    accept_invitation(context, cy, &slug, "gannet").await.expect("accepted");
    assert_eq!(code(accept_invitation(context, dee, &slug, "gannet").await), "SUBMISSIONS_OFF");
    assert_eq!(code(app.joins(&team, "dee").await), "SUBMISSIONS_OFF");
    let members = "SELECT count(*) FROM team_members WHERE status = 'active'";
    assert_eq!(app.count(members).await, 3);
    assert_eq!(app.submission_of(&slug, "ada").await.version, 0, "the draft of bo");
    assert_eq!(app.submission_of(&slug, "dee").await.version, 1);
    let own = app.browser_of("dee").await;
    let refused = own.post("/hackathon-teams/join", &[("code", &team)]).await;
    refused.refuses_form(409, None, "your submission would move to the team");

    turn(&app, SUBMISSIONS, true).await;
    app.joins(&team, "dee").await.expect("joined");
    assert_eq!(app.count(members).await, 4);
    app.abandon().await;
}
