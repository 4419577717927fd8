use platform::db::{
    Migration,
    schema::{at, flag, index, int, keyed_table, optional, references, table, text, unique, uuid},
};
use sea_orm_migration::{SchemaManager, prelude::Index, sea_orm::DbErr};

platform::migration!(
    /// Creates the flags of fair play, with the people, repositories and pull requests that they concern.
    CreateFlags,
    "2026_12_04_000041_create_fair_play_flags",
    additive,
    flags
);

/// Returns the migrations of fair play, in order.
pub(super) fn migrations() -> Vec<Box<dyn Migration>> {
    vec![Box::new(CreateFlags)]
}

async fn flags(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut flags = table("fair_play_flags");
    flags
        .col(at("updated_at"))
        .col(int("number"))
        .col(text("kind"))
        .col(text("state"))
        .col(text("signs"))
        .col(optional(&text("effect")))
        .col(optional(&uuid("decided_by_id")))
        .col(optional(&at("decided_at")))
        .col(optional(&text("reason")));
    references(&mut flags, "decided_by_id", "users");
    manager.create_table(flags).await?;
    manager.create_index(unique("fair_play_flags", &["number"])).await?;
    let queue = ["state", "created_at", "id"];
    manager.create_index(index("fair_play_flags", &queue)).await?;
    subjects(manager).await?;
    let mut pulls = keyed_table("flags_on_pull_requests");
    pulls
        .col(uuid("flag_id"))
        .col(uuid("pull_request_id"))
        // A moderator found nothing wrong with it when confirming the flag.
        .col(flag("is_spared"))
        .primary_key(Index::create().col("flag_id").col("pull_request_id"));
    references(&mut pulls, "flag_id", "fair_play_flags");
    references(&mut pulls, "pull_request_id", "pull_requests");
    manager.create_table(pulls).await?;
    let of_pull = index("flags_on_pull_requests", &["pull_request_id"]);
    manager.create_index(of_pull).await
}

/// Creates the people and repositories that a flag concerns.
async fn subjects(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut subjects = keyed_table("fair_play_subjects");
    subjects
        .col(uuid("flag_id"))
        .col(text("kind"))
        .col(uuid("subject_id"))
        .primary_key(Index::create().col("flag_id").col("kind").col("subject_id"));
    references(&mut subjects, "flag_id", "fair_play_flags");
    manager.create_table(subjects).await?;
    let of_subject = index("fair_play_subjects", &["subject_id"]);
    manager.create_index(of_subject).await
}
