//! Browser push, through a fake push service that behaves like the real ones.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use guildhall::backup::keys::{RotateInput, rotate};
use platform::outbox::{Content, Key, PUSH, enqueue};
use serde_json::{Value, json};
use testkit::fake_post::{FakePost, PostFault, TakenMessage};
use uuid::Uuid;
use web_push_native::{Auth, decrypt, p256::SecretKey};

use super::message_states;
use crate::app::TestApp;

// The browser of RFC 8291, section 5.
pub(crate) const P256DH: &str =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
pub(crate) const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";
const PRIVATE: &str = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";

/// The subscription that a browser sends for a push endpoint.
pub(crate) fn subscription(endpoint: &str) -> Value {
    json!({ "endpoint": endpoint, "expirationTime": null, "keys": { "p256dh": P256DH, "auth": AUTH } })
}

/// Decrypts a push message as the browser does.
fn decrypted(taken: &TakenMessage) -> Value {
    let bytes = |text| URL_SAFE_NO_PAD.decode(text).expect("base64");
    let secret = SecretKey::from_slice(&bytes(PRIVATE)).expect("a key");
    let auth: [u8; 16] = bytes(AUTH).try_into().expect("16 bytes");
    let plain = decrypt(taken.raw.to_vec(), &secret, &Auth::from(auth)).expect("decrypted");
    serde_json::from_slice(&plain).expect("JSON")
}

async fn scene() -> (FakePost, TestApp) {
    let post = FakePost::start().await.expect("a port");
    let url = post.url().to_owned();
    let app = TestApp::with(|config| {
        config.push_services = vec![url];
        config.job_lease_seconds = 3;
    })
    .await;
    post.keep(app.clock.clone());
    (post, app)
}

/// Subscribes a browser of wren-oak at an endpoint; returns the subscription's id.
pub(super) async fn subscribe(app: &TestApp, endpoint: &str) -> String {
    let wren = app.browser_of("wren-oak").await;
    let path = "/api/v1/me/push-subscriptions";
    let added = wren.call("POST", path, Some(&subscription(endpoint))).await;
    assert_eq!(added.status, 201, "{}", added.text);
    added.json()["id"].as_str().expect("an id").to_owned()
}

/// Adds a push message to a browser's outbox.
pub(super) async fn write(app: &TestApp, browser: &str, occurrence: &str) {
    let mut tx = app.context().begin().await.expect("a transaction");
    let key = Key {
        person: Uuid::from_u128(7),
        kind: "test",
        object: Uuid::from_u128(7),
        occurrence,
        channel: PUSH,
    };
    let link = "https://guild.example/projects".to_owned();
    let line = Content::line("You are now a maintainer of Lantern", link);
    let now = app.context().now();
    let is_new = enqueue(&mut tx, app.context(), key, browser, &line, now).await;
    assert!(is_new.expect("enqueued"));
    tx.commit().await.expect("committed");
}

#[tokio::test]
async fn only_the_browser_can_read_its_messages() {
    let (post, app) = scene().await;
    let browser = subscribe(&app, &format!("{}/push/wren", post.url())).await;
    write(&app, &browser, "").await;
    app.work().await;
    let taken = post.taken();
    let [message] = taken.as_slice() else { panic!("{taken:?}: {:?}", message_states(&app).await) };
    let content = decrypted(message);
    assert_eq!(content["title"], "You are now a maintainer of Lantern");
    assert_eq!(content["link"], "https://guild.example/projects");
    let tag: Uuid = content["tag"].as_str().expect("a tag").parse().expect("an id");
    assert_eq!(message.headers["topic"], tag.simple().to_string());
    assert_eq!(message.headers["urgency"], "normal");
    assert_eq!(message.headers["ttl"], "172800");
    assert!(message.raw.len() < 512, "{} bytes", message.raw.len());
    assert_eq!(message_states(&app).await, ["sent: accepted by 127.0.0.1"]);
    app.finish().await;
}

