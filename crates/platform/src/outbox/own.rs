use serde_json::{Value, json};
use uuid::Uuid;

use crate::db::{DbError, Kind, Sql, Tx, erase_rows, own_rows};

/// Exports the messages to a person, sent or waiting, their push subscriptions, and their webhooks with the
/// attempts. The content of a sent message is not stored, and that of one that waits is left out: its link or code proves that
/// an address or a phone is theirs, which they may have typed only.
pub async fn export(db: &impl Sql, person: Uuid) -> Result<Value, DbError> {
    let columns = [
        ("created_at", Kind::At),
        ("kind", Kind::Text),
        ("channel", Kind::Text),
        ("recipient", Kind::Text),
        ("completed_at", Kind::At),
    ];
    let sql = "SELECT created_at, kind, channel, recipient, completed_at \
               FROM outbox_messages WHERE person_id = $1 ORDER BY id";
    let messages = own_rows(db, person, &columns, sql).await?;
    let columns = [("created_at", Kind::At), ("endpoint", Kind::Text), ("user_agent", Kind::Text)];
    let sql = "SELECT created_at, endpoint, user_agent FROM push_subscriptions \
               WHERE person_id = $1 ORDER BY id";
    let browsers = own_rows(db, person, &columns, sql).await?;
    let columns = [
        ("created_at", Kind::At),
        ("url", Kind::Text),
        ("description", Kind::Text),
        ("last_success_at", Kind::At),
        ("failing_since", Kind::At),
        ("disabled_at", Kind::At),
        ("disabled_reason", Kind::Text),
    ];
    let sql = "SELECT created_at, url, description, last_success_at, failing_since, disabled_at, \
               disabled_reason FROM webhook_endpoints WHERE person_id = $1 ORDER BY id";
    let webhooks = own_rows(db, person, &columns, sql).await?;
    let columns = [
        ("created_at", Kind::At),
        ("url", Kind::Text),
        ("kind", Kind::Text),
        ("status", Kind::Int),
        ("milliseconds", Kind::Int),
        ("answer", Kind::Text),
    ];
    let sql = "SELECT a.created_at, e.url, a.kind, a.status, a.milliseconds, a.answer \
               FROM webhook_attempts AS a JOIN webhook_endpoints AS e ON e.id = a.endpoint_id \
               WHERE e.person_id = $1 ORDER BY a.id";
    let attempts = own_rows(db, person, &columns, sql).await?;
    Ok(json!({
        "messages": messages,
        "browsers": browsers,
        "webhooks": webhooks,
        "webhook_attempts": attempts,
    }))
}

/// Erases every message to a person, sent or waiting, their push subscriptions and their webhooks.
pub async fn erase(tx: &Tx, person: Uuid) -> Result<(), DbError> {
    let statements = [
        "DELETE FROM outbox_messages WHERE person_id = $1",
        "DELETE FROM stranger_emails WHERE sender_id = $1",
        "DELETE FROM push_subscriptions WHERE person_id = $1",
        "DELETE FROM webhook_attempts WHERE endpoint_id IN \
         (SELECT id FROM webhook_endpoints WHERE person_id = $1)",
        "DELETE FROM webhook_endpoints WHERE person_id = $1",
    ];
    erase_rows(tx, person, &statements).await
}
