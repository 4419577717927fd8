//! The notes of judges: those to teams, which come with the results, and private ones.

use hackathons::actions::{ScoreInput, next_project, score, set_judging};
use platform::audit::Actor::Operator;
use serde_json::json;

use super::{judging::rubric, scene::publish_results};
use crate::app::{TestApp, at};

const SLUG: &str = "low-tide";
const NOTES: &str = "/api/v1/me/hackathons/low-tide/submission/notes";
const PAGE: &str = "/hackathons/low-tide/submission";

/// Lets two judges judge the only project of a hackathon, and a third one save a draft.
pub(super) async fn noted(app: &TestApp) {
    let judges = app.judged(1, 3).await;
    let context = app.context();
    set_judging(context, Operator, SLUG, &rubric(3)).await.expect("criteria");
    for (judge, note) in judges.iter().zip(["Zebra **crossing**", "Anchor", "Draft"]) {
        let project = next_project(context, *judge, SLUG, false).await;
        let project = project.expect("a project");
        let given = ScoreInput {
            levels: vec![Some(4)],
            team_note: note.to_owned(),
            private_note: "halcyon".to_owned(),
            is_draft: note == "Draft",
        };
        score(context, *judge, SLUG, project, &given).await.expect("saved");
    }
}

#[tokio::test]
async fn notes_to_a_team_come_with_the_results_without_names() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    noted(&app).await;
    let member = app.browser_of("hacker-0").await;
    let before = member.json(NOTES).await;
    assert_eq!(before, json!({ "is_published": false, "items": [] }));
    assert!(!member.get(PAGE).await.text.contains("Anchor"));
    let over = "UPDATE hackathons SET judging_closes_at = judging_opens_at";
    app.change(over).await.expect("changed");
    publish_results(app.context(), Operator, SLUG, "**Project 0** wins.").await.expect("published");
    let after = member.json(NOTES).await;
    let notes = json!([
        { "round": 1, "note": "Anchor" }, { "round": 1, "note": "Zebra **crossing**" }
    ]);
    assert_eq!(after, json!({ "is_published": true, "items": notes }));
    let page = member.get(PAGE).await.text;
    assert!(page.contains("Anchor") && page.contains("<strong>crossing</strong>"));
    for hidden in ["Draft", "halcyon", "judge-0", "judge-1"] {
        assert!(!page.contains(hidden), "{hidden}");
    }
    // Judges and strangers do not read what others wrote to the team.
    let judge = app.browser_of("judge-0").await;
    assert_eq!(judge.get(NOTES).await.status, 404);
    app.know_created("stranger", None).await;
    let stranger = app.browser_of("stranger").await;
    assert_eq!(stranger.get(NOTES).await.status, 403);
    app.finish().await;
}

#[tokio::test]
async fn private_notes_are_deleted_after_90_days_and_others_after_180() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    noted(&app).await;
    let over = "UPDATE hackathons SET judging_closes_at = judging_opens_at";
    app.change(over).await.expect("changed");
    app.clock.set(at("2026-11-29T18:00:00Z"));
    publish_results(app.context(), Operator, SLUG, "**Project 0** wins.").await.expect("published");
    let private = "SELECT count(*) FROM judging_notes";
    let to_teams = "SELECT count(*) FROM judging_scores WHERE team_note <> ''";
    for (now, removed, left) in [
        ("2027-02-27T17:59:59Z", "0 hackathons", [3, 3]),
        ("2027-02-27T18:00:00Z", "1 hackathon", [0, 3]),
        ("2027-05-28T17:59:59Z", "0 hackathons", [0, 3]),
        ("2027-05-28T18:00:00Z", "1 hackathon", [0, 0]),
        ("2027-05-29T18:00:00Z", "0 hackathons", [0, 0]),
    ] {
        app.clock.set(at(now));
        assert_eq!(app.run_schedule("HackathonRetention").await, removed, "{now}");
        let found = [app.count(private).await, app.count(to_teams).await];
        assert_eq!(found, left, "{now}");
    }
    // The scores stay.
    assert_eq!(app.count("SELECT count(*) FROM judging_scores").await, 3);
    app.finish().await;
}
