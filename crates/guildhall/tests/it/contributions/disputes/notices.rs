//! Notifications of disputes.

use identity::model::Role;
use platform::audit::Actor;
use serde_json::json;

use super::*;

/// Returns whether someone's inbox has a title, once.
async fn has(app: &TestApp, login: &str, title: &str) -> bool {
    let inbox = app.inbox(&app.browser_of(login).await).await;
    inbox.iter().filter(|one| one.contains(title)).count() == 1
}

#[tokio::test]
async fn both_sides_are_notified() {
    let app = scene().await;
    let author = app.browser_of(AUTHOR).await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    app.browser_with("birch", Role::Admin).await;
    app.know_reviewer("season", "wren-oak").await;
    opens(&author, &about_points()).await;
    app.work().await;
    for login in ["rook-elm", "birch", "wren-oak"] {
        assert!(has(&app, login, "New dispute D-1").await, "{login}");
    }
    assert!(!has(&app, AUTHOR, "New dispute").await);
    let path = format!("{PATH}/1/messages");
    let text = json!({ "text": "Which step?" });
    assert_eq!(moderator.call("POST", &path, Some(&text)).await.status, 204);
    app.work().await;
    assert!(has(&app, AUTHOR, "New message in dispute D-1").await);
    let text = json!({ "text": "The second." });
    assert_eq!(author.call("POST", &path, Some(&text)).await.status, 204);
    app.work().await;
    assert!(has(&app, "rook-elm", "New message in dispute D-1").await);
    assert_eq!(decides(&moderator, 1, &upheld()).await.status, 204);
    app.work().await;
    assert!(has(&app, AUTHOR, "Dispute D-1 is not granted").await);
    let person = app.user(AUTHOR).await;
    appeal(app.context(), person, 1, "Wrong.").await.expect("appealed");
    app.work().await;
    let title = "Dispute D-1 is appealed";
    assert!(has(&app, "birch", title).await);
    app.decides("birch", 1, DisputeStage::Appeal, false).await.expect("decided");
    app.work().await;
    for login in [AUTHOR, "rook-elm"] {
        let title = "The appeal of dispute D-1 is not granted";
        assert!(has(&app, login, title).await, "{login}");
    }
    app.finish().await;
}

#[tokio::test]
async fn the_first_decider_is_notified_of_the_outcome() {
    let app = scene().await;
    app.season(super::super::seasons::october()).await;
    app.browser_of("organizer").await;
    let organizer = Actor::Person(app.person_id("organizer").await);
    let warning = app.warns(AUTHOR, organizer).await;
    let number = app.disputes(AUTHOR, DisputeKind::Sanction, &warning).await;
    app.work().await;
    assert!(has(&app, "organizer", "New dispute D-1").await);
    // The other side reads the thread and writes in it, although it has no role.
    let side = app.browser_of("organizer").await;
    assert_eq!(side.get("/disputes/D-1").await.status, 200);
    let text = json!({ "text": "It was the third time." });
    let path = format!("{PATH}/1/messages");
    assert_eq!(side.call("POST", &path, Some(&text)).await.status, 204);
    app.browser_with("birch", Role::Admin).await;
    app.decides("birch", number, DisputeStage::Dispute, true).await.expect("decided");
    app.work().await;
    for login in [AUTHOR, "organizer"] {
        assert!(has(&app, login, "Dispute D-1 is granted").await, "{login}");
    }
    app.finish().await;
}

#[tokio::test]
async fn former_maintainers_are_not_notified() {
    let app = scene().await;
    let author = app.browser_of(AUTHOR).await;
    app.know_reviewer("season", "wren-oak").await;
    opens(&author, &about_points()).await;
    let maintainer = app.browser_of("wren-oak").await;
    let path = format!("{PATH}/1/messages");
    let text = json!({ "text": "It was labeled." });
    assert_eq!(maintainer.call("POST", &path, Some(&text)).await.status, 204);
    app.remove_maintainer("season", "wren-oak").await;
    assert_eq!(author.call("POST", &path, Some(&text)).await.status, 204);
    app.work().await;
    let title = "New message in dispute D-1";
    assert!(has(&app, AUTHOR, title).await);
    assert!(!has(&app, "wren-oak", title).await);
    assert_eq!(maintainer.get("/disputes/D-1").await.status, 403);
    app.finish().await;
}
