use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

use crate::db::{
    Migration,
    schema::{at, bytes, flag, index, optional, run, table, text, unique, uuid},
};

crate::migration!(
    /// Creates the table of requests with a key and their responses.
    CreateKeptAnswers,
    "2026_11_23_000200_create_kept_answers",
    additive,
    create
);

crate::migration!(
    /// Renames the table, its column of responses, and the job that deletes them.
    RenameStoredResponses,
    "2026_11_26_000010_rename_stored_responses",
    replaces,
    rename
);

pub(crate) fn migrations() -> Vec<Box<dyn Migration>> {
    vec![Box::new(CreateKeptAnswers), Box::new(RenameStoredResponses)]
}

async fn rename(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for sql in [
        "ALTER TABLE kept_answers RENAME TO stored_responses",
        "ALTER TABLE stored_responses RENAME COLUMN answer_secret TO response_secret",
        "UPDATE jobs SET name = 'ResponseRetention' WHERE name = 'AnswerRetention'",
        "UPDATE job_pauses SET name = 'ResponseRetention' WHERE name = 'AnswerRetention'",
    ] {
        run(manager, sql).await?;
    }
    Ok(())
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut answers = table("kept_answers");
    answers
        .col(uuid("user_id"))
        .col(text("route"))
        .col(bytes("key_hash"))
        .col(bytes("fingerprint"))
        .col(uuid("claim"))
        .col(at("claimed_until"))
        .col(flag("is_done"))
        .col(optional(&bytes("answer_secret")));
    manager.create_table(answers).await?;
    let key = unique("kept_answers", &["user_id", "route", "key_hash"]);
    manager.create_index(key).await?;
    manager.create_index(index("kept_answers", &["created_at"])).await
}
