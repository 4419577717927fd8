use identity::model::Role;
use serde_json::json;

use super::{AUTUMN, merged, october};
use crate::app::TestApp;

const PATH: &str = "/api/v1/seasons/autumn";
const OWN: &str = "/api/v1/me/seasons/autumn";

#[tokio::test]
async fn an_admin_creates_a_season_and_an_organizer_holds_it() {
    let app = TestApp::of_lantern().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let organizer = app.browser_of("finch-ash").await;
    let new = json!({
        "slug": AUTUMN, "name": "Autumn", "first_day": "2026-10-01", "last_day": "2026-10-31",
        "goal": 4, "consent": "Your rank is public.", "rules": { "merged": 60 }
    });
    let created = admin.call("POST", "/api/v1/seasons", Some(&new)).await;
    assert_eq!(created.status, 201, "{}", created.text);
    assert_eq!(created.header("location"), format!("{PATH}/settings"));
    assert_eq!(created.json()["state"], "draft");
    let appointed = admin.call("PUT", &format!("{PATH}/organizers/finch-ash"), None).await;
    assert_eq!(appointed.status, 204, "{}", appointed.text);
    assert_eq!(organizer.json(&format!("{PATH}/settings")).await["goal"], 4);
    let patch = json!({ "goal": 2, "is_registered_only": false });
    let changed = organizer.call("PATCH", PATH, Some(&patch)).await.json();
    assert_eq!((&changed["goal"], &changed["is_registered_only"]), (&2.into(), &false.into()));
    let project = format!("{PATH}/projects/season");
    assert_eq!(organizer.call("PUT", &project, None).await.status, 204);
    let published = organizer.call("POST", &format!("{PATH}/publish"), None).await;
    assert_eq!(published.status, 200, "{}", published.text);
    let shown = app.json(PATH).await;
    assert_eq!(shown["projects"], json!(["season"]));
    let parts = json!({
        "exclude": { "self_requested_merges": true }, "low_value": { "patches": true }, "merged": 60
    });
    assert_eq!(shown["rules"], parts);
    let listed = app.json("/api/v1/seasons").await;
    assert_eq!(listed["items"][0]["slug"], AUTUMN);
    assert_eq!(organizer.call("DELETE", &project, None).await.status, 204);
    assert_eq!(app.json(PATH).await["projects"], json!([]));
    let dismissed = format!("{PATH}/organizers/finch-ash");
    assert_eq!(admin.call("DELETE", &dismissed, None).await.status, 204);
    let refused = organizer.call("PATCH", PATH, Some(&patch)).await;
    refused.refuses(403, "ORGANIZER_REQUIRED", "Ask one of them");
    app.finish().await;
}

#[tokio::test]
async fn null_removes_a_limit_of_registration_and_an_absent_field_keeps_it() {
    let app = TestApp::of_lantern().await;
    app.season(october()).await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    for (patch, first, last) in [
        (
            json!({ "registration_first_day": "2026-09-20", "registration_last_day": "2026-10-10" }),
            json!("2026-09-20"),
            "2026-10-10",
        ),
        (json!({ "goal": 5 }), json!("2026-09-20"), "2026-10-10"),
        (json!({ "registration_first_day": null }), json!(null), "2026-10-10"),
        (json!({ "registration_last_day": null }), json!(null), "2026-10-31"),
        (json!({ "last_day": "2026-11-07" }), json!(null), "2026-11-07"),
    ] {
        let changed = admin.call("PATCH", PATH, Some(&patch)).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
        let changed = changed.json();
        assert_eq!(changed["registration_first_day"], first, "{patch}");
        assert_eq!(changed["registration_last_day"], last, "{patch}");
    }
    let late = json!({ "registration_last_day": "2026-11-08" });
    let refused = admin.call("PATCH", PATH, Some(&late)).await;
    refused.refuses(422, "BAD_SEASON", "Registration cannot end after");
    app.finish().await;
}

