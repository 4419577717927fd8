//! Messages on their way out of the server.

pub(crate) mod email;
mod guarded;
mod outbox;
pub(crate) mod push;
mod resend;
mod smtp;

use platform::outbox::{Content, EMAIL, Key, enqueue};
use uuid::Uuid;

use crate::app::TestApp;

/// Whom the messages of these tests are for.
const PERSON: Uuid = Uuid::from_u128(7);

fn content() -> Content {
    Content {
        subject: "Hello".to_owned(),
        text: "Hello.\n".to_owned(),
        html: Some("<p>Hello.</p>".to_owned()),
        link: None,
        unsubscribe: Some("https://guild.example/unsubscribe/x".to_owned()),
        is_urgent: false,
    }
}

/// Writes a message for an occurrence; gives whether it was new.
pub(crate) async fn write(app: &TestApp, occurrence: &str) -> bool {
    let mut tx = app.context().begin().await.expect("a transaction");
    let key = Key {
        person: PERSON,
        kind: "test",
        object: PERSON,
        occurrence,
        channel: EMAIL,
    };
    let now = app.context().now();
    let to = "wren@oak.example";
    let is_new = enqueue(&mut tx, app.context(), key, to, &content(), now).await;
    tx.commit().await.expect("committed");
    is_new.expect("enqueued")
}

/// How each message stands: its outcome or why it was refused, and whether it is dead.
pub(crate) async fn standing(app: &TestApp) -> Vec<String> {
    let sql = "SELECT CASE WHEN dead_at IS NOT NULL THEN 'dead: ' WHEN completed_at IS NOT NULL \
               THEN 'sent: ' ELSE 'waits: ' END || coalesce(last_error, outcome, '') || \
               CASE WHEN content IS NULL THEN '' ELSE ' (kept)' END AS value \
               FROM outbox_messages ORDER BY id";
    app.values(sql).await
}
