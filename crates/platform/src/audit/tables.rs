use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

use crate::db::{
    Migration,
    schema::{
        self, append_only, index, is_postgres, never_replaced, optional, run, table, text, uuid,
    },
};

crate::migration!(CreateAuditLogs, "2026_11_01_000002_create_audit_logs", additive, create);

crate::migration!(
    /// Adds indexes for searching the log, and forbids replacing its rows.
    SearchAuditLogs,
    "2026_11_21_000004_search_audit_logs",
    replaces,
    search_logs
);

pub(crate) fn migrations() -> Vec<Box<dyn Migration>> {
    vec![Box::new(CreateAuditLogs), Box::new(SearchAuditLogs), Box::new(WordsBesideAuditLogs)]
}

async fn search_logs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in ["actor_id", "action"] {
        let columns = [column, "created_at"];
        manager.create_index(index("audit_logs", &columns)).await?;
    }
    never_replaced(manager, "audit_logs", &[&["id"]]).await
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut logs = table("audit_logs");
    logs.col(text("actor_kind"))
        .col(optional(&uuid("actor_id")))
        .col(text("action"))
        .col(text("target_kind"))
        .col(uuid("target_id"))
        .col(optional(&text("before")))
        .col(optional(&text("after")))
        .col(optional(&text("reason")))
        .col(optional(&text("request_id")))
        .col(optional(&text("ip_prefix")));
    manager.create_table(logs).await?;
    manager.create_index(index("audit_logs", &["target_kind", "target_id"])).await?;
    append_only(manager, "audit_logs").await?;
    schema::run(manager, "CREATE INDEX audit_logs_created_at ON audit_logs (created_at)").await
}

crate::migration!(
    /// Moves personal data out of the log into a table where it can be erased.
    WordsBesideAuditLogs,
    "2026_11_23_000102_words_beside_audit_logs",
    replaces,
    words_beside
);

/// Moves the reasons and networks into their own table, with the log's triggers disabled meanwhile.
async fn words_beside(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut words = table("audit_words");
    words.col(optional(&text("reason"))).col(optional(&text("ip_prefix")));
    manager.create_table(words).await?;
    let (lift, lower) = if is_postgres(manager) {
        (
            "ALTER TABLE audit_logs DISABLE TRIGGER audit_logs_refuses_change",
            "ALTER TABLE audit_logs ENABLE TRIGGER audit_logs_refuses_change",
        )
    } else {
        (
            "DROP TRIGGER audit_logs_refuses_update",
            "CREATE TRIGGER audit_logs_refuses_update BEFORE UPDATE ON audit_logs \
             BEGIN SELECT RAISE(ABORT, 'audit_logs is append-only'); END",
        )
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
