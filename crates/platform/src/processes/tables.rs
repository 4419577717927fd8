use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

use crate::db::{
    Migration,
    schema::{at, flag, int, optional, table, text},
};

crate::migration!(
    /// Creates the table of running processes.
    CreateProcesses,
    "2027_06_22_000006_create_processes",
    additive,
    create,
    drops["processes"]
);

pub(crate) fn migration() -> Box<dyn Migration> {
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
