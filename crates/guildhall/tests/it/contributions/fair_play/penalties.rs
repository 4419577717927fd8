//! The ladder of penalties: the first confirmed spam warns, the second disqualifies for the season.

use contributions::{model::DisputeKind, rules::seasons::SeasonInput};
use identity::model::Role;
use serde_json::json;

use super::super::seasons::{AUTUMN, october, open_to_everyone, row};
use super::{decide, reopen, report, server, spam};
use crate::app::{TestApp, at, browser::Browser};

/// A running season, with reports of the pull requests 1 and 2 of hexacat.
pub(super) async fn running(details: SeasonInput) -> TestApp {
    let app = server().await;
    app.season(details).await;
    let reporter = app.browser_of("wren-oak").await;
    app.browser_of("hexacat").await;
    for number in [1, 2] {
        assert_eq!(report(&reporter, &spam(number)).await.status, 201);
    }
    app
}

pub(super) async fn confirm(moderator: &Browser<'_>, number: i64) {
    let decided = decide(moderator, number, Some("spam")).await;
    assert_eq!(decided.status, 204, "{}", decided.text);
}

/// The kinds of sanctions that are in force.
async fn sanctions(app: &TestApp) -> Vec<String> {
    let sql = "SELECT kind AS value FROM sanctions WHERE lifted_at IS NULL ORDER BY id";
    app.values(sql).await
}

#[tokio::test]
async fn the_first_spam_warns_and_the_second_disqualifies() {
    let app = running(open_to_everyone()).await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let author = app.browser_of("hexacat").await;
    confirm(&moderator, 1).await;
    assert_eq!(sanctions(&app).await, ["warning"]);
    app.work().await;
    assert_eq!(app.season_rows().await, [row("monacat", 60, 1), row("hexacat", 40, 1)]);
    confirm(&moderator, 2).await;
    assert_eq!(sanctions(&app).await, ["warning", "disqualification"]);
    app.work().await;
    assert_eq!(app.season_rows().await, [row("monacat", 60, 1)]);
    let inbox = app.inbox(&author).await.join("\n");
    assert!(inbox.contains("You are warned in Autumn"), "{inbox}");
    assert!(inbox.contains("You are disqualified from Autumn"), "{inbox}");
    let reasons = app.values("SELECT reason AS value FROM sanctions ORDER BY id").await;
    assert_eq!(reasons[0], "Confirmed as spam (F-1): Looked at it");
    app.verify().await;
    // Reopening a flag lifts what it caused, and only that.
    assert_eq!(reopen(&moderator, 2).await.status, 204);
    assert_eq!(sanctions(&app).await, ["warning"]);
    app.work().await;
    assert_eq!(app.season_rows().await, [row("monacat", 60, 1), row("hexacat", 40, 1)]);
    let inbox = app.inbox(&author).await.join("\n");
    let lifted = "Your disqualification from Autumn is lifted";
    assert!(inbox.contains(lifted), "{inbox}");
    assert_eq!(reopen(&moderator, 1).await.status, 204);
    assert_eq!(sanctions(&app).await, Vec::<String>::new());
    // What was lifted does not count.
    confirm(&moderator, 2).await;
    assert_eq!(sanctions(&app).await, ["warning"]);
    app.work().await;
    app.verify().await;
    app.finish().await;
}

/// The disqualification came after two flags: the dispute about the second lifts it, and leaves the warning.
#[tokio::test]
async fn a_granted_dispute_lifts_what_its_flag_caused() {
    let app = running(open_to_everyone()).await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    confirm(&moderator, 1).await;
    confirm(&moderator, 2).await;
    app.work().await;
    let contested = app.disputes("hexacat", DisputeKind::Flag, "F-2").await;
    let other = app.browser_with("wren-oak", Role::Moderator).await;
    let granted = json!({ "is_granted": true, "reason": "They explained it" });
    let path = format!("/api/v1/admin/disputes/{contested}/decision");
    let decided = other.call("POST", &path, Some(&granted)).await;
    decided.refuses(403, "DISPUTE_INVOLVED", "reported");
    let admin = app.browser_with("elder-fir", Role::Admin).await;
    let decided = admin.call("POST", &path, Some(&granted)).await;
    assert_eq!(decided.status, 204, "{}", decided.text);
    assert_eq!(sanctions(&app).await, ["warning"]);
    let reason = "SELECT lift_reason AS value FROM sanctions WHERE lifted_at IS NOT NULL";
    let reason = app.values(reason).await.concat();
    assert!(reason.starts_with("Dispute D-1 was granted"), "{reason}");
    app.work().await;
    assert_eq!(app.season_rows().await, [row("monacat", 60, 1), row("hexacat", 40, 1)]);
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn only_spam_that_counts_for_a_season_is_penalized() {
    let november = SeasonInput {
        first_day: Some("2026-11-01".to_owned()),
        last_day: Some("2026-11-30".to_owned()),
        ..open_to_everyone()
    };
    // Before the season, and in a season that the author is not registered for.
    for details in [november, october()] {
        let app = running(details).await;
        let moderator = app.browser_with("rook-elm", Role::Moderator).await;
        confirm(&moderator, 1).await;
        assert_eq!(sanctions(&app).await, Vec::<String>::new());
        app.work().await;
        app.finish().await;
    }
}

#[tokio::test]
async fn registered_people_are_penalized_and_other_effects_are_not() {
    let app = running(october()).await;
    app.registers("hexacat").await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    assert_eq!(decide(&moderator, 1, Some("no_points")).await.status, 204);
    assert_eq!(sanctions(&app).await, Vec::<String>::new());
    confirm(&moderator, 2).await;
    assert_eq!(sanctions(&app).await, ["warning"]);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn final_results_keep_their_sanctions() {
    let app = running(open_to_everyone()).await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    confirm(&moderator, 1).await;
    app.work().await;
    app.clock.set(at("2026-11-20T00:00:00Z"));
    let operator = platform::audit::Actor::Operator;
    super::super::seasons::sign_off_season(app.context(), operator, AUTUMN)
        .await
        .expect("signed off");
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    confirm(&moderator, 2).await;
    assert_eq!(reopen(&moderator, 1).await.status, 204);
    assert_eq!(sanctions(&app).await, ["warning"]);
    app.work().await;
    app.finish().await;
}
