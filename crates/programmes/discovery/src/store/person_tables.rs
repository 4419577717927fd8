//! The tables of people's preferences, and of what they state about opportunities.

use platform::db::{
    Migration,
    schema::{at, index, int, optional, references, table, text, unique, uuid},
};
use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

platform::migration!(
    /// Creates the preferences of people, and their feedback about opportunities.
    CreatePreferences,
    "2027_04_07_000001_create_discovery_preferences",
    additive,
    create
);

/// Returns the migrations of preferences, in order.
pub(super) fn migrations() -> Vec<Box<dyn Migration>> {
    vec![Box::new(CreatePreferences)]
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    preferences(manager).await?;
    feedback(manager).await
}

/// Lists are JSON; numbers with fractions are stored in thousandths. The last columns are the state of the digest.
async fn preferences(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut preferences = table("discovery_preferences");
    preferences
        .col(uuid("user_id"))
        .col(text("skills"))
        .col(text("languages"))
        .col(text("interests"))
        .col(text("excluded_topics"))
        .col(text("types"))
        .col(optional(&text("level")))
        .col(int("max_complexity"))
        .col(int("min_impact"))
        .col(optional(&int("hours_a_week")))
        .col(text("digest"))
        .col(int("digest_minute"))
        .col(int("digest_weekday"))
        .col(int("instant_threshold"))
        .col(int("most_a_day"))
        .col(optional(&at("next_digest_at")))
        .col(optional(&at("last_digest_at")))
        .col(int("ignored_digests"))
        .col(at("updated_at"));
    references(&mut preferences, "user_id", "users");
    manager.create_table(preferences).await?;
    manager.create_index(unique("discovery_preferences", &["user_id"])).await?;
    manager.create_index(index("discovery_preferences", &["next_digest_at"])).await
}

async fn feedback(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut feedback = table("opportunity_feedback");
    feedback
        .col(uuid("user_id"))
        .col(uuid("opportunity_id"))
        .col(text("kind"))
        .col(optional(&text("reason")))
        .col(at("stated_at"));
    references(&mut feedback, "user_id", "users");
    references(&mut feedback, "opportunity_id", "opportunities");
    manager.create_table(feedback).await?;
    let key = ["user_id", "kind", "opportunity_id"];
    manager.create_index(unique("opportunity_feedback", &key)).await?;
    manager.create_index(index("opportunity_feedback", &["opportunity_id", "kind"])).await
}
