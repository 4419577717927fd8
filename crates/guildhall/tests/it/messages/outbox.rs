use std::time::Duration;

use chrono::TimeDelta;
use platform::{
    jobs::MAX_ATTEMPTS,
    outbox::{EMAIL, Key, Refusal, enqueue},
};

use super::{PERSON, content, message_states, write};
use crate::app::TestApp;

fn later(after: Option<u64>) -> Refusal {
    Refusal::Later { why: "busy".to_owned(), after: after.map(Duration::from_secs) }
}

#[tokio::test]
async fn a_message_is_sent_once_and_its_content_is_deleted() {
    let (app, mailbox) = TestApp::mailing().await;
    assert!(write(&app, "one").await);
    assert!(!write(&app, "one").await, "the same key is the same message");
    assert!(write(&app, "two").await);
    app.work().await;
    assert!(!write(&app, "one").await, "the key stays taken after sending");
    app.work().await;
    assert_eq!(mailbox.subjects(), ["wren@oak.example: Hello"; 2]);
    assert_ne!(mailbox.taken()[0].id, mailbox.taken()[1].id);
    assert_eq!(message_states(&app).await, ["sent: taken"; 2]);
    app.finish().await;
}

#[tokio::test]
async fn a_rolled_back_transaction_sends_no_message() {
    let (app, mailbox) = TestApp::mailing().await;
    let mut tx = app.context().begin().await.expect("a transaction");
    let key = Key { person: PERSON, kind: "test", object: PERSON, occurrence: "", channel: EMAIL };
    let now = app.context().now();
    let to = "wren@oak.example";
    assert!(enqueue(&mut tx, app.context(), key, to, &content(), now).await.expect("enqueued"));
    drop(tx);
    app.work().await;
    assert!(mailbox.taken().is_empty() && message_states(&app).await.is_empty());
    app.finish().await;
}

#[tokio::test]
async fn a_message_is_not_sent_before_it_is_due() {
    let (app, mailbox) = TestApp::mailing().await;
    let mut tx = app.context().begin().await.expect("a transaction");
    let key = Key { person: PERSON, kind: "test", object: PERSON, occurrence: "", channel: EMAIL };
    let due = app.context().now() + TimeDelta::hours(8);
    let to = "wren@oak.example";
    enqueue(&mut tx, app.context(), key, to, &content(), due).await.expect("enqueued");
    tx.commit().await.expect("committed");
    app.work().await;
    assert!(mailbox.taken().is_empty());
    app.clock.advance(TimeDelta::hours(8));
    app.work().await;
    assert_eq!(mailbox.taken().len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn a_busy_channel_is_retried_when_it_asks() {
    let (app, mailbox) = TestApp::mailing().await;
    mailbox.refuse([later(Some(90)), later(None)]);
    write(&app, "").await;
    app.work().await;
    assert_eq!(message_states(&app).await, ["waits: busy (kept)"]);
    app.clock.advance(TimeDelta::seconds(89));
    app.work().await;
    assert!(mailbox.taken().is_empty());
    app.clock.advance(TimeDelta::seconds(1));
    app.work().await;
    assert_eq!(message_states(&app).await, ["waits: busy (kept)"], "retried and refused again");
    app.clock.advance(TimeDelta::seconds(120));
    app.work().await;
    assert_eq!(message_states(&app).await, ["sent: taken"]);
    app.finish().await;
}

#[tokio::test]
async fn a_message_that_is_always_refused_becomes_a_dead_letter_with_the_reason() {
    let (app, mailbox) = TestApp::mailing().await;
    mailbox.refuse([Refusal::Never("no such mailbox".to_owned())]);
    write(&app, "").await;
    app.work().await;
    assert_eq!(message_states(&app).await, ["dead: no such mailbox (kept)"]);
    mailbox.refuse((0..MAX_ATTEMPTS).map(|_| later(None)));
    write(&app, "again").await;
    for _ in 0..MAX_ATTEMPTS {
        app.work().await;
        app.clock.advance(TimeDelta::hours(6));
    }
    app.work().await;
    assert_eq!(message_states(&app).await[1], "dead: busy (kept)");
    assert!(mailbox.taken().is_empty());
    app.finish().await;
}

#[tokio::test]
async fn messages_wait_until_their_channel_is_configured() {
    let app = TestApp::start().await;
    write(&app, "").await;
    app.work().await;
    let state = &message_states(&app).await[0];
    assert!(state.starts_with("waits: no channel for email is configured"), "{state}");
    app.finish().await;
}

#[tokio::test]
async fn sent_messages_are_deleted_after_a_while() {
    let (app, _) = TestApp::mailing().await;
    write(&app, "").await;
    app.work().await;
    let (context, now) = (app.context(), app.context().now());
    let forget = platform::outbox::forget_sent;
    assert_eq!(forget(context, now).await.expect("looked"), 0);
    let after = now + TimeDelta::seconds(1);
    assert_eq!(forget(context, after).await.expect("forgotten"), 1);
    app.finish().await;
}
