//! Alerts to operators: incidents are sent once, repeated after a while, and resolved.

pub(crate) mod causes;
mod direct;
mod services;
mod traffic;
mod trials;

use chrono::TimeDelta;
use platform::{
    alerts,
    config::{AlertChannels, PublicContact},
};
use testkit::fake_post::{FakePost, TakenMessage};

use crate::app::TestApp;

/// A server with Slack, email and SMS for its operators.
async fn scene() -> (FakePost, TestApp) {
    let post = FakePost::start().await.expect("a port");
    let url = post.url().to_owned();
    let app = TestApp::with(|config| {
        config.resend_api_key = Some("re_planted_secret".to_owned().into());
        config.resend_url.clone_from(&url);
        config.mail_from = Some("Guildhall <hall@guild.example>".to_owned());
        config.slack_webhook_url = Some(format!("{url}/services/T0/B0/planted").into());
        config.telnyx_api_key = Some("KEY_planted".to_owned().into());
        config.telnyx_url.clone_from(&url);
        config.telnyx_from = Some("+15551230000".to_owned());
        config.telnyx_messaging_profile = Some("profile".to_owned());
        config.contact_operations = PublicContact::read("ops@guild.example");
        config.alert_emails = vec!["wren@oak.example".to_owned(), "finch@ash.example".to_owned()];
        config.alert_phones = vec!["+15551230001".to_owned()];
        config.job_lease_seconds = 3;
    })
    .await;
    (post, app)
}

/// Runs a schedule now; returns its report or its error.
async fn run(app: &TestApp, name: &str) -> Result<String, String> {
    let schedules = app.server.jobs().schedules;
    let schedule = schedules.iter().find(|schedule| schedule.name() == name);
    let ran = schedule.expect(name).run(app.context().clone()).await;
    ran.map_err(|error| error.to_string())
}

async fn check_alerts(app: &TestApp) {
    run(app, "OperatorAlerts").await.expect("looked");
    app.work().await;
}

/// The subject of each email.
fn subjects(taken: &[TakenMessage]) -> Vec<String> {
    let subject =
        |taken: &TakenMessage| taken.body["subject"].as_str().expect("a subject").to_owned();
    taken.iter().map(subject).collect()
}

/// The number of messages that each service received.
fn counts(post: &FakePost) -> [usize; 3] {
    ["slack", "resend", "telnyx"].map(|service| post.taken_by(service).len())
}

#[tokio::test]
async fn a_ledger_mismatch_alerts_operators_once_and_is_then_resolved() {
    let (post, app) = scene().await;
    app.browser_of("wren-oak").await;
    assert!(run(&app, "LedgerVerification").await.is_ok());
    app.work().await;
    assert_eq!(counts(&post), [0, 0, 0], "no alert without an incident");
    let planted = "UPDATE users SET total_points = total_points + 1 WHERE login = 'wren-oak'";
    app.change(planted).await.expect("planted");
    for _ in 0..3 {
        let error = run(&app, "LedgerVerification").await.expect_err("a mismatch");
        assert!(
            error.starts_with("1 mismatch: all-time points (wren-oak): 1 instead of 0"),
            "{error}"
        );
        app.work().await;
        app.clock.advance(TimeDelta::minutes(5));
    }
    assert_eq!(counts(&post), [1, 2, 1], "each channel is used once");
    let slack = &post.taken_by("slack")[0];
    let text = slack.body["text"].as_str().expect("a text");
    assert!(text.starts_with("*[critical] The ledger check found a mismatch"), "{text}");
    assert!(text.contains("all-time points, 1 instead of 0"), "{text}");
    assert!(text.contains("Operations: ops@guild.example"), "{text}");
    assert!(text.contains("/admin/ledger"), "{text}");
    for email in post.taken_by("resend") {
        let text = email.body["text"].as_str().expect("a text");
        assert!(text.contains("ops@guild.example"), "{text}");
    }
    let sms = &post.taken_by("telnyx")[0];
    assert_eq!(sms.body["to"], "+15551230001");
    assert_eq!(sms.body["from"], "+15551230000");
    assert_eq!(sms.body["messaging_profile_id"], "profile");
    let text = sms.body["text"].as_str().expect("a text");
    assert!(text.starts_with("[critical] The ledger") && text.ends_with("/admin/ledger"), "{text}");
    app.clock.advance(TimeDelta::hours(6));
    run(&app, "LedgerVerification").await.expect_err("a mismatch");
    app.work().await;
    assert_eq!(counts(&post), [2, 4, 2], "repeated after six hours");
    app.change("UPDATE users SET total_points = 0").await.expect("repaired");
    assert!(run(&app, "LedgerVerification").await.is_ok());
    app.work().await;
    assert_eq!(counts(&post), [3, 6, 3]);
    let last = subjects(&post.taken_by("resend")).pop().expect("a mail");
    assert_eq!(last, "[resolved] The ledger check found a mismatch");
    assert!(run(&app, "LedgerVerification").await.is_ok());
    app.work().await;
    assert_eq!(counts(&post), [3, 6, 3], "no further message");
    app.finish().await;
}

