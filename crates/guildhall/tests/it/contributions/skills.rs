//! The leaderboards of skills, which are the tags of projects.

use contributions::actions::{ProjectChange, change_project};
use platform::audit::Actor::Operator;

use super::seasons::{merged, row};
use crate::app::TestApp;

async fn tags(app: &TestApp, tags: &[&str]) {
    let change = ProjectChange {
        tags: Some(tags.iter().map(ToString::to_string).collect()),
        ..ProjectChange::default()
    };
    change_project(app.context(), Operator, "season", change).await.expect("changed");
}

#[tokio::test]
async fn a_board_follows_the_tags_of_projects() {
    let app = TestApp::of_lantern().await;
    let before = merged(1, "wren-oak", "2026-10-02T08:00:00Z");
    app.deliver_all(&[&before]).await;
    tags(&app, &["Rust", "CLI"]).await;
    assert_eq!(app.rows_of("skill:rust").await, [row("wren-oak", 60, 1)]);
    let after = merged(2, "wren-oak", "2026-10-03T08:00:00Z");
    app.deliver_all(&[&after]).await;
    assert_eq!(app.rows_of("skill:cli").await, [row("wren-oak", 120, 2)]);
    app.verify().await;
    let shown = app.json("/api/v1/leaderboards/skills/rust").await;
    assert_eq!(shown["items"][0]["points"], 120);
    let page = app.get("/leaderboards/skills/rust").send().await;
    let page = page.expect("a page").text().await.expect("text");
    assert!(page.contains("Rust leaderboard"), "{page}");
    tags(&app, &["CLI"]).await;
    assert_eq!(app.rows_of("skill:rust").await, []);
    app.refuses("/api/v1/leaderboards/skills/rust", 404, "NOT_FOUND", "skill").await;
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn an_upgrade_counts_the_tags_of_earlier_projects() {
    let app = TestApp::of_lantern().await;
    let before = merged(1, "wren-oak", "2026-10-02T08:00:00Z");
    app.deliver_all(&[&before]).await;
    let sql = r#"UPDATE projects SET tags = '["rust"]'"#;
    app.change(sql).await.expect("as in the earlier release");
    assert_eq!(app.run_schedule("SkillBoards").await, "1 skill");
    assert_eq!(app.rows_of("skill:rust").await, [row("wren-oak", 60, 1)]);
    app.verify().await;
    app.finish().await;
}
