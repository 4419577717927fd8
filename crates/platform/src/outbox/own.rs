use serde_json::{Value, json};
use uuid::Uuid;

use crate::db::{DbError, Kind, Sql, Tx, erase_rows, own_rows};

/// Exports the messages to a person, sent or waiting, and their push subscriptions. The content of a sent message
/// is not stored.
pub async fn export(db: &impl Sql, person: Uuid) -> Result<Value, DbError> {
    let columns = [
        ("created_at", Kind::At),
        ("kind", Kind::Text),
        ("channel", Kind::Text),
        ("recipient", Kind::Text),
        ("content", Kind::Text),
        ("completed_at", Kind::At),
    ];
    let sql = "SELECT created_at, kind, channel, recipient, content, completed_at \
               FROM outbox_messages WHERE person_id = $1 ORDER BY id";
    let messages = own_rows(db, person, &columns, sql).await?;
    let columns = [
        ("created_at", Kind::At),
        ("endpoint", Kind::Text),
        ("user_agent", Kind::Text),
    ];
    let sql = "SELECT created_at, endpoint, user_agent FROM push_subscriptions \
               WHERE person_id = $1 ORDER BY id";
    let browsers = own_rows(db, person, &columns, sql).await?;
    Ok(json!({ "messages": messages, "browsers": browsers }))
}

/// Erases every message to a person, sent or waiting, and their push subscriptions.
pub async fn erase(tx: &Tx, person: Uuid) -> Result<(), DbError> {
    let statements = [
        "DELETE FROM outbox_messages WHERE person_id = $1",
        "DELETE FROM push_subscriptions WHERE person_id = $1",
    ];
    erase_rows(tx, person, &statements).await
}
