//! Changes of ranks since the period before, on leaderboards of months and others.

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
    let nothing = "the ranks to compare with are stored";
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
    assert!(page.contains("of the rank since the previous period"), "{page}");
    app.clock.set(at("2026-12-01T00:05:00Z"));
    snapshots().await;
    let all = [("p4", Some(0)), ("p1", Some(0)), ("p2", Some(0)), ("p3", Some(0)), ("p5", Some(0))];
    assert_eq!(changes(&app, "global").await, expected(&all));
    app.finish().await;
}

#[tokio::test]
async fn a_new_leaderboard_compares_with_its_second_day_and_then_with_the_week() {
    let app = TestApp::start().await;
    let snapshots = async |now: &str| {
        app.clock.set(at(now));
        app.run_schedule("RankSnapshots").await
    };
    let nothing = "the ranks to compare with are stored";
    app.clock.set(at("2026-10-06T08:00:00Z"));
    board_of(&app, &["global"], &[90, 70]).await;
    assert_eq!(snapshots("2026-10-06T23:50:00Z").await, nothing, "its first day");
    assert_eq!(changes(&app, "global").await, expected(&[("p1", None), ("p2", None)]));
    assert_ne!(snapshots("2026-10-07T00:05:00Z").await, nothing);
    let known = people(&app, 3).await;
    let boards: Boards = ["global"].map(str::to_owned).into();
    let grant = |person, points| Some(Grant { person, points, at: at("2026-10-07T08:00:00Z") });
    give(&app, &known, &boards, &BTreeMap::from([(8, grant(2, 50)), (9, grant(3, 10))])).await;
    let risen = [("p2", Some(1)), ("p1", Some(-1)), ("p3", None)];
    assert_eq!(changes(&app, "global").await, expected(&risen));
    // Boards that no one was on are tried again each day.
    snapshots("2026-10-11T23:50:00Z").await;
    assert_eq!(changes(&app, "global").await, expected(&risen), "the week is not over");
    snapshots("2026-10-12T00:05:00Z").await;
    let same = [("p2", Some(0)), ("p1", Some(0)), ("p3", Some(0))];
    assert_eq!(changes(&app, "global").await, expected(&same));
    // A season exists before anyone is on its leaderboard.
    app.change("DELETE FROM board_ranks").await.expect("deleted");
    assert_eq!(snapshots("2026-10-12T08:00:00Z").await, nothing, "the same day");
    assert_ne!(snapshots("2026-10-13T00:05:00Z").await, nothing, "no one was on it");
    app.finish().await;
}
