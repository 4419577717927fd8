use kernel::Timestamp;
use sea_orm_migration::{MigrationTrait, SchemaManager, sea_orm::DbErr};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::db::{
    DbError, Kind, Sql, Tx, erase_rows, own_rows,
    schema::{is_postgres, optional, run, table, text},
};

crate::migration!(
    /// What stands in the log of people is beside it, where it can be erased.
    WordsBesideAuditLogs,
    "2026_11_23_000102_words_beside_audit_logs",
    words_beside
);

pub(super) fn migration() -> Box<dyn MigrationTrait> {
    Box::new(WordsBesideAuditLogs)
}

/// Keeps why something was done and from which network, beside the line of the log.
pub(super) async fn insert(
    tx: &Tx,
    id: Uuid,
    now: Timestamp,
    reason: Option<&str>,
    ip_prefix: Option<String>,
) -> Result<(), DbError> {
    if reason.is_none() && ip_prefix.is_none() {
        return Ok(());
    }
    let sql = "INSERT INTO audit_words (id, created_at, reason, ip_prefix) VALUES ($1, $2, $3, $4)";
    let values = [id.into(), now.into(), reason.into(), ip_prefix.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// What the log holds of a person: what they did, and what was done to them.
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

/// Erases what words say of a person, and from where they came.
pub async fn erase(tx: &Tx, person: Uuid) -> Result<(), DbError> {
    let statements = [
        "UPDATE audit_words SET reason = NULL WHERE id IN (SELECT id FROM audit_logs \
         WHERE target_kind = 'user' AND target_id = $1)",
        "UPDATE audit_words SET ip_prefix = NULL WHERE id IN (SELECT id FROM audit_logs \
         WHERE actor_id = $1)",
    ];
    erase_rows(tx, person, &statements).await
}

/// What the log has said so far moves beside it, once, while its triggers are lifted.
async fn words_beside(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut words = table("audit_words");
    words
        .col(optional(&text("reason")))
        .col(optional(&text("ip_prefix")));
    manager.create_table(words).await?;
    let (lift, lower) = match is_postgres(manager) {
        true => (
            "ALTER TABLE audit_logs DISABLE TRIGGER audit_logs_refuses_change",
            "ALTER TABLE audit_logs ENABLE TRIGGER audit_logs_refuses_change",
        ),
        false => (
            "DROP TRIGGER audit_logs_refuses_update",
            "CREATE TRIGGER audit_logs_refuses_update BEFORE UPDATE ON audit_logs \
             BEGIN SELECT RAISE(ABORT, 'audit_logs is append-only'); END",
        ),
    };
    let said = "reason IS NOT NULL OR ip_prefix IS NOT NULL";
    run(manager, lift).await?;
    let kept = format!(
        "INSERT INTO audit_words (id, created_at, reason, ip_prefix) \
         SELECT id, created_at, reason, ip_prefix FROM audit_logs WHERE {said}"
    );
    run(manager, &kept).await?;
    let moved = format!("UPDATE audit_logs SET reason = NULL, ip_prefix = NULL WHERE {said}");
    run(manager, &moved).await?;
    run(manager, lower).await
}