#[tokio::test]
async fn dead_letters_and_failing_schedules_are_sent_to_slack_and_email() {
    let (post, app) = scene().await;
    let context = app.context();
    let failed = "INSERT INTO jobs (id, name, attempts, created_at, updated_at, dead_at, last_error) \
                  SELECT id, 'Digests', 8, created_at, created_at, created_at, 'no disk' FROM users";
    app.browser_of("wren-oak").await;
    app.change(failed).await.expect("planted");
    check_alerts(&app).await;
    check_alerts(&app).await;
    let mut emails = subjects(&post.taken_by("resend"));
    emails.sort();
    assert_eq!(
        emails,
        [
            "[high] 1 entry failed in the queue 'schedules'",
            "[high] 1 entry failed in the queue 'schedules'",
            "[high] Digests failed 8 times in a row",
            "[high] Digests failed 8 times in a row",
        ]
    );
    assert_eq!(counts(&post), [2, 4, 0], "no text message is sent");
    let open = alerts::latest(&context.db, 10).await.expect("alerts");
    assert_eq!(open.iter().filter(|alert| alert.resolved_at.is_none()).count(), 2);
    app.clock.advance(TimeDelta::days(2));
    app.change("DELETE FROM jobs").await.expect("repaired");
    check_alerts(&app).await;
    assert_eq!(counts(&post), [4, 8, 0], "both are resolved");
    app.finish().await;
}

#[tokio::test]
async fn waiting_emails_are_reported_by_another_channel_too() {
    let (post, app) = scene().await;
    crate::messages::write(&app, "waits").await;
    app.clock.advance(TimeDelta::minutes(29));
    run(&app, "OperatorAlerts").await.expect("looked");
    assert_eq!(app.count("SELECT count(*) FROM alerts").await, 0);
    app.clock.advance(TimeDelta::minutes(1));
    run(&app, "OperatorAlerts").await.expect("looked");
    app.work().await;
    let emails = subjects(&post.taken_by("resend"));
    assert!(
        emails.contains(&"[medium] Messages by email have been waiting for 30 minutes".to_owned()),
        "{emails:?}"
    );
    assert_eq!(
        counts(&post),
        [1, 3, 0],
        "the message, and one to each mailbox; Slack, as email may not work"
    );
    check_alerts(&app).await;
    assert_eq!(counts(&post), [2, 5, 0], "the waiting messages were sent");
    app.finish().await;
}

#[tokio::test]
async fn operators_choose_the_channels() {
    let post = FakePost::start().await.expect("a port");
    let url = post.url().to_owned();
    let app = TestApp::with(|config| {
        config.slack_webhook_url = Some(format!("{url}/services/T0/B0/planted").into());
        let chosen = "critical=email, high=none, medium=email, ledger_mismatch=slack";
        config.alert_channels = AlertChannels::read(chosen).expect("channels");
    })
    .await;
    app.browser_of("wren-oak").await;
    open_alert(&app).await;
    app.work().await;
    assert_eq!(counts(&post), [1, 0, 0], "the kind has its own channel");
    let failed = "INSERT INTO jobs (id, name, attempts, created_at, updated_at, dead_at, last_error) \
                  SELECT id, 'Digests', 8, created_at, created_at, created_at, 'no disk' FROM users";
    app.change(failed).await.expect("planted");
    check_alerts(&app).await;
    assert_eq!(counts(&post), [1, 0, 0], "high ones are only listed");
    let listed = alerts::latest(&app.context().db, 10).await.expect("alerts");
    assert_eq!(listed.len(), 3);
    app.abandon().await;
}

#[tokio::test]
async fn without_a_configured_channel_alerts_are_only_listed() {
    let app = TestApp::start().await;
    app.browser_of("wren-oak").await;
    app.change("UPDATE users SET total_points = 7").await.expect("planted");
    run(&app, "LedgerVerification").await.expect_err("a mismatch");
    assert_eq!(app.count("SELECT count(*) FROM outbox_messages").await, 0);
    let open = alerts::latest(&app.context().db, 10).await.expect("alerts");
    assert_eq!((open.len(), open[0].alerts_sent), (1, 1));
    app.change("UPDATE users SET total_points = 0").await.expect("repaired");
    app.finish().await;
}

/// Opens an alert that stays open.
pub(crate) async fn open_alert(app: &TestApp) {
    let planted = "UPDATE users SET total_points = total_points + 1";
    app.change(planted).await.expect("planted");
    run(app, "LedgerVerification").await.expect_err("a mismatch");
}
