use sea_orm_migration::{SchemaManager, prelude::Table, sea_orm::DbErr};

use crate::db::{
    Migration,
    schema::{at, index, optional, queue_columns, queue_index, table, text, unique, uuid},
};

crate::migration!(
    /// Creates the tables of jobs and wake-ups.
    CreateJobs,
    "2026_11_01_000001_create_jobs",
    additive,
    create
);

crate::migration!(
    /// Creates the table of pauses, and adds the start of a run.
    CreatePauses,
    "2026_11_21_000005_create_job_pauses",
    additive,
    create_pauses
);

pub(crate) fn migrations() -> Vec<Box<dyn Migration>> {
    vec![Box::new(CreateJobs), Box::new(CreatePauses)]
}

async fn create_pauses(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut started = Table::alter();
    started.table("jobs").add_column(optional(&at("started_at")));
    manager.alter_table(started).await?;
    manager.create_index(index("jobs", &["name", "id"])).await?;
    let mut pauses = table("job_pauses");
    pauses.col(text("name"));
    manager.create_table(pauses).await?;
    manager.create_index(unique("job_pauses", &["name"])).await
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut jobs = table("jobs");
    jobs.col(text("name")).col(optional(&text("unique_key"))).col(at("updated_at"));
    queue_columns(&mut jobs);
    manager.create_table(jobs).await?;
    manager.create_index(unique("jobs", &["unique_key"])).await?;
    queue_index(manager, "jobs").await?;
    let mut wake_ups = table("wake_ups");
    wake_ups.col(text("topic")).col(uuid("object_id"));
    manager.create_table(wake_ups).await?;
    manager.create_index(index("wake_ups", &["topic", "id"])).await
}
