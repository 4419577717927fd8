//! The tables of language models.

use platform::db::schema::{
    at, index, int, optional, queue_columns, queue_index, references, table, text, unique, uuid,
};
use sea_orm_migration::{MigrationTrait, SchemaManager, prelude::Table, sea_orm::DbErr};

platform::migration!(
    /// Creates the analyses of issues by a model, and the calls to models with their costs.
    CreateModels,
    "2027_04_20_000001_create_models",
    create
);

/// Returns the migrations of models, in order.
pub(super) fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(CreateModels)]
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // The texts that an opportunity's analysis is of, and the change after which they were last compared.
    for column in [text("model_digest"), int("model_seq")] {
        let mut opportunities = Table::alter();
        opportunities
            .table("opportunities")
            .add_column(optional(&column));
        manager.alter_table(opportunities).await?;
    }
    analyses(manager).await?;
    usage(manager).await
}

/// Issues with the same texts share a row, which is a queue entry until the model has answered. Confidences follow from those of
/// the issues, so they are not stored.
async fn analyses(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut analyses = table("model_analyses");
    analyses
        .col(text("content_digest"))
        .col(uuid("opportunity_id"))
        .col(text("asked_of"))
        .col(text("model"))
        .col(optional(&text("analysis")))
        .col(optional(&text("failure")))
        .col(int("failures").default(0))
        .col(optional(&at("answered_at")));
    queue_columns(&mut analyses);
    references(&mut analyses, "opportunity_id", "opportunities");
    manager.create_table(analyses).await?;
    manager
        .create_index(unique("model_analyses", &["content_digest"]))
        .await?;
    queue_index(manager, "model_analyses").await
}

/// A row begins with the most that a call can cost, so that calls at the same time never exceed the budget together.
async fn usage(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut usage = table("model_usage");
    usage
        .col(text("provider"))
        .col(text("model"))
        .col(text("purpose"))
        .col(int("tokens_in"))
        .col(int("tokens_out"))
        .col(int("cost"))
        .col(optional(&int("duration_ms")))
        .col(text("outcome"))
        .col(optional(&text("detail")));
    manager.create_table(usage).await?;
    manager
        .create_index(index("model_usage", &["created_at", "cost"]))
        .await
}
