//! Flags about reviewers.

use contributions::model::ReviewAction;
use identity::model::Role;
use serde_json::json;

use super::{FLAGS, decide};
use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

/// Three pull requests of hexacat, which wren-oak rejects.
async fn rejecting() -> TestApp {
    let app = TestApp::of_lantern().await;
    let (lantern, author) = (repo(1, "lantern"), person("hexacat"));
    let opened = |number| Scenario::opened(&lantern, number, &author, "2026-10-30T08:00:00Z");
    app.deliver_all(&[&opened(1), &opened(2), &opened(3)]).await;
    app.know_reviewer("season", "wren-oak").await;
    app.browser_of("hexacat").await;
    for number in 1..=3 {
        for action in [ReviewAction::Started, ReviewAction::Rejected] {
            let given = app.review("lantern", number, "wren-oak", action).await;
            given.expect("given");
        }
    }
    app.work().await;
    app
}

#[tokio::test]
async fn a_flag_about_a_reviewer_changes_no_points() {
    let app = rejecting().await;
    let raised = app.run_schedule("GamingDetection").await;
    assert_eq!(raised, "raised 1 flag and extended 0");
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let flag = moderator.json(&format!("{FLAGS}/1")).await;
    assert_eq!(flag["kind"], "reviewer_abuse");
    assert_eq!(flag["logins"], json!(["wren-oak"]));
    assert_eq!(flag["signs"], json!(["3 rejections of one contributor"]));
    assert_eq!(flag["permits_effects"], false);
    assert_eq!(flag["concerned"].as_array().map(Vec::len), Some(3));
    let page = moderator.get("/admin/fair-play/1").await.text;
    assert!(page.contains("a confirmation is for the record"), "{page}");
    assert!(!page.contains("value=\"spam\""), "{page}");
    for effect in ["spam", "no_points"] {
        let refused = decide(&moderator, 1, Some(effect)).await;
        refused.refuses(422, "FLAG_EFFECT", "is about reviews");
    }
    let selected = [("flag", "1"), ("decision", "spam"), ("reason", "Rejected")];
    let refused = moderator.post("/admin/fair-play", &selected).await;
    refused.refuses_form(422, None, "is about reviews");
    let own = app.browser_with("wren-oak", Role::Moderator).await;
    let refused = decide(&own, 1, None).await;
    refused.refuses(403, "OWN_FLAG", "F-1 concerns you");
    let before = app.net_ledger().await;
    assert_eq!(decide(&moderator, 1, Some("")).await.status, 204);
    app.work().await;
    assert_eq!(app.net_ledger().await, before);
    // The same reviews are not flagged again.
    let raised = app.run_schedule("GamingDetection").await;
    assert_eq!(raised, "raised 0 flags and extended 0");
    app.finish().await;
}
