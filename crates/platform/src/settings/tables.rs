use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

use crate::db::{
    Migration,
    schema::{at, bytes, int, optional, table, text, unique},
};

crate::migration!(
    /// Creates the table of settings that admins save in the browser.
    CreateSettings,
    "2027_06_11_000001_create_settings",
    additive,
    create
);

pub(crate) fn migration() -> Box<dyn Migration> {
    Box::new(CreateSettings)
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut settings = table("settings");
    settings
        .col(at("updated_at"))
        .col(text("name"))
        .col(optional(&text("value")))
        .col(optional(&bytes("value_secret")))
        .col(int("version"));
    manager.create_table(settings).await?;
    manager.create_index(unique("settings", &["name"])).await
}
