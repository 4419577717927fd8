//! The table of personal calendars.

use platform::db::{
    Migration,
    schema::{references, table, unique, uuid},
};
use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

platform::migration!(
    CreateCalendarFeeds,
    "2027_03_16_000001_create_calendar_feeds",
    additive,
    create_calendar_feeds
);

pub(super) fn migrations() -> [Box<dyn Migration>; 1] {
    [Box::new(CreateCalendarFeeds)]
}

/// Creates the table. The address of a calendar is the signed ID of its row, so a row with another ID has another address.
async fn create_calendar_feeds(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut feeds = table("calendar_feeds");
    feeds.col(uuid("user_id"));
    references(&mut feeds, "user_id", "users");
    manager.create_table(feeds).await?;
    manager.create_index(unique("calendar_feeds", &["user_id"])).await
}
