//! Flags on pull requests: raised by the nightly detection, listed and decided by moderators.

use std::{ops::RangeInclusive, sync::Arc};

use identity::model::Role;
use serde_json::{Value, json};
use testkit::payloads::Repo;

use crate::app::{
    TestApp, at,
    browser::{Answer, Browser},
    scenarios::{Scenario, person, repo},
};

const PATH: &str = "/api/v1/admin/fair-play";

/// Small pull requests with the same title, opened an hour apart and merged a day later.
pub(super) fn series(
    lantern: &Arc<Repo>,
    author: &str,
    numbers: RangeInclusive<i64>,
) -> Vec<Scenario> {
    let opened = at("2026-10-20T08:00:00Z");
    let one = |number: i64| {
        let opened = opened + chrono::TimeDelta::hours(number % 10);
        let merged = opened + chrono::TimeDelta::days(1);
        let author = person(author);
        let mut scenario = Scenario::new(lantern, number, &author, &opened.to_rfc3339());
        scenario.story.pull.title = format!("Update file {number}");
        (scenario.story.pull.additions, scenario.story.pull.deletions) = (1, 1);
        let opened = testkit::story::Act::Opened;
        let at = scenario.story.pull.created_at.to_rfc3339();
        scenario.then(opened, &author, &at).merged(&merged.to_rfc3339())
    };
    numbers.map(one).collect()
}

/// A season with nine small pull requests of one person, and a flag on them.
async fn flagged() -> TestApp {
    let app = TestApp::of_lantern().await;
    let scenarios = series(&repo(1, "lantern"), "hexacat", 1..=9);
    app.deliver_all(&scenarios.iter().collect::<Vec<_>>()).await;
    assert_eq!(detect(&app).await, "raised 1 flag and extended 0");
    app
}

async fn detect(app: &TestApp) -> String {
    app.run_schedule("GamingDetection").await
}

async fn decide(browser: &Browser<'_>, decision: &Value) -> Answer {
    let path = format!("{PATH}/1/decision");
    browser.call("POST", &path, Some(decision)).await
}

async fn reopen(browser: &Browser<'_>) -> Answer {
    let reason = json!({ "reason": "They explained it" });
    let path = format!("{PATH}/1/reopen");
    browser.call("POST", &path, Some(&reason)).await
}

fn dismissed() -> Value {
    json!({ "is_confirmed": false, "reason": "An honest series" })
}

#[tokio::test]
async fn a_series_is_flagged_once() {
    let app = flagged().await;
    assert_eq!(detect(&app).await, "raised 0 flags and extended 1");
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let listed = moderator.json(PATH).await;
    let flag = &listed["items"][0];
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
    assert_eq!((&flag["number"], &flag["kind"]), (&json!(1), &json!("burst")));
    assert_eq!(flag["people"], 1);
    assert_eq!(flag["pull_requests"], 9);
    let expected = json!([
        "9 opened within 9 hours",
        "9 of 9 change at most 10 lines, or 20 with a title such as “Fix typo”",
        "1 title for 9 pull requests, apart from numbers",
        "9 of 9 without a review, and not merged by their author",
    ]);
    assert_eq!(flag["signs"], expected);
    let whole = moderator.json(&format!("{PATH}/1")).await;
    assert_eq!(whole["logins"], json!(["hexacat"]));
    assert_eq!(whole["concerned"][0]["pull_request"], "octo-org/lantern#1");
    app.finish().await;
}

#[tokio::test]
async fn a_dismissed_flag_is_not_raised_again() {
    let app = flagged().await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let decided = decide(&moderator, &dismissed()).await;
    assert_eq!(decided.status, 204, "{}", decided.text);
    app.work().await;
    assert_eq!(detect(&app).await, "raised 0 flags and extended 0");
    assert_eq!(moderator.json(PATH).await["items"], json!([]));
    let found = moderator.json(&format!("{PATH}?state=dismissed")).await;
    assert_eq!(found["items"][0]["reason"], "An honest series");
    app.finish().await;
}

#[tokio::test]
async fn a_decision_is_made_once_and_undone() {
    let app = flagged().await;
    let first = app.browser_with("rook-elm", Role::Moderator).await;
    let second = app.browser_with("wren-oak", Role::Moderator).await;
    reopen(&first).await.refuses(409, "FLAG_OPEN", "F-1 is open");
    assert_eq!(decide(&first, &dismissed()).await.status, 204);
    let late = decide(&second, &dismissed()).await;
    late.refuses(409, "FLAG_DECIDED", "rook-elm already decided");
    assert_eq!(reopen(&second).await.status, 204);
    assert_eq!(decide(&second, &dismissed()).await.status, 204);
    app.work().await;
    let acts = "SELECT action AS value FROM audit_logs WHERE action LIKE 'fair_play.%' ORDER BY id";
    let expected = ["fair_play.dismiss", "fair_play.reopen", "fair_play.dismiss"];
    assert_eq!(app.values(acts).await, expected);
    app.finish().await;
}

#[tokio::test]
async fn a_flag_is_not_decided_by_whom_it_concerns() {
    let app = flagged().await;
    let own = app.browser_with("hexacat", Role::Moderator).await;
    let refused = decide(&own, &dismissed()).await;
    refused.refuses(403, "OWN_FLAG", "F-1 concerns you");
    app.finish().await;
}

