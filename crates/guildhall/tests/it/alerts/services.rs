//! Failures of Slack and Telnyx.

use chrono::TimeDelta;
use platform::outbox::{Content, Key, SLACK, SMS, enqueue};
use testkit::fake_post::PostFault;
use uuid::Uuid;

use super::scene;
use crate::{app::TestApp, messages::message_states};

/// Adds a message to operators to the outbox.
async fn write(app: &TestApp, channel: &'static str, occurrence: &str) {
    let mut tx = app.context().begin().await.expect("a transaction");
    let key = Key { person: Uuid::nil(), kind: "test", object: Uuid::nil(), occurrence, channel };
    let to = match channel {
        SMS => "+15551230001",
        _ => "operators",
    };
    let line = Content::line("It is so", "https://guild.example/admin/jobs".to_owned());
    let now = app.context().now();
    let is_new = enqueue(&mut tx, app.context(), key, to, &line, now).await;
    assert!(is_new.expect("enqueued"));
    tx.commit().await.expect("committed");
}

#[tokio::test]
async fn temporary_failures_are_retried() {
    for (channel, service) in [(SLACK, "Slack"), (SMS, "Telnyx")] {
        let (post, app) = scene().await;
        write(&app, channel, "").await;
        for (fault, says) in [
            (PostFault::Status(429, Some(30)), format!("waits: {service} responded 429: ")),
            (PostFault::Status(500, None), format!("waits: {service} responded 500: ")),
            (PostFault::Status(503, Some(1)), format!("waits: {service} responded 503: ")),
            (PostFault::Status(403, None), format!("waits: {service} responded 403: ")),
            (PostFault::Silence, "waits: timed out".to_owned()),
        ] {
            post.next([fault]);
            app.work().await;
            let states = message_states(&app).await;
            assert!(states[0].starts_with(&says), "{states:?}");
            assert!(!states[0].contains("planted"), "{states:?}");
            app.clock.advance(TimeDelta::seconds(29));
            app.work().await;
            assert_eq!(message_states(&app).await, states, "not retried before the time is up");
            app.clock.advance(TimeDelta::hours(6));
        }
        post.next([PostFault::Slow(200)]);
        app.work().await;
        assert!(message_states(&app).await[0].starts_with(&format!("sent: accepted by {service}")));
        assert_eq!(post.taken().len(), 1);
        app.finish().await;
    }
}

#[tokio::test]
async fn a_message_that_is_always_refused_becomes_a_dead_letter_with_the_reason() {
    for (channel, status, says) in [
        (SLACK, 404, "dead: Slack responded 404: no_service (kept)"),
        (SLACK, 410, "dead: Slack responded 410: channel_is_archived (kept)"),
        (SLACK, 400, "dead: Slack responded 400: invalid_payload (kept)"),
        (SMS, 422, "dead: Telnyx responded 422: "),
        (SMS, 409, "dead: the recipient replied STOP"),
    ] {
        let (post, app) = scene().await;
        post.next([PostFault::Status(status, None)]);
        write(&app, channel, "").await;
        app.work().await;
        let states = message_states(&app).await;
        assert!(states[0].starts_with(says), "{states:?}");
        if status == 422 {
            assert!(states[0].contains("Invalid 'to' address"), "{states:?}");
        }
        app.finish().await;
    }
}

#[tokio::test]
async fn a_service_that_is_down_all_day_is_given_up() {
    for channel in [SLACK, SMS] {
        let (post, app) = scene().await;
        post.next(std::iter::repeat_n(PostFault::Status(503, None), 8));
        write(&app, channel, "").await;
        for _ in 0..8 {
            app.work().await;
            app.clock.advance(TimeDelta::hours(6));
        }
        assert!(message_states(&app).await[0].starts_with("dead: "));
        assert!(post.taken().is_empty());
        app.finish().await;
    }
}
