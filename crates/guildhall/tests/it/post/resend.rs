use chrono::TimeDelta;
use testkit::fake_post::{FakePost, Fault};

use super::{standing, write};
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
async fn a_mail_is_handed_over_with_its_key() {
    let (resend, app) = scene().await;
    write(&app, "").await;
    app.work().await;
    let taken = resend.taken();
    let [mail] = taken.as_slice() else {
        panic!("{taken:?}")
    };
    assert_eq!(mail.headers["idempotency-key"].len(), 36);
    assert_eq!(mail.headers["authorization"], "Bearer re_planted_secret");
    assert_eq!(mail.body["from"], "Guildhall <hall@guild.example>");
    assert_eq!(mail.body["to"][0], "wren@oak.example");
    assert_eq!(mail.body["text"], "Hello.\n");
    let unsubscribe = "<https://guild.example/unsubscribe/x>";
    assert_eq!(mail.body["headers"]["List-Unsubscribe"], unsubscribe);
    assert!(standing(&app).await[0].starts_with("sent: Resend took it as 49a3999c"));
    app.finish().await;
}

#[tokio::test]
async fn trouble_passes() {
    let (resend, app) = scene().await;
    for (fault, says) in [
        (Fault::Status(429, Some(2)), "waits: Resend answers 429: "),
        (Fault::Status(500, None), "waits: Resend answers 500: "),
        (Fault::Status(503, Some(1)), "waits: Resend answers 503: "),
        (Fault::Status(401, None), "waits: Resend answers 401: "),
        (Fault::Silence, "waits: it did not answer in time"),
    ] {
        resend.next([fault]);
        app.work().await;
        write(&app, "").await;
        app.work().await;
        let stands = standing(&app).await;
        assert!(stands[0].starts_with(says), "{stands:?}");
        assert!(!stands[0].contains("planted"), "{stands:?}");
        app.clock.advance(TimeDelta::hours(6));
    }
    app.work().await;
    assert!(standing(&app).await[0].starts_with("sent: "));
    assert_eq!(resend.taken().len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn what_resend_never_takes_is_dead() {
    let (resend, app) = scene().await;
    resend.next([Fault::Status(422, None)]);
    write(&app, "").await;
    app.work().await;
    let stands = standing(&app).await;
    assert!(
        stands[0].starts_with("dead: Resend answers 422: "),
        "{stands:?}"
    );
    assert!(stands[0].contains("Invalid `to` field"), "{stands:?}");
    app.finish().await;
}

#[tokio::test]
async fn a_mail_that_was_taken_but_not_noted_is_taken_once() {
    let (resend, app) = scene().await;
    write(&app, "").await;
    app.work().await;
    // As if the process had died between the answer and the note.
    let content = serde_json::to_string(&super::content()).expect("JSON");
    let unsent = format!(
        "UPDATE outbox_messages SET completed_at = NULL, outcome = NULL, content = '{content}', \
         due_at = created_at"
    );
    app.change(&unsent).await.expect("changed");
    app.work().await;
    assert!(standing(&app).await[0].starts_with("sent: "));
    assert_eq!(resend.taken().len(), 1, "the same key is the same mail");
    app.finish().await;
}
