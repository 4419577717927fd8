//! Disputes and appeals wait for who may decide them.

use super::*;

#[tokio::test]
async fn a_dispute_and_its_appeal_wait_for_those_who_may_decide() {
    let app = scene().await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let author = app.browser_of(AUTHOR).await;
    let number = opens(&author, &about_points()).await;
    let dispute = app.waits("rook-elm", "dispute").await;
    assert_eq!(dispute["address"], format!("/disputes/{number}"));
    assert!(dispute["due"].is_string(), "{dispute}");
    app.is_done(AUTHOR, "dispute").await;
    assert_eq!(decides(&moderator, number, &upheld()).await.status, 204);
    app.is_done("rook-elm", "dispute").await;

    let appealed = [("text", "Look again.")];
    assert_eq!(author.post(&format!("/disputes/D-{number}/appeal"), &appealed).await.status, 303);
    app.is_done("rook-elm", "appeal").await;
    let appeal = app.waits("finch-ash", "appeal").await;
    let title = appeal["title"].as_str().expect("a title");
    assert!(title.contains(" appeals about the points of “"), "{title}");
    let decision = [("stage", "appeal"), ("outcome", "uphold"), ("reason", "It is right.")];
    assert_eq!(admin.post(&format!("/disputes/D-{number}/decision"), &decision).await.status, 303);
    app.is_done("finch-ash", "appeal").await;
    app.work().await;
    app.finish().await;
}
