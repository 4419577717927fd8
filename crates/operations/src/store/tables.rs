use platform::db::{
    Migration,
    schema::{at, index, int, optional, table, text},
};
use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

/// Returns this module's migrations, in order.
#[must_use]
pub(crate) fn migrations() -> Vec<Box<dyn Migration>> {
    vec![Box::new(CreateBackups)]
}

platform::migration!(
    CreateBackups,
    "2027_06_21_000800_create_backups",
    additive,
    create_backups,
    drops["backups"]
);

async fn create_backups(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut backups = table("backups");
    backups
        .col(text("file"))
        .col(int("bytes"))
        .col(int("row_count"))
        .col(int("mismatches"))
        .col(optional(&at("verified_at")))
        .col(optional(&at("uploaded_at")))
        .col(optional(&at("removed_at")))
        .col(optional(&text("error")));
    manager.create_table(backups).await?;
    manager.create_index(index("backups", &["created_at"])).await
}
