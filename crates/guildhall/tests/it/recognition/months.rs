//! The months of boards: what counts on a board within a month.

use std::collections::BTreeMap;

use guildhall::Migrator;
use recognition::{
    model::Boards,
    reads::{self, Start},
};

use super::grants::{Grant, give, people};
use crate::app::{TestApp, at};

const OCTOBER: &str = "month:2026-10";
const NOVEMBER: &str = "month:2026-11";

/// Gives points, or takes back those of a source, on a team's board and on those of everyone.
async fn grant(app: &TestApp, source: u128, points: Option<i64>, month: &str, team: &str) {
    let known = people(app, 2).await;
    let boards: Boards = ["global", month, team].map(str::to_owned).into();
    let day = format!("{}-02T08:00:00Z", &month["month:".len()..]);
    let grant = points.map(|points| Grant { person: 1, points, at: at(&day) });
    give(app, &known, &boards, &BTreeMap::from([(source, grant)])).await;
}

/// Returns the first person's points on boards. Those without are absent.
async fn points(app: &TestApp, boards: &[&'static str]) -> Vec<(&'static str, i64)> {
    let mut found = Vec::new();
    for key in boards {
        let page = reads::page(&app.context().db, key, Start::Top, 10);
        let rows = page.await.expect("a page").rows;
        found.extend(rows.first().map(|row| (*key, row.points)));
    }
    found
}

const ALL: &[&str] = &[
    "global",
    OCTOBER,
    NOVEMBER,
    "team:1",
    "team:2",
    "team:1/month:2026-10",
    "team:1/month:2026-11",
    "team:2/month:2026-10",
    "team:2/month:2026-11",
];

/// A server with points in two months and two teams.
async fn scene() -> TestApp {
    let app = TestApp::start().await;
    for (source, points, month, team) in
        [(1, 7, OCTOBER, "team:1"), (2, 20, OCTOBER, "team:2"), (3, 300, NOVEMBER, "team:1")]
    {
        grant(&app, source, Some(points), month, team).await;
    }
    app
}

const SCENE: [(&str, i64); 8] = [
    ("global", 327),
    (OCTOBER, 27),
    (NOVEMBER, 300),
    ("team:1", 307),
    ("team:2", 20),
    ("team:1/month:2026-10", 7),
    ("team:1/month:2026-11", 300),
    ("team:2/month:2026-10", 20),
];

#[tokio::test]
async fn points_count_on_the_month_of_their_board() {
    let app = scene().await;
    assert_eq!(points(&app, ALL).await, SCENE);
    app.verify().await;
    grant(&app, 3, None, NOVEMBER, "team:1").await;
    assert_eq!(
        points(&app, ALL).await,
        [
            ("global", 27),
            (OCTOBER, 27),
            ("team:1", 7),
            ("team:2", 20),
            ("team:1/month:2026-10", 7),
            ("team:2/month:2026-10", 20),
        ]
    );
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn an_upgrade_counts_the_months_of_earlier_points() {
    let app = scene().await;
    let parts = "SELECT id FROM boards WHERE key LIKE '%/%'";
    for sql in [
        format!("DELETE FROM board_histogram WHERE board_id IN ({parts})"),
        format!("DELETE FROM board_rows WHERE board_id IN ({parts})"),
        "DELETE FROM boards WHERE key LIKE '%/%'".to_owned(),
        "DELETE FROM schema_migrations WHERE version LIKE '%_add_months_of_boards'".to_owned(),
    ] {
        app.change(&sql).await.expect("as in the earlier release");
    }
    assert_eq!(points(&app, ALL).await.len(), 5);
    let applied = app.context().db.migrate::<Migrator>().await;
    assert_eq!(applied.expect("migrated").len(), 1);
    assert_eq!(points(&app, ALL).await, SCENE);
    app.verify().await;
    app.finish().await;
}
