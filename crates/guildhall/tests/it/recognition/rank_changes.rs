//! Changes of ranks since the month before, on leaderboards of months and others.

use std::collections::BTreeMap;

use recognition::model::Boards;

use super::grants::{Grant, board_of, give, people};
use crate::app::{TestApp, at};

/// Returns each person of a leaderboard with their change, in its order.
async fn changes(app: &TestApp, board: &str) -> Vec<(String, Option<i64>)> {
    let page = app.json(&format!("/api/v1/leaderboards/{board}")).await;
    let items = page["items"].as_array().expect("items").iter();
    let change = |item: &serde_json::Value| {
        (item["login"].as_str().unwrap_or_default().to_owned(), item["rank_change"].as_i64())
    };
    items.map(change).collect()
}

fn expected(all: &[(&str, Option<i64>)]) -> Vec<(String, Option<i64>)> {
    all.iter().map(|(login, change)| ((*login).to_owned(), *change)).collect()
}

#[tokio::test]
async fn every_leaderboard_compares_with_the_month_before() {
    let app = TestApp::start().await;
    app.clock.set(at("2026-10-20T08:00:00Z"));
    board_of(&app, &["global", "month:2026-10"], &[90, 70, 70, -5]).await;
    let snapshots = || app.run_schedule("RankSnapshots");
    let nothing = "the ranks of this month's beginning are stored";
    assert_eq!(snapshots().await, nothing, "the board began in this month");
    let none = [("p1", None), ("p2", None), ("p3", None), ("p4", None)];
    assert_eq!(changes(&app, "global").await, expected(&none));
    app.clock.set(at("2026-11-01T00:05:00Z"));
    assert_ne!(snapshots().await, nothing);
    assert_eq!(snapshots().await, nothing);
    let known = people(&app, 5).await;
    let boards: Boards = ["global", "month:2026-11"].map(str::to_owned).into();
    let grant = |person, points| Some(Grant { person, points, at: at("2026-11-02T08:00:00Z") });
    let new = BTreeMap::from([(8, grant(4, 100)), (9, grant(5, 10))]);
    give(&app, &known, &boards, &new).await;
    let all = [("p4", Some(3)), ("p1", Some(-1)), ("p2", Some(-1)), ("p3", Some(-1)), ("p5", None)];
    assert_eq!(changes(&app, "global").await, expected(&all));
    let month = [("p4", Some(3)), ("p5", None)];
    assert_eq!(changes(&app, "months/2026-11").await, expected(&month));
    let own = app.json("/api/v1/leaderboards/global/ranks/p4").await;
    assert_eq!(own["rank_change"], 3, "{own}");
    let page = app.get("/leaderboards?source=all").send().await.expect("an answer");
    let page = page.text().await.expect("text");
    assert!(page.contains("of the rank since the previous month"), "{page}");
    app.clock.set(at("2026-12-01T00:05:00Z"));
    snapshots().await;
    let all = [("p4", Some(0)), ("p1", Some(0)), ("p2", Some(0)), ("p3", Some(0)), ("p5", Some(0))];
    assert_eq!(changes(&app, "global").await, expected(&all));
    app.finish().await;
}
