//! Requesting that a repository is read: page, API and command.

use serde_json::json;

use super::*;
use crate::app::browser::Browser;

const API: &str = "/api/v1/projects/season/repositories";
const PAGE: &str = "/projects/season/repositories";

async fn scene() -> (Scene, TestApp) {
    let scene = Scene::new().await;
    let app = scene.server().await;
    scene.merged(&[&app], "hexacat");
    scene.register(&app).await;
    app.work().await;
    app.browser_of("finch-ash").await;
    app.add_maintainer("season", "finch-ash").await;
    (scene, app)
}

#[tokio::test]
async fn a_maintainer_requests_it_by_the_api() {
    let (scene, app) = scene().await;
    let own = app.browser_of("finch-ash").await;
    let path = format!("{API}/{}/sync", scene.github_id);
    scene.pass(&[&app], TimeDelta::hours(1));
    let asked = own.call("POST", &path, Some(&json!({ "whole": true }))).await;
    assert_eq!((asked.status.as_u16(), &*asked.text), (202, ""));
    let again = own.call("POST", &path, Some(&json!({}))).await;
    again.refuses(409, "SYNC_IN_PROGRESS", "already being read");
    app.work().await;
    let listed = own.json(API).await;
    assert_eq!(listed["items"][0]["sync"]["state"], "complete");
    assert_eq!(listed["items"][0]["sync"]["pull_requests_read"], 1);
    let acts = "SELECT actor_kind || ' ' || target_kind AS value FROM audit_logs WHERE action = 'repository.sync'";
    assert_eq!(app.values(acts).await, ["person repository"]);
    app.finish().await;
}

#[tokio::test]
async fn invalid_requests_are_refused() {
    let (scene, app) = scene().await;
    let (own, stranger) = (app.browser_of("finch-ash").await, app.browser_of("wren-oak").await);
    let path = format!("{API}/{}/sync", scene.github_id);
    let body = json!({});
    let body = || Some(&body);
    stranger.call("POST", &path, body()).await.refuses(
        403,
        "MAINTAINER_REQUIRED",
        "maintainers of season",
    );
    Browser::new(&app).call("POST", &path, body()).await.refuses(
        401,
        "SIGN_IN_REQUIRED",
        "signed in",
    );
    own.call("POST", &format!("{API}/7/sync"), body()).await.refuses(
        404,
        "NOT_FOUND",
        "no repository with the GitHub ID 7",
    );
    own.call("POST", "/api/v1/projects/none/repositories/7/sync", body()).await.refuses(
        404,
        "NOT_FOUND",
        "Unknown project",
    );
    app.finish().await;
}

#[tokio::test]
async fn the_page_shows_the_progress_and_requests_it() {
    let (scene, app) = scene().await;
    let own = app.browser_of("finch-ash").await;
    let page = own.get(PAGE).await.text;
    assert!(page.contains("Read again"), "{page}");
    let path = format!("{PAGE}/{}/sync", scene.github_id);
    let asked = own.post(&path, &[]).await;
    assert_eq!(asked.location(), PAGE);
    let page = own.get(PAGE).await.text;
    assert!(page.contains("octo-org/lantern is being read from GitHub"), "{page}");
    assert!(page.contains("Waiting to be read from GitHub"), "{page}");
    assert!(page.contains(&format!("data-events=\"{PAGE}/events\"")), "{page}");
    app.work().await;
    app.finish().await;
}
