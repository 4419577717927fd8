//! Webhooks: signed requests to the URLs that people registered, through a fake receiver.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use platform::outbox::{Channels, webhook};
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use testkit::fake_post::{FakePost, PostFault, TakenMessage};

use super::message_states;
use crate::{
    app::TestApp,
    notifications::{SCORED, notify_person},
};

const PATH: &str = "/api/v1/me/webhooks";

pub(super) async fn scene() -> (FakePost, TestApp) {
    let post = FakePost::start().await.expect("a port");
    let url = post.url().to_owned();
    let app = TestApp::with(|config| {
        config.webhook_receivers = vec![url];
        config.job_lease_seconds = 3;
    })
    .await;
    post.keep(app.clock.clone());
    (post, app)
}

/// Adds a webhook of a person at a URL; returns it with its secret.
pub(crate) async fn add(app: &TestApp, login: &str, url: &str) -> Value {
    let new = json!({ "url": url, "description": "Our chat" });
    let browser = app.browser_of(login).await;
    let added = browser.call("POST", PATH, Some(&new)).await;
    assert_eq!(added.status, 201, "{}", added.text);
    added.json()
}

/// Adds a webhook of wren-oak at a receiver, which learns its secret; returns its path.
pub(super) async fn receiver(app: &TestApp, post: &FakePost, name: &str) -> String {
    let added = add(app, "wren-oak", &format!("{}/webhook/{name}", post.url())).await;
    post.trust([added["secret"].as_str().expect("a secret")]);
    format!("{PATH}/{}", added["id"].as_str().expect("an ID"))
}

pub(super) async fn notify(app: &TestApp, occurrence: &str) {
    assert!(notify_person(app, "wren-oak", &SCORED, occurrence).await);
    app.work().await;
}

async fn attempts(app: &TestApp, path: &str) -> Vec<Value> {
    let list = app.browser_of("wren-oak").await.json(&format!("{path}/attempts")).await;
    list["items"].as_array().expect("items").clone()
}

/// Verifies a request with the library of Standard Webhooks. Its own `verify` reads the system's clock.
fn verify(secret: &str, taken: &TakenMessage) -> bool {
    let judge = Webhook::new(secret).expect("a secret");
    let header = |name: &str| taken.headers[name].to_str().expect("text");
    let at = header("webhook-timestamp").parse().expect("a number");
    let signed = judge.sign(header("webhook-id"), at, &taken.raw).expect("signed");
    header("webhook-signature").split(' ').any(|own| own == signed)
}

#[tokio::test]
async fn a_notification_is_sent_once_and_signed() {
    let (post, app) = scene().await;
    let added = add(&app, "wren-oak", &format!("{}/webhook/a", post.url())).await;
    let secret = added["secret"].as_str().expect("a secret");
    assert!(secret.starts_with("whsec_"), "{added}");
    notify(&app, "one").await;
    let [taken] = &post.taken()[..] else {
        panic!("{:?}: {:?}", post.taken(), message_states(&app).await)
    };
    assert!(verify(secret, taken));
    assert!(!verify("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", taken));
    assert_eq!(taken.headers["content-type"], "application/json");
    let at = app.context().now().timestamp().to_string();
    assert_eq!(taken.headers["webhook-timestamp"], at.as_str());
    assert_eq!(taken.body["type"], "pull_request_scored");
    assert_eq!(taken.body["data"]["title"], "You have a new role: one");
    let url = taken.body["data"]["url"].as_str().expect("a URL");
    assert!(url.ends_with("/projects"), "{url}");
    let body = taken.body.to_string();
    assert!(!body.contains("unsubscribe"), "{body}");
    assert_eq!(message_states(&app).await, ["sent: accepted by 127.0.0.1"]);
    app.finish().await;
}

#[tokio::test]
async fn a_replaced_secret_signs_for_another_day() {
    let (post, app) = scene().await;
    let added = add(&app, "wren-oak", &format!("{}/webhook/a", post.url())).await;
    let rotate = format!("{PATH}/{}/rotate", added["id"].as_str().expect("an ID"));
    let wren = app.browser_of("wren-oak").await;
    let rotated = wren.call("POST", &rotate, None).await.json();
    let secrets = [&added["secret"], &rotated["secret"]].map(|it| it.as_str().expect("a secret"));
    assert_ne!(secrets[0], secrets[1]);
    notify(&app, "both").await;
    app.clock.advance(TimeDelta::hours(24));
    notify(&app, "new only").await;
    let taken = post.taken();
    let verified = |taken| secrets.map(|secret| verify(secret, taken));
    assert_eq!(verified(&taken[0]), [true, true]);
    assert_eq!(verified(&taken[1]), [false, true]);
    app.run_schedule("NotificationRetention").await;
    let former = "SELECT count(*) FROM webhook_endpoints WHERE previous_secret IS NOT NULL";
    assert_eq!(app.count(former).await, 0, "it is deleted when it has ended");
    app.finish().await;
}

