//! The tables of followed repositories and opportunities.

use super::{claim_tables, model_tables, person_tables, repository_tables, watch_tables};
use platform::db::{
    Migration,
    schema::{
        at, flag, index, int, optional, queue_columns, queue_index, references, table, text,
        unique, uuid,
    },
};
use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

platform::migration!(
    /// Creates the repositories that are followed by their names, their health, and their opportunities.
    CreateOpportunities,
    "2027_04_02_000001_create_opportunities",
    additive,
    create
);

/// Returns the migrations of this module, in order.
pub(crate) fn migrations() -> Vec<Box<dyn Migration>> {
    let mut all: Vec<Box<dyn Migration>> = vec![Box::new(CreateOpportunities)];
    all.extend(claim_tables::migrations());
    all.extend(person_tables::migrations());
    all.extend(repository_tables::migrations());
    all.extend(watch_tables::migrations());
    all.extend(model_tables::migrations());
    all.extend(repository_tables::later());
    all
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    followed(manager).await?;
    health(manager).await?;
    opportunities(manager).await
}

/// A row is a queue entry until the name is found on GitHub.
async fn followed(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut followed = table("followed_repositories");
    followed
        .col(text("name"))
        .col(text("name_key"))
        .col(optional(&uuid("repository_id")))
        .col(optional(&at("ended_at")));
    queue_columns(&mut followed);
    references(&mut followed, "repository_id", "repositories");
    manager.create_table(followed).await?;
    manager.create_index(unique("followed_repositories", &["name_key"])).await?;
    manager.create_index(index("followed_repositories", &["repository_id"])).await?;
    queue_index(manager, "followed_repositories").await
}

async fn health(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut health = table("repository_health");
    health
        .col(uuid("repository_id"))
        .col(int("health"))
        .col(int("activity"))
        .col(int("community"))
        .col(int("documentation"))
        .col(text("reasons"))
        .col(optional(&text("response_words")))
        .col(text("facts_digest"))
        .col(at("last_scanned_at"))
        .col(at("updated_at"));
    references(&mut health, "repository_id", "repositories");
    manager.create_table(health).await?;
    manager.create_index(unique("repository_health", &["repository_id"])).await
}

/// Numbers with fractions are stored in thousandths.
async fn opportunities(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut opportunities = table("opportunities");
    opportunities
        .col(uuid("repository_id"))
        .col(uuid("issue_id"))
        .col(int("number"))
        .col(text("type"))
        .col(text("status"))
        .col(text("title"))
        .col(text("body_digest"))
        .col(text("labels"))
        .col(int("complexity"))
        .col(int("impact"))
        .col(int("confidence"))
        .col(int("urgency"))
        .col(int("overall"))
        .col(int("comments"))
        .col(int("reactions"))
        .col(int("trend"))
        .col(text("analysis"))
        .col(text("required_skills"))
        .col(int("estimated_hours"))
        .col(optional(&text("language")))
        .col(flag("is_good_first"))
        .col(flag("is_help_wanted"))
        .col(optional(&text("dropped_reason")))
        .col(at("opened_at"))
        .col(at("active_at"))
        .col(at("first_seen_at"))
        .col(text("digest"))
        .col(int("changed_seq"))
        .col(at("updated_at"));
    references(&mut opportunities, "repository_id", "repositories");
    manager.create_table(opportunities).await?;
    let indexes = [
        unique("opportunities", &["repository_id", "number"]),
        unique("opportunities", &["changed_seq"]),
    ];
    for index in indexes {
        manager.create_index(index).await?;
    }
    Ok(())
}
