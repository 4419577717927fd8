use serde_json::{Value, json};
use uuid::Uuid;

use crate::db::{DbError, Kind, Sql, Tx, erase_rows, ids, own_rows};

/// Exports a person's entries of the log: their actions, and actions on their account.
pub async fn export(db: &impl Sql, person: Uuid) -> Result<Value, DbError> {
    let columns = [
        ("created_at", Kind::At),
        ("action", Kind::Text),
        ("target_kind", Kind::Text),
        ("target_id", Kind::Uuid),
        ("ip_prefix", Kind::Text),
    ];
    let done = "SELECT created_at, action, target_kind, target_id, \
                (SELECT w.ip_prefix FROM audit_words w WHERE w.id = audit_logs.id) AS ip_prefix \
                FROM audit_logs WHERE actor_id = $1 ORDER BY id";
    let done = own_rows(db, person, &columns, done).await?;
    let columns = [
        ("created_at", Kind::At),
        ("action", Kind::Text),
        ("after", Kind::Text),
        ("reason", Kind::Text),
    ];
    let met = "SELECT created_at, action, after, \
               (SELECT w.reason FROM audit_words w WHERE w.id = audit_logs.id) AS reason \
               FROM audit_logs WHERE target_kind = 'user' AND target_id = $1 ORDER BY id";
    let met = own_rows(db, person, &columns, met).await?;
    Ok(json!({ "done": done, "done_to_you": met }))
}

/// Erases the reasons of actions on a person, and the client networks of their own actions.
pub async fn erase(tx: &Tx, person: Uuid) -> Result<(), DbError> {
    let statements = [
        "UPDATE audit_words SET reason = NULL WHERE id IN (SELECT id FROM audit_logs \
         WHERE target_kind = 'user' AND target_id = $1)",
        "UPDATE audit_words SET ip_prefix = NULL WHERE id IN (SELECT id FROM audit_logs \
         WHERE actor_id = $1)",
    ];
    erase_rows(tx, person, &statements).await
}

/// Erases the reasons of actions on things of a kind, because they are texts about a person who is erased.
pub async fn erase_reasons(
    tx: &Tx,
    target_kind: &str,
    targets: impl IntoIterator<Item = Uuid>,
) -> Result<(), DbError> {
    let mut query = tx.query();
    let (rows, kind) = (query.rows(ids(targets), "r"), query.bind(target_kind));
    // CROSS JOIN makes SQLite start with the set.
    let sql = format!(
        "UPDATE audit_words SET reason = NULL WHERE id IN (SELECT l.id FROM {rows} \
         CROSS JOIN audit_logs l WHERE l.target_kind = {kind} AND l.target_id = r.id)"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}
