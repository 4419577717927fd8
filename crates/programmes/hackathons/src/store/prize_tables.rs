//! The tables of prizes and their awards.

use platform::db::{
    Migration,
    schema::{at, bytes, index, int, optional, references, table, text, unique, uuid},
};
use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

platform::migration!(CreatePrizes, "2027_03_01_000001_create_prizes", additive, create_prizes);

pub(super) fn migrations() -> [Box<dyn Migration>; 1] {
    [Box::new(CreatePrizes)]
}

async fn create_prizes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    prizes(manager).await?;
    awards(manager).await
}

async fn prizes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut prizes = table("prizes");
    prizes
        .col(at("updated_at"))
        .col(uuid("hackathon_id"))
        .col(text("slug"))
        .col(text("name"))
        .col(text("track"))
        .col(text("sponsor"))
        .col(text("value"))
        .col(int("count"))
        .col(int("position"));
    references(&mut prizes, "hackathon_id", "hackathons");
    manager.create_table(prizes).await?;
    manager.create_index(unique("prizes", &["hackathon_id", "slug"])).await
}

/// Creates the table of awards. The people of an award are those whose results are stored for its submission.
async fn awards(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut awards = table("prize_awards");
    awards
        .col(uuid("hackathon_id"))
        .col(uuid("prize_id"))
        .col(uuid("submission_id"))
        .col(text("state"))
        .col(at("state_at"))
        .col(optional(&at("published_at")))
        .col(optional(&text("reason")))
        .col(optional(&uuid("claimed_by_id")))
        .col(optional(&bytes("claim_secret")))
        .col(optional(&uuid("decided_by_id")))
        .col(optional(&at("reminded_at")));
    references(&mut awards, "hackathon_id", "hackathons");
    references(&mut awards, "prize_id", "prizes");
    references(&mut awards, "submission_id", "submissions");
    references(&mut awards, "claimed_by_id", "users");
    references(&mut awards, "decided_by_id", "users");
    manager.create_table(awards).await?;
    for column in ["hackathon_id", "prize_id", "submission_id", "claimed_by_id", "state"] {
        manager.create_index(index("prize_awards", &[column])).await?;
    }
    Ok(())
}
