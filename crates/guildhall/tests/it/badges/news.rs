//! Notifications of badges: each recent one, and one for all that were found later.

use platform::audit::Actor::Operator;
use recognition::{actions::revoke_badge, rules::badges::Criteria};

use super::merged;
use crate::app::{TestApp, at};

async fn mailing() -> (TestApp, crate::app::mailbox::Mailbox) {
    let (app, mailbox) = TestApp::mailing().await;
    app.project("season").await;
    app.repository("season", "octo-org/lantern", 1).await;
    app.browser_of("wren-oak").await;
    app.verify_address("wren-oak").await;
    (app, mailbox)
}

#[tokio::test]
async fn a_recent_badge_is_news_and_an_earlier_one_sends_no_mail() {
    let (app, mailbox) = mailing().await;
    let browser = app.browser_of("wren-oak").await;
    let settings = serde_json::json!({
        "daily_cap": 20,
        "email": { "badge_earned": "instant", "pull_request_scored": "off" },
    });
    let path = "/api/v1/me/notification-settings";
    assert_eq!(browser.call("PUT", path, Some(&settings)).await.status, 200);
    app.clock.set(at("2026-10-03T12:00:00Z"));
    app.deliver_all(&[&merged(1, "wren-oak", 3)]).await;
    let recent = "wren-oak@oak.example: New badge: First merge";
    assert_eq!(mailbox.subjects(), [recent]);
    // Badges that are created later count the same merge, and send one notification and no mail.
    app.clock.set(at("2026-10-09T12:00:00Z"));
    for slug in ["one", "two", "three"] {
        app.badge(slug, Criteria::FirstPr).await;
    }
    app.work().await;
    assert_eq!(mailbox.subjects(), [recent]);
    let inbox = app.inbox(&browser).await;
    assert_eq!(inbox[0], "*3 badges for earlier contributions");
    assert_eq!(inbox.iter().filter(|it| it.contains("badge")).count(), 2);
    app.finish().await;
}

#[tokio::test]
async fn a_revoked_badge_is_news_with_the_reason() {
    let (app, mailbox) = mailing().await;
    app.clock.set(at("2026-10-09T12:00:00Z"));
    app.deliver_all(&[&merged(1, "wren-oak", 3)]).await;
    revoke_badge(app.context(), Operator, "first-merge", "wren-oak", "A copy")
        .await
        .expect("revoked");
    app.work().await;
    assert_eq!(mailbox.subjects(), ["wren-oak@oak.example: Badge revoked: First merge"]);
    app.finish().await;
}
