use sea_orm_migration::{MigrationTrait, SchemaManager, sea_orm::DbErr};

use crate::db::schema::{at, index, int, optional, run, table, text};

crate::migration!(
    /// Creates `alerts`: incidents that operators were alerted to.
    CreateAlerts,
    "2026_11_23_000302_create_alerts",
    create
);

pub(crate) fn migration() -> Box<dyn MigrationTrait> {
    Box::new(CreateAlerts)
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
    manager
        .create_index(index("alerts", &["created_at", "id"]))
        .await
}
