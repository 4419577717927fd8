//! Badges by their criteria, through deliveries.

use recognition::{model::Share, rules::badges::Criteria};
use serde_json::json;

use super::merged;
use crate::app::TestApp;

#[tokio::test]
async fn a_merge_earns_badges_at_the_time_of_github() {
    let app = TestApp::of_lantern().await;
    app.badge("two", Criteria::PrCount { at_least: 2 }).await;
    app.deliver_all(&[&merged(1, "hexacat", 3)]).await;
    assert_eq!(app.badges_of("hexacat").await, ["first-merge"]);
    app.deliver_all(&[&merged(2, "hexacat", 5)]).await;
    let list = app.json("/api/v1/people/hexacat/badges").await;
    let expected = json!({
        "slug": "two", "name": "two", "rarity": "RARE", "awarded_at": "2026-10-05T09:00:00Z",
        "awarded_by": "RULE", "evidence": { "metric": "merged_pull_requests", "count": 2 },
    });
    assert_eq!(list["items"][0], expected);
    // A merge of an earlier day, which is delivered later, corrects the time.
    app.deliver_all(&[&merged(3, "hexacat", 1)]).await;
    let list = app.json("/api/v1/people/hexacat/badges").await;
    let at = |index: usize| list["items"][index]["awarded_at"].clone();
    assert_eq!([at(0), at(1)], [json!("2026-10-03T09:00:00Z"), json!("2026-10-01T09:00:00Z")]);
    app.finish().await;
}

#[tokio::test]
async fn spam_takes_a_badge_back_and_the_end_of_it_gives_it_again() {
    let app = TestApp::of_lantern().await;
    let pull = merged(1, "hexacat", 3);
    app.deliver_all(&[&pull]).await;
    assert_eq!(app.badges_of("hexacat").await, ["first-merge"]);
    let spam = merged(1, "hexacat", 3).labeled("spam", "2026-10-03T10:00:00Z");
    app.deliver_all(&[&spam]).await;
    assert_eq!(app.badges_of("hexacat").await, [""; 0]);
    let sql = "SELECT revoke_reason AS value FROM user_badges";
    let reasons = app.values(sql).await;
    assert!(reasons[0].contains("were spam"), "{reasons:?}");
    // A second merge, which is no spam, earns it again. The revoked award stays.
    app.deliver_all(&[&merged(2, "hexacat", 6)]).await;
    assert_eq!(app.badges_of("hexacat").await, ["first-merge"]);
    let rows = app.count("SELECT count(*) FROM user_badges").await;
    assert_eq!(rows, 2);
    app.finish().await;
}

#[tokio::test]
async fn excluded_pull_requests_do_not_count() {
    let app = TestApp::of_lantern().await;
    let repo = crate::app::scenarios::repo(1, "lantern");
    let owner = crate::app::scenarios::owner();
    let own = crate::app::scenarios::Scenario::opened(&repo, 1, &owner, "2026-10-02T08:00:00Z")
        .merged("2026-10-03T08:00:00Z");
    app.deliver_all(&[&own]).await;
    assert_eq!(app.count("SELECT count(*) FROM user_badges").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_champion_has_a_share_of_a_project() {
    let app = TestApp::of_lantern().await;
    let share = Share { percent: 50, minimum: 2 };
    app.badge("half", Criteria::ProjectChampion(share)).await;
    let pulls = [
        merged(1, "hexacat", 1),
        merged(2, "monacat", 2),
        merged(3, "monacat", 3),
        merged(4, "hexacat", 4),
        merged(5, "octavia", 5),
    ];
    app.deliver_all(&pulls.iter().collect::<Vec<_>>()).await;
    app.run_schedule("BadgeEvaluation").await;
    app.work().await;
    let list = app.json("/api/v1/people/monacat/badges").await;
    let half = &list["items"][0];
    assert_eq!(half["slug"], "half");
    let evidence = json!({ "project": "season", "own": 2, "total": 3 });
    assert_eq!(half["evidence"], evidence);
    assert_eq!(app.badges_of("hexacat").await, ["half", "first-merge"]);
    assert_eq!(app.badges_of("octavia").await, ["first-merge"]);
    // Another evaluation changes nothing.
    let before = awards(&app).await;
    app.run_schedule("BadgeEvaluation").await;
    app.work().await;
    assert_eq!(awards(&app).await, before);
    app.finish().await;
}

/// Returns the badges that people have, with their dates and evidence.
async fn awards(app: &TestApp) -> Vec<String> {
    let sql = "SELECT b.slug || ' ' || u.login || ' ' || a.awarded_at || ' ' || coalesce(a.evidence, '') AS value \
               FROM user_badges a JOIN badges b ON b.id = a.badge_id JOIN users u ON u.id = a.user_id \
               WHERE a.revoked_at IS NULL ORDER BY value";
    app.values(sql).await
}

#[tokio::test]
async fn a_rebuild_gives_the_same_badges() {
    let app = TestApp::of_lantern().await;
    let pulls = [merged(1, "hexacat", 1), merged(2, "monacat", 2)];
    app.deliver_all(&pulls.iter().collect::<Vec<_>>()).await;
    let before = awards(&app).await;
    assert!(!before.is_empty());
    app.change("DELETE FROM user_badges").await.expect("deleted");
    let programmes = recognition::Programmes::of(&app.server);
    recognition::actions::rebuild(
        app.context(),
        programmes,
        recognition::model::SettlementMode::Post,
        |_| {},
    )
    .await
    .expect("rebuilt");
    app.work().await;
    assert_eq!(awards(&app).await, before);
    app.finish().await;
}
