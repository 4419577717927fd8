//! What browsers are told, by a push service that behaves like the real ones.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use guildhall::backup::keys::{RotateInput, rotate};
use platform::outbox::{Content, Key, PUSH, enqueue};
use serde_json::{Value, json};
use testkit::fake_post::{FakePost, Fault, Taken};
use uuid::Uuid;
use web_push_native::{Auth, decrypt, p256::SecretKey};

use super::standing;
use crate::app::TestApp;

// The browser of RFC 8291, section 5.
pub(crate) const P256DH: &str =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
pub(crate) const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";
const PRIVATE: &str = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";

/// As a browser says that it wants to be told things at an address.
pub(crate) fn subscription(endpoint: &str) -> Value {
    json!({ "endpoint": endpoint, "expirationTime": null, "keys": { "p256dh": P256DH, "auth": AUTH } })
}

/// What the browser reads.
fn read(taken: &Taken) -> Value {
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

/// Adds a browser of a person's at a service; gives its id.
pub(super) async fn add(app: &TestApp, endpoint: &str) -> String {
    let wren = app.browser_of("wren-oak").await;
    let path = "/api/v1/me/push-subscriptions";
    let added = wren.call("POST", path, Some(&subscription(endpoint))).await;
    assert_eq!(added.status, 201, "{}", added.text);
    added.json()["id"].as_str().expect("an id").to_owned()
}

/// Tells a browser something.
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
    let line = Content::line("You look after Lantern now", link);
    let now = app.context().now();
    let is_new = enqueue(&mut tx, app.context(), key, browser, &line, now).await;
    assert!(is_new.expect("enqueued"));
    tx.commit().await.expect("committed");
}

#[tokio::test]
async fn a_browser_reads_what_nobody_else_can() {
    let (post, app) = scene().await;
    let browser = add(&app, &format!("{}/push/wren", post.url())).await;
    write(&app, &browser, "").await;
    app.work().await;
    let taken = post.taken();
    let [told] = taken.as_slice() else {
        panic!("{taken:?}: {:?}", standing(&app).await)
    };
    let said = read(told);
    assert_eq!(said["title"], "You look after Lantern now");
    assert_eq!(said["link"], "https://guild.example/projects");
    let tag: Uuid = said["tag"].as_str().expect("a tag").parse().expect("an id");
    assert_eq!(told.headers["topic"], tag.simple().to_string());
    assert_eq!(told.headers["urgency"], "normal");
    assert_eq!(told.headers["ttl"], "172800");
    assert!(told.raw.len() < 512, "{} bytes", told.raw.len());
    assert_eq!(standing(&app).await, ["sent: 127.0.0.1 took it"]);
    app.finish().await;
}

#[tokio::test]
async fn the_key_outlives_every_rotation() {
    let (post, app) = scene().await;
    let browser = add(&app, &format!("{}/push/wren", post.url())).await;
    write(&app, &browser, "before").await;
    app.work().await;
    let rotated = rotate(
        app.context(),
        &app.server.ring,
        RotateInput::default(),
        |_| {},
    )
    .await;
    assert_eq!(rotated.expect("rotated").resealed, 1);
    // Another process, which has not seen the key yet.
    let sibling = app.sibling().await;
    let path = "/api/v1/me/push-subscriptions";
    let wren = app.browser_of("wren-oak").await;
    let shown = wren.json(path).await["key"].clone();
    let key = platform::outbox::push::public_key(&sibling.context, &sibling.ring).await;
    assert_eq!(shown, key.expect("a key"));
    sibling.context.db.close().await;
    write(&app, &browser, "after").await;
    app.work().await;
    assert_eq!(post.taken().len(), 2, "the service knows the key still");
    app.finish().await;
}

#[tokio::test]
async fn who_wants_nothing_more_is_told_nothing_more() {
    let (post, app) = scene().await;
    for (name, status) in [("gone", 410), ("unknown", 404)] {
        let browser = add(&app, &format!("{}/push/{name}", post.url())).await;
        write(&app, &browser, name).await;
        app.work().await;
        let stands = standing(&app).await;
        let says =
            format!("sent: the push service answers {status}: the browser wants nothing more");
        assert!(
            stands.last().is_some_and(|last| last.starts_with(&says)),
            "{stands:?}"
        );
        let left = app.count("SELECT count(*) FROM push_subscriptions").await;
        assert_eq!(left, 0, "{name}");
        write(&app, &browser, &format!("{name} again")).await;
        app.work().await;
        let stands = standing(&app).await;
        assert_eq!(
            stands.last().map(String::as_str),
            Some("sent: the browser was removed")
        );
    }
    assert!(post.taken().is_empty());
    app.finish().await;
}

#[tokio::test]
async fn trouble_of_a_service_passes() {
    let (post, app) = scene().await;
    let browser = add(&app, &format!("{}/push/wren", post.url())).await;
    write(&app, &browser, "").await;
    for (fault, says) in [
        (
            Fault::Status(429, Some(30)),
            "waits: the push service answers 429: ",
        ),
        (
            Fault::Status(500, None),
            "waits: the push service answers 500: ",
        ),
        (
            Fault::Status(503, Some(120)),
            "waits: the push service answers 503: ",
        ),
        (
            Fault::Status(403, None),
            "waits: the push service answers 403: ",
        ),
        (Fault::Silence, "waits: it did not answer in time"),
    ] {
        post.next([fault]);
        app.work().await;
        let stands = standing(&app).await;
        assert!(stands[0].starts_with(says), "{stands:?}");
        app.clock.advance(TimeDelta::seconds(29));
        app.work().await;
        assert_eq!(standing(&app).await, stands, "it is asked later");
        app.clock.advance(TimeDelta::hours(6));
    }
    post.next([Fault::Slow(300)]);
    app.work().await;
    assert_eq!(standing(&app).await, ["sent: 127.0.0.1 took it"]);
    assert_eq!(post.taken().len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn what_a_service_never_takes_is_a_dead_letter() {
    let (post, app) = scene().await;
    let browser = add(&app, &format!("{}/push/wren", post.url())).await;
    for (status, says) in [
        (413, "dead: the push service answers 413: "),
        (400, "dead: the push service answers 400: "),
    ] {
        post.next([Fault::Status(status, None)]);
        write(&app, &browser, &status.to_string()).await;
        app.work().await;
        let stands = standing(&app).await;
        assert!(
            stands.last().is_some_and(|last| last.starts_with(says)),
            "{stands:?}"
        );
    }
    post.next(std::iter::repeat_n(Fault::Status(503, None), 8));
    write(&app, &browser, "never").await;
    for _ in 0..8 {
        app.work().await;
        app.clock.advance(TimeDelta::hours(6));
    }
    let stands = standing(&app).await;
    assert!(
        stands[2].starts_with("dead: the push service answers 503"),
        "{stands:?}"
    );
    let left = app.count("SELECT count(*) FROM push_subscriptions").await;
    assert_eq!(left, 1, "the browser is told again of what comes next");
    app.finish().await;
}

#[tokio::test]
async fn a_service_that_the_operator_named_leads_nowhere_else() {
    let (post, app) = scene().await;
    let browser = add(&app, &format!("{}/push/wren", post.url())).await;
    post.next([Fault::Elsewhere]);
    write(&app, &browser, "").await;
    app.work().await;
    let stands = standing(&app).await;
    assert!(
        stands[0].starts_with("dead: the push service answers 307"),
        "{stands:?}"
    );
    app.finish().await;
}
