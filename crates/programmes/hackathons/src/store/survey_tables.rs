//! The tables of surveys.

use platform::db::{
    Migration,
    schema::{at, index, int, optional, references, table, text, unique, uuid},
};
use sea_orm_migration::{SchemaManager, prelude::Table as Altered, sea_orm::DbErr};

platform::migration!(CreateSurveys, "2027_03_17_000001_create_surveys", additive, create_surveys);

platform::migration!(
    AddSurveyCounts,
    "2027_03_25_000001_add_survey_counts",
    additive,
    add_survey_counts
);

pub(super) fn migrations() -> [Box<dyn Migration>; 2] {
    [Box::new(CreateSurveys), Box::new(AddSurveyCounts)]
}

/// Adds what the answers to a closed survey count, as JSON. Those of surveys that are closed already are counted by the
/// next run.
async fn add_survey_counts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut column = optional(&text("counted"));
    let added = Altered::alter().table("surveys").add_column(&mut column).take();
    manager.alter_table(added).await
}

async fn create_surveys(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut surveys = table("surveys");
    surveys
        .col(at("updated_at"))
        .col(uuid("hackathon_id"))
        .col(text("audience"))
        .col(text("questions"))
        .col(int("revision"))
        .col(optional(&at("invited_at")));
    references(&mut surveys, "hackathon_id", "hackathons");
    manager.create_table(surveys).await?;
    manager.create_index(unique("surveys", &["hackathon_id", "audience"])).await?;
    people(manager).await
}

/// Creates the tables of people: each is invited to a survey once and answers it once. Neither is shown to organizers by name.
async fn people(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for name in ["survey_invitations", "survey_answers"] {
        let mut people = table(name);
        people.col(uuid("survey_id")).col(uuid("user_id"));
        if name == "survey_answers" {
            people.col(at("updated_at")).col(text("answers"));
        }
        references(&mut people, "survey_id", "surveys");
        references(&mut people, "user_id", "users");
        manager.create_table(people).await?;
        manager.create_index(unique(name, &["survey_id", "user_id"])).await?;
        manager.create_index(index(name, &["user_id"])).await?;
    }
    Ok(())
}
