//! `GET /api/v1/projects/{slug}/analytics`.

use contributions::model::ReviewAction::Rejected;
use serde_json::{Value, json};

use super::server;
use crate::app::TestApp;

const OCTOBER: &str = "/api/v1/projects/season/analytics?from=2026-10-05&to=2026-11-01";

fn week(found: &Value, place: usize) -> Vec<i64> {
    let week = &found["weeks"][place];
    let number = |name: &str| week[name].as_i64().expect("a number");
    ["opened", "reviewed", "merged", "closed"].map(number).to_vec()
}

#[tokio::test]
async fn figures_belong_to_the_weeks_in_which_they_happened() {
    let app = server().await;
    let wren = app.browser_of("wren-oak").await;
    let found = wren.json(OCTOBER).await;
    let firsts: Vec<&str> = found["weeks"]
        .as_array()
        .expect("weeks")
        .iter()
        .filter_map(|week| week["first_day"].as_str())
        .collect();
    let mondays = ["2026-10-05", "2026-10-12", "2026-10-19", "2026-10-26"];
    assert_eq!(firsts, mondays);
    let weeks: Vec<_> = (0..4).map(|place| week(&found, place)).collect();
    let expected = [[2, 1, 1, 0], [2, 0, 2, 1], [0, 0, 0, 0], [2, 1, 1, 0]];
    assert_eq!(weeks, expected, "{found}");
    assert_eq!((&found["opened"], &found["merged"]), (&json!(6), &json!(4)));
    assert_eq!(found["merge_rate_percent"], json!(80.0));
    let hours = |hours: i64| hours * 3_600;
    assert_eq!(
        found["review_time"],
        json!({ "count": 2, "median_seconds": hours(2), "p90_seconds": hours(46) })
    );
    // 4 h, 24 h, 47 h and 8 days.
    assert_eq!(
        found["merge_time"],
        json!({ "count": 4, "median_seconds": hours(24), "p90_seconds": hours(192) })
    );
    let ratings = json!({ "counts": [0, 0, 0, 1, 1], "mean": 4.5 });
    assert_eq!(found["ratings"], ratings, "a changed rating counts once");
    assert_eq!(found["weeks"][3]["ratings"], ratings);
    let changes = found["hours"].as_array().expect("hours").iter();
    let changes: i64 = changes.filter_map(|hour| hour["changes"].as_i64()).sum();
    assert_eq!(changes, 6 + 2 + 4 + 1);
    let people: Vec<_> = found["contributors"]
        .as_array()
        .expect("people")
        .iter()
        .map(|person| (person["login"].as_str().expect("a login"), &person["merged"]))
        .collect();
    let expected = [json!(3), json!(1), json!(0)];
    let expected: Vec<_> = ["hexacat", "octofox", "monacat"].into_iter().zip(&expected).collect();
    assert_eq!(people, expected);
    assert_eq!(found["contributors"][0]["median_rating"], json!(4));
    app.finish().await;
}

#[tokio::test]
async fn a_rejection_here_is_a_review_and_no_end() {
    let app = server().await;
    let rejected = app.review("lantern", 4, "wren-oak", Rejected).await;
    rejected.expect("rejected");
    app.work().await;
    let wren = app.browser_of("wren-oak").await;
    let found = wren.json(OCTOBER).await;
    let shown = ["opened", "reviewed", "merged", "closed"].map(|name| found[name].as_i64());
    assert_eq!(shown, [Some(6), Some(3), Some(4), Some(1)], "{found}");
    let people = wren.json("/api/v1/projects/season/contributors").await;
    let last = &people["items"][2];
    assert_eq!((&last["opened"], &last["closed"]), (&json!(2), &json!(1)));
    app.finish().await;
}

#[tokio::test]
async fn the_range_and_the_repository_narrow_the_figures() {
    let app = server().await;
    let wren = app.browser_of("wren-oak").await;
    for (asked, opened, merged, weeks) in [
        ("", 6, 4, 13),
        ("?from=2026-10-12&to=2026-10-12", 2, 1, 1),
        ("?from=2026-10-13&to=2026-10-18", 0, 1, 1),
        ("?repository=Octo-Org/Wick", 1, 1, 13),
        ("?from=2025-11-02", 6, 4, 53),
        ("?from=2025-01-01&to=2025-12-31", 0, 0, 53),
    ] {
        let path = format!("/api/v1/projects/season/analytics{asked}");
        let found = wren.json(&path).await;
        let shown = (
            found["opened"].as_i64(),
            found["merged"].as_i64(),
            found["weeks"].as_array().map(Vec::len),
        );
        assert_eq!(shown, (Some(opened), Some(merged), Some(weeks)), "{asked}");
    }
    app.finish().await;
}

#[tokio::test]
async fn requests_that_are_not_valid_are_refused() {
    let app = TestApp::of_lantern().await;
    app.know_reviewer("season", "wren-oak").await;
    let wren = app.browser_of("wren-oak").await;
    for (asked, status, code, words) in [
        ("from=yesterday", 400, "BAD_QUERY", "is not a day"),
        ("from=2026-10-02&to=2026-10-01", 400, "BAD_QUERY", "after the last"),
        ("from=2020-01-01&to=2026-10-01", 400, "BAD_QUERY", "at most 731 days"),
        ("repository=octo-org/none", 404, "NOT_FOUND", "No repository"),
        ("since=2026-10-01", 400, "UNKNOWN_PARAMETER", "since"),
    ] {
        let path = format!("/api/v1/projects/season/analytics?{asked}");
        let answer = wren.call("GET", &path, None).await;
        answer.refuses(status, code, words);
    }
    app.finish().await;
}
