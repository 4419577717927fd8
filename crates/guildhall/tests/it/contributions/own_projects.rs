//! Projects that people create and manage themselves.

use chrono::TimeDelta;
use identity::model::Role;
use serde_json::json;

use crate::{
    app::{
        TestApp,
        scenarios::{Scenario, person, repo},
    },
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
async fn only_people_with_a_github_account_create_projects() {
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

#[tokio::test]
async fn a_paused_repository_records_what_happens_and_scores_it_when_it_resumes() {
    let app = TestApp::of_lantern().await;
    app.know_reviewer("season", "wren-oak").await;
    let wren = app.browser_of("wren-oak").await;
    let lantern = repo(1, "lantern");
    let before = Scenario::opened(&lantern, 1, &person("hexacat"), "2026-10-31T08:00:00Z");
    app.deliver_all(&[&before]).await;
    let path = "/projects/season/repositories";
    let paused = wren.post(&format!("{path}/1/pause"), &[]).await;
    assert_eq!(paused.location(), path);
    let page = wren.get(path).await.text;
    for words in ["octo-org/lantern is paused", "Paused</span>", "/1/resume\"", "Undo"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    app.clock.advance(TimeDelta::days(3));
    let before = before.merged("2026-11-02T08:00:00Z");
    let after = Scenario::opened(&lantern, 2, &person("hexacat"), "2026-11-01T08:00:00Z")
        .merged("2026-11-02T09:00:00Z");
    app.deliver_all(&[&before, &after]).await;
    let first = ["#1  pr_merged +50 2026-11", "#1  pr_opened +10 2026-10"];
    assert_eq!(app.net_ledger().await, first);
    let why = app.explanation(2).await.join("\n");
    assert!(why.contains("its repository was paused or archived"), "{why}");
    let api = "/api/v1/projects/season/repositories";
    wren.post(&format!("{path}/1/archive"), &[]).await.location();
    let page = wren.get(path).await.text;
    assert!(page.contains("/1/pause\""), "undone, it is paused again: {page}");
    wren.post(&format!("{path}/1/pause"), &[]).await.location();
    let archive = json!({ "state": "archived" });
    let archived = wren.call("PATCH", &format!("{api}/1"), Some(&archive)).await;
    assert_eq!(archived.json()["state"], "archived", "{}", archived.text);
    let listed = wren.json(api).await;
    let since = listed["items"][0]["inactive_since"].as_str().unwrap_or_default().to_owned();
    assert!(since.starts_with("2026-11-01T00:00:00"), "since it was paused: {listed}");
    app.work().await;
    assert_eq!(app.net_ledger().await, first);
    let unknown = json!({ "state": "asleep" });
    let refused = wren.call("PATCH", &format!("{api}/1"), Some(&unknown)).await;
    refused.refuses(422, "BAD_REPOSITORY_STATE", "active, paused or archived");
    wren.post(&format!("{path}/1/resume"), &[]).await.location();
    app.work().await;
    app.verify().await;
    assert_eq!(app.net_ledger().await.len(), 4);
    let acts = "SELECT action AS value FROM audit_logs WHERE target_kind = 'repository' \
                AND action <> 'repository.add' ORDER BY id";
    let (pause, archive) = ("repository.pause", "repository.archive");
    let expected = [pause, archive, pause, archive, "repository.resume"];
    assert_eq!(app.values(acts).await, expected);
    app.finish().await;
}
