use notifications::{actions::send_digests, model::NewsKinds};
use serde_json::json;

use super::{SCORED, notify_person};
use crate::app::{TestApp, at};

#[tokio::test]
async fn notifications_are_sent_in_one_digest_in_the_morning() {
    let (app, mailbox) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    app.verify_address("wren-oak").await;
    let chosen = json!({
        "timezone": "Asia/Tokyo", "daily_cap": 20, "email": { "pull_request_scored": "digest" }
    });
    let path = "/api/v1/me/notification-settings";
    assert_eq!(browser.call("PUT", path, Some(&chosen)).await.status, 200);
    app.clock.set(at("2026-11-02T12:00:00Z"));
    for news in ["one", "two", "three"] {
        notify_person(&app, "wren-oak", &SCORED, news).await;
    }
    let list = browser.json("/api/v1/me/notifications").await;
    let id = list["items"][0]["id"].as_str().expect("an id");
    let read = format!("/api/v1/me/notifications/{id}/read");
    assert_eq!(browser.call("POST", &read, None).await.status, 204);
    let send = || async {
        let written =
            send_digests(app.context(), &app.server.post, NewsKinds(app.server.modules())).await;
        app.work().await;
        written.expect("sent")
    };
    app.clock.set(at("2026-11-02T22:59:59Z"));
    assert_eq!(send().await, 0);
    app.clock.set(at("2026-11-02T23:00:00Z"));
    assert_eq!((send().await, send().await), (1, 0), "at eight in Tokyo, once");
    assert_eq!(mailbox.subjects(), ["wren-oak@oak.example: 2 new notifications"]);
    let text = &mailbox.taken()[0].content.text;
    let link = format!("{}/projects", app.server.post.site);
    assert!(text.contains("- You have a new role: one") && text.contains(&link), "{text}");
    assert!(!text.contains("three"), "read notifications are left out: {text}");
    app.finish().await;
}

#[tokio::test]
async fn people_without_a_digest_or_an_address_get_none() {
    let (app, mailbox) = TestApp::mailing().await;
    for login in ["wren-oak", "finch-ash"] {
        let browser = app.browser_of(login).await;
        app.verify_address(login).await;
        let mail = json!({ "pull_request_scored": "digest", "digest": if login == "wren-oak" { "off" } else { "instant" } });
        let chosen = json!({ "daily_cap": 20, "email": mail });
        let path = "/api/v1/me/notification-settings";
        assert_eq!(browser.call("PUT", path, Some(&chosen)).await.status, 200);
        notify_person(&app, login, &SCORED, "one").await;
    }
    app.change("DELETE FROM user_emails WHERE address LIKE 'finch%'").await.expect("removed");
    app.clock.set(at("2026-11-03T00:00:00Z"));
    let written =
        send_digests(app.context(), &app.server.post, NewsKinds(app.server.modules())).await;
    assert_eq!(written.expect("looked"), 0);
    assert_eq!(
        app.count("SELECT count(*) FROM notifications WHERE digest_at IS NOT NULL").await,
        0
    );
    app.work().await;
    assert!(mailbox.taken().is_empty());
    app.finish().await;
}
