//! The page that changes and archives a project.

use identity::model::Role;

use crate::app::TestApp;

const EDIT: &str = "/projects/season/edit";

async fn scene() -> TestApp {
    let app = TestApp::start().await;
    app.project("season").await;
    app.browser_of("finch-ash").await;
    app.add_maintainer("season", "finch-ash").await;
    app
}

#[tokio::test]
async fn a_maintainer_edits_the_texts() {
    let app = scene().await;
    let own = app.browser_of("finch-ash").await;
    let form = own.get(EDIT).await.text;
    assert!(form.contains(r#"name="name" value="season""#), "{form}");
    assert!(!form.contains("/archive"), "only for the owner and admins: {form}");
    let filled = [
        ("name", "Season 2"),
        ("description", "Light for <nights>."),
        ("tags", "rust, cli, ,rust"),
        ("difficulty", "beginner"),
    ];
    assert_eq!(own.post(EDIT, &filled).await.location(), EDIT);
    let form = own.get(EDIT).await.text;
    for words in [
        "The changes are saved",
        r#"name="name" value="Season 2""#,
        r#"name="tags" value="rust, cli""#,
        r#"name="difficulty" value="beginner""#,
    ] {
        assert!(form.contains(words), "{words}: {form}");
    }
    let project = own.get("/projects/season").await.text;
    assert!(project.contains("<bdi>Season 2</bdi>") && !project.contains("<nights>"), "{project}");
    app.finish().await;
}

#[tokio::test]
async fn a_refused_form_keeps_the_input() {
    let app = scene().await;
    let own = app.browser_of("finch-ash").await;
    let long = "x".repeat(51);
    for (field, value, words) in [
        ("name", "", "1 to 100 characters"),
        ("description", "a\u{202e}b", "U+202E is an invisible character"),
        ("tags", &*long, "A tag has at most 50 characters"),
        ("difficulty", &*long, "The difficulty has at most 50 characters"),
    ] {
        let mut filled = vec![
            ("name", "Season 2"),
            ("description", "Light."),
            ("tags", "rust"),
            ("difficulty", "hard"),
        ];
        for (name, given) in &mut filled {
            if *name == field {
                *given = value;
            }
        }
        let refused = own.post(EDIT, &filled).await;
        refused.refuses_form(422, Some(field), words);
        for (name, given) in filled.iter().filter(|(name, _)| *name != field) {
            let kept = format!(r#"name="{name}" value="{given}""#);
            assert!(refused.text.contains(&kept), "{kept}: {}", refused.text);
        }
    }
    assert_eq!(app.json("/api/v1/projects/season").await["name"], "season");
    app.finish().await;
}

#[tokio::test]
async fn an_admin_is_asked_before_a_project_is_archived_and_ends_that() {
    let app = scene().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let form = admin.get(EDIT).await.text;
    assert!(form.contains(r#"href="/projects/season/archive""#), "{form}");
    let question = admin.get("/projects/season/archive").await.text;
    assert!(question.contains("<h1>Archive season?</h1>"), "{question}");
    let banner = "new pull requests earn no points here.";
    assert!(!admin.get("/projects/season").await.text.contains(banner));
    let done = admin.post("/projects/season/archive", &[]).await;
    assert_eq!(done.location(), EDIT);
    let form = admin.get(EDIT).await.text;
    assert!(form.contains("season is archived") && form.contains(banner), "{form}");
    assert!(form.contains(r#"action="/projects/season/unarchive""#), "{form}");
    let done = admin.post("/projects/season/unarchive", &[]).await;
    assert_eq!(done.location(), EDIT);
    let form = admin.get(EDIT).await.text;
    assert!(form.contains("season is no longer archived") && !form.contains(banner), "{form}");
    app.finish().await;
}

#[tokio::test]
async fn the_owner_archives_their_project_and_ends_that() {
    let app = scene().await;
    app.make_owner("season", "finch-ash").await;
    let own = app.browser_of("finch-ash").await;
    assert!(own.get(EDIT).await.text.contains(r#"href="/projects/season/archive""#));
    assert_eq!(own.post("/projects/season/archive", &[]).await.location(), EDIT);
    let patch = serde_json::json!({ "archived": false });
    let ended = own.call("PATCH", "/api/v1/projects/season", Some(&patch)).await;
    assert_eq!(ended.json()["archived_at"], serde_json::Value::Null, "{}", ended.text);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn others_are_refused() {
    let app = scene().await;
    let (own, stranger) = (app.browser_of("finch-ash").await, app.browser_of("wren-oak").await);
    for answer in [stranger.get(EDIT).await, stranger.post(EDIT, &[("name", "x")]).await] {
        answer.refuses(403, "MAINTAINER_REQUIRED", "maintainers of season");
    }
    for answer in [
        own.get("/projects/season/archive").await,
        own.post("/projects/season/archive", &[]).await,
        own.post("/projects/season/unarchive", &[]).await,
    ] {
        answer.refuses(403, "OWNER_REQUIRED", "Only the owner of season");
    }
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    for path in ["edit", "archive"] {
        let path = format!("/projects/none/{path}");
        assert_eq!(admin.get(&path).await.status, 404, "{path}");
        assert_eq!(admin.post(&path, &[("name", "x")]).await.status, 404, "{path}");
    }
    app.finish().await;
}
