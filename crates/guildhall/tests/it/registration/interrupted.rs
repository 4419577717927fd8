//! A registration that dies after the webhook was created leaves nothing behind.

use github::{
    actions::{Registrar, plan_hook},
    rules::own_repository::OwnRepository,
};

use super::*;
use crate::app::client;

/// Creates the webhook as a registration does, which then dies.
async fn die_after_the_webhook(scene: &Scene, login: &str) -> OwnRepository {
    let context = scene.app.context();
    let person = identity::reads::find_account(&context.db, login).await;
    let person = person.expect("known").id.into();
    let registrar = Registrar::of(&scene.app.server.config);
    let own = registrar.repository(context, person, scene.github_id).await;
    let own = own.expect("shown");
    let mut tx = context.begin().await.expect("begun");
    let planned = plan_hook(&mut tx, context, person, &own).await;
    let planned = planned.expect("planned");
    tx.commit().await.expect("planned");
    let created = registrar.create_hook(context, &planned);
    created.await.expect("created");
    own
}

#[tokio::test]
async fn a_job_deletes_the_webhook() {
    let scene = Scene::with_maintainers().await;
    scene.connected("wren-oak").await;
    die_after_the_webhook(&scene, "wren-oak").await;
    scene.app.work().await;
    assert_eq!((scene.hooks(), scene.tasks().await), (1, 1), "it may be slow");
    scene.pass(TimeDelta::minutes(3));
    scene.app.work().await;
    assert_eq!((scene.hooks(), scene.tasks().await), (0, 0));
    scene.app.finish().await;
}

#[tokio::test]
async fn the_next_registration_uses_the_webhook() {
    let scene = Scene::with_maintainers().await;
    let own = scene.connected("wren-oak").await;
    die_after_the_webhook(&scene, "wren-oak").await;
    let answer = scene.register(&own).await;
    answer.refuses_form(409, None, "by another request");
    scene.pass(TimeDelta::minutes(3));
    scene.register(&own).await.location();
    scene.app.work().await;
    assert_eq!((scene.hooks(), scene.registered().await, scene.tasks().await), (1, 1, 0));
    scene.app.finish().await;
}

#[tokio::test]
async fn a_webhook_that_was_never_created_needs_no_deletion() {
    let scene = Scene::with_maintainers().await;
    scene.connected("wren-oak").await;
    let own = die_after_the_webhook(&scene, "wren-oak").await;
    let hook = scene.github.hooks(REPOSITORY).expect("known")[0].0;
    let path = format!("{}/repos/{}/hooks/{hook}", scene.github.url(), own.full_name);
    let deleted = client();
    let deleted = deleted.delete(path).bearer_auth("token-wren-oak").send().await;
    assert_eq!(deleted.expect("an answer").status(), 204);
    scene.pass(TimeDelta::minutes(3));
    scene.app.work().await;
    assert_eq!((scene.hooks(), scene.tasks().await), (0, 0));
    scene.app.finish().await;
}
