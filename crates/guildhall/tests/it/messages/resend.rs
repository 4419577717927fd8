use chrono::TimeDelta;
use testkit::fake_post::{FakePost, PostFault};

use super::{message_states, write};
use crate::app::TestApp;

async fn scene() -> (FakePost, TestApp) {
    let resend = FakePost::start().await.expect("a port");
    let url = resend.url().to_owned();
    let app = TestApp::with(|config| {
        config.resend_api_key = Some("re_planted_secret".to_owned().into());
        config.mail_from = Some("Guildhall <hall@guild.example>".to_owned());
        config.resend_url = url;
        config.job_lease_seconds = 3;
    });
    (resend, app.await)
}

#[tokio::test]
async fn an_email_is_sent_with_its_idempotency_key() {
    let (resend, app) = scene().await;
    write(&app, "").await;
    app.work().await;
    let taken = resend.taken();
    let [mail] = taken.as_slice() else { panic!("{taken:?}") };
    assert_eq!(mail.headers["idempotency-key"].len(), 36);
    assert_eq!(mail.headers["authorization"], "Bearer re_planted_secret");
    assert_eq!(mail.body["from"], "Guildhall <hall@guild.example>");
    assert_eq!(mail.body["to"][0], "wren@oak.example");
    assert_eq!(mail.body["text"], "Hello.\n");
    let unsubscribe = "<https://guild.example/unsubscribe/x>";
    assert_eq!(mail.body["headers"]["List-Unsubscribe"], unsubscribe);
    assert!(message_states(&app).await[0].starts_with("sent: accepted by Resend as 49a3999c"));
    app.finish().await;
}

#[tokio::test]
async fn temporary_failures_are_retried() {
    let (resend, app) = scene().await;
    for (fault, says) in [
        (PostFault::Status(429, Some(2)), "waits: Resend responded 429: "),
        (PostFault::Status(500, None), "waits: Resend responded 500: "),
        (PostFault::Status(503, Some(1)), "waits: Resend responded 503: "),
        (PostFault::Status(401, None), "waits: Resend responded 401: "),
        (PostFault::Silence, "waits: timed out"),
    ] {
        resend.next([fault]);
        app.work().await;
        write(&app, "").await;
        app.work().await;
        let states = message_states(&app).await;
        assert!(states[0].starts_with(says), "{states:?}");
        assert!(!states[0].contains("planted"), "{states:?}");
        app.clock.advance(TimeDelta::hours(6));
    }
    app.work().await;
    assert!(message_states(&app).await[0].starts_with("sent: "));
    assert_eq!(resend.taken().len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn an_email_that_resend_rejects_becomes_a_dead_letter() {
    let (resend, app) = scene().await;
    resend.next([PostFault::Status(422, None)]);
    write(&app, "").await;
    app.work().await;
    let states = message_states(&app).await;
    assert!(states[0].starts_with("dead: Resend responded 422: "), "{states:?}");
    assert!(states[0].contains("Invalid `to` field"), "{states:?}");
    app.finish().await;
}

#[tokio::test]
async fn an_email_is_sent_once_even_when_the_process_dies_before_recording_it() {
    let (resend, app) = scene().await;
    write(&app, "").await;
    app.work().await;
    // Simulates a process that dies between the answer and the update.
    let content = serde_json::to_string(&super::content()).expect("JSON");
    let unsent = format!(
        "UPDATE outbox_messages SET completed_at = NULL, outcome = NULL, content = '{content}', \
         due_at = created_at"
    );
    app.change(&unsent).await.expect("changed");
    app.work().await;
    assert!(message_states(&app).await[0].starts_with("sent: "));
    assert_eq!(resend.taken().len(), 1, "the same key is the same email");
    app.finish().await;
}
