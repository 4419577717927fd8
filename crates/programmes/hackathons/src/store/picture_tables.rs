//! The pictures of hackathons and of submissions.

use platform::db::schema::{optional, text};
use sea_orm_migration::{MigrationTrait, SchemaManager, prelude::Table, sea_orm::DbErr};

platform::migration!(
    /// Adds the pictures of hackathons and submissions and what they show.
    AddPictures,
    "2027_06_10_000002_add_pictures_of_hackathons",
    add_pictures
);

pub(super) fn migrations() -> [Box<dyn MigrationTrait>; 1] {
    [Box::new(AddPictures)]
}

async fn add_pictures(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for table in ["hackathons", "submissions"] {
        for column in ["picture", "picture_text"] {
            let mut altered = Table::alter();
            altered.table(table).add_column(optional(&text(column)));
            manager.alter_table(altered).await?;
        }
    }
    Ok(())
}
