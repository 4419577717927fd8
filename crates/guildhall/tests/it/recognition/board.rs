//! Leaderboards, page by page.

use serde_json::Value;

use super::grants::board_of;
use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

/// Rank, login and points of each row.
fn rows(page: &Value) -> Vec<(i64, String, i64)> {
    let items = page["items"].as_array().expect("items").iter();
    let row = |row: &Value| {
        let login = row["login"].as_str().expect("a login").to_owned();
        let number = |name: &str| row[name].as_i64().expect("a number");
        (number("rank"), login, number("points"))
    };
    items.map(row).collect()
}

fn ranks(page: &Value) -> Vec<i64> {
    rows(page).into_iter().map(|(rank, ..)| rank).collect()
}

#[tokio::test]
async fn an_empty_leaderboard_is_an_empty_page() {
    let app = TestApp::start().await;
    for path in ["global", "months/2026-10"] {
        let page = app.json(&format!("/api/v1/leaderboards/{path}")).await;
        assert_eq!(page["items"], serde_json::json!([]));
        assert!(page["next_cursor"].is_null());
        assert_eq!(page["people"], 0);
    }
    app.finish().await;
}

#[tokio::test]
async fn equal_points_share_a_rank_and_are_listed_by_who_got_there_first() {
    let app = TestApp::start().await;
    board_of(&app, &["global"], &[40, 10, 50, 40]).await;
    let page = app.json("/api/v1/leaderboards/global").await;
    let expected = [(1, "p3", 50), (2, "p1", 40), (2, "p4", 40), (4, "p2", 10)];
    assert_eq!(rows(&page), expected.map(|(rank, login, points)| (rank, login.to_owned(), points)));
    let percentiles: Vec<_> = page["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|row| row["percentile"].as_f64())
        .collect();
    assert_eq!(percentiles, [75.0, 25.0, 25.0, 0.0].map(Some));
    assert_eq!(page["items"][1]["reached_at"], "2026-10-02T08:01:00Z");
    assert_eq!(page["people"], 4);
    app.finish().await;
}

#[tokio::test]
async fn a_page_has_20_rows_by_default() {
    let app = TestApp::start().await;
    board_of(&app, &["global"], &(1..=101).collect::<Vec<_>>()).await;
    for (query, length, more) in [("", 20, true), ("?limit=1", 1, true), ("?limit=100", 100, true)]
    {
        let page = app.json(&format!("/api/v1/leaderboards/global{query}")).await;
        assert_eq!(
            (ranks(&page).len(), page["next_cursor"].is_string()),
            (length, more),
            "{query}"
        );
    }
    let last = app.json("/api/v1/leaderboards/global?limit=100&rank=2").await;
    assert_eq!((ranks(&last).len(), last["next_cursor"].is_null()), (100, true));
    app.finish().await;
}

#[tokio::test]
async fn cursors_page_through_the_whole_leaderboard() {
    let app = TestApp::start().await;
    let points: Vec<i64> = (0..60).map(|n| n * 7 % 13 - 3).collect();
    board_of(&app, &["global"], &points).await;
    let whole = rows(&app.json("/api/v1/leaderboards/global?limit=100").await);
    assert_eq!(whole.len(), 60);
    for limit in [1, 7, 59, 60] {
        let (mut walked, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/api/v1/leaderboards/global?limit={limit}{cursor}");
            let page = app.json(&path).await;
            walked.extend(rows(&page));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(walked, whole, "by {limit}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_jump_starts_at_the_rank_that_covers_the_position() {
    let app = TestApp::start().await;
    board_of(&app, &["global"], &[90, 70, 70, 70, 20, -5]).await;
    for (place, expected) in [
        (1, vec![1, 2]),
        (2, vec![2, 2]),
        (4, vec![2, 2]),
        (5, vec![5, 6]),
        (6, vec![6]),
        (7, vec![6]),
        (i64::MAX, vec![6]),
    ] {
        let page = app.json(&format!("/api/v1/leaderboards/global?limit=2&rank={place}")).await;
        assert_eq!(ranks(&page), expected, "place {place}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_pull_request_counts_on_the_leaderboards_of_its_months_and_project() {
    let app = TestApp::start().await;
    app.project("season").await;
    app.project("other").await;
    app.repository("season", "octo-org/lantern", 1).await;
    let scenario =
        Scenario::opened(&repo(1, "lantern"), 1, &person("hexacat"), "2026-09-30T23:59:59Z");
    app.deliver(&scenario.merged("2026-10-01T00:00:00Z").deliveries).await;
    app.work().await;
    for (board, points) in [
        ("global", Some(60)),
        ("months/2026-09", Some(10)),
        ("months/2026-10", Some(50)),
        ("months/2026-11", None),
        ("projects/season", Some(60)),
        ("projects/other", None),
    ] {
        let page = app.json(&format!("/api/v1/leaderboards/{board}")).await;
        assert_eq!(page["items"][0]["points"].as_i64(), points, "{board}");
    }
    app.finish().await;
}