#[tokio::test]
async fn the_push_key_survives_a_key_rotation() {
    let (post, app) = scene().await;
    let browser = subscribe(&app, &format!("{}/push/wren", post.url())).await;
    write(&app, &browser, "before").await;
    app.work().await;
    let rotated = rotate(app.context(), &app.server.ring, RotateInput::default(), |_| {}).await;
    assert_eq!(rotated.expect("rotated").resealed, 1);
    // A second process, which has not read the key yet.
    let sibling = app.sibling().await;
    let path = "/api/v1/me/push-subscriptions";
    let wren = app.browser_of("wren-oak").await;
    let shown = wren.json(path).await["public_key"].clone();
    let key = platform::outbox::push::public_key(&sibling.context, &sibling.ring).await;
    assert_eq!(shown, key.expect("a key"));
    sibling.context.db.close().await;
    write(&app, &browser, "after").await;
    app.work().await;
    assert_eq!(post.taken().len(), 2, "the push service still accepts the key");
    app.finish().await;
}

#[tokio::test]
async fn browsers_that_unsubscribed_are_removed() {
    let (post, app) = scene().await;
    for (name, status) in [("gone", 410), ("unknown", 404)] {
        let browser = subscribe(&app, &format!("{}/push/{name}", post.url())).await;
        write(&app, &browser, name).await;
        app.work().await;
        let states = message_states(&app).await;
        let says =
            format!("given up: the push service responded {status}: the subscription has ended");
        assert!(states.last().is_some_and(|last| last.starts_with(&says)), "{states:?}");
        let left = app.count("SELECT count(*) FROM push_subscriptions").await;
        assert_eq!(left, 0, "{name}");
        write(&app, &browser, &format!("{name} again")).await;
        app.work().await;
        let states = message_states(&app).await;
        assert_eq!(states.last().map(String::as_str), Some("given up: the browser was removed"));
    }
    assert!(post.taken().is_empty());
    app.finish().await;
}

#[tokio::test]
async fn temporary_failures_are_retried() {
    let (post, app) = scene().await;
    let browser = subscribe(&app, &format!("{}/push/wren", post.url())).await;
    write(&app, &browser, "").await;
    for (fault, says) in [
        (PostFault::Status(429, Some(30)), "waits: push service responded 429: "),
        (PostFault::Status(500, None), "waits: push service responded 500: "),
        (PostFault::Status(503, Some(120)), "waits: push service responded 503: "),
        (PostFault::Status(403, None), "waits: push service responded 403: "),
        (PostFault::Silence, "waits: timed out"),
    ] {
        post.next([fault]);
        app.work().await;
        let states = message_states(&app).await;
        assert!(states[0].starts_with(says), "{states:?}");
        app.clock.advance(TimeDelta::seconds(29));
        app.work().await;
        assert_eq!(message_states(&app).await, states, "not retried before the time is up");
        app.clock.advance(TimeDelta::hours(6));
    }
    post.next([PostFault::Slow(300)]);
    app.work().await;
    assert_eq!(message_states(&app).await, ["sent: accepted by 127.0.0.1"]);
    assert_eq!(post.taken().len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn what_a_push_service_refuses_is_the_result_of_the_message() {
    let (post, app) = scene().await;
    let browser = subscribe(&app, &format!("{}/push/wren", post.url())).await;
    for (status, says) in [
        (413, "given up: push service responded 413: "),
        (400, "given up: push service responded 400: "),
    ] {
        post.next([PostFault::Status(status, None)]);
        write(&app, &browser, &status.to_string()).await;
        app.work().await;
        let states = message_states(&app).await;
        assert!(states.last().is_some_and(|last| last.starts_with(says)), "{states:?}");
    }
    post.next(std::iter::repeat_n(PostFault::Status(503, None), 8));
    write(&app, &browser, "never").await;
    for _ in 0..8 {
        app.work().await;
        app.clock.advance(TimeDelta::hours(6));
    }
    let states = message_states(&app).await;
    assert!(states[2].starts_with("given up: push service responded 503"), "{states:?}");
    let left = app.count("SELECT count(*) FROM push_subscriptions").await;
    assert_eq!(left, 1, "the browser stays subscribed");
    app.finish().await;
}

#[tokio::test]
async fn redirects_of_a_configured_push_service_are_not_followed() {
    let (post, app) = scene().await;
    let browser = subscribe(&app, &format!("{}/push/wren", post.url())).await;
    post.next([PostFault::Elsewhere]);
    write(&app, &browser, "").await;
    app.work().await;
    let states = message_states(&app).await;
    assert!(states[0].starts_with("given up: push service responded 307"), "{states:?}");
    app.finish().await;
}
