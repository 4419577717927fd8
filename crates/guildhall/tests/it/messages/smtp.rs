use chrono::TimeDelta;
use testkit::fake_smtp::{FakeSmtp, MailFault};

use super::{message_states, write};
use crate::app::TestApp;

async fn scene() -> (FakeSmtp, TestApp) {
    let server = FakeSmtp::start().await.expect("a port");
    let url = server.url().to_owned();
    let app = TestApp::with(|config| {
        config.smtp_url = Some(url.into());
        config.mail_from = Some("Guildhall <hall@guild.example>".to_owned());
        config.job_lease_seconds = 3;
    });
    (server, app.await)
}

#[tokio::test]
async fn an_email_is_delivered_to_its_recipient() {
    let (server, app) = scene().await;
    write(&app, "").await;
    app.work().await;
    let taken = server.taken();
    assert_eq!(taken[0].recipients, ["wren@oak.example"]);
    for line in [
        "From: Guildhall <hall@guild.example>\r\n",
        "Subject: Hello\r\n",
        "List-Unsubscribe: <https://guild.example/unsubscribe/x>\r\n",
        "Hello.",
    ] {
        assert!(taken[0].text.contains(line), "{line}: {}", taken[0].text);
    }
    assert_eq!(message_states(&app).await, ["sent: taken"]);
    app.finish().await;
}

#[tokio::test]
async fn temporary_failures_are_retried() {
    let (server, app) = scene().await;
    write(&app, "").await;
    for fault in [
        MailFault::Refuse(451),
        MailFault::Refuse(421),
        MailFault::HangUp,
        MailFault::Refuse(535),
        MailFault::Silence,
    ] {
        server.next([fault]);
        app.work().await;
        let states = message_states(&app).await;
        assert!(states[0].starts_with("waits: "), "{fault:?}: {states:?}");
        app.clock.advance(TimeDelta::hours(6));
    }
    app.work().await;
    assert_eq!(message_states(&app).await, ["sent: taken"]);
    app.finish().await;
}

#[tokio::test]
async fn a_rejected_email_is_a_dead_letter_and_a_rejected_mailbox_a_result() {
    let (server, app) = scene().await;
    for (code, occurrence) in [(550, "one"), (554, "two")] {
        server.next([MailFault::Refuse(code)]);
        write(&app, occurrence).await;
        app.work().await;
    }
    let states = message_states(&app).await;
    assert!(states[0].starts_with("given up: mail server: "), "{states:?}");
    assert!(states[1].starts_with("dead: mail server: "), "{states:?}");
    app.finish().await;
}

#[tokio::test]
async fn an_unreachable_server_is_retried() {
    let (server, app) = scene().await;
    drop(server);
    write(&app, "").await;
    app.work().await;
    let states = message_states(&app).await;
    assert!(states[0].starts_with("waits: mail server: "), "{states:?}");
    app.finish().await;
}
