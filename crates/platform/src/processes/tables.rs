use sea_orm_migration::{MigrationTrait, SchemaManager, sea_orm::DbErr};

use crate::db::schema::{at, flag, int, optional, table, text};

crate::migration!(
    /// Creates the table of running processes.
    CreateProcesses,
    "2027_06_22_000006_create_processes",
    create
);

pub(crate) fn migration() -> Box<dyn MigrationTrait> {
    Box::new(CreateProcesses)
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut processes = table("processes");
    processes
        .col(text("kind"))
        .col(text("version"))
        .col(text("host"))
        .col(int("process_id"))
        .col(flag("does_jobs"))
        .col(at("last_seen_at"))
        .col(text("key_fingerprint"))
        .col(int("refused_signatures"))
        .col(optional(&text("forwarded_by")))
        .col(text("failing_services"))
        .col(optional(&text("low_disk")));
    manager.create_table(processes).await
}
