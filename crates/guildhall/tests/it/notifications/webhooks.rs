//! Webhooks of people: the API and the pages.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{SCORED, notify_person};
use crate::{
    app::TestApp,
    messages::{push_endpoints::PRIVATE_URLS, webhooks::add},
};

const PATH: &str = "/api/v1/me/webhooks";
const PAGE: &str = "/settings/webhooks";
const WRITTEN: &str = "SELECT count(*) FROM outbox_messages WHERE channel = 'webhook'";

fn id_of(webhook: &Value) -> String {
    webhook["id"].as_str().expect("an ID").to_owned()
}

/// Performs every audited action of a person with a webhook.
pub(crate) async fn act(app: &TestApp, login: &str) {
    let one = format!("{PATH}/{}", id_of(&add(app, login, "https://hooks.example/a").await));
    let browser = app.browser_of(login).await;
    let disable = "UPDATE webhook_endpoints SET disabled_at = created_at, disabled_reason = 'x'";
    app.change(disable).await.expect("changed");
    let new = json!({ "description": "Another chat" });
    for (method, path, body) in [
        ("PATCH", "", Some(&new)),
        ("POST", "/rotate", None),
        ("POST", "/enable", None),
        ("DELETE", "", None),
    ] {
        let done = browser.call(method, &format!("{one}{path}"), body).await;
        assert!(done.status.is_success(), "{method} {path}: {}", done.text);
    }
}

#[tokio::test]
async fn a_webhook_is_added_changed_and_deleted() {
    let app = TestApp::start().await;
    let wren = app.browser_of("wren-oak").await;
    assert_eq!(wren.json(PATH).await["items"], json!([]));
    let added = add(&app, "wren-oak", "https://hooks.example/a?token=t").await;
    let secret = added["secret"].as_str().expect("a secret").to_owned();
    assert_eq!((&secret[..6], secret.len()), ("whsec_", 50));
    let list = wren.json(PATH).await;
    assert_eq!(list["items"][0]["url"], "https://hooks.example/a?token=t");
    let one = format!("{PATH}/{}", id_of(&added));
    assert_eq!(wren.json(&one).await, list["items"][0]);
    let new = json!({ "description": "Another chat" });
    let changed = wren.call("PATCH", &one, Some(&new)).await.json();
    assert_eq!(changed["description"], "Another chat");
    let rotated = wren.call("POST", &format!("{one}/rotate"), None).await.json();
    assert_ne!(rotated["secret"], added["secret"]);
    assert_eq!(wren.json(&one).await["previous_secret_until"], rotated["previous_secret_until"]);
    for shown in [wren.get(PAGE).await, wren.get(&format!("{PAGE}/{}", id_of(&added))).await] {
        assert!(shown.text.contains("Another chat"), "{}", shown.text);
        assert!(!shown.text.contains("whsec_"), "secrets are shown once");
    }
    let plain =
        "SELECT count(*) FROM webhook_endpoints WHERE CAST(signing_secret AS text) LIKE '%whsec%'";
    assert_eq!(app.count(plain).await, 0);
    assert!(notify_person(&app, "wren-oak", &SCORED, "one").await);
    assert_eq!(wren.call("DELETE", &one, None).await.status, 204);
    assert_eq!(app.count(WRITTEN).await, 0, "nothing waits for it");
    for (method, path) in [
        ("GET", ""),
        ("DELETE", ""),
        ("POST", "/rotate"),
        ("POST", "/enable"),
        ("POST", "/test"),
        ("GET", "/attempts"),
    ] {
        let gone = wren.call(method, &format!("{one}{path}"), None).await;
        gone.refuses(404, "NOT_FOUND", "Unknown or deleted webhook");
    }
    let acts = "SELECT action AS value FROM audit_logs WHERE action LIKE 'webhook.%' ORDER BY id";
    assert_eq!(
        app.values(acts).await,
        ["webhook.add", "webhook.describe", "webhook.rotate", "webhook.remove"]
    );
    let logged = "SELECT count(*) FROM audit_logs WHERE CAST(after AS text) LIKE '%hooks.example%'";
    assert_eq!(app.count(logged).await, 0, "the URL can contain a secret");
    app.finish().await;
}

