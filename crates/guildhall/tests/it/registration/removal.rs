//! Removing a repository deletes its webhook, and it can be registered again.

use identity::model::Role as PlatformRole;

use super::*;

async fn remove(scene: &Scene) {
    let admin = scene.app.browser_with("rook-elm", PlatformRole::Admin).await;
    let path = format!("{API}/{}", scene.github_id);
    let removed = admin.call("DELETE", &path, None).await;
    assert_eq!(removed.status, 204, "{}", removed.text);
}

#[tokio::test]
async fn the_webhook_is_deleted_and_created_again() {
    let scene = Scene::with_maintainers().await;
    let own = scene.connected("wren-oak").await;
    scene.register(&own).await.location();
    scene.app.work().await;
    remove(&scene).await;
    assert_eq!((scene.hooks(), scene.tasks().await), (1, 1));
    scene.app.work().await;
    assert_eq!((scene.hooks(), scene.tasks().await), (0, 0));
    let hooks = "SELECT count(*) FROM repositories WHERE hook_id IS NOT NULL";
    assert_eq!(scene.app.count(hooks).await, 0);
    scene.register(&own).await.location();
    scene.app.work().await;
    assert_eq!((scene.hooks(), scene.tasks().await), (1, 0));
    assert_eq!(scene.app.count(hooks).await, 1);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_registration_cancels_the_deletion() {
    let scene = Scene::with_maintainers().await;
    let own = scene.connected("wren-oak").await;
    scene.register(&own).await.location();
    scene.app.work().await;
    remove(&scene).await;
    scene.register(&own).await.location();
    scene.app.work().await;
    assert_eq!((scene.hooks(), scene.tasks().await), (1, 0));
    remove(&scene).await;
    let id = scene.github_id;
    scene.app.repository("season", REPOSITORY, id).await;
    scene.app.work().await;
    assert_eq!((scene.hooks(), scene.tasks().await), (1, 0));
    scene.app.finish().await;
}

#[tokio::test]
async fn an_outage_delays_the_deletion() {
    let scene = Scene::with_maintainers().await;
    let own = scene.connected("wren-oak").await;
    scene.register(&own).await.location();
    scene.app.work().await;
    scene.github.switch(|switches| switches.errors = 1.0);
    remove(&scene).await;
    scene.app.work().await;
    assert_eq!((scene.hooks(), scene.tasks().await), (1, 1));
    scene.github.switch(|switches| switches.errors = 0.0);
    scene.pass(TimeDelta::minutes(2));
    scene.app.work().await;
    assert_eq!((scene.hooks(), scene.tasks().await), (0, 0));
    scene.app.finish().await;
}

#[tokio::test]
async fn without_a_token_the_webhook_stays() {
    let scene = Scene::with_maintainers().await;
    let own = scene.connected("wren-oak").await;
    scene.register(&own).await.location();
    scene.app.work().await;
    own.post("/settings/github/disconnect", &[]).await.location();
    remove(&scene).await;
    scene.app.work().await;
    assert_eq!((scene.hooks(), scene.tasks().await), (1, 0));
    scene.app.finish().await;
}

#[tokio::test]
async fn webhooks_of_operators_stay() {
    let scene = Scene::with_maintainers().await;
    let hook = scene
        .github
        .add_hook(REPOSITORY, "http://127.0.0.1:9/own", "an operator's own secret")
        .expect("a hook");
    let new = github::actions::NewRepository {
        full_name: REPOSITORY.to_owned(),
        github_id: scene.github_id,
        hook: Some((hook, "an operator's own secret".into())),
    };
    scene.app.register("season", &new).await;
    scene.app.work().await;
    remove(&scene).await;
    scene.app.work().await;
    assert_eq!((scene.hooks(), scene.tasks().await), (1, 0));
    scene.app.finish().await;
}
