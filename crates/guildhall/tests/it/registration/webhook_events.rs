//! Updating the webhook of a repository that delivers too few events.

use github::rules::events;

use super::*;

const OFFER: &str = "Update webhook";

/// Registers the repository for `wren-oak`, with a webhook as earlier releases created it and an event that someone added.
async fn with_old_hook(scene: &Scene) -> Browser<'_> {
    let own = scene.connected("wren-oak").await;
    scene.register(&own).await.location();
    let delivered = scene.github.hook_events(REPOSITORY).expect("one webhook");
    assert_eq!(delivered, events::names());
    assert!(!own.get(PAGE).await.text.contains(OFFER));
    scene.app.work().await;
    scene.github.set_hook_events(REPOSITORY, &["push", "pull_request", "star"]).expect("set");
    scene.app.change("UPDATE repositories SET hook_events = NULL").await.expect("changed");
    own
}

fn path(scene: &Scene) -> String {
    format!("{PAGE}/{}/webhook", scene.github_id)
}

#[tokio::test]
async fn a_maintainer_has_a_webhook_deliver_what_it_lacks() {
    let scene = Scene::with_maintainers().await;
    let own = with_old_hook(&scene).await;
    let page = own.get(PAGE).await.text;
    assert!(page.contains(OFFER) && page.contains("may not deliver every event"), "{page}");
    let secrets = scene.github.hooks(REPOSITORY).expect("known");
    for _ in 0..2 {
        assert_eq!(own.post(&path(&scene), &[]).await.location(), PAGE);
        let delivered = scene.github.hook_events(REPOSITORY).expect("one webhook");
        assert_eq!(delivered[..3], ["push", "pull_request", "star"]);
        assert_eq!(delivered.len(), 10, "{delivered:?}");
        assert!(events::lacking(delivered.iter().map(String::as_str)).is_empty());
    }
    assert_eq!(scene.github.hooks(REPOSITORY).expect("known"), secrets, "its secret stays");
    let page = own.get(PAGE).await.text;
    assert!(page.contains("delivers all events now") && !page.contains(OFFER), "{page}");
    scene.app.finish().await;
}

#[tokio::test]
async fn only_a_connected_admin_of_the_repository_can() {
    let scene = Scene::with_maintainers().await;
    with_old_hook(&scene).await;
    let path = path(&scene);
    let unconnected = scene.maintainer("finch-ash").await;
    unconnected.post(&path, &[]).await.refuses(409, "GITHUB_NOT_CONNECTED", "Connect GitHub");
    scene.connect(&unconnected, "finch-ash").await.location();
    scene.github.permit(REPOSITORY, "finch-ash", Role::Maintain).expect("permitted");
    unconnected.post(&path, &[]).await.refuses(403, "REPOSITORY_RIGHTS", "Only admins of");
    assert_eq!(scene.github.hook_events(REPOSITORY).expect("one webhook").len(), 3);
    assert!(unconnected.get(PAGE).await.text.contains(OFFER));
    scene.app.work().await;
    scene.app.finish().await;
}