#[tokio::test]
async fn urls_that_are_not_public_are_refused() {
    let app = TestApp::start().await;
    let wren = app.browser_of("wren-oak").await;
    let long = format!("https://hooks.example/{}", "a".repeat(2_000));
    // The system resolves this name to this machine.
    let own = ["https://localhost/a", "http://hooks.example/a", "hello", &long];
    for url in PRIVATE_URLS.iter().copied().chain(own) {
        let new = json!({ "url": url });
        let refused = wren.call("POST", PATH, Some(&new)).await;
        refused.refuses(422, "BAD_WEBHOOK_URL", "");
    }
    let new = json!({ "url": "https://hooks.example/a", "description": "a\nb" });
    let refused = wren.call("POST", PATH, Some(&new)).await;
    refused.refuses(422, "BAD_WEBHOOK_DESCRIPTION", "one line");
    let form = [("url", "https://localhost/a"), ("description", "")];
    let refused = wren.post(PAGE, &form).await;
    refused.refuses_form(422, Some("url"), "not on the public internet");
    assert_eq!(app.count("SELECT count(*) FROM webhook_endpoints").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn concurrent_requests_add_at_most_five_webhooks() {
    let app = TestApp::start().await;
    let wren = app.browser_of("wren-oak").await;
    let news: Vec<_> =
        (0..12).map(|number| json!({ "url": format!("https://hooks.example/{number}") })).collect();
    let added = join_all(news.iter().map(|new| wren.call("POST", PATH, Some(new)))).await;
    let count = |status: u16| added.iter().filter(|it| it.status.as_u16() == status).count();
    assert_eq!((count(201), count(409)), (5, 7));
    let refused = wren.call("POST", PATH, Some(&news[0])).await;
    refused.refuses(409, "TOO_MANY_WEBHOOKS", "Delete one");
    assert!(wren.get(PAGE).await.text.contains("You have 5 webhooks"));
    app.finish().await;
}

#[tokio::test]
async fn ten_test_events_per_hour_are_sent() {
    let app = TestApp::start().await;
    let wren = app.browser_of("wren-oak").await;
    let one =
        format!("{PATH}/{}/test", id_of(&add(&app, "wren-oak", "https://hooks.example/a").await));
    for _ in 0..10 {
        assert_eq!(wren.call("POST", &one, None).await.status, 202);
    }
    let refused = wren.call("POST", &one, None).await;
    refused.refuses(429, "TOO_MANY_TESTS", "Try again in an hour");
    let kinds = "SELECT kind AS value FROM outbox_messages WHERE channel = 'webhook'";
    assert_eq!(app.values(kinds).await, ["webhook.test"; 10]);
    app.clock.advance(TimeDelta::minutes(61));
    let again = app.browser_of("wren-oak").await.call("POST", &one, None).await;
    assert_eq!(again.status, 202, "{}", again.text);
    app.abandon().await;
}

#[tokio::test]
async fn a_repeated_request_with_a_key_adds_one_webhook() {
    let app = TestApp::start().await;
    let wren = app.browser_of("wren-oak").await;
    let new = json!({ "url": "https://hooks.example/a" });
    let key = [("sec-fetch-site", "same-origin"), ("idempotency-key", "one")];
    let first = wren.call_with_headers("POST", PATH, &key, Some(&new)).await;
    let again = wren.call_with_headers("POST", PATH, &key, Some(&new)).await;
    assert_eq!(first.status, 201, "{}", first.text);
    assert_eq!(again.json(), first.json(), "with the same secret");
    assert_eq!(app.count("SELECT count(*) FROM webhook_endpoints").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn webhooks_are_managed_without_script() {
    let app = TestApp::start().await;
    let wren = app.browser_of("wren-oak").await;
    assert!(wren.get(PAGE).await.text.contains("No webhooks yet"));
    let form = [("url", "https://hooks.example/a"), ("description", "Our chat")];
    let added = wren.post(PAGE, &form).await;
    assert_eq!(added.status, 200);
    assert!(added.text.contains("whsec_") && added.text.contains("Our chat"));
    let own = format!("{PAGE}/{}", id_of(&wren.json(PATH).await["items"][0]));
    let saved = wren.post(&own, &[("description", "My chat")]).await;
    assert_eq!(saved.location(), own);
    let refused = wren.post(&own, &[("description", &*"a".repeat(101))]).await;
    refused.refuses_form(422, Some("description"), "at most 100");
    assert!(wren.post(&format!("{own}/rotate"), &[]).await.text.contains("whsec_"));
    assert_eq!(wren.post(&format!("{own}/test"), &[]).await.location(), own);
    assert_eq!(wren.post(&format!("{own}/enable"), &[]).await.location(), own);
    let asked = wren.get(&format!("{own}/delete")).await;
    assert!(asked.text.contains("Delete the webhook “My chat”?"), "{}", asked.text);
    assert_eq!(wren.post(&format!("{own}/delete"), &[]).await.location(), PAGE);
    wren.get(&own).await.refuses(404, "", "Unknown or deleted webhook");
    app.abandon().await;
}

#[tokio::test]
async fn a_person_chooses_which_kinds_webhooks_get() {
    let app = TestApp::start().await;
    let wren = app.browser_of("wren-oak").await;
    let settings = "/settings/notifications";
    assert!(!wren.get(settings).await.text.contains("webhook:pull_request_scored"));
    assert!(notify_person(&app, "wren-oak", &SCORED, "none").await);
    assert_eq!(app.count(WRITTEN).await, 0, "the person has no webhook");
    add(&app, "wren-oak", "https://hooks.example/a").await;
    add(&app, "wren-oak", "https://hooks.example/b").await;
    assert!(wren.get(settings).await.text.contains("webhook:pull_request_scored"));
    assert!(notify_person(&app, "wren-oak", &SCORED, "one").await);
    assert!(!notify_person(&app, "wren-oak", &SCORED, "one").await);
    assert_eq!(app.count(WRITTEN).await, 2, "once for each webhook");
    let off = [("webhook:pull_request_scored", "off"), ("timezone", "UTC"), ("daily_cap", "20")];
    wren.post(settings, &off).await.location();
    let api = "/api/v1/me/notification-settings";
    assert_eq!(wren.json(api).await["webhook"]["pull_request_scored"], "off");
    assert!(notify_person(&app, "wren-oak", &SCORED, "two").await);
    assert_eq!(app.count(WRITTEN).await, 2);
    let alarm = &notifications::model::NEW_DEVICE;
    assert!(notify_person(&app, "wren-oak", alarm, "three").await);
    assert_eq!(app.count(WRITTEN).await, 4, "security always");
    let wrong = json!({ "daily_cap": 20, "webhook": { "digest": "instant" } });
    let refused = wren.call("PUT", api, Some(&wrong)).await;
    refused.refuses(422, "NO_SUCH_MODE", "not sent to webhooks");
    app.abandon().await;
}
