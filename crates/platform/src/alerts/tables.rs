use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

use crate::db::{
    Migration,
    schema::{at, index, int, optional, run, table, text},
};

crate::migration!(
    /// Creates `alerts`: incidents that operators were alerted to.
    CreateAlerts,
    "2026_11_23_000302_create_alerts",
    additive,
    create
);

crate::migration!(
    /// Renames the columns of the notifications that were sent.
    RenameAlertsSent,
    "2026_11_26_000011_rename_alerts_sent",
    replaces,
    rename
);

pub(crate) fn migrations() -> Vec<Box<dyn Migration>> {
    vec![Box::new(CreateAlerts), Box::new(RenameAlertsSent)]
}

async fn rename(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for (old, new) in [("told_at", "last_sent_at"), ("told", "alerts_sent")] {
        let sql = format!("ALTER TABLE alerts RENAME COLUMN {old} TO {new}");
        run(manager, &sql).await?;
    }
    Ok(())
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut alerts = table("alerts");
    alerts
        .col(text("kind"))
        .col(text("subject"))
        .col(text("severity"))
        .col(text("title"))
        .col(text("detail"))
        .col(text("link"))
        .col(at("told_at"))
        .col(int("told"))
        .col(optional(&at("resolved_at")));
    manager.create_table(alerts).await?;
    // At most one open incident of each kind and subject.
    let open =
        "CREATE UNIQUE INDEX alerts_open ON alerts (kind, subject) WHERE resolved_at IS NULL";
    run(manager, open).await?;
    manager.create_index(index("alerts", &["created_at", "id"])).await
}
