//! Overrides by admins.

use identity::model::Role;
use serde_json::json;

use super::*;

const OVERRIDE: &str = "/api/v1/pull-requests/octo-org/lantern/1/override";
const LIFT: &str = "/api/v1/pull-requests/octo-org/lantern/1/override?reason=The+list+is+complete";

#[tokio::test]
async fn points_are_set_and_follow_the_rules_again() {
    let app = scene().await;
    let admin = app.browser_with("birch", Role::Admin).await;
    for (input, expected) in [
        (json!({ "kind": "set", "points": 1500, "reason": "A lost list" }), 1_500),
        (json!({ "kind": "none", "reason": "Copied" }), 0),
        (json!({ "kind": "set", "points": 0, "reason": "Copied" }), 0),
    ] {
        let done = admin.call("PUT", OVERRIDE, Some(&input)).await;
        assert_eq!(done.status, 204, "{}", done.text);
        app.work().await;
        assert_eq!(score(&app, 1).await, expected, "{input}");
        app.verify().await;
    }
    assert_eq!(admin.call("DELETE", LIFT, None).await.status, 204);
    app.work().await;
    assert_eq!(score(&app, 1).await, 60);
    let again = admin.call("DELETE", LIFT, None).await;
    again.refuses(404, "NOT_FOUND", "No decision overrides");
    let acts = "SELECT action AS value FROM audit_logs WHERE action LIKE '%score%' ORDER BY id";
    let expected = [
        "pull_request.override_score",
        "pull_request.override_score",
        "pull_request.override_score",
        "pull_request.lift_score_override",
    ];
    assert_eq!(app.values(acts).await, expected);
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn frozen_points_post_nothing_and_stay() {
    let app = scene().await;
    let admin = app.browser_with("birch", Role::Admin).await;
    let entries = "SELECT count(*) FROM point_transactions";
    let before = app.count(entries).await;
    let freeze = json!({ "kind": "freeze", "reason": "Under investigation" });
    assert_eq!(admin.call("PUT", OVERRIDE, Some(&freeze)).await.status, 204);
    app.work().await;
    assert_eq!(app.count(entries).await, before);
    let labeled = super::super::seasons::merged(1, AUTHOR, "2026-10-28T08:00:00Z")
        .labeled("spam", "2026-10-29T08:00:00Z");
    app.deliver_all(&[&labeled]).await;
    assert_eq!(app.count(entries).await, before);
    assert_eq!(score(&app, 1).await, 60);
    let why = app.explanation(1).await.join(" ");
    assert!(why.contains("froze the points"), "{why}");
    assert_eq!(admin.call("DELETE", LIFT, None).await.status, 204);
    app.work().await;
    assert_eq!(score(&app, 1).await, -20);
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn an_override_is_refused() {
    let app = scene().await;
    let admin = app.browser_with("birch", Role::Admin).await;
    for (input, code) in [
        (json!({ "kind": "set", "reason": "Why" }), "BAD_POINTS"),
        (json!({ "kind": "set", "points": -1, "reason": "Why" }), "BAD_POINTS"),
        (json!({ "kind": "none", "points": 1, "reason": "Why" }), "BAD_POINTS"),
        (json!({ "kind": "none", "reason": " " }), "REASON_REQUIRED"),
    ] {
        let refused = admin.call("PUT", OVERRIDE, Some(&input)).await;
        refused.refuses(422, code, "");
    }
    let none = json!({ "kind": "none", "reason": "Why" });
    let unknown = OVERRIDE.replace("/1/", "/9/");
    let refused = admin.call("PUT", &unknown, Some(&none)).await;
    refused.refuses(404, "NOT_FOUND", "octo-org/lantern#9");
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let refused = moderator.call("PUT", OVERRIDE, Some(&none)).await;
    refused.refuses(403, "ROLE_REQUIRED", "Only admins");
    let own = app.browser_with(AUTHOR, Role::Admin).await;
    let refused = own.call("PUT", OVERRIDE, Some(&none)).await;
    refused.refuses(403, "OWN_PULL_REQUEST", "Ask another admin");
    let refused = own.call("DELETE", LIFT, None).await;
    refused.refuses(403, "OWN_PULL_REQUEST", "Ask another admin");
    let blank = LIFT.split('?').next().expect("a path");
    let refused = admin.call("DELETE", blank, None).await;
    refused.refuses(422, "REASON_REQUIRED", "Enter a reason");
    app.finish().await;
}

#[tokio::test]
async fn admins_override_on_the_page() {
    let app = scene().await;
    let admin = app.browser_with("birch", Role::Admin).await;
    let page = "/pull-requests/octo-org/lantern/1";
    let form = format!("{page}/override");
    let shown = admin.get(page).await;
    assert!(shown.text.contains("Override points"), "{}", shown.text);
    let odd = [("kind", "set"), ("points", "many"), ("reason", "A lost list")];
    let refused = admin.post(&form, &odd).await;
    refused.refuses_form(422, Some("points"), "whole number");
    assert!(refused.text.contains("A lost list"), "{}", refused.text);
    let unused = [("kind", "freeze"), ("points", "40"), ("reason", "A lost list")];
    let refused = admin.post(&form, &unused).await;
    refused.refuses_form(422, Some("points"), "Set the total");
    let set = [("kind", "set"), ("points", "40"), ("reason", "A lost list")];
    let done = admin.post(&form, &set).await;
    assert_eq!(done.location(), format!("{page}#override"));
    app.work().await;
    let anyone = app.browser_of("finch-ash").await.get(page).await.text;
    for words in [
        "A decision set this pull request to 40 points.",
        "A lost list",
        "These points stay until the decision is lifted",
        "The author can contest them on this page.",
    ] {
        assert!(anyone.contains(words), "{words}: {anyone}");
    }
    assert!(!anyone.contains("/disputes/new"), "{anyone}");
    assert!(!anyone.contains("Override points"), "{anyone}");
    assert!(!anyone.contains("Is a step wrong?"), "{anyone}");
    let author = app.browser_of(AUTHOR).await;
    let inbox = app.inbox(&author).await;
    assert!(inbox.iter().any(|title| title.contains("decision on the points")), "{inbox:?}");
    let lift = admin.post(&format!("{form}/lift"), &[("reason", " ")]).await;
    lift.refuses_form(422, None, "Enter a reason");
    let lift = [("reason", "The list is complete")];
    let lifted = admin.post(&format!("{form}/lift"), &lift).await;
    assert_eq!(lifted.status, 303, "{}", lifted.text);
    app.work().await;
    assert_eq!(score(&app, 1).await, 60);
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn entries_keep_their_reasons_after_another_decision() {
    let app = scene().await;
    let admin = app.browser_with("birch", Role::Admin).await;
    let ledger = "/pull-requests/octo-org/lantern/1/ledger.csv";
    let set = json!({ "kind": "set", "points": 200, "reason": "A lost list" });
    app.clock.advance(chrono::TimeDelta::minutes(1));
    assert_eq!(admin.call("PUT", OVERRIDE, Some(&set)).await.status, 204);
    app.work().await;
    let before = admin.get(ledger).await.text;
    let reason = "A decision set this pull request to 200 points.";
    assert_eq!(before.matches(reason).count(), 2, "{before}");
    let none = json!({ "kind": "none", "reason": "Copied" });
    app.clock.advance(chrono::TimeDelta::minutes(1));
    assert_eq!(admin.call("PUT", OVERRIDE, Some(&none)).await.status, 204);
    app.work().await;
    let after = admin.get(ledger).await.text;
    assert!(after.starts_with(before.trim_end()), "{before}{after}");
    let reason = "This pull request earns no points because of a decision.";
    assert_eq!(after.matches(reason).count(), 1, "{after}");
    app.finish().await;
}
