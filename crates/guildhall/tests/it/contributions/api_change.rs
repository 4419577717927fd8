use identity::model::Role;
use serde_json::{Value, json};

use crate::app::{TestApp, browser::Browser};

const PATH: &str = "/api/v1/projects/season";

async fn scene() -> TestApp {
    let app = TestApp::start().await;
    app.project("season").await;
    app.browser_of("finch-ash").await;
    app.add_maintainer("season", "finch-ash").await;
    app
}

async fn acts(app: &TestApp) -> Vec<String> {
    let sql = "SELECT action AS value FROM audit_logs WHERE action IN ('project.edit', 'project.archive', 'project.unarchive') ORDER BY id";
    app.values(sql).await
}

#[tokio::test]
async fn a_maintainer_changes_the_texts() {
    let app = scene().await;
    let own = app.browser_of("finch-ash").await;
    let patch = json!({
        "name": " Season 2 ", "description": "Light.", "tags": ["rust", "", "rust", "cli"],
        "difficulty": "beginner",
    });
    let changed = own.call("PATCH", PATH, Some(&patch)).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    let expected = json!({
        "slug": "season", "name": "Season 2", "description": "Light.", "tags": ["rust", "cli"],
        "difficulty": "beginner", "repository_count": 0, "stale_days": 30, "abandoned_days": 60,
        "closes_abandoned": false,
        "archived_at": null,
    });
    assert_eq!(changed.json(), expected);
    // Absent fields stay, and repeating a change is not a change.
    for _ in 0..2 {
        let patch = json!({ "difficulty": "" });
        let changed = own.call("PATCH", PATH, Some(&patch)).await.json();
        assert_eq!(changed["difficulty"], Value::Null);
        assert_eq!(changed["name"], "Season 2");
    }
    let nothing = own.call("PATCH", PATH, Some(&json!({}))).await;
    assert_eq!(nothing.status, 200);
    assert_eq!(acts(&app).await, ["project.edit", "project.edit"]);
    app.finish().await;
}

#[tokio::test]
async fn an_admin_archives_a_project_and_ends_that() {
    let app = scene().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    for (archived, at) in [
        (true, json!(app.context().now())),
        (true, json!(app.context().now())),
        (false, Value::Null),
    ] {
        let patch = json!({ "archived": archived });
        let changed = admin.call("PATCH", PATH, Some(&patch)).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
        assert_eq!(changed.json()["archived_at"], at);
    }
    assert_eq!(acts(&app).await, ["project.archive", "project.unarchive"]);
    app.finish().await;
}

#[tokio::test]
async fn invalid_changes_are_refused() {
    let app = scene().await;
    let (own, stranger) = (app.browser_of("finch-ash").await, app.browser_of("wren-oak").await);
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let anonymous = Browser::new(&app);
    let name = json!({ "name": "Other" });
    let refused = stranger.call("PATCH", PATH, Some(&name)).await;
    refused.refuses(403, "MAINTAINER_REQUIRED", "maintainers of season");
    let refused = anonymous.call("PATCH", PATH, Some(&name)).await;
    refused.refuses(401, "SIGN_IN_REQUIRED", "Sign in");
    let unknown = admin.call("PATCH", "/api/v1/projects/none", Some(&name)).await;
    unknown.refuses(404, "NOT_FOUND", "Unknown project");
    for archived in [true, false] {
        // Nothing else of the change is made either.
        let both = json!({ "name": "Other", "archived": archived });
        let refused = own.call("PATCH", PATH, Some(&both)).await;
        refused.refuses(403, "OWNER_REQUIRED", "can archive or unarchive it");
    }
    let long = "x".repeat(1_001);
    for (patch, status, code, words) in [
        (json!({ "name": " " }), 422, "BAD_PROJECT_NAME", "1 to 100"),
        (json!({ "description": long }), 422, "PROJECT_TEXT_TOO_LONG", "at most 1000"),
        (json!({ "tags": ["a\u{202e}"] }), 422, "UNSEEN_CHARACTER", "U+202E"),
        (json!({ "slug": "other" }), 400, "UNKNOWN_FIELD", "slug"),
        (json!({ "archived": "yes" }), 400, "BAD_BODY", ""),
    ] {
        let refused = own.call("PATCH", PATH, Some(&patch)).await;
        refused.refuses(status, code, words);
    }
    let shown = app.json(PATH).await;
    assert_eq!((&shown["name"], &shown["archived_at"]), (&json!("season"), &Value::Null));
    assert_eq!(acts(&app).await, Vec::<String>::new());
    app.finish().await;
}
