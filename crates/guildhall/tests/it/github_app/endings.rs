//! Installations that are suspended or deleted, and repositories that are removed from them.

use super::*;

const NOTIFICATIONS: &str = "/api/v1/me/notifications";

/// A repository that the App covers, with a maintainer who has not connected GitHub.
async fn covered() -> (Scene, i64) {
    let scene = Scene::with_app().await;
    let id = scene.install().await;
    scene.register_by_operator().await;
    (scene, id)
}

async fn notices(own: &Browser<'_>) -> usize {
    let inbox = own.json(NOTIFICATIONS).await;
    let items = inbox["items"].as_array().expect("items").iter();
    let of_kind = items.filter(|item| item["kind"] == "repository_disconnected");
    of_kind.count()
}

/// Checks what the API, the page and the notifications say.
async fn says(scene: &Scene, own: &Browser<'_>, state: &str, words: &str, notified: usize) {
    assert_eq!(scene.listed(own).await["github_app"], state);
    let page = own.get(PAGE).await.text;
    assert!(page.contains(words), "{words}: {page}");
    assert_eq!(notices(own).await, notified);
}

#[tokio::test]
async fn a_suspension_is_shown_until_it_ends() {
    let (scene, id) = covered().await;
    let own = scene.maintainer("wren-oak").await;
    scene.github.suspend(id, true).expect("known");
    scene.settle().await;
    let words = "The installation of the GitHub App is suspended";
    says(&scene, &own, "suspended", words, 1).await;
    scene.pass(TimeDelta::minutes(1));
    scene.github.suspend(id, false).expect("known");
    scene.settle().await;
    says(&scene, &own, "active", "Connected by the GitHub App", 1).await;
    scene.pass(TimeDelta::minutes(1));
    scene.github.suspend(id, true).expect("known");
    scene.settle().await;
    says(&scene, &own, "suspended", words, 2).await;
    scene.app.finish().await;
}

#[tokio::test]
async fn a_removed_repository_and_a_deleted_installation_are_shown() {
    let (scene, id) = covered().await;
    let own = scene.maintainer("wren-oak").await;
    scene.github.include(id, REPOSITORY, false).expect("known");
    scene.settle().await;
    let words = "It was removed from the installation of the GitHub App";
    says(&scene, &own, "removed", words, 1).await;
    scene.pass(TimeDelta::minutes(1));
    scene.github.include(id, REPOSITORY, true).expect("known");
    scene.settle().await;
    says(&scene, &own, "active", "Connected by the GitHub App", 1).await;
    scene.pass(TimeDelta::minutes(1));
    scene.github.uninstall(id).expect("known");
    scene.settle().await;
    says(&scene, &own, "uninstalled", "The GitHub App was uninstalled", 2).await;
    scene.app.finish().await;
}

#[tokio::test]
async fn what_happened_meanwhile_is_read_when_the_app_returns() {
    let (scene, id) = covered().await;
    scene.github.suspend(id, true).expect("known");
    scene.settle().await;
    scene.pass(TimeDelta::hours(1));
    scene.github.open_pull(REPOSITORY, "hexacat", |_| {}).expect("opened");
    scene.pass(TimeDelta::hours(1));
    scene.github.suspend(id, false).expect("known");
    scene.settle().await;
    let pulls = "SELECT count(*) FROM pull_requests";
    assert_eq!(scene.app.count(pulls).await, 1);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_suspension_without_a_delivery_is_found_by_reading() {
    let (scene, id) = covered().await;
    let own = scene.maintainer("wren-oak").await;
    scene.github.deliver_app_to("http://127.0.0.1:9/", SECRET);
    scene.github.suspend(id, true).expect("known");
    scene.pass(TimeDelta::minutes(1));
    scene.read_again().await;
    let words = "The installation of the GitHub App is suspended";
    says(&scene, &own, "suspended", words, 1).await;
    // No other token can read it.
    let listed = scene.listed(&own).await;
    let error = listed["sync"]["error"].as_str().expect("an error");
    assert!(error.contains("no token for GitHub's API"), "{error}");
    scene.app.finish().await;
}

#[tokio::test]
async fn the_persons_token_reads_it_after_the_app() {
    let scene = Scene::with_app().await;
    let id = scene.install().await;
    let own = scene.connected("wren-oak").await;
    let github_id = scene.github_id.to_string();
    own.post(PAGE, &[("github_id", &github_id)]).await.location();
    scene.app.work().await;
    scene.github.uninstall(id).expect("known");
    scene.settle().await;
    scene.pass(TimeDelta::minutes(1));
    scene.github.open_pull(REPOSITORY, "hexacat", |_| {}).expect("opened");
    scene.pass(TimeDelta::minutes(1));
    scene.read_again().await;
    let listed = scene.listed(&own).await;
    assert_eq!(listed["sync"]["state"], "complete", "{listed}");
    assert_eq!(listed["github_app"], "uninstalled");
    let pulls = "SELECT count(*) FROM pull_requests";
    assert_eq!(scene.app.count(pulls).await, 1);
    scene.app.finish().await;
}
