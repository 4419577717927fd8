//! Reading a repository states when the accounts of its people were created.

use testkit::fake_github::usual_creation;

use super::*;
use crate::app::at;

#[tokio::test]
async fn reading_states_when_accounts_were_created() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    let created_at = at("2026-08-20T08:00:00Z");
    scene.github.set_created_at("octavia", created_at).expect("known");
    scene.merged(&[&app], "octavia");
    scene.register(&app).await;
    app.work().await;
    assert_eq!(app.created("octavia").await, Some(created_at));
    let (rook, _) = scene.github.named("rook-elm", REPOSITORY).expect("known");
    let usual = usual_creation(rook.id);
    assert_eq!(app.created("rook-elm").await, Some(usual));
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn people_known_from_deliveries_get_it_when_the_repository_is_read() {
    let scene = Scene::new().await;
    let app = scene.server().await;
    scene.register(&app).await;
    app.work().await;
    scene.deliver_to(&app);
    scene.merged(&[&app], "octavia");
    scene.github.settle().await;
    app.work().await;
    assert_eq!(app.created("octavia").await, None);
    read_again(&app).await;
    let (octavia, _) = scene.github.named("octavia", REPOSITORY).expect("known");
    let usual = usual_creation(octavia.id);
    assert_eq!(app.created("octavia").await, Some(usual));
    app.finish().await;
}
