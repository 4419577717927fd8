use platform::db::{
    Migration,
    schema::{at, flag, index, int, optional, references, table, text, unique, uuid},
};
use sea_orm_migration::{SchemaManager, prelude::Table, sea_orm::DbErr};

platform::migration!(
    /// Adds the repositories whose pushes and checks programmes watch, and the results of checks.
    WatchCode,
    "2027_02_02_000001_watch_code",
    additive,
    watch_code
);

/// Returns the migrations of watched code, in order.
pub(super) fn migrations() -> Vec<Box<dyn Migration>> {
    vec![Box::new(WatchCode)]
}

async fn watch_code(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in [flag("is_watched"), flag("only_watched")] {
        let mut repositories = Table::alter();
        repositories.table("repositories").add_column(column);
        manager.alter_table(repositories).await?;
    }
    let mut results = table("check_results");
    results
        .col(uuid("repository_id"))
        .col(text("source"))
        .col(int("github_id"))
        .col(text("head_sha"))
        .col(text("name"))
        .col(optional(&text("event")))
        .col(text("conclusion"))
        .col(optional(&text("url")))
        .col(at("completed_at"))
        .col(at("received_at"));
    references(&mut results, "repository_id", "repositories");
    manager.create_table(results).await?;
    // A run that is repeated has the same ID and ends again.
    let key = ["repository_id", "source", "github_id", "completed_at"];
    manager.create_index(unique("check_results", &key)).await?;
    manager.create_index(index("check_results", &["repository_id", "head_sha"])).await
}
