//! The API: the list of repositories that can be registered, the registration, and the settings.

use serde_json::json;

use super::*;

const AVAILABLE: &str = "/api/v1/projects/season/available-repositories";
const SETTINGS: &str = "/api/v1/projects/season/repository-settings";

#[tokio::test]
async fn a_maintainer_lists_and_registers() {
    let scene = Scene::with_maintainers().await;
    let own = scene.connected("wren-oak").await;
    let item = |can_register: bool, project: Option<&str>| {
        json!({
            "github_id": scene.github_id, "full_name": REPOSITORY, "is_private": false,
            "is_fork": false, "is_archived": false, "can_register": can_register,
            "project": project, "reason": null
        })
    };
    let expected = json!({ "items": [item(true, None)], "next_page": null });
    assert_eq!(own.json(AVAILABLE).await, expected);
    let new = json!({ "github_id": scene.github_id });
    let made = own.call("POST", API, Some(&new)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.json(), json!({ "github_id": scene.github_id, "full_name": REPOSITORY }));
    let expected = json!({ "items": [item(false, Some("season"))], "next_page": null });
    assert_eq!(own.json(AVAILABLE).await, expected);
    own.call("POST", API, Some(&new)).await.refuses(
        409,
        "REPOSITORY_REGISTERED",
        "project 'season'",
    );
    assert_eq!(scene.hooks(), 1);
    scene.app.work().await;
    scene.app.finish().await;
}

#[tokio::test]
async fn the_list_has_pages() {
    let scene = Scene::with_maintainers().await;
    scene.github.add_repo("octo-org", "beacon");
    scene.github.permit("octo-org/beacon", "wren-oak", Role::Admin).expect("permitted");
    let own = scene.connected("wren-oak").await;
    let first = own.json(&format!("{AVAILABLE}?page_size=1")).await;
    assert_eq!(first["items"][0]["full_name"], "octo-org/beacon");
    assert_eq!(first["next_page"], 2);
    let last = own.json(&format!("{AVAILABLE}?page_size=1&page=2")).await;
    assert_eq!(last["items"][0]["full_name"], REPOSITORY);
    assert_eq!(last["next_page"], json!(null));
    let found = own.json(&format!("{AVAILABLE}?page_size=1&q=lantern")).await;
    assert_eq!(found["items"][0]["full_name"], REPOSITORY);
    for wrong in ["page=0", "page_size=0", "page_size=101", "page=x"] {
        own.get(&format!("{AVAILABLE}?{wrong}")).await.refuses(400, "BAD_QUERY", "page");
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn the_settings_are_read_and_changed() {
    let scene = Scene::with_maintainers().await;
    let own = scene.maintainer("wren-oak").await;
    let none = json!({ "forks": false, "private": false });
    assert_eq!(own.json(SETTINGS).await, none);
    let forks = json!({ "forks": true, "private": false });
    let saved = own.call("PUT", SETTINGS, Some(&forks)).await;
    assert_eq!(saved.status, 204, "{}", saved.text);
    assert_eq!(own.json(SETTINGS).await, forks);
    let unknown = json!({ "forks": true, "private": false, "gists": true });
    let refused = own.call("PUT", SETTINGS, Some(&unknown)).await;
    refused.refuses(400, "UNKNOWN_FIELD", "gists");
    scene.app.finish().await;
}
