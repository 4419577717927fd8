use sea_orm_migration::{SchemaManager, prelude::Table, sea_orm::DbErr};

use crate::db::{
    Migration,
    schema::{flag, optional, queue_columns, queue_index, run, table, text, unique, uuid},
};

crate::migration!(CreateOutbox, "2026_11_20_000050_create_outbox", additive, create);

crate::migration!(
    /// Finds the text messages to a number.
    IndexTextMessages,
    "2026_12_28_000002_index_text_messages",
    additive,
    index_text_messages
);

crate::migration!(
    /// Tells messages that were given up from those that were sent.
    GiveUp,
    "2027_04_30_000002_give_messages_up",
    additive,
    give_up
);

crate::migration!(
    /// Counts the text messages of a day.
    IndexRecentTexts,
    "2027_05_03_000011_index_recent_texts",
    additive,
    index_recent_texts
);

pub(crate) fn migration() -> Box<dyn Migration> {
    Box::new(CreateOutbox)
}

pub(crate) fn later_migration() -> Box<dyn Migration> {
    Box::new(IndexTextMessages)
}

pub(crate) fn given_up_migration() -> Box<dyn Migration> {
    Box::new(GiveUp)
}

pub(crate) fn recent_texts_migration() -> Box<dyn Migration> {
    Box::new(IndexRecentTexts)
}

async fn index_recent_texts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let sql = "CREATE INDEX outbox_messages_recent_texts ON outbox_messages (created_at) \
               WHERE channel = 'sms'";
    run(manager, sql).await
}

async fn give_up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut messages = Table::alter();
    messages.table("outbox_messages").add_column(flag("given_up"));
    manager.alter_table(messages).await
}

async fn index_text_messages(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let sql = "CREATE INDEX outbox_messages_texts ON outbox_messages (recipient, created_at) \
               WHERE channel = 'sms'";
    run(manager, sql).await
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut messages = table("outbox_messages");
    messages
        .col(uuid("person_id"))
        .col(text("kind"))
        .col(uuid("object_id"))
        .col(text("occurrence"))
        .col(text("channel"))
        .col(text("recipient"))
        // Deleted once the message is sent.
        .col(optional(&text("content")));
    queue_columns(&mut messages);
    manager.create_table(messages).await?;
    let key = ["person_id", "kind", "object_id", "occurrence", "channel"];
    manager.create_index(unique("outbox_messages", &key)).await?;
    queue_index(manager, "outbox_messages").await
}
