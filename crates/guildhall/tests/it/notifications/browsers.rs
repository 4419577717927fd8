//! Push subscriptions of browsers.

use serde_json::{Value, json};

use super::{SCORED, notify_person};
use crate::{
    app::TestApp,
    messages::push::{AUTH, P256DH, subscription},
};

const PATH: &str = "/api/v1/me/push-subscriptions";

#[tokio::test]
async fn subscriptions_are_renewed_change_owners_and_are_removed() {
    let app = TestApp::start().await;
    let (wren, finch) = (app.browser_of("wren-oak").await, app.browser_of("finch-ash").await);
    let empty = wren.json(PATH).await;
    assert_eq!(empty["items"], json!([]));
    let key = empty["public_key"].as_str().expect("a key");
    assert_eq!((key.len(), &key[..1]), (87, "B"), "a point, uncompressed");
    let here = subscription("https://push.example/wren");
    let added = wren.call("POST", PATH, Some(&here)).await;
    assert_eq!(added.status, 201, "{}", added.text);
    let again = wren.call("POST", PATH, Some(&here)).await;
    assert_eq!(again.json(), added.json(), "the same browser");
    let list = wren.json(PATH).await;
    assert_eq!(list["public_key"], key, "the same key every time");
    let [item] = list["items"].as_array().expect("items").as_slice() else { panic!("{list}") };
    assert_eq!(item["service"], "push.example");
    assert_eq!(item["id"], added.json()["id"]);
    for secret in [P256DH, AUTH, "https://push.example/wren"] {
        assert!(!list.to_string().contains(secret), "{list}");
    }
    let page = wren.get("/settings/notifications").await.text;
    assert!(page.contains("push.example") && page.contains("Enable notifications in this browser"));
    let moved = finch.call("POST", PATH, Some(&here)).await;
    assert_eq!(moved.status, 201);
    assert_eq!(
        wren.json(PATH).await["items"],
        json!([]),
        "the subscription belongs to the other person"
    );
    let id = moved.json()["id"].as_str().expect("an id").to_owned();
    let one = format!("{PATH}/{id}");
    wren.call("DELETE", &one, None).await.refuses(404, "NOT_FOUND", "Unknown or removed browser");
    assert_eq!(finch.call("DELETE", &one, None).await.status, 204);
    finch.call("DELETE", &one, None).await.refuses(404, "NOT_FOUND", "Unknown or removed browser");
    let acts = "SELECT action AS value FROM audit_logs WHERE action LIKE 'push.%' ORDER BY id";
    assert_eq!(app.values(acts).await, ["push.add", "push.add", "push.remove"]);
    app.finish().await;
}

#[tokio::test]
async fn a_browser_can_be_removed_without_script() {
    let app = TestApp::start().await;
    let wren = app.browser_of("wren-oak").await;
    let added = subscription("https://push.example/wren");
    let added = wren.call("POST", PATH, Some(&added)).await.json();
    let id = added["id"].as_str().expect("an id");
    let remove = format!("/settings/notifications/browsers/{id}/remove");
    let done = wren.post(&remove, &[]).await;
    assert_eq!(done.location(), "/settings/notifications");
    wren.post(&remove, &[]).await.refuses(404, "NOT_FOUND", "removed browser");
    let page = wren.get("/settings/notifications").await.text;
    assert!(page.contains("No browsers yet."));
    app.finish().await;
}

#[tokio::test]
async fn invalid_subscriptions_are_refused() {
    let app = TestApp::start().await;
    let wren = app.browser_of("wren-oak").await;
    let with = |endpoint: &str, p256dh: &str, auth: &str| json!({ "endpoint": endpoint, "keys": { "p256dh": p256dh, "auth": auth } });
    let fine = "https://push.example/a";
    for (body, code) in [
        (with(fine, "x", AUTH), "BAD_PUSH_KEYS"),
        (with(fine, P256DH, "x"), "BAD_PUSH_KEYS"),
        (with("http://push.example/a", P256DH, AUTH), "BAD_PUSH_ENDPOINT"),
        (with("hello", P256DH, AUTH), "BAD_PUSH_ENDPOINT"),
    ] {
        let refused = wren.call("POST", PATH, Some(&body)).await;
        refused.refuses(422, code, "");
    }
    let refused = wren.call("POST", PATH, Some(&json!({ "endpoint": fine }))).await;
    refused.refuses(400, "BAD_BODY", "");
    for count in 0..20 {
        let body = subscription(&format!("https://push.example/{count}"));
        assert_eq!(wren.call("POST", PATH, Some(&body)).await.status, 201);
    }
    let more = subscription("https://push.example/more");
    let refused = wren.call("POST", PATH, Some(&more)).await;
    refused.refuses(409, "TOO_MANY_BROWSERS", "Remove one");
    let known = subscription("https://push.example/7");
    let again = wren.call("POST", PATH, Some(&known)).await;
    assert_eq!(again.status, 201, "a known subscription can be renewed");
    app.finish().await;
}

#[tokio::test]
async fn a_person_chooses_what_browsers_get() {
    let app = TestApp::start().await;
    let wren = app.browser_of("wren-oak").await;
    for name in ["a", "b"] {
        let body = subscription(&format!("https://push.example/{name}"));
        wren.call("POST", PATH, Some(&body)).await;
    }
    let written = || app.count("SELECT count(*) FROM outbox_messages WHERE channel = 'push'");
    assert!(notify_person(&app, "wren-oak", &SCORED, "one").await);
    assert!(!notify_person(&app, "wren-oak", &SCORED, "one").await);
    assert_eq!(written().await, 2, "once for each browser");
    let off = [("push:pull_request_scored", "off"), ("timezone", "UTC"), ("daily_cap", "20")];
    wren.post("/settings/notifications", &off).await.location();
    assert!(notify_person(&app, "wren-oak", &SCORED, "two").await);
    assert_eq!(written().await, 2);
    let alarm = &notifications::model::NEW_DEVICE;
    assert!(notify_person(&app, "wren-oak", alarm, "three").await);
    assert_eq!(written().await, 4, "security always");
    let urgent = "SELECT content AS value FROM outbox_messages WHERE kind = 'new_device'";
    let urgent: Value = serde_json::from_str(&app.values(urgent).await[0]).expect("JSON");
    assert_eq!(urgent["is_urgent"], true);
    assert_eq!(urgent["html"], json!(null), "one line, not the whole email");
    app.abandon().await;
}
