//! Leaderboards of projects.

use serde_json::json;

use crate::{app::TestApp, recognition::grants::board_of};

#[tokio::test]
async fn a_projects_leaderboard_has_ranks() {
    let app = TestApp::start().await;
    app.project("season").await;
    let sql = "SELECT count(*) FROM projects";
    assert_eq!(app.count(sql).await, 1);
    let project = contributions::reads::project_id(&app.context().db, "season").await;
    let key = contributions::model::project_board(project.expect("read").expect("a project"));
    board_of(&app, &[&key], &[5]).await;
    let rank = app
        .json("/api/v1/leaderboards/projects/season/ranks/p1")
        .await;
    assert_eq!((&rank["rank"], &rank["points"]), (&json!(1), &json!(5)));
    app.finish().await;
}
