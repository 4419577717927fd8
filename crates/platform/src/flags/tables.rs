use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

use crate::db::{
    Migration,
    schema::{at, flag, int, table, text, unique},
};

crate::migration!(
    /// Creates the table of flags, which operators can also edit with SQL.
    CreateFlags,
    "2026_11_21_000003_create_feature_flags",
    additive,
    create
);

pub(crate) fn migration() -> Box<dyn Migration> {
    Box::new(CreateFlags)
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut flags = table("feature_flags");
    flags
        .col(at("updated_at"))
        .col(text("name"))
        .col(flag("enabled"))
        .col(int("rollout_percent").default(100))
        .col(text("people").default("[]"))
        .col(text("roles").default("[]"));
    manager.create_table(flags).await?;
    manager.create_index(unique("feature_flags", &["name"])).await
}
