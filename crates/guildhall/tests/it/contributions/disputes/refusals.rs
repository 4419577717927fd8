//! Disputes, messages and decisions that are refused.

use chrono::TimeDelta;
use identity::model::Role;
use serde_json::json;

use super::*;

#[tokio::test]
async fn only_what_is_held_against_a_person_is_contested() {
    let app = scene().await;
    app.season(super::super::seasons::october()).await;
    let warning = app.warns(AUTHOR, Operator).await;
    let flag = app.confirmed_flag(AUTHOR, Operator).await;
    let stranger = app.browser_of("finch-ash").await;
    let flag = format!("F-{flag}");
    for (kind, target) in [
        ("score", "octo-org/lantern#1"),
        ("score", "octo-org/lantern#999"),
        ("flag", flag.as_str()),
        ("flag", "F-999"),
        ("sanction", warning.as_str()),
    ] {
        let refused = stranger.call("POST", PATH, Some(&about(kind, target))).await;
        refused.refuses(404, "NOT_FOUND", "See /me/standing");
    }
    for (kind, target) in [("score", "lantern"), ("flag", "12"), ("sanction", "F-1")] {
        let refused = stranger.call("POST", PATH, Some(&about(kind, target))).await;
        refused.refuses(422, "BAD_DISPUTE", target);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_decision_is_contested_once() {
    let app = scene().await;
    let author = app.browser_of(AUTHOR).await;
    opens(&author, &about_points()).await;
    let again = author.call("POST", PATH, Some(&about_points())).await;
    again.refuses(409, "ALREADY_CONTESTED", "D-1");
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    assert_eq!(decides(&moderator, 1, &granted(40)).await.status, 204);
    app.work().await;
    let again = author.call("POST", PATH, Some(&about_points())).await;
    again.refuses(409, "ALREADY_CONTESTED", "D-1");
    app.finish().await;
}

#[tokio::test]
async fn points_can_be_contested_for_14_days_after_the_last_entry() {
    let app = scene().await;
    app.clock.advance(TimeDelta::days(14));
    let last = super::super::seasons::merged(2, AUTHOR, "2026-11-14T08:00:00Z");
    app.deliver_all(&[&last]).await;
    let author = app.browser_of(AUTHOR).await;
    app.clock.advance(TimeDelta::seconds(1));
    let late = author.call("POST", PATH, Some(&about_points())).await;
    late.refuses(409, "CONTEST_CLOSED", "15 November 2026, 00:00 UTC");
    // A new entry begins the time anew.
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let path = "/api/v1/pull-requests/octo-org/lantern/1/override";
    let none = json!({ "kind": "none", "reason": "Copied." });
    assert_eq!(admin.call("PUT", path, Some(&none)).await.status, 204);
    app.work().await;
    opens(&author, &about_points()).await;
    app.finish().await;
}

#[tokio::test]
async fn texts_are_required_and_bounded() {
    let app = scene().await;
    let author = app.browser_of(AUTHOR).await;
    let long = "ä".repeat(5_001);
    for (text, code) in [(" ", "DISPUTE_TEXT_REQUIRED"), (long.as_str(), "DISPUTE_TEXT_TOO_LONG")] {
        let body = json!({ "kind": "score", "target": "octo-org/lantern#1", "text": text });
        let refused = author.call("POST", PATH, Some(&body)).await;
        refused.refuses(422, code, "text");
    }
    opens(&author, &about_points()).await;
    let path = format!("{PATH}/1/messages");
    let blank = json!({ "text": " " });
    let refused = author.call("POST", &path, Some(&blank)).await;
    refused.refuses(422, "DISPUTE_TEXT_REQUIRED", "Enter a text");
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let no_reason = json!({ "is_granted": false, "reason": " " });
    let refused = decides(&moderator, 1, &no_reason).await;
    refused.refuses(422, "REASON_REQUIRED", "Enter a reason");
    app.finish().await;
}

#[tokio::test]
async fn a_thread_is_bounded_and_closed_by_the_decision() {
    let app = scene().await;
    let author = app.browser_of(AUTHOR).await;
    let number = opens(&author, &about_points()).await;
    let person = app.user(AUTHOR).await;
    for place in 1..100 {
        write_message(app.context(), person, number, &format!("More {place}."))
            .await
            .expect("written");
    }
    let path = format!("{PATH}/1/messages");
    let text = json!({ "text": "Too many" });
    let refused = author.call("POST", &path, Some(&text)).await;
    refused.refuses(409, "THREAD_FULL", "100 entries");
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    assert_eq!(decides(&moderator, 1, &upheld()).await.status, 204);
    let refused = author.call("POST", &path, Some(&text)).await;
    refused.refuses(409, "DISPUTE_DECIDED", "its thread is closed");
    app.finish().await;
}

#[tokio::test]
async fn strangers_do_not_see_a_dispute() {
    let app = scene().await;
    let author = app.browser_of(AUTHOR).await;
    opens(&author, &about_points()).await;
    let stranger = app.browser_of("finch-ash").await;
    let refused = stranger.call("GET", &format!("{PATH}/1"), None).await;
    refused.refuses(403, "NOT_A_PARTY", "D-1 is between");
    assert_eq!(stranger.get("/disputes/D-1").await.status, 403);
    let text = json!({ "text": "Hello" });
    let path = format!("{PATH}/1/messages");
    let refused = stranger.call("POST", &path, Some(&text)).await;
    refused.refuses(403, "NOT_A_PARTY", "D-1");
    let text = json!({ "text": "Hello" });
    let path = format!("{PATH}/1/appeal");
    let refused = stranger.call("POST", &path, Some(&text)).await;
    refused.refuses(404, "NOT_FOUND", "You have no dispute D-1");
    let unknown = author.call("GET", &format!("{PATH}/7"), None).await;
    unknown.refuses(404, "NOT_FOUND", "Unknown dispute D-7");
    for path in ["/disputes/D-x", "/disputes/D--1", "/disputes/7"] {
        assert_eq!(author.get(path).await.status, 404, "{path}");
    }
    app.finish().await;
}

#[tokio::test]
async fn points_belong_to_granted_points_only() {
    let app = scene().await;
    app.season(super::super::seasons::october()).await;
    let warning = app.warns(AUTHOR, Operator).await;
    let author = app.browser_of(AUTHOR).await;
    opens(&author, &about_points()).await;
    opens(&author, &about("sanction", &warning)).await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let missing = json!({ "is_granted": true, "reason": "Right." });
    let unwanted = json!({ "is_granted": false, "points": 4, "reason": "Right." });
    for (number, decision) in [(1, &missing), (1, &unwanted), (2, &granted(4))] {
        let refused = decides(&moderator, number, decision).await;
        refused.refuses(422, "BAD_POINTS", "points");
    }
    for points in [-1, 100_001] {
        let refused = decides(&moderator, 1, &granted(points)).await;
        refused.refuses(422, "BAD_POINTS", "from 0 to 100000");
    }
    let appeal = json!({ "is_granted": false, "is_appeal": true, "reason": "Right." });
    let admin = app.browser_with("birch", Role::Admin).await;
    let refused = decides(&admin, 1, &appeal).await;
    refused.refuses(409, "NO_APPEAL", "D-1 has no appeal");
    for query in ["state=odd", "kind=odd"] {
        let path = format!("/api/v1/admin/disputes?{query}");
        let refused = moderator.call("GET", &path, None).await;
        refused.refuses(400, "BAD_QUERY", "'odd'");
    }
    app.finish().await;
}