#[tokio::test]
async fn a_person_registers_and_withdraws() {
    let app = TestApp::of_lantern().await;
    app.season(october()).await;
    let own = app.browser_of("wren-oak").await;
    own.get(OWN).await.refuses(404, "NOT_FOUND", "not registered");
    let body = json!({ "consent_version": 1 });
    for _ in 0..2 {
        let registered = own.call("PUT", OWN, Some(&body)).await;
        assert_eq!(registered.status, 200, "{}", registered.text);
    }
    let shown = own.json(OWN).await;
    assert_eq!(
        (&shown["state"], &shown["timezone"], &shown["withdrawn_at"]),
        (&"in".into(), &"UTC".into(), &json!(null))
    );
    for _ in 0..2 {
        assert_eq!(own.call("DELETE", OWN, None).await.status, 204);
    }
    assert!(own.json(OWN).await["withdrawn_at"].is_string());
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn an_organizer_warns_disqualifies_and_lifts() {
    let app = TestApp::of_lantern().await;
    app.season(october()).await;
    app.browser_of("wren-oak").await;
    app.registers("wren-oak").await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let path = format!("{PATH}/participants/wren-oak/sanctions");
    for (kind, state) in [("warning", "warned"), ("disqualification", "disqualified")] {
        let body = json!({ "kind": kind, "reason": "Whitespace only." });
        let decided = admin.call("POST", &path, Some(&body)).await;
        assert_eq!(decided.status, 201, "{}", decided.text);
        let listed = admin.json(&format!("{PATH}/participants")).await;
        assert_eq!(listed["items"][0]["state"], state);
    }
    let again = json!({ "kind": "warning", "reason": "Again." });
    let again = admin.call("POST", &path, Some(&again)).await;
    again.refuses(409, "ALREADY_DISQUALIFIED", "already disqualified");
    let sanctions = admin.json(&path).await;
    let id = sanctions["items"][1]["id"].as_str().expect("an ID").to_owned();
    let lift = format!("{PATH}/sanctions/{id}/lift");
    let reason = json!({ "reason": "A mistake." });
    assert_eq!(admin.call("POST", &lift, Some(&reason)).await.status, 204);
    let again = admin.call("POST", &lift, Some(&reason)).await;
    again.refuses(409, "SANCTION_LIFTED", "already lifted");
    let listed = admin.json(&format!("{PATH}/participants")).await;
    assert_eq!(listed["items"][0]["state"], "warned");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_repeated_warning_warns_once() {
    let app = TestApp::of_lantern().await;
    app.season(october()).await;
    app.browser_of("wren-oak").await;
    app.registers("wren-oak").await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let other = app.browser_with("birch", Role::Admin).await;
    let path = format!("{PATH}/participants/wren-oak/sanctions");
    let warning = json!({ "kind": "warning", "reason": "Whitespace only." });
    for (browser, count) in [(&admin, 1), (&admin, 1), (&other, 2)] {
        let decided = browser.call("POST", &path, Some(&warning)).await;
        assert_eq!(decided.status, 201, "{}", decided.text);
        assert_eq!(app.count("SELECT count(*) FROM sanctions").await, count);
    }
    app.clock.advance(chrono::TimeDelta::minutes(1));
    let decided = admin.call("POST", &path, Some(&warning)).await;
    assert_eq!(decided.status, 201, "{}", decided.text);
    assert_eq!(app.count("SELECT count(*) FROM sanctions").await, 3);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn no_one_lifts_their_own_sanction() {
    let app = TestApp::of_lantern().await;
    app.season(october()).await;
    let own = app.browser_with("rook-elm", Role::Admin).await;
    app.disqualifies("rook-elm", false).await;
    let sanctions = format!("{PATH}/participants/rook-elm/sanctions");
    let sanctions = own.json(&sanctions).await;
    let id = sanctions["items"][0]["id"].as_str().expect("an ID");
    let lift = format!("{PATH}/sanctions/{id}/lift");
    let reason = json!({ "reason": "A mistake." });
    let refused = own.call("POST", &lift, Some(&reason)).await;
    refused.refuses(403, "OWN_SANCTION", "Ask another organizer");
    let other = app.browser_with("finch-ash", Role::Admin).await;
    assert_eq!(other.call("POST", &lift, Some(&reason)).await.status, 204);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn the_leaderboard_and_the_results_agree() {
    let app = TestApp::of_lantern().await;
    app.season(october()).await;
    app.browser_of("wren-oak").await;
    app.registers("wren-oak").await;
    let own = merged(1, "wren-oak", "2026-10-02T08:00:00Z");
    app.deliver_all(&[&own]).await;
    let board = app.json("/api/v1/leaderboards/seasons/autumn").await;
    assert_eq!(board["items"][0]["points"], 60);
    let rank = app.json("/api/v1/leaderboards/seasons/autumn/ranks/wren-oak").await;
    assert_eq!((&rank["rank"], &rank["points"]), (&1.into(), &60.into()));
    let results = app.json(&format!("{PATH}/results")).await;
    assert_eq!(results["final_at"], json!(null));
    assert_eq!(results["items"][0]["has_reached_goal"], true);
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let prizes = admin.json(&format!("{PATH}/prizes")).await;
    assert_eq!(prizes["items"][0]["email"], json!(null));
    app.finish().await;
}
