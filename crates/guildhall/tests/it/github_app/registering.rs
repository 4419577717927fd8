//! Registering a repository that an installation includes, and what the App delivers about it.

use super::*;

#[tokio::test]
async fn it_needs_no_webhook_and_no_role_admin() {
    let scene = Scene::with_app().await;
    scene.install().await;
    let own = scene.connected("wren-oak").await;
    let page = own.get(NEW).await.text;
    assert!(!page.contains("Only an admin"), "{page}");
    let id = scene.github_id.to_string();
    let registered = own.post(PAGE, &[("github_id", &id)]).await;
    assert_eq!(registered.location(), PAGE);
    assert_eq!(scene.github.hooks(REPOSITORY).expect("known").len(), 0);
    let tasks = "SELECT count(*) FROM hook_tasks";
    assert_eq!(scene.app.count(tasks).await, 0);
    // It is read with the token of the installation: the person's is of no use any more.
    scene.github.revoke_apps("wren-oak").expect("known");
    scene.app.work().await;
    let listed = scene.listed(&own).await;
    assert_eq!(listed["sync"]["state"], "complete", "{listed}");
    assert_eq!(listed["github_app"], "active", "{listed}");
    let page = own.get(PAGE).await.text;
    assert!(page.contains("Connected by the GitHub App"), "{page}");
    scene.app.finish().await;
}

#[tokio::test]
async fn without_an_installation_a_webhook_is_created_as_before() {
    let scene = Scene::with_app().await;
    scene.github.permit(REPOSITORY, "wren-oak", Role::Admin).expect("permitted");
    let own = scene.connected("wren-oak").await;
    let id = scene.github_id.to_string();
    own.post(PAGE, &[("github_id", &id)]).await.location();
    assert_eq!(scene.github.hooks(REPOSITORY).expect("known").len(), 1);
    assert!(scene.listed(&own).await["github_app"].is_null());
    scene.app.work().await;
    scene.app.finish().await;
}

#[tokio::test]
async fn merges_that_the_app_delivers_earn_points() {
    let scene = Scene::with_app().await;
    scene.install().await;
    scene.register_by_operator().await;
    let number = scene.github.open_pull(REPOSITORY, "hexacat", |_| {}).expect("opened");
    scene.pass(TimeDelta::hours(1));
    scene.github.merge(REPOSITORY, number, "wren-oak").expect("merged");
    scene.settle().await;
    let mut found = outcomes(&scene.app).await;
    found.sort_unstable();
    let expected = ["installation created", "push recorded", "updated #1", "updated #1"];
    assert_eq!(found, expected);
    let person = scene.app.json("/api/v1/people/hexacat").await;
    assert!(person["points"].as_i64() >= Some(60), "{person}");
    scene.app.verify().await;
    scene.app.finish().await;
}

#[tokio::test]
async fn roles_that_the_app_states_are_checked_with_its_token() {
    let scene = Scene::with_app().await;
    scene.install().await;
    scene.register_by_operator().await;
    let own = scene.maintainer("wren-oak").await;
    assert_eq!(own.get(PAGE).await.status.as_u16(), 200);
    scene.github.change_role(REPOSITORY, "wren-oak", None).expect("removed");
    scene.settle().await;
    let last = outcomes(&scene.app).await.pop();
    let said = "member removed: the role is checked on GitHub";
    assert_eq!(last.as_deref(), Some(said));
    assert_eq!(own.get(PAGE).await.status.as_u16(), 403);
    scene.app.finish().await;
}
