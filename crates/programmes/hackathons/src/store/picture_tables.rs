//! The pictures of hackathons and of submissions, and where hackathons are held.

use platform::db::{
    Migration,
    schema::{optional, text},
};
use sea_orm_migration::{SchemaManager, prelude::Table, sea_orm::DbErr};

platform::migration!(
    /// Adds the pictures of hackathons and submissions and what they show.
    AddPictures,
    "2027_06_10_000002_add_pictures_of_hackathons",
    additive,
    add_pictures
);

platform::migration!(
    /// Adds the kind and the name of the place where hackathons are held.
    AddVenues,
    "2027_06_10_000003_add_venues_of_hackathons",
    additive,
    add_venues
);

pub(super) fn migrations() -> [Box<dyn Migration>; 2] {
    [Box::new(AddPictures), Box::new(AddVenues)]
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

async fn add_venues(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in ["held", "venue"] {
        let mut altered = Table::alter();
        altered.table("hackathons").add_column(optional(&text(column)));
        manager.alter_table(altered).await?;
    }
    Ok(())
}
