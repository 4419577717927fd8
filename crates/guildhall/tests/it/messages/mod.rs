//! The outbox and its channels: email, SMTP, Resend, browser push and webhooks.

pub(crate) mod email_address;
mod outbox;
pub(crate) mod push;
pub(crate) mod push_endpoints;
mod resend;
mod smtp;
mod trial;
mod webhook_rights;
pub(crate) mod webhooks;

use platform::outbox::{Content, EMAIL, Key, enqueue};
use uuid::Uuid;

use crate::app::TestApp;

/// The recipient of the test messages.
const PERSON: Uuid = Uuid::from_u128(7);

fn content() -> Content {
    Content {
        subject: "Hello".to_owned(),
        heading: None,
        text: "Hello.\n".to_owned(),
        html: Some("<p>Hello.</p>".to_owned()),
        link: None,
        unsubscribe: Some("https://guild.example/unsubscribe/x".to_owned()),
        is_urgent: false,
        expires_at: None,
        flag: None,
    }
}

/// Adds a message to the outbox; returns whether it is new.
pub(crate) async fn write(app: &TestApp, occurrence: &str) -> bool {
    let mut tx = app.context().begin().await.expect("a transaction");
    let key = Key { person: PERSON, kind: "test", object: PERSON, occurrence, channel: EMAIL };
    let now = app.context().now();
    let to = "wren@oak.example";
    let is_new = enqueue(&mut tx, app.context(), key, to, &content(), now).await;
    tx.commit().await.expect("committed");
    is_new.expect("enqueued")
}

/// The state of each message, with its outcome or its last error.
pub(crate) async fn message_states(app: &TestApp) -> Vec<String> {
    let sql = "SELECT CASE WHEN dead_at IS NOT NULL THEN 'dead: ' WHEN given_up THEN 'given up: ' \
               WHEN completed_at IS NOT NULL THEN 'sent: ' ELSE 'waits: ' END || coalesce(last_error, outcome, '') || \
               CASE WHEN content IS NULL THEN '' ELSE ' (kept)' END AS value \
               FROM outbox_messages ORDER BY id";
    app.values(sql).await
}
