//! Leaderboards of projects.

use serde_json::json;

use crate::{
    app::TestApp,
    auth::rows::{Access::Open, NONE, Row},
    recognition::grants::board_of,
};

/// Rows of the permission matrix.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("GET", "/api/v1/leaderboards/projects/{slug}", "/api/v1/leaderboards/projects/season", NONE, Open(200)),
    ("GET", "/api/v1/leaderboards/projects/{slug}/ranks/{login}", "/api/v1/leaderboards/projects/season/ranks/subject", NONE, Open(200)),
    ("GET", "/api/v1/leaderboards/projects/{slug}/months/{month}", "/api/v1/leaderboards/projects/season/months/2026-10", NONE, Open(200)),
    ("GET", "/api/v1/leaderboards/projects/{slug}/months/{month}/ranks/{login}", "/api/v1/leaderboards/projects/season/months/2026-10/ranks/subject", NONE, Open(200)),
    ("GET", "/leaderboards/projects/{slug}/months", "/leaderboards/projects/season/months", NONE, Open(200)),
    ("GET", "/leaderboards/projects/{slug}/months/{month}", "/leaderboards/projects/season/months/2026-10", NONE, Open(200)),
    ("GET", "/leaderboards/projects/{slug}/months/{month}/board.csv", "/leaderboards/projects/season/months/2026-10/board.csv", NONE, Open(200)),
    ("GET", "/leaderboards/projects/{slug}/months/{month}/card.svg", "/leaderboards/projects/season/months/2026-10/card.svg", NONE, Open(200)),
    ("GET", "/leaderboards/projects/{slug}", "/leaderboards/projects/season", NONE, Open(200)),
    ("GET", "/leaderboards/projects/{slug}/board.csv", "/leaderboards/projects/season/board.csv", NONE, Open(200)),
    ("GET", "/leaderboards/projects/{slug}/card.svg", "/leaderboards/projects/season/card.svg", NONE, Open(200)),
];

#[tokio::test]
async fn a_projects_leaderboard_has_ranks() {
    let app = TestApp::start().await;
    app.project("season").await;
    let sql = "SELECT count(*) FROM projects";
    assert_eq!(app.count(sql).await, 1);
    let project = contributions::reads::project_id(&app.context().db, "season").await;
    let key = contributions::model::project_board(project.expect("read").expect("a project"));
    board_of(&app, &[&key], &[5]).await;
    let rank = app.json("/api/v1/leaderboards/projects/season/ranks/p1").await;
    assert_eq!((&rank["rank"], &rank["points"]), (&json!(1), &json!(5)));
    app.finish().await;
}