#[tokio::test]
async fn failures_are_retried_with_the_same_id() {
    let (post, app) = scene().await;
    let path = receiver(&app, &post, "a").await;
    post.next([
        PostFault::Status(500, None),
        PostFault::Status(429, Some(3_600)),
        PostFault::Elsewhere,
        PostFault::Drip(60_000),
    ]);
    notify(&app, "one").await;
    assert_eq!(message_states(&app).await, ["waits: 127.0.0.1 responded 500 (kept)"]);
    for wait in [6, 3_599, 1, 2_160, 8_640] {
        app.clock.advance(TimeDelta::seconds(wait));
        app.work().await;
    }
    assert_eq!(message_states(&app).await, ["sent: accepted by 127.0.0.1"]);
    let attempts = attempts(&app, &path).await;
    let seen = |key: &str| attempts.iter().map(|it| it[key].clone()).collect::<Vec<_>>();
    assert_eq!(seen("status"), [json!(200), Value::Null, json!(307), json!(429), json!(500)]);
    assert_eq!(attempts[1]["answer"], "timed out");
    assert_eq!(attempts[4]["answer"], "refused with 500");
    let id = post.taken()[0].headers["webhook-id"].to_str().expect("text").to_owned();
    assert_eq!(seen("message_id"), vec![json!(id); 5]);
    let own = app.browser_of("wren-oak").await.json(&path).await;
    assert_eq!(own["failing_since"], Value::Null, "{own}");
    app.finish().await;
}

