//! The effects of granted disputes.

use identity::model::Role;
use platform::audit::Actor;
use recognition::{actions::rebuild, model::SettlementMode};
use serde_json::json;

use super::*;
use crate::app::scenarios::person;

fn granted_whole() -> Value {
    json!({ "is_granted": true, "reason": "Right." })
}

#[tokio::test]
async fn granted_points_stay_after_later_facts_and_a_rebuild() {
    let app = scene().await;
    let author = app.browser_of(AUTHOR).await;
    opens(&author, &about_points()).await;
    // The facts of the pull request are closed by now.
    app.clock.advance(chrono::TimeDelta::days(10));
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    assert_eq!(decides(&moderator, 1, &granted(40)).await.status, 204);
    app.work().await;
    assert_eq!(score(&app, 1).await, 40);
    let why = app.explanation(1).await.join(" ");
    assert!(why.contains("A decision set this pull request to 40 points."), "{why}");
    let shown = app.json("/api/v1/pull-requests/octo-org/lantern/1").await;
    assert_eq!(shown["score_override"]["kind"], "set");
    assert_eq!(shown["score_override"]["reason"], "The step was wrong.");
    assert_eq!(shown["score_override"]["dispute"], 1);
    let programmes = guildhall::PROGRAMMES;
    let report = rebuild(app.context(), programmes, SettlementMode::Post, |_| {}).await;
    assert_eq!(report.expect("rebuilt")[0].entries, 0);
    assert_eq!(score(&app, 1).await, 40);
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn a_granted_flag_spares_the_pull_requests_of_the_person() {
    let app = scene().await;
    let decider = app.browser_with("birch", Role::Moderator).await;
    let actor = Actor::Person(app.person_id("birch").await);
    let before = app.json("/api/v1/people/hexacat").await["points"].clone();
    let flag = app.confirmed_flag(AUTHOR, actor).await;
    assert_eq!(app.json("/api/v1/people/hexacat").await["points"], before);
    let author = app.browser_of(AUTHOR).await;
    opens(&author, &about("flag", &format!("F-{flag}"))).await;
    let refused = decides(&decider, 1, &granted_whole()).await;
    refused.refuses(403, "DISPUTE_INVOLVED", "You made a decision");
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let decided = decides(&moderator, 1, &granted_whole()).await;
    assert_eq!(decided.status, 204, "{}", decided.text);
    app.work().await;
    let spared = "SELECT count(*) FROM flags_on_pull_requests WHERE is_spared";
    assert_eq!(app.count(spared).await, 9);
    let after = app.json("/api/v1/people/hexacat").await["points"].clone();
    assert!(after.as_i64() > before.as_i64(), "{before} {after}");
    let held = author.json("/api/v1/me/standing").await;
    assert_eq!(held["flags"], json!([]));
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn a_flag_that_was_reopened_has_nothing_to_grant() {
    let app = scene().await;
    let flag = app.confirmed_flag(AUTHOR, Operator).await;
    let author = app.browser_of(AUTHOR).await;
    opens(&author, &about("flag", &format!("F-{flag}"))).await;
    contributions::actions::reopen_flag(app.context(), Operator, flag, "They explained it")
        .await
        .expect("reopened");
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let refused = decides(&moderator, 1, &granted_whole()).await;
    refused.refuses(409, "FLAG_OPEN", "no longer confirmed");
    assert_eq!(decides(&moderator, 1, &upheld()).await.status, 204);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_granted_sanction_is_lifted() {
    let app = scene().await;
    app.season(super::super::seasons::october()).await;
    app.registers(AUTHOR).await;
    app.disqualifies(AUTHOR, false).await;
    let author = app.browser_of(AUTHOR).await;
    let held = author.json("/api/v1/me/standing").await;
    let id = held["sanctions"][0]["id"].as_str().expect("an ID");
    assert_eq!(app.season_rows().await, []);
    opens(&author, &about("sanction", id)).await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    assert_eq!(decides(&moderator, 1, &granted_whole()).await.status, 204);
    app.work().await;
    assert_eq!(app.season_rows().await, [(AUTHOR.to_owned(), 60, 1)]);
    app.verify().await;
    app.finish().await;
}

/// The closing of facts does not prevent a decision, and what happens later does not change it.
#[tokio::test]
async fn a_later_merge_does_not_change_granted_points() {
    let app = TestApp::of_lantern().await;
    let author = app.browser_of(AUTHOR).await;
    let (lantern, by) = (repo(1, "lantern"), person(AUTHOR));
    let open = crate::app::scenarios::Scenario::opened(&lantern, 1, &by, "2026-10-30T08:00:00Z");
    app.deliver_all(&[&open]).await;
    opens(&author, &about_points()).await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    assert_eq!(decides(&moderator, 1, &granted(7)).await.status, 204);
    app.work().await;
    assert_eq!(app.net_ledger().await, ["#1  pr_opened +7 2026-10"]);
    let merged = open.merged("2026-11-02T08:00:00Z");
    app.deliver_all(&[&merged]).await;
    assert_eq!(app.net_ledger().await, ["#1  pr_merged +7 2026-11"]);
    app.verify().await;
    app.finish().await;
}
