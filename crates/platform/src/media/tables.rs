use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

use crate::db::{
    Migration,
    schema::{bytes, index, int, optional, references, table, text, unique, uuid},
};

crate::migration!(
    /// Creates the tables of pictures, their uses, reports of them, and the count of uploads.
    CreatePictures,
    "2027_05_20_000101_create_pictures",
    additive,
    create
);

pub(crate) fn migrations() -> Vec<Box<dyn Migration>> {
    vec![Box::new(CreatePictures)]
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut pictures = table("pictures");
    pictures
        .col(text("hash"))
        .col(text("extension"))
        .col(int("width"))
        .col(int("height"))
        .col(bytes("content"));
    manager.create_table(pictures).await?;
    manager.create_index(unique("pictures", &["hash"])).await?;

    let mut uses = table("picture_uses");
    uses.col(uuid("picture_id"))
        .col(uuid("owner_id"))
        .col(text("used_for"))
        .col(text("subject"))
        .col(text("source"))
        .col(text("description"));
    references(&mut uses, "picture_id", "pictures");
    manager.create_table(uses).await?;
    for column in ["picture_id", "owner_id", "subject"] {
        manager.create_index(index("picture_uses", &[column])).await?;
    }

    let mut reports = table("picture_reports");
    reports.col(uuid("use_id")).col(optional(&uuid("reporter_id"))).col(text("words"));
    references(&mut reports, "use_id", "picture_uses");
    manager.create_table(reports).await?;
    manager.create_index(unique("picture_reports", &["use_id", "reporter_id"])).await?;
    manager.create_index(index("picture_reports", &["reporter_id", "created_at"])).await?;

    let mut uploads = table("picture_uploads");
    uploads.col(uuid("person_id"));
    manager.create_table(uploads).await?;
    manager.create_index(index("picture_uploads", &["person_id", "created_at"])).await?;
    manager.create_index(index("picture_uploads", &["created_at"])).await
}
