//! Each refusal of the API of seasons.

use contributions::rules::seasons::SeasonInput;
use identity::model::Role;
use serde_json::json;

use super::october;
use crate::app::{TestApp, at, browser::Browser};

const PATH: &str = "/api/v1/seasons/autumn";
const OWN: &str = "/api/v1/me/seasons/autumn";

#[tokio::test]
async fn fields_of_a_season_are_checked() {
    let app = TestApp::start().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let valid = json!({ "name": "Autumn", "first_day": "2026-10-01", "last_day": "2026-10-31" });
    for (field, value, words) in [
        ("name", json!(""), "Enter a name"),
        ("first_day", json!("tomorrow"), "'tomorrow' is not a day"),
        ("last_day", json!("2026-09-01"), "is before the first"),
        ("registration_last_day", json!("2001-01-01"), "is not from 2008"),
        (
            "registration_last_day",
            json!("2026-11-01"),
            "Registration cannot end after the last day of the season (2026-10-31)",
        ),
        ("goal", json!(-1), "The goal must be"),
        ("goal", json!(10_001), "The goal must be"),
        ("consent", json!("x".repeat(10_001)), "The consent has at most"),
    ] {
        let mut body = valid.clone();
        body[field] = value;
        let refused = admin.call("POST", "/api/v1/seasons", Some(&body)).await;
        refused.refuses(422, "BAD_SEASON", words);
    }
    let mut body = valid.clone();
    body["rules"] = json!({ "merge": 1 });
    let refused = admin.call("POST", "/api/v1/seasons", Some(&body)).await;
    refused.refuses(422, "BAD_RULES", "");
    let mut body = valid;
    body["name"] = json!("Au\u{202E}tumn");
    let refused = admin.call("POST", "/api/v1/seasons", Some(&body)).await;
    refused.refuses(422, "UNSEEN_CHARACTER", "U+202E");
    app.finish().await;
}

#[tokio::test]
async fn only_organizers_and_admins_manage_a_season() {
    let app = TestApp::of_lantern().await;
    app.season(october()).await;
    let (stranger, anonymous) = (app.browser_of("wren-oak").await, Browser::new(&app));
    for (method, path) in [
        ("GET", format!("{PATH}/settings")),
        ("GET", format!("{PATH}/participants")),
        ("GET", format!("{PATH}/prizes")),
        ("POST", format!("{PATH}/publish")),
        ("POST", format!("{PATH}/cancel")),
        ("POST", format!("{PATH}/sign-off")),
        ("POST", format!("{PATH}/publish-rules")),
        ("PUT", format!("{PATH}/projects/season")),
        ("DELETE", format!("{PATH}/projects/season")),
    ] {
        let refused = stranger.call(method, &path, None).await;
        refused.refuses(403, "ORGANIZER_REQUIRED", "organizers of the season");
        let refused = anonymous.call(method, &path, None).await;
        refused.refuses(401, "SIGN_IN_REQUIRED", "Sign in");
    }
    let path = format!("{PATH}/organizers/wren-oak");
    let refused = stranger.call("PUT", &path, None).await;
    refused.refuses(403, "ROLE_REQUIRED", "");
    app.finish().await;
}

#[tokio::test]
async fn a_draft_is_hidden_from_strangers() {
    let app = TestApp::of_lantern().await;
    app.draft_season(october()).await;
    let stranger = app.browser_of("wren-oak").await;
    let settings = stranger.get(&format!("{PATH}/settings")).await;
    settings.refuses(403, "ORGANIZER_REQUIRED", "");
    assert!(!settings.text.contains("Autumn"), "{}", settings.text);
    for path in [PATH, OWN, &format!("{PATH}/results")] {
        stranger.get(path).await.refuses(404, "NOT_FOUND", "Unknown season");
    }
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    for is_canceled in [false, true] {
        if is_canceled {
            let canceled = admin.call("POST", &format!("{PATH}/cancel"), None).await;
            assert_eq!(canceled.status, 200, "{}", canceled.text);
        }
        let body = json!({ "consent_version": 1 });
        for (method, body) in [("PUT", Some(&body)), ("DELETE", None)] {
            let refused = stranger.call(method, OWN, body).await;
            refused.refuses(404, "NOT_FOUND", "Unknown season");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn registration_has_its_days_and_its_text() {
    let app = TestApp::of_lantern().await;
    let details = SeasonInput {
        registration_first_day: Some("2026-10-10".to_owned()),
        registration_last_day: Some("2026-10-20".to_owned()),
        ..october()
    };
    app.season(details).await;
    let own = app.browser_of("wren-oak").await;
    let body = json!({ "consent_version": 1 });
    for (now, is_open) in [
        ("2026-10-09T23:59:59Z", false),
        ("2026-10-10T00:00:00Z", true),
        ("2026-10-20T23:59:59Z", true),
        ("2026-10-21T00:00:00Z", false),
    ] {
        app.clock.set(at(now));
        let registered = own.call("PUT", OWN, Some(&body)).await;
        if is_open {
            assert_eq!(registered.status, 200, "{now}: {}", registered.text);
        } else {
            registered.refuses(409, "REGISTRATION_CLOSED", "10 Oct to 20 Oct 2026");
        }
    }
    app.clock.set(at("2026-10-15T00:00:00Z"));
    let other = json!({ "consent_version": 2 });
    let refused = own.call("PUT", OWN, Some(&other)).await;
    refused.refuses(409, "CONSENT_OUTDATED", "version 1");
    app.disqualifies("wren-oak", false).await;
    let refused = own.call("PUT", OWN, Some(&body)).await;
    refused.refuses(409, "DISQUALIFIED", "Ask its organizers");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn objects_must_exist() {
    let app = TestApp::of_lantern().await;
    app.season(october()).await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let reason = json!({ "reason": "To try." });
    let sanction = json!({ "kind": "warning", "reason": "To try." });
    let id = "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
    for (method, path, body, code) in [
        ("PUT", "/projects/nothing", None, "NOT_FOUND"),
        ("PUT", "/organizers/no-one", None, "PERSON_NOT_FOUND"),
        ("GET", "/participants/no-one/sanctions", None, "PERSON_NOT_FOUND"),
        ("POST", "/participants/no-one/sanctions", Some(&sanction), "PERSON_NOT_FOUND"),
        ("POST", &*format!("/sanctions/{id}/lift"), Some(&reason), "NOT_FOUND"),
    ] {
        let refused = admin.call(method, &format!("{PATH}{path}"), body).await;
        refused.refuses(404, code, "");
    }
    let refused = admin.call("DELETE", OWN, None).await;
    refused.refuses(409, "NOT_REGISTERED", "not registered");
    for (kind, reason, code) in [
        ("exile", "To try.", "BAD_SEASON"),
        ("warning", " ", "REASON_REQUIRED"),
        ("warning", &*"x".repeat(1_001), "BAD_SEASON"),
    ] {
        let body = json!({ "kind": kind, "reason": reason });
        let path = format!("{PATH}/participants/rook-elm/sanctions");
        let refused = admin.call("POST", &path, Some(&body)).await;
        refused.refuses(422, code, "");
    }
    admin.get(&format!("{PATH}/participants?cursor=x")).await.refuses(
        400,
        "BAD_CURSOR",
        "Start again",
    );
    app.finish().await;
}
