use contributions::actions::{NewProject, create_project};
use identity::model::Role;
use platform::audit::Actor::Operator;
use serde_json::json;

use crate::app::{TestApp, browser::Browser};

const PATH: &str = "/api/v1/projects";

#[tokio::test]
async fn an_admin_creates_a_project() {
    let app = TestApp::start().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let owner = app.browser_of("finch-ash").await;
    let new = json!({
        "name": "Lantern Works", "slug": "lantern", "description": " A build tool. ",
        "tags": ["rust", "", "rust"], "difficulty": "", "owner": "Finch-Ash",
    });
    let created = admin.call("POST", PATH, Some(&new)).await;
    assert_eq!(created.status, 201, "{}", created.text);
    let location = created.header("location");
    assert_eq!(location, "/api/v1/projects/lantern");
    let expected = json!({
        "slug": "lantern", "name": "Lantern Works", "description": "A build tool.",
        "tags": ["rust"], "difficulty": null, "repository_count": 0, "stale_days": 30,
        "abandoned_days": 60, "closes_abandoned": false, "archived_at": null,
        "repositories": [],
        "rules_versions": [{ "version": 1, "published_at": app.context().now() }],
    });
    assert_eq!(created.json(), expected);
    assert_eq!(app.json(location).await, expected);
    let maintainers = owner.json(&format!("{location}/maintainers")).await;
    assert_eq!(maintainers["items"][0]["login"], "finch-ash");
    app.work().await;
    let inbox = app.inbox(&owner).await;
    assert_eq!(inbox, ["*You are now a maintainer of Lantern Works"]);
    // Only the name is required.
    let created = admin.call("POST", PATH, Some(&json!({ "name": "Lantern" }))).await;
    assert_eq!(created.json()["slug"], "lantern-2", "{}", created.text);
    let own = admin.json(&format!("{PATH}/lantern-2/maintainers")).await;
    assert_eq!(own["items"][0]["login"], "rook-elm");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_repeated_request_creates_one_project() {
    let app = TestApp::start().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let key = [("idempotency-key", "project-1")];
    for _ in 0..2 {
        let new = json!({ "name": "Lantern" });
        let created = admin.call_with_headers("POST", PATH, &key, Some(&new)).await;
        assert_eq!(created.status, 201, "{}", created.text);
        assert_eq!(created.json()["slug"], "lantern");
    }
    assert_eq!(app.count("SELECT count(*) FROM projects").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn invalid_projects_are_refused() {
    let app = TestApp::start().await;
    app.project("taken").await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    for (field, value, status, code) in [
        ("name", json!(" "), 422, "BAD_PROJECT_NAME"),
        ("name", json!("?!"), 422, "NEEDS_SLUG"),
        ("slug", json!("A b"), 422, "BAD_SLUG"),
        ("slug", json!("new"), 422, "BAD_SLUG"),
        ("slug", json!("x".repeat(101)), 422, "BAD_SLUG"),
        ("slug", json!("taken"), 409, "SLUG_TAKEN"),
        ("description", json!("x".repeat(1_001)), 422, "PROJECT_TEXT_TOO_LONG"),
        ("tags", json!(["x".repeat(51)]), 422, "PROJECT_TEXT_TOO_LONG"),
        ("difficulty", json!("x".repeat(51)), 422, "PROJECT_TEXT_TOO_LONG"),
        ("description", json!("a\nb"), 422, "UNSEEN_CHARACTER"),
        ("owner", json!("unknown-login"), 404, "PERSON_NOT_FOUND"),
    ] {
        let mut new = json!({ "name": "Lantern" });
        new[field] = value;
        let refused = admin.call("POST", PATH, Some(&new)).await;
        refused.refuses(status, code, "");
    }
    let new = json!({ "name": "Lantern" });
    let stranger = app.browser_of("wren-oak").await;
    let refused = stranger.call("POST", PATH, Some(&new)).await;
    refused.refuses(403, "ROLE_REQUIRED", "Only admins can do this");
    let refused = Browser::new(&app).call("POST", PATH, Some(&new)).await;
    refused.refuses(401, "SIGN_IN_REQUIRED", "Sign in");
    assert_eq!(app.count("SELECT count(*) FROM projects").await, 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn projects_of_one_name_that_are_created_at_once_have_different_slugs() {
    let app = TestApp::start().await;
    app.browser_of("finch-ash").await;
    let tasks: Vec<_> = (0..6)
        .map(|_| {
            let context = app.context().clone();
            tokio::spawn(async move {
                let new = NewProject {
                    name: "Lantern".to_owned(),
                    owner: Some("finch-ash".to_owned()),
                    ..NewProject::default()
                };
                create_project(&context, Operator, new).await
            })
        })
        .collect();
    let mut slugs = Vec::new();
    for task in tasks {
        let created = task.await.expect("ran").expect("created");
        slugs.push(created.slug);
    }
    slugs.sort_unstable();
    let expected = ["lantern", "lantern-2", "lantern-3", "lantern-4", "lantern-5", "lantern-6"];
    assert_eq!(slugs, expected);
    let owned = "SELECT count(*) FROM project_maintainers WHERE role = 'owner'";
    assert_eq!(app.count(owned).await, 6);
    app.work().await;
    app.finish().await;
}