#[tokio::test]
async fn a_message_that_always_fails_is_given_up_without_an_alert() {
    let (post, app) = scene().await;
    receiver(&app, &post, "a").await;
    post.next((0..8).map(|_| PostFault::Status(503, None)));
    notify(&app, "one").await;
    for _ in 0..7 {
        app.clock.advance(TimeDelta::hours(12));
        app.work().await;
    }
    assert_eq!(message_states(&app).await, ["given up: 127.0.0.1 responded 503"]);
    let admin = app.browser_with("finch-ash", identity::model::Role::Admin).await;
    let page = admin.get("/admin/notifications?state=given_up&channel=webhook").await.text;
    assert!(page.contains("Given up") && page.contains("127.0.0.1 responded 503"), "{page}");
    app.run_schedule("OperatorAlerts").await;
    let alerts = app.count("SELECT count(*) FROM alerts").await;
    assert_eq!(alerts, 0, "the receiver belongs to a person");
    app.finish().await;
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_disabled_and_its_owner_notified() {
    let (post, app) = scene().await;
    let path = receiver(&app, &post, "gone").await;
    notify(&app, "one").await;
    let states = message_states(&app).await;
    assert_eq!(states[0], "given up: The receiver responded 410 Gone.");
    let wren = app.browser_of("wren-oak").await;
    let own = wren.json(&path).await;
    assert_eq!(own["disabled_reason"], "The receiver responded 410 Gone.");
    let inbox = wren.json("/api/v1/me/notifications").await;
    let titles = inbox["items"].to_string();
    assert!(titles.contains("Your webhook at 127.0.0.1 is disabled"), "{titles}");
    notify(&app, "two").await;
    let written = "SELECT count(*) FROM outbox_messages WHERE channel = 'webhook'";
    assert_eq!(app.count(written).await, 1, "a disabled webhook gets nothing");
    wren.call("POST", &format!("{path}/test"), None).await.refuses(
        409,
        "WEBHOOK_DISABLED",
        "Enable it",
    );
    let enabled = wren.call("POST", &format!("{path}/enable"), None).await.json();
    assert_eq!(enabled["disabled_at"], Value::Null);
    notify(&app, "three").await;
    assert_eq!(app.count(written).await, 2);
    app.finish().await;
}

#[tokio::test]
async fn a_receiver_that_fails_for_five_days_is_disabled() {
    let (post, app) = scene().await;
    let path = receiver(&app, &post, "a").await;
    post.next((0..100).map(|_| PostFault::Status(500, None)));
    let wren = app.browser_of("wren-oak").await;
    for day in 0..=5 {
        let own = wren.json(&path).await;
        assert_eq!(own["disabled_at"], Value::Null, "day {day}");
        notify(&app, &day.to_string()).await;
        app.clock.advance(TimeDelta::hours(24));
    }
    let own = wren.json(&path).await;
    assert_eq!(own["disabled_reason"], "The receiver accepted nothing for 5 days.");
    app.work().await;
    let waiting =
        "SELECT count(*) FROM outbox_messages WHERE channel = 'webhook' AND due_at IS NOT NULL";
    assert_eq!(app.count(waiting).await, 0, "messages that waited for it end");
    app.finish().await;
}

#[tokio::test]
async fn the_beginning_of_a_long_answer_is_kept_without_control_characters() {
    let (post, app) = scene().await;
    let path = receiver(&app, &post, "long").await;
    notify(&app, "one").await;
    let attempts = attempts(&app, &path).await;
    let answer = attempts[0]["answer"].as_str().expect("text");
    assert_eq!(attempts[0]["status"], 200);
    assert_eq!(answer.chars().count(), 200);
    assert!(answer.starts_with("a a a"), "{answer}");
    app.clock.advance(TimeDelta::days(31));
    app.run_schedule("NotificationRetention").await;
    assert_eq!(app.count("SELECT count(*) FROM webhook_attempts").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_silent_receiver_delays_only_its_own_messages() {
    let (post, app) = scene().await;
    add(&app, "wren-oak", &format!("{}/webhook/silent", post.url())).await;
    add(&app, "finch-ash", &format!("{}/webhook/fine", post.url())).await;
    for occurrence in ["one", "two", "three"] {
        assert!(notify_person(&app, "wren-oak", &SCORED, occurrence).await);
    }
    // The messages to the silent receiver are due first.
    app.clock.advance(TimeDelta::seconds(1));
    for occurrence in ["one", "two", "three"] {
        assert!(notify_person(&app, "finch-ash", &SCORED, occurrence).await);
    }
    let accepted = async {
        while post.taken().len() < 3 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        () = app.work() => panic!("the other messages waited for the silent receiver"),
        () = accepted => {}
    }
    assert!(post.taken().iter().all(|taken| taken.path == "/webhook/fine"));
    app.abandon().await;
}

/// Makes the names of webhooks resolve to these DNS answers, in turn.
fn resolve(app: &mut TestApp, names: &[&'static str]) {
    let receivers = super::push_endpoints::receivers(names);
    let (context, ring) = (app.context().clone(), app.server.ring.clone());
    let channel = webhook::Webhooks::new(context, ring, receivers);
    app.server.post.channels = Arc::new(Channels::new(vec![Box::new(channel)]));
}

const NOT_PUBLIC: &str = "waits: the URL is not allowed: it is not on the public internet (kept)";

#[tokio::test]
async fn a_name_that_resolves_to_a_private_address_is_not_called() {
    for address in ["10.0.0.1", "127.0.0.2", "::ffff:10.0.0.1", "169.254.169.254"] {
        let mut app = TestApp::start().await;
        add(&app, "wren-oak", "https://hooks.example/a").await;
        resolve(&mut app, &[address]);
        notify(&app, "one").await;
        assert_eq!(message_states(&app).await, [NOT_PUBLIC], "{address}");
        app.finish().await;
    }
}

#[tokio::test]
async fn a_name_that_later_resolves_to_a_private_address_is_not_called() {
    let (port, requests) = super::push_endpoints::start_server("no TLS").await;
    let mut app = TestApp::start().await;
    add(&app, "wren-oak", &format!("https://hooks.example:{port}/a")).await;
    resolve(&mut app, &["127.0.0.1", "127.0.0.2"]);
    notify(&app, "one").await;
    let first = requests.load(std::sync::atomic::Ordering::SeqCst);
    assert!(first > 0, "the address that was checked is the one called");
    app.clock.advance(TimeDelta::hours(1));
    app.work().await;
    assert_eq!(message_states(&app).await, [NOT_PUBLIC]);
    let now = requests.load(std::sync::atomic::Ordering::SeqCst);
    assert_eq!(now, first, "no request goes to a private address");
    app.finish().await;
}
