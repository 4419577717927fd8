use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

use crate::db::{
    Migration,
    schema::{at, bytes, flag, index, int, optional, references, run, table, text, uuid},
};

crate::migration!(
    /// Creates the tables of webhooks and of the attempts to send to them.
    CreateWebhooks,
    "2026_11_27_000302_create_webhooks",
    additive,
    create
);

pub(crate) fn migration() -> Box<dyn Migration> {
    Box::new(CreateWebhooks)
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut endpoints = table("webhook_endpoints");
    endpoints
        .col(uuid("person_id"))
        .col(text("url"))
        .col(text("description"))
        .col(bytes("signing_secret"))
        .col(optional(&bytes("previous_secret")))
        // The previous secret signs too until then.
        .col(optional(&at("previous_until")))
        .col(optional(&at("disabled_at")))
        .col(optional(&text("disabled_reason")))
        .col(optional(&at("last_success_at")))
        // The first failure since the last success.
        .col(optional(&at("failing_since")));
    manager.create_table(endpoints).await?;
    manager.create_index(index("webhook_endpoints", &["person_id"])).await?;
    let mut attempts = table("webhook_attempts");
    attempts
        .col(uuid("endpoint_id"))
        .col(uuid("message_id"))
        .col(text("kind"))
        .col(flag("is_accepted"))
        .col(optional(&int("status")))
        .col(int("milliseconds"))
        .col(text("answer"));
    references(&mut attempts, "endpoint_id", "webhook_endpoints");
    manager.create_table(attempts).await?;
    manager.create_index(index("webhook_attempts", &["endpoint_id", "id"])).await?;
    manager.create_index(index("webhook_attempts", &["created_at"])).await?;
    // Finds the next message to each webhook.
    let sql = "CREATE INDEX outbox_messages_webhooks ON outbox_messages (recipient, due_at) \
               WHERE channel = 'webhook' AND due_at IS NOT NULL";
    run(manager, sql).await
}
