//! Archived projects: what is opened later earns nothing.

use chrono::TimeDelta;
use contributions::actions::{ChangedProject, ProjectChange, change_project};
use platform::audit::Actor::Operator;
use serde_json::json;

use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

/// Archives a project, or ends that.
async fn archive(app: &TestApp, slug: &str, archived: bool) -> ChangedProject {
    let change = ProjectChange { archived: Some(archived), ..ProjectChange::default() };
    let changed = change_project(app.context(), Operator, slug, change).await;
    changed.expect("changed")
}

/// The server's clock is at the beginning of November: opens a pull request before it, archives, and opens another.
async fn scene() -> TestApp {
    let app = TestApp::of_lantern().await;
    let repo = repo(1, "lantern");
    let before = Scenario::opened(&repo, 1, &person("hexacat"), "2026-10-31T08:00:00Z");
    app.deliver_all(&[&before]).await;
    archive(&app, "season", true).await;
    app.clock.advance(TimeDelta::days(3));
    let before = before.merged("2026-11-02T08:00:00Z");
    let after = Scenario::opened(&repo, 2, &person("hexacat"), "2026-11-01T08:00:00Z");
    let after = after.merged("2026-11-02T09:00:00Z");
    app.deliver_all(&[&before, &after]).await;
    app
}

const SCORED_BEFORE: [&str; 2] = ["#1  pr_merged +50 2026-11", "#1  pr_opened +10 2026-10"];

#[tokio::test]
async fn a_pull_request_earns_points_if_it_was_opened_before_the_archiving() {
    let app = scene().await;
    assert_eq!(app.net_ledger().await, SCORED_BEFORE);
    let why = app.explanation(2).await.join("\n");
    assert!(why.contains("its project was archived before it was opened"), "{why}");
    let shown = app.json("/api/v1/pull-requests/octo-org/lantern/2").await;
    assert!(shown.to_string().contains("project_archived"), "{shown}");
    for (path, words) in [
        ("/pull-requests/octo-org/lantern/2", "its project was archived before"),
        ("/projects/season", "Archived on"),
        ("/projects/season", "new pull requests earn no points here."),
        ("/projects/season", "1 Nov 2026"),
        ("/projects/season/rules", "Archived on"),
        ("/leaderboards/projects/season", "hexacat"),
    ] {
        let page = app.get(path).send().await.expect("an answer");
        let page = page.text().await.expect("HTML");
        assert!(page.contains(words), "{path}: {page}");
    }
    app.finish().await;
}

#[tokio::test]
async fn unarchiving_restores_the_points_and_archiving_again_takes_only_later_ones() {
    let app = scene().await;
    let moved = archive(&app, "season", false).await;
    assert!(moved.has_moved && moved.project.archived_at.is_none());
    app.verify().await;
    app.work().await;
    app.verify().await;
    let all = app.net_ledger().await;
    assert_eq!(all.len(), 4, "{all:?}");
    let page = app.get("/projects/season").send().await.expect("an answer");
    let page = page.text().await.expect("HTML");
    assert!(!page.contains("Archived on"), "{page}");
    // Archived later than both were opened.
    archive(&app, "season", true).await;
    app.work().await;
    app.verify().await;
    assert_eq!(app.net_ledger().await, all);
    app.finish().await;
}

#[tokio::test]
async fn archiving_twice_keeps_the_first_instant() {
    let app = TestApp::of_lantern().await;
    let first = archive(&app, "season", true).await;
    app.clock.advance(TimeDelta::days(1));
    let second = archive(&app, "season", true).await;
    assert!(first.has_moved && !second.has_moved);
    assert_eq!(first.project.archived_at, second.project.archived_at);
    let acts =
        "SELECT action AS value FROM audit_logs WHERE action LIKE 'project.%archive' ORDER BY id";
    assert_eq!(app.values(acts).await, ["project.archive"]);
    archive(&app, "season", false).await;
    archive(&app, "season", false).await;
    let expected = ["project.archive", "project.unarchive"];
    assert_eq!(app.values(acts).await, expected);
    app.finish().await;
}

#[tokio::test]
async fn archived_projects_are_listed_when_asked_for() {
    let app = TestApp::start().await;
    for slug in ["lantern", "harbor"] {
        app.project(slug).await;
    }
    let page = async |path: &str| {
        let page = app.get(path).send().await.expect("an answer");
        page.text().await.expect("HTML")
    };
    let slugs = async |path: &str| {
        let list = app.json(path).await;
        let items = list["items"].as_array().expect("items").iter();
        items.map(|item| item["slug"].clone()).collect::<Vec<_>>()
    };
    assert!(!page("/projects").await.contains("archived=true"));
    let none = page("/projects?archived=true").await;
    assert!(none.contains("No archived projects"), "{none}");
    archive(&app, "lantern", true).await;
    let current = page("/projects").await;
    assert!(
        current.contains("/projects/harbor") && !current.contains("/projects/lantern\""),
        "{current}"
    );
    assert!(current.contains(r#"href="/projects?archived=true""#), "{current}");
    let archived = page("/projects?archived=true").await;
    assert!(
        archived.contains("/projects/lantern\"") && !archived.contains("/projects/harbor\""),
        "{archived}"
    );
    let boards = page("/leaderboards").await;
    assert!(!boards.contains("/projects/lantern\""), "{boards}");
    assert_eq!(slugs("/api/v1/projects").await, [json!("harbor")]);
    assert_eq!(slugs("/api/v1/projects?archived=false").await, [json!("harbor")]);
    assert_eq!(slugs("/api/v1/projects?archived=true").await, [json!("lantern")]);
    let shown = app.json("/api/v1/projects/lantern").await;
    assert_eq!(shown["archived_at"], json!(app.context().now()));
    app.refuses("/api/v1/projects?archived=maybe", 400, "BAD_QUERY", "use true or false").await;
    app.finish().await;
}
