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

#[tokio::test]
async fn an_appeal_that_every_admin_had_a_part_in_asks_for_another_one() {
    let app = scene().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let author = app.browser_of(AUTHOR).await;
    let number = opens(&author, &about_points()).await;
    assert_eq!(decides(&admin, number, &upheld()).await.status, 204);
    app.is_done("finch-ash", "stuck_appeal").await;
    let appealed = [("text", "Look again.")];
    assert_eq!(author.post(&format!("/disputes/D-{number}/appeal"), &appealed).await.status, 303);
    app.is_done("finch-ash", "appeal").await;
    let stuck = app.waits("finch-ash", "stuck_appeal").await;
    assert_eq!(
        (&stuck["address"], &stuck["action"]),
        (&json!("/admin/people?role=moderator"), &json!("Appoint an admin"))
    );
    assert!(stuck["due"].is_string(), "{stuck}");
    let page = admin.get("/admin/overview").await.text;
    let first = page.split("class=\"duepart\"").nth(1).expect("a part");
    assert!(first.contains("Stuck <span class=\"count\">1</span>"), "{page}");
    assert!(first.contains("href=\"/admin/people?role=moderator\">Appoint an admin<"), "{page}");
    let home = admin.get("/").await.text;
    let lead = home.split("<li class=\"lead\">").nth(1).and_then(|rest| rest.split("</li>").next());
    assert!(lead.is_some_and(|lead| lead.contains(">Appoint an admin<")), "{home}");
    app.browser_with("rook-elm", Role::Moderator).await;
    app.is_done("rook-elm", "stuck_appeal").await;
    // Another admin can decide.
    app.browser_with("birch", Role::Admin).await;
    app.is_done("finch-ash", "stuck_appeal").await;
    app.is_done("birch", "stuck_appeal").await;
    app.waits("birch", "appeal").await;
    app.ban("birch").await;
    app.waits("finch-ash", "stuck_appeal").await;
    app.work().await;
    app.finish().await;
}
