use platform::db::{
    Migration,
    schema::{
        append_only, index, int, never_replaced, optional, references, table, text, unique, uuid,
    },
};
use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

/// Returns this module's migrations, in order.
#[must_use]
pub(crate) fn migrations() -> Vec<Box<dyn Migration>> {
    vec![Box::new(CreateTexts)]
}

platform::migration!(CreateTexts, "2027_05_10_000200_create_community_texts", additive, create);

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut texts = table("community_texts");
    texts
        .col(text("name"))
        .col(int("version"))
        .col(text("body"))
        .col(optional(&uuid("author_id")))
        .col(optional(&int("restored_from")));
    references(&mut texts, "author_id", "users");
    manager.create_table(texts).await?;
    manager.create_index(unique("community_texts", &["name", "version"])).await?;
    manager.create_index(index("community_texts", &["author_id"])).await?;
    append_only(manager, "community_texts").await?;
    never_replaced(manager, "community_texts", &[&["id"], &["name", "version"]]).await
}
