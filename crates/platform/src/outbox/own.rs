use serde_json::Value;
use uuid::Uuid;

use crate::db::{DbError, Kind, Sql, Tx, erase_rows, own_rows};

/// What was sent to a person and what waits for them; what a message said is gone once it was sent.
///
/// # Errors
/// When the database fails.
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
    own_rows(db, person, &columns, sql).await
}

/// Erases every message to a person, sent or waiting.
///
/// # Errors
/// When the database fails.
pub async fn erase(tx: &Tx, person: Uuid) -> Result<(), DbError> {
    let sql = "DELETE FROM outbox_messages WHERE person_id = $1";
    erase_rows(tx, person, &[sql]).await
}
