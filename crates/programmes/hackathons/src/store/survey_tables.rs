//! The tables of surveys.

use platform::db::schema::{at, index, int, optional, references, table, text, unique, uuid};
use sea_orm_migration::{MigrationTrait, SchemaManager, sea_orm::DbErr};

platform::migration!(CreateSurveys, "2027_03_17_000001_create_surveys", create_surveys);

pub(super) fn migrations() -> [Box<dyn MigrationTrait>; 1] {
    [Box::new(CreateSurveys)]
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
