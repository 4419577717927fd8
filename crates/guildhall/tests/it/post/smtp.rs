use chrono::TimeDelta;
use testkit::fake_smtp::{FakeSmtp, Fault};

use super::{standing, write};
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
async fn a_mail_goes_to_its_recipient() {
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
    assert_eq!(standing(&app).await, ["sent: taken"]);
    app.finish().await;
}

#[tokio::test]
async fn trouble_passes() {
    let (server, app) = scene().await;
    write(&app, "").await;
    for fault in [
        Fault::Refuse(451),
        Fault::Refuse(421),
        Fault::HangUp,
        Fault::Refuse(535),
        Fault::Silence,
    ] {
        server.next([fault]);
        app.work().await;
        let stands = standing(&app).await;
        assert!(stands[0].starts_with("waits: "), "{fault:?}: {stands:?}");
        app.clock.advance(TimeDelta::hours(6));
    }
    app.work().await;
    assert_eq!(standing(&app).await, ["sent: taken"]);
    app.finish().await;
}

#[tokio::test]
async fn what_a_server_never_takes_is_dead() {
    let (server, app) = scene().await;
    for (code, occurrence) in [(550, "one"), (554, "two")] {
        server.next([Fault::Refuse(code)]);
        write(&app, occurrence).await;
        app.work().await;
    }
    let stands = standing(&app).await;
    assert!(
        stands
            .iter()
            .all(|line| line.starts_with("dead: the mail server: ")),
        "{stands:?}"
    );
    assert!(
        stands[0].contains("550") || stands[0].contains("not now"),
        "{stands:?}"
    );
    app.finish().await;
}

#[tokio::test]
async fn a_server_that_is_not_there_is_asked_again() {
    let (server, app) = scene().await;
    drop(server);
    write(&app, "").await;
    app.work().await;
    let stands = standing(&app).await;
    assert!(
        stands[0].starts_with("waits: the mail server: "),
        "{stands:?}"
    );
    app.finish().await;
}
