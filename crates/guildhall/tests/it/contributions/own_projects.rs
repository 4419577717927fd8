//! Projects that people create and manage themselves.

use identity::model::Role;
use serde_json::json;

use crate::{
    app::TestApp,
    flags::{set, to},
};

const FLAG: &str = "maintainers_create_projects";
const PATH: &str = "/api/v1/projects";

#[tokio::test]
async fn people_create_projects_that_they_own_while_an_admin_lets_them() {
    let app = TestApp::start().await;
    let wren = app.browser_of("wren-oak").await;
    let new = json!({ "name": "Lantern" });
    wren.call("POST", PATH, Some(&new)).await.refuses(403, "ROLE_REQUIRED", "Only admins");
    assert_eq!(wren.get("/projects/new").await.status, 403);
    set(&app, FLAG, to(true, 100)).await;
    let list = wren.get("/projects").await.text;
    assert!(list.contains(r#"href="/projects/new">New project</a>"#), "{list}");
    let form = wren.get("/projects/new").await;
    assert_eq!(form.status, 200, "{}", form.text);
    assert!(!form.text.contains(r#"name="owner""#), "{}", form.text);
    let created = wren.call("POST", PATH, Some(&new)).await;
    assert_eq!(created.status, 201, "{}", created.text);
    let by_form = wren.post("/projects/new", &[("name", "Harbor")]).await;
    assert_eq!(by_form.location(), "/projects/harbor");
    let owners = "SELECT p.slug || ' ' || u.login AS value FROM project_maintainers m \
                  JOIN projects p ON p.id = m.project_id JOIN users u ON u.id = m.user_id \
                  WHERE m.role = 'owner' ORDER BY p.slug";
    assert_eq!(app.values(owners).await, ["harbor wren-oak", "lantern wren-oak"]);
    let noted = "SELECT actor_kind AS value FROM audit_logs WHERE action = 'project.create'";
    assert_eq!(app.values(noted).await, ["person", "person"]);
    let other = json!({ "name": "Wick", "owner": "finch-ash" });
    let refused = wren.call("POST", PATH, Some(&other)).await;
    refused.refuses(403, "ROLE_REQUIRED", "for someone else");
    set(&app, FLAG, to(false, 100)).await;
    wren.call("POST", PATH, Some(&new)).await.refuses(403, "ROLE_REQUIRED", "Only admins");
    assert_eq!(wren.get("/projects/lantern/repositories").await.status, 200, "it stays theirs");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn whoever_creates_a_project_has_a_github_account() {
    let app = TestApp::start().await;
    set(&app, FLAG, to(true, 100)).await;
    let wren = app.browser_of("wren-oak").await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    app.change("UPDATE user_identities SET used_at = NULL").await.expect("unproven");
    let new = json!({ "name": "Lantern" });
    let refused = wren.call("POST", PATH, Some(&new)).await;
    refused.refuses(403, "NO_GITHUB_ACCOUNT", "/settings/identities");
    assert_eq!(wren.get("/projects/new").await.status, 403);
    let created = admin.call("POST", PATH, Some(&new)).await;
    assert_eq!(created.status, 201, "{}", created.text);
    app.work().await;
    app.finish().await;
}
