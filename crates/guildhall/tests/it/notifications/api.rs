use serde_json::json;

use super::{SCORED, notify_person};
use crate::app::TestApp;

const PATH: &str = "/api/v1/me/notifications";

#[tokio::test]
async fn notifications_are_paged_and_marked_read() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let other = app.browser_of("finch-ash").await;
    assert_eq!(
        browser.json(PATH).await,
        json!({ "unread_count": 0, "items": [], "next_cursor": null })
    );
    for news in ["1", "2", "3"] {
        notify_person(&app, "wren-oak", &SCORED, news).await;
        app.clock.advance(chrono::TimeDelta::seconds(1));
    }
    let first = browser.json(&format!("{PATH}?limit=2")).await;
    assert_eq!(
        (&first["unread_count"], first["items"].as_array().map(Vec::len)),
        (&json!(3), Some(2))
    );
    let cursor = first["next_cursor"].as_str().expect("more");
    let rest = browser.json(&format!("{PATH}?limit=2&cursor={cursor}")).await;
    assert_eq!(rest["items"][0]["title"], "You have a new role: 1");
    assert_eq!(rest["next_cursor"], json!(null));
    let id = first["items"][0]["id"].as_str().expect("an id");
    let read = format!("{PATH}/{id}/read");
    let refused = other.call("POST", &read, None).await;
    refused.refuses(404, "NOT_FOUND", "your notices");
    for _ in 0..2 {
        assert_eq!(browser.call("POST", &read, None).await.status, 204);
    }
    let unread = browser.json(&format!("{PATH}?unread=true")).await;
    assert_eq!(unread["items"].as_array().map(Vec::len), Some(2));
    let all = browser.call("POST", &format!("{PATH}/read"), None).await;
    assert_eq!(all.json(), json!({ "marked": 2 }));
    assert_eq!(browser.json(PATH).await["unread_count"], 0);
    assert_eq!(other.json(PATH).await["items"], json!([]));
    browser.get(&format!("{PATH}?cursor=x")).await.refuses(400, "BAD_CURSOR", "Start without");
    browser.get(&format!("{PATH}?unread=maybe")).await.refuses(
        400,
        "BAD_QUERY",
        "unread is 'maybe': use true or false",
    );
    browser.get(&format!("{PATH}?limit=0")).await.refuses(400, "BAD_LIMIT", "between 1 and 100");
    app.finish().await;
}
