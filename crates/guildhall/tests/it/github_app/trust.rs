//! Deliveries that the App has not sent, or that are about other repositories than those of its installations.

use serde_json::json;

use super::*;
use crate::app::SECRET as SERVERS;

fn about(installation: Option<i64>, repository: i64) -> String {
    let mut body = json!({ "zen": "x", "repository": { "id": repository } });
    if let Some(id) = installation {
        body["installation"] = json!({ "id": id });
    }
    body.to_string()
}

async fn stored(app: &TestApp) -> i64 {
    app.count("SELECT count(*) FROM webhook_deliveries").await
}

async fn refused(app: &TestApp, call: Call, words: &str) {
    let before = stored(app).await;
    let (status, problem) = call.answer(app).await;
    assert_eq!((status, &problem["code"]), (401, &json!("BAD_SIGNATURE")));
    let detail = problem["detail"].as_str().unwrap_or_default();
    assert!(detail.contains(words), "{detail}");
    assert_eq!(stored(app).await, before);
}

#[tokio::test]
async fn only_the_apps_secret_signs_for_the_app() {
    let scene = Scene::with_app().await;
    let id = scene.install().await;
    for secret in [SERVERS, "another secret of some length", ""] {
        let call = of_app("ping", about(Some(id), scene.github_id)).signed_with(secret);
        refused(&scene.app, call, "does not match").await;
    }
    let call = of_app("ping", about(Some(id), scene.github_id));
    assert_eq!(call.answer(&scene.app).await.0, 202);
    // Without the header, the secret is that of the server.
    let call = Call::new("ping", about(Some(id), 77)).signed_with(SECRET);
    refused(&scene.app, call, "does not match").await;
    scene.app.work().await;
    scene.app.finish().await;
}

#[tokio::test]
async fn the_previous_secret_is_accepted_too() {
    let old = "the app's former secret";
    let app = TestApp::with(|config| {
        config.github_app_webhook_secret = Some(SECRET.to_owned().into());
        config.github_app_webhook_secret_previous = Some(old.to_owned().into());
    });
    let app = app.await;
    let (status, said) = of_app("ping", "{}").signed_with(old).answer(&app).await;
    assert_eq!((status, &said["used_previous_secret"]), (202, &json!(true)));
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_repository_outside_of_the_installation_is_refused() {
    let scene = Scene::with_app().await;
    let id = scene.install().await;
    let other = scene.github.add_repo(OWNER, "harbor").id;
    let words = "does not include its repository";
    refused(&scene.app, of_app("ping", about(Some(id), other)), words).await;
    refused(&scene.app, of_app("ping", about(None, scene.github_id)), words).await;
    // Once it is added, it is accepted, even before the server processed that.
    scene.github.include(id, "octo-org/harbor", true).expect("known");
    scene.github.settle().await;
    let call = of_app("ping", about(Some(id), other));
    assert_eq!(call.answer(&scene.app).await.0, 202);
    scene.app.work().await;
    scene.app.finish().await;
}

#[tokio::test]
async fn a_removed_repository_is_refused() {
    let scene = Scene::with_app().await;
    let id = scene.install().await;
    scene.github.include(id, REPOSITORY, false).expect("known");
    scene.settle().await;
    let call = of_app("ping", about(Some(id), scene.github_id));
    refused(&scene.app, call, "does not include its repository").await;
    scene.app.finish().await;
}

#[tokio::test]
async fn an_unknown_installation_states_nothing() {
    let scene = Scene::with_app().await;
    scene.register_by_operator().await;
    let body = about(Some(4_711), scene.github_id);
    let call = of_app("repository", body.replace("\"zen\"", "\"action\""));
    assert_eq!(call.answer(&scene.app).await.0, 202);
    scene.app.work().await;
    let said = "not used: the installation of the GitHub App does not include this repository";
    assert_eq!(outcomes(&scene.app).await, [said]);
    scene.app.finish().await;
}

#[tokio::test]
async fn installations_are_stated_only_by_the_app() {
    let scene = Scene::with_app().await;
    let body = json!({
        "action": "created", "installation": { "id": 7, "updated_at": "2026-11-01T07:00:00Z" },
        "repositories": [{ "id": scene.github_id }]
    });
    let call = Call::new("installation", body.to_string());
    assert_eq!(call.answer(&scene.app).await.0, 202);
    scene.app.work().await;
    let said = "not used: only the GitHub App may state this";
    assert_eq!(outcomes(&scene.app).await, [said]);
    assert_eq!(scene.app.count("SELECT count(*) FROM installations").await, 0);
    scene.app.finish().await;
}

#[tokio::test]
async fn the_servers_secret_does_not_count_for_a_repository_of_the_app() {
    let scene = Scene::with_app().await;
    let other = Call::new("ping", about(None, scene.github_id + 1));
    assert_eq!(other.answer(&scene.app).await.0, 202);
    scene.install().await;
    let call = Call::new("ping", about(None, scene.github_id));
    refused(&scene.app, call, "The GitHub App delivers the events").await;
    scene.app.finish().await;
}

#[tokio::test]
async fn a_server_without_the_app_has_one_secret() {
    let app = TestApp::start().await;
    let call = of_app("ping", about(Some(7), 1)).signed_with(SERVERS);
    assert_eq!(call.answer(&app).await.0, 202);
    let kept = "SELECT count(*) FROM webhook_deliveries WHERE installation_id IS NOT NULL";
    assert_eq!(app.count(kept).await, 0);
    app.work().await;
    app.finish().await;
}
