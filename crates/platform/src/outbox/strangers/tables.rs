use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

use crate::db::{
    Migration,
    schema::{bytes, index, optional, table, uuid},
};

crate::migration!(
    CreateStrangerEmails,
    "2027_04_22_000002_create_stranger_emails",
    additive,
    create
);

pub(crate) fn migration() -> Box<dyn Migration> {
    Box::new(CreateStrangerEmails)
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut emails = table("stranger_emails");
    emails.col(optional(&uuid("sender_id"))).col(bytes("address_digest"));
    manager.create_table(emails).await?;
    for column in ["sender_id", "address_digest", "created_at"] {
        manager.create_index(index("stranger_emails", &[column])).await?;
    }
    Ok(())
}
