//! Registering a repository of the GitHub App without a personal connection: GitHub states the person's role to the App.

use serde_json::json;
use testkit::fake_github::Switches;

use super::*;

const AVAILABLE: &str = "/api/v1/projects/season/available-repositories";
const SETTINGS: &str = "/api/v1/projects/season/repository-settings";

/// The refusal of people without a connection whom the App cannot help.
const CONNECT: (u16, &str, &str) = (409, "GITHUB_NOT_CONNECTED", "GitHub App is installed");

async fn registers(scene: &Scene, own: &Browser<'_>) {
    let new = json!({ "github_id": scene.github_id });
    let made = own.call("POST", API, Some(&new)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(scene.github.hooks(REPOSITORY).expect("known").len(), 0);
    scene.app.work().await;
    let read = "SELECT count(*) FROM repository_syncs WHERE completed_at IS NOT NULL";
    assert_eq!(scene.app.count(read).await, 1);
}

async fn refused(scene: &Scene, own: &Browser<'_>, (status, code, words): (u16, &str, &str)) {
    let new = json!({ "github_id": scene.github_id });
    let answer = own.call("POST", API, Some(&new)).await;
    answer.refuses(status, code, words);
    scene.app.work().await;
    for table in ["project_repositories", "hook_tasks"] {
        let count = format!("SELECT count(*) FROM {table}");
        assert_eq!(scene.app.count(&count).await, 0, "{table}");
    }
}

/// Searches the repository by its full name on the page.
async fn searched(own: &Browser<'_>) -> String {
    own.get(&format!("{NEW}?q=octo-org%2Flantern")).await.text
}

fn switch(scene: &Scene, change: fn(&mut Switches)) {
    scene.github.switch(change);
}

#[tokio::test]
async fn a_maintainer_finds_and_registers_it() {
    let scene = Scene::with_app().await;
    scene.install().await;
    let own = scene.maintainer("wren-oak").await;
    let page = own.get(NEW).await.text;
    assert!(page.contains("Use the GitHub App"), "{page}");
    assert!(page.contains("/settings/github/connect?return="), "{page}");
    assert!(!page.contains("No repositories"), "{page}");
    let page = searched(&own).await;
    let id = scene.github_id.to_string();
    assert!(page.contains(&format!("value=\"{id}\"")), "{page}");
    let registered = own.post(PAGE, &[("github_id", &id)]).await;
    assert_eq!(registered.location(), PAGE);
    assert_eq!(scene.github.hooks(REPOSITORY).expect("known").len(), 0);
    assert_eq!(scene.github.grants("wren-oak").expect("known"), 1);
    scene.app.work().await;
    let listed = scene.listed(&own).await;
    assert_eq!(listed["sync"]["state"], "complete", "{listed}");
    assert_eq!(listed["github_app"], "active", "{listed}");
    scene.app.finish().await;
}

#[tokio::test]
async fn the_api_finds_it_by_its_full_name() {
    let scene = Scene::with_app().await;
    scene.install().await;
    let own = scene.maintainer("wren-oak").await;
    let found = own.json(&format!("{AVAILABLE}?q=octo-org/lantern")).await;
    assert_eq!(found["items"][0]["github_id"], scene.github_id, "{found}");
    assert_eq!(found["items"][0]["can_register"], true, "{found}");
    assert!(found["next_page"].is_null(), "{found}");
    for query in ["", "?q=lantern", "?q=octo-org/harbor"] {
        let answer = own.get(&format!("{AVAILABLE}{query}")).await;
        answer.refuses(409, "GITHUB_NOT_CONNECTED", "Connect GitHub first");
    }
    registers(&scene, &own).await;
    scene.app.finish().await;
}

#[tokio::test]
async fn without_an_installation_a_connection_is_needed() {
    let scene = Scene::with_app().await;
    let own = scene.maintainer("wren-oak").await;
    refused(&scene, &own, CONNECT).await;
    let page = searched(&own).await;
    assert!(page.contains("is not installed in this"), "{page}");
    scene.app.finish().await;
}

#[tokio::test]
async fn the_role_at_github_decides() {
    let scene = Scene::with_app().await;
    scene.install().await;
    let own = scene.maintainer("wren-oak").await;
    let permit = |role| {
        let permitted = scene.github.permit(REPOSITORY, "wren-oak", role);
        permitted.expect("permitted");
    };
    let rights = (403, "REPOSITORY_RIGHTS", "role admin or maintain");
    for role in [Role::Read, Role::Triage, Role::Write] {
        permit(role);
        refused(&scene, &own, rights).await;
        let page = searched(&own).await;
        assert!(page.contains("neither the role admin nor"), "{page}");
    }
    permit(Role::Admin);
    registers(&scene, &own).await;
    scene.app.finish().await;
}

#[tokio::test]
async fn a_private_repository_is_shown_only_to_people_with_a_role() {
    let scene = Scene::with_app().await;
    scene.install().await;
    scene.github.shape(REPOSITORY, |repo| repo.private = true).expect("known");
    let stranger = Browser::new(&scene.app);
    stranger.sign_in(&scene.github, "hexacat").await.location();
    scene.app.add_maintainer("season", "hexacat").await;
    refused(&scene, &stranger, CONNECT).await;
    let page = searched(&stranger).await;
    assert!(page.contains("is not installed in this"), "{page}");
    let own = scene.maintainer("wren-oak").await;
    let private = (409, "REPOSITORY_PRIVATE", "is private");
    refused(&scene, &own, private).await;
    let allowed = json!({ "forks": false, "private": true });
    own.call("PUT", SETTINGS, Some(&allowed)).await;
    registers(&scene, &own).await;
    scene.app.finish().await;
}

#[tokio::test]
async fn a_suspended_installation_states_nothing() {
    let scene = Scene::with_app().await;
    let id = scene.install().await;
    let own = scene.maintainer("wren-oak").await;
    // The server learns of the suspension by its own request.
    scene.github.deliver_app_to("http://127.0.0.1:9/", SECRET);
    scene.github.suspend(id, true).expect("known");
    assert!(searched(&own).await.contains("is not installed in this"));
    refused(&scene, &own, CONNECT).await;
    let suspended = "SELECT count(*) FROM installations WHERE suspended_at IS NOT NULL";
    assert_eq!(scene.app.count(suspended).await, 1);
    refused(&scene, &own, CONNECT).await;
    scene.app.finish().await;
}

#[tokio::test]
async fn a_deleted_installation_states_nothing() {
    let scene = Scene::with_app().await;
    let id = scene.install().await;
    let own = scene.maintainer("wren-oak").await;
    scene.github.deliver_app_to("http://127.0.0.1:9/", SECRET);
    scene.github.uninstall(id).expect("known");
    refused(&scene, &own, CONNECT).await;
    let deleted = "SELECT count(*) FROM installations WHERE deleted_at IS NOT NULL";
    assert_eq!(scene.app.count(deleted).await, 1);
    scene.app.finish().await;
}

#[tokio::test]
async fn failures_of_github_are_named() {
    let scene = Scene::with_app().await;
    scene.install().await;
    let own = scene.maintainer("wren-oak").await;
    switch(&scene, |switches| switches.hidden_roles = true);
    let hidden = (403, "GITHUB_REFUSED", "Resource not accessible");
    refused(&scene, &own, hidden).await;
    let page = searched(&own).await;
    assert!(page.contains("Resource not accessible"), "{page}");
    switch(&scene, |switches| {
        switches.hidden_roles = false;
        switches.errors = 1.0;
    });
    let down = (503, "GITHUB_UNAVAILABLE", "not responding");
    refused(&scene, &own, down).await;
    switch(&scene, |switches| {
        switches.errors = 0.0;
        switches.rate_remaining = 0;
    });
    let limit = (429, "GITHUB_LIMIT", "Try again in");
    refused(&scene, &own, limit).await;
    scene.app.finish().await;
}

#[tokio::test]
async fn a_connection_helps_where_the_app_cannot() {
    let scene = Scene::with_app().await;
    scene.install().await;
    let own = scene.connected("wren-oak").await;
    switch(&scene, |switches| switches.hidden_roles = true);
    registers(&scene, &own).await;
    scene.app.finish().await;
}

#[tokio::test]
async fn only_an_account_that_the_person_signed_in_with_counts() {
    let scene = Scene::with_app().await;
    scene.install().await;
    let own = scene.maintainer("wren-oak").await;
    let unproven = "UPDATE user_identities SET used_at = NULL";
    scene.app.change(unproven).await.expect("changed");
    refused(&scene, &own, CONNECT).await;
    let page = own.get(NEW).await.text;
    assert!(!page.contains("Use the GitHub App"), "{page}");
    scene.app.finish().await;
}
