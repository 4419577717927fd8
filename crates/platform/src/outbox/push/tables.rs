use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

use crate::db::{
    Migration,
    schema::{bytes, index, optional, table, text, unique, uuid},
};

crate::migration!(
    /// Creates the tables of the web push key and of push subscriptions.
    CreatePush,
    "2026_11_23_000301_create_push",
    additive,
    create
);

pub(crate) fn migration() -> Box<dyn Migration> {
    Box::new(CreatePush)
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut keys = table("push_keys");
    keys.col(text("name")).col(bytes("signing_secret"));
    manager.create_table(keys).await?;
    manager.create_index(unique("push_keys", &["name"])).await?;
    let mut browsers = table("push_subscriptions");
    browsers
        .col(uuid("person_id"))
        // Not encrypted: they are useless for sending messages without the key in `push_keys`, and cannot decrypt
        // messages.
        .col(text("endpoint"))
        .col(text("p256dh"))
        .col(text("auth"))
        .col(optional(&text("user_agent")));
    manager.create_table(browsers).await?;
    manager.create_index(unique("push_subscriptions", &["endpoint"])).await?;
    manager.create_index(index("push_subscriptions", &["person_id"])).await
}
