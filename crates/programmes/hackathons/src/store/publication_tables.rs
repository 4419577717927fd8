//! The tables of results that wait to be published, and of the blockers that organizers overrode.

use platform::db::{
    Migration,
    schema::{at, index, optional, references, table, text, unique, uuid},
};
use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

platform::migration!(
    CreateResultPublications,
    "2027_04_23_000001_create_result_publications",
    additive,
    create_result_publications
);

pub(super) fn migrations() -> [Box<dyn Migration>; 1] {
    [Box::new(CreateResultPublications)]
}

async fn create_result_publications(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut publications = table("result_publications");
    publications
        .col(at("updated_at"))
        .col(uuid("hackathon_id"))
        .col(text("results"))
        .col(optional(&at("due_at")))
        .col(optional(&at("held_at")))
        .col(optional(&uuid("requested_by_id")));
    references(&mut publications, "hackathon_id", "hackathons");
    references(&mut publications, "requested_by_id", "users");
    manager.create_table(publications).await?;
    manager.create_index(unique("result_publications", &["hackathon_id"])).await?;
    manager.create_index(index("result_publications", &["due_at"])).await?;

    let mut overrides = table("result_overrides");
    overrides
        .col(uuid("hackathon_id"))
        .col(text("blocker"))
        .col(text("reason"))
        .col(optional(&uuid("decided_by_id")));
    references(&mut overrides, "hackathon_id", "hackathons");
    references(&mut overrides, "decided_by_id", "users");
    manager.create_table(overrides).await?;
    let once = unique("result_overrides", &["hackathon_id", "blocker"]);
    manager.create_index(once).await?;
    manager.create_index(index("result_overrides", &["decided_by_id"])).await
}
