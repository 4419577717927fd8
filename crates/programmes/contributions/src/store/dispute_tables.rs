//! The tables of disputes and of overrides.

use platform::db::{
    Migration,
    schema::{
        append_only, at, index, int, never_replaced, optional, references, run, table, text,
        unique, uuid,
    },
};
use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

platform::migration!(
    /// Creates disputes with their appeals and threads. The words are in a separate table, where they can be erased.
    CreateDisputes,
    "2026_12_10_000001_create_disputes",
    additive,
    disputes
);

platform::migration!(
    CreateScoreOverrides,
    "2026_12_10_000002_create_score_overrides",
    additive,
    score_overrides
);

/// Returns the migrations of disputes, in order.
pub(super) fn migrations() -> [Box<dyn Migration>; 2] {
    [Box::new(CreateDisputes), Box::new(CreateScoreOverrides)]
}

async fn disputes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut disputes = table("disputes");
    disputes
        .col(at("updated_at"))
        .col(int("number"))
        .col(uuid("opened_by_id"))
        .col(text("kind"))
        .col(uuid("target_id"))
        .col(optional(&uuid("project_id")))
        .col(text("state"))
        .col(at("due_at"))
        .col(optional(&uuid("decided_by_id")))
        .col(optional(&at("decided_at")));
    references(&mut disputes, "opened_by_id", "users");
    references(&mut disputes, "project_id", "projects");
    references(&mut disputes, "decided_by_id", "users");
    manager.create_table(disputes).await?;
    manager.create_index(unique("disputes", &["number"])).await?;
    // Everything is contested once.
    let once = ["opened_by_id", "kind", "target_id"];
    manager.create_index(unique("disputes", &once)).await?;
    for columns in [["state", "created_at", "id"], ["opened_by_id", "created_at", "id"]] {
        manager.create_index(index("disputes", &columns)).await?;
    }
    appeals(manager).await?;
    messages(manager).await
}

async fn appeals(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut appeals = table("appeals");
    appeals
        .col(at("updated_at"))
        .col(uuid("dispute_id"))
        .col(text("state"))
        .col(at("due_at"))
        .col(optional(&uuid("decided_by_id")))
        .col(optional(&at("decided_at")));
    references(&mut appeals, "dispute_id", "disputes");
    references(&mut appeals, "decided_by_id", "users");
    manager.create_table(appeals).await?;
    manager.create_index(unique("appeals", &["dispute_id"])).await?;
    let queue = ["state", "created_at", "id"];
    manager.create_index(index("appeals", &queue)).await
}

async fn messages(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut messages = table("dispute_messages");
    messages.col(uuid("dispute_id")).col(text("kind")).col(uuid("author_id"));
    references(&mut messages, "dispute_id", "disputes");
    references(&mut messages, "author_id", "users");
    manager.create_table(messages).await?;
    for columns in [["dispute_id", "created_at"], ["author_id", "created_at"]] {
        manager.create_index(index("dispute_messages", &columns)).await?;
    }
    append_only(manager, "dispute_messages").await?;
    never_replaced(manager, "dispute_messages", &[&["id"]]).await?;
    let mut words = table("dispute_words");
    words.col(text("text"));
    references(&mut words, "id", "dispute_messages");
    manager.create_table(words).await
}

async fn score_overrides(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut overrides = table("score_overrides");
    overrides
        .col(at("updated_at"))
        .col(uuid("pull_request_id"))
        .col(text("kind"))
        .col(optional(&int("points")))
        .col(optional(&text("frozen")))
        .col(text("reason"))
        .col(optional(&uuid("by_id")))
        .col(optional(&uuid("dispute_id")))
        .col(optional(&at("lifted_at")))
        .col(optional(&uuid("lifted_by_id")))
        .col(optional(&text("lift_reason")));
    references(&mut overrides, "pull_request_id", "pull_requests");
    references(&mut overrides, "by_id", "users");
    references(&mut overrides, "dispute_id", "disputes");
    references(&mut overrides, "lifted_by_id", "users");
    manager.create_table(overrides).await?;
    let of_pull = index("score_overrides", &["pull_request_id"]);
    manager.create_index(of_pull).await?;
    // One at a time holds.
    let held = "CREATE UNIQUE INDEX score_overrides_held ON score_overrides (pull_request_id) \
                WHERE lifted_at IS NULL";
    run(manager, held).await
}
