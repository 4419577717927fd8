//! The tables of a hackathon's own checks.

use platform::db::{
    Migration,
    schema::{append_only, index, optional, references, table, text, uuid},
};
use sea_orm_migration::{
    SchemaManager,
    sea_orm::{DbErr, sea_query::Table},
};

platform::migration!(
    CreateWorkflowStarts,
    "2027_03_20_000001_create_workflow_starts",
    additive,
    create_workflow_starts
);

pub(super) fn migrations() -> [Box<dyn Migration>; 1] {
    [Box::new(CreateWorkflowStarts)]
}

async fn create_workflow_starts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut settings = Table::alter();
    settings.table("submission_settings").add_column(optional(&text("workflow_event")));
    manager.alter_table(settings).await?;

    let mut starts = table("workflow_starts");
    starts
        .col(uuid("submission_id"))
        .col(text("commit_sha"))
        .col(text("workflow_event"))
        .col(optional(&text("refusal")));
    references(&mut starts, "submission_id", "submissions");
    manager.create_table(starts).await?;
    manager.create_index(index("workflow_starts", &["submission_id"])).await?;
    append_only(manager, "workflow_starts").await
}
