//! The buttons of `/admin/notifications` that try the channels, and send what waits.

use chrono::TimeDelta;
use identity::model::Role;
use platform::outbox::Refusal;
use testkit::fake_post::PostFault;

use super::{counts, scene};
use crate::{
    app::TestApp,
    messages::{message_states, write},
};

const PATH: &str = "/admin/notifications";

#[tokio::test]
async fn a_test_alert_says_what_each_channel_answered() {
    let (post, app) = scene().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let form = [("severity", "high")];
    let done = admin.post(&format!("{PATH}/test-alert"), &form).await;
    assert_eq!(done.location(), PATH);
    assert!(!done.header("set-cookie").contains("NOT"), "{}", done.header("set-cookie"));
    assert_eq!(counts(&post), [1, 2, 0], "sent at once, by the channels of the severity");
    let text = post.taken_by("slack")[0].body["text"].as_str().expect("a text").to_owned();
    assert!(text.starts_with("*[high] This is a test of the alerts"), "{text}");
    for table in ["alerts", "outbox_messages"] {
        assert_eq!(app.count(&format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
    }
    post.next([PostFault::Status(500, None); 3]);
    let failed = admin.post(&format!("{PATH}/test-alert"), &form).await;
    assert!(failed.header("set-cookie").contains("NOT"), "{}", failed.header("set-cookie"));
    app.finish().await;
}

#[tokio::test]
async fn a_test_email_goes_to_the_typed_address() {
    let (post, app) = scene().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let path = format!("{PATH}/test-email");
    let done = admin.post(&path, &[("address", "ops@guild.example")]).await;
    assert_eq!(done.location(), PATH);
    assert_eq!(counts(&post), [0, 1, 0]);
    admin.post(&path, &[("address", "nowhere")]).await;
    assert_eq!(counts(&post), [0, 1, 0], "it is no address");
    app.finish().await;
}

#[tokio::test]
async fn messages_that_wait_are_sent_at_once() {
    let (app, mailbox) = TestApp::mailing().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    admin.post(&format!("{PATH}/send"), &[]).await.refuses(409, "NOT_WAITING", "waits for a later");
    for all in [true, false] {
        mailbox.refuse([Refusal::Later { why: "try later".to_owned(), after: None }]);
        write(&app, &all.to_string()).await;
        app.work().await;
        assert!(message_states(&app).await.iter().any(|state| state.starts_with("waits")));
        let page = admin.get(PATH).await.text;
        assert!(page.contains("Send now") && page.contains("Send them now"), "{page}");
        let path = if all {
            format!("{PATH}/send")
        } else {
            let before = page.split("/send\"").next().expect("a form");
            format!("{PATH}/{}/send", before.rsplit('/').next().expect("an ID"))
        };
        assert_eq!(admin.post(&path, &[]).await.location(), PATH);
        app.work().await;
        assert!(message_states(&app).await.iter().all(|state| state.starts_with("sent")));
        app.clock.advance(TimeDelta::minutes(1));
    }
    app.finish().await;
}