#[tokio::test]
async fn a_decision_without_a_reason_or_a_flag_is_refused() {
    let app = flagged().await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let blank = json!({ "is_confirmed": true, "reason": " " });
    decide(&moderator, &blank).await.refuses(422, "REASON_REQUIRED", "Enter a reason");
    let long = json!({ "is_confirmed": true, "reason": "a".repeat(2_001) });
    decide(&moderator, &long).await.refuses(422, "REASON_TOO_LONG", "2001 characters");
    for (method, path) in [("GET", "/7"), ("POST", "/7/decision"), ("POST", "/7/reopen")] {
        let body = match path {
            "/7/reopen" => json!({ "reason": "No" }),
            _ => dismissed(),
        };
        let body = (method == "POST").then_some(&body);
        let refused = moderator.call(method, &format!("{PATH}{path}"), body).await;
        refused.refuses(404, "NOT_FOUND", "Unknown flag F-7");
    }
    let bad = moderator.call("GET", &format!("{PATH}?kind=odd"), None).await;
    bad.refuses(400, "BAD_QUERY", "kind is 'odd'");
    app.finish().await;
}

#[tokio::test]
async fn a_confirmed_flag_takes_the_points_and_reopening_returns_them() {
    let app = flagged().await;
    let before = app.json("/api/v1/people/hexacat").await["points"].clone();
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let first = moderator.json(&format!("{PATH}/1")).await["concerned"][0]["id"].clone();
    let spared = json!([first]);
    for (effect, left) in [("no_points", 60), ("spam", 60 - 8 * 20)] {
        let confirmed = json!({
            "is_confirmed": true, "effect": effect, "spared": spared, "reason": "One change in nine",
        });
        assert_eq!(decide(&moderator, &confirmed).await.status, 204);
        app.work().await;
        assert_eq!(app.json("/api/v1/people/hexacat").await["points"], left, "{effect}");
        let why = app.explanation(2).await.join(" ");
        assert!(why.contains("confirmed flag F-1"), "{why}");
        assert_eq!(reopen(&moderator).await.status, 204);
        app.work().await;
        assert_eq!(app.json("/api/v1/people/hexacat").await["points"], before);
    }
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn a_confirmation_for_no_or_an_unknown_pull_request_is_refused() {
    let app = flagged().await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let flag = moderator.json(&format!("{PATH}/1")).await;
    let concerned = flag["concerned"].as_array().cloned().unwrap_or_default();
    let all: Vec<_> = concerned.iter().map(|pull| pull["id"].clone()).collect();
    let unknown = "01890000-0000-7000-8000-000000000000";
    for (spared, detail) in
        [(json!(all), "Check at least one pull request"), (json!([unknown]), unknown)]
    {
        let confirmed = json!({
            "is_confirmed": true, "effect": "spam", "spared": spared, "reason": "Small",
        });
        let refused = decide(&moderator, &confirmed).await;
        refused.refuses(422, "FLAG_PULL_REQUESTS", detail);
    }
    let flag = moderator.json(&format!("{PATH}/1")).await;
    assert_eq!(flag["state"], "open");
    app.finish().await;
}

#[tokio::test]
async fn moderators_decide_on_the_pages() {
    let app = flagged().await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let list = moderator.get("/admin/fair-play").await;
    assert!(list.text.contains("Many small pull requests"), "{}", list.text);
    let page = moderator.get("/admin/fair-play/1").await;
    assert!(page.text.contains("9 opened within 9 hours"), "{}", page.text);
    let none = [("decision", "dismiss"), ("reason", "An honest series")];
    let refused = moderator.post("/admin/fair-play", &none).await;
    refused.refuses_form(422, None, "No flag is selected");
    for (path, fields) in [
        ("/admin/fair-play", &[("flag", "1"), ("reason", "An honest series")][..]),
        ("/admin/fair-play/1", &[("reason", "An honest series")][..]),
    ] {
        let form = moderator.get(path).await.text;
        let (_, choices) = form.split_once("id=\"decision\"").expect("a choice");
        let (choices, _) = choices.split_once("</fieldset>").expect("its end");
        assert!(!choices.contains("checked"), "{path}: {choices}");
        let refused = moderator.post(path, fields).await;
        refused.refuses_form(422, Some("decision"), "Choose a decision");
        assert!(refused.text.contains("An honest series"), "{path}: {}", refused.text);
    }
    let blank = [("decision", "no_points"), ("reason", " ")];
    let refused = moderator.post("/admin/fair-play/1", &blank).await;
    refused.refuses_form(422, Some("reason"), "Enter a reason");
    let selected = [("flag", "1"), none[0], none[1]];
    let decided = moderator.post("/admin/fair-play", &selected).await;
    assert_eq!(decided.status, 303, "{}", decided.text);
    let again = [("reason", "They explained it")];
    let reopened = moderator.post("/admin/fair-play/1/reopen", &again).await;
    assert_eq!(reopened.location(), "/admin/fair-play/1");
    let confirmed = [("decision", "spam"), ("reason", "Small")];
    let refused = moderator.post("/admin/fair-play/1", &confirmed).await;
    refused.refuses_form(422, None, "Check at least one pull request, or clear the flag");
    let unknown = [("pull", "abc"), confirmed[0], confirmed[1]];
    let refused = moderator.post("/admin/fair-play/1", &unknown).await;
    refused.refuses_form(422, None, "not on this page");
    // The confirmation applies only to the pull request whose box is checked.
    let flag = moderator.json(&format!("{PATH}/1")).await;
    let first = flag["concerned"][0]["id"].as_str().unwrap_or_default();
    let one = [("pull", first), confirmed[0], confirmed[1]];
    let decided = moderator.post("/admin/fair-play/1", &one).await;
    assert_eq!(decided.status, 303, "{}", decided.text);
    let flag = moderator.json(&format!("{PATH}/1")).await;
    assert_eq!(flag["concerned"][0]["is_spared"], false);
    assert_eq!(flag["concerned"][1]["is_spared"], true);
    let decided = moderator.get("/admin/fair-play?state=confirmed").await;
    assert!(decided.text.contains("Spam"), "{}", decided.text);
    app.work().await;
    app.finish().await;
}
