//! Notifications of seasons.

use platform::audit::Actor::Operator;

use super::{AUTUMN, merged, october, sign_off_season};
use crate::app::{TestApp, at};

#[tokio::test]
async fn participants_are_notified_once_of_each_event() {
    let app = TestApp::of_lantern().await;
    app.season(october()).await;
    let own = app.browser_of("wren-oak").await;
    app.registers("wren-oak").await;
    app.registers("wren-oak").await;
    let pull = merged(1, "wren-oak", "2026-10-02T08:00:00Z");
    app.deliver_all(&[&pull]).await;
    app.disqualifies("wren-oak", false).await;
    app.work().await;
    app.clock.set(at("2026-11-08T12:00:00Z"));
    sign_off_season(app.context(), Operator, AUTUMN).await.expect("signed off");
    app.work().await;
    let inbox = own.get("/inbox").await.text;
    for words in [
        "You are registered for Autumn",
        "You are disqualified from Autumn",
        "The results of Autumn are final",
    ] {
        let title = format!(">{words}</a>");
        assert_eq!(inbox.matches(&title).count(), 1, "{words}: {inbox}");
    }
    app.finish().await;
}

#[tokio::test]
async fn the_end_of_a_sanction_is_notified() {
    let app = TestApp::of_lantern().await;
    app.season(october()).await;
    let own = app.browser_of("wren-oak").await;
    app.disqualifies("wren-oak", true).await;
    app.work().await;
    let inbox = own.get("/inbox").await.text;
    let words = "Your disqualification from Autumn is lifted";
    assert!(inbox.contains(words), "{inbox}");
    app.finish().await;
}
