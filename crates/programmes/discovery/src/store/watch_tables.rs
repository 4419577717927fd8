//! The tables of watches and of searches on GitHub.

use platform::db::{
    Migration,
    schema::{
        at, flag, index, optional, queue_columns, queue_index, references, run, table, text,
        unique, uuid,
    },
};
use sea_orm_migration::{SchemaManager, prelude::Table, sea_orm::DbErr};

platform::migration!(
    /// Creates the watches of people, the searches on GitHub, and the repositories that these find.
    CreateWatches,
    "2027_04_06_000012_create_watches",
    additive,
    create
);

pub(super) fn migrations() -> Vec<Box<dyn Migration>> {
    vec![Box::new(CreateWatches)]
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut followed = Table::alter();
    followed.table("followed_repositories").add_column(flag("by_operator"));
    manager.alter_table(followed).await?;
    // So far, only operators followed repositories.
    let sql = "UPDATE followed_repositories SET by_operator = TRUE WHERE ended_at IS NULL";
    run(manager, sql).await?;
    watches(manager).await?;
    searches(manager).await?;
    finds(manager).await
}

/// A person watches a name once at a time. Watches that ended stay for a day, so that the new ones of a day can be counted.
async fn watches(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut watches = table("discovery_watches");
    watches
        .col(uuid("user_id"))
        .col(text("kind"))
        .col(text("name"))
        .col(text("name_key"))
        .col(optional(&at("ended_at")));
    references(&mut watches, "user_id", "users");
    manager.create_table(watches).await?;
    manager.create_index(index("discovery_watches", &["user_id"])).await?;
    manager.create_index(index("discovery_watches", &["kind", "name_key"])).await?;
    let sql = "CREATE UNIQUE INDEX discovery_watches_open ON discovery_watches (user_id, kind, name_key) \
               WHERE ended_at IS NULL";
    run(manager, sql).await
}

/// A row is a queue entry whenever GitHub is to be asked.
async fn searches(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut searches = table("discovery_searches");
    searches
        .col(text("kind"))
        .col(text("query"))
        .col(text("query_key"))
        .col(flag("by_operator"))
        .col(optional(&text("etag")))
        .col(optional(&at("listed_at")))
        .col(optional(&at("ended_at")));
    queue_columns(&mut searches);
    manager.create_table(searches).await?;
    manager.create_index(unique("discovery_searches", &["kind", "query_key"])).await?;
    queue_index(manager, "discovery_searches").await
}

async fn finds(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut finds = table("discovery_finds");
    finds.col(uuid("search_id")).col(text("name_key")).col(at("seen_at"));
    references(&mut finds, "search_id", "discovery_searches");
    manager.create_table(finds).await?;
    manager.create_index(unique("discovery_finds", &["search_id", "name_key"])).await?;
    manager.create_index(index("discovery_finds", &["name_key"])).await
}
