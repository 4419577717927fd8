//! The tables of announcements.

use platform::db::{
    Migration,
    schema::{index, int, optional, references, table, text, unique, uuid},
};
use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

platform::migration!(
    CreateAnnouncements,
    "2027_03_02_000001_create_announcements",
    additive,
    create_announcements
);

pub(super) fn migrations() -> [Box<dyn Migration>; 1] {
    [Box::new(CreateAnnouncements)]
}

async fn create_announcements(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut announcements = table("announcements");
    announcements
        .col(uuid("hackathon_id"))
        .col(optional(&uuid("author_id")))
        .col(text("segment"))
        .col(text("subject"))
        .col(text("body"))
        .col(int("recipients"));
    references(&mut announcements, "hackathon_id", "hackathons");
    references(&mut announcements, "author_id", "users");
    manager.create_table(announcements).await?;
    for column in ["hackathon_id", "author_id"] {
        manager.create_index(index("announcements", &[column])).await?;
    }
    recipients(manager).await
}

/// Creates the table of recipients: each person gets an announcement once, also if workers stop in the middle.
async fn recipients(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut recipients = table("announcement_recipients");
    recipients.col(uuid("announcement_id")).col(uuid("user_id"));
    references(&mut recipients, "announcement_id", "announcements");
    references(&mut recipients, "user_id", "users");
    manager.create_table(recipients).await?;
    manager
        .create_index(unique("announcement_recipients", &["announcement_id", "user_id"]))
        .await?;
    manager.create_index(index("announcement_recipients", &["user_id"])).await
}
