//! The tables of results and their points.

use platform::db::{
    Migration,
    schema::{
        append_only, at, flag, index, int, never_replaced, optional, references, table, text,
        unique, uuid,
    },
};
use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

platform::migration!(
    CreateHackathonResults,
    "2027_02_20_000001_create_hackathon_results",
    additive,
    create_hackathon_results
);

pub(super) fn migrations() -> [Box<dyn Migration>; 1] {
    [Box::new(CreateHackathonResults)]
}

async fn create_hackathon_results(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    points(manager).await?;
    results(manager).await
}

async fn points(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut points = table("hackathon_points");
    points
        .col(at("approved_at"))
        .col(uuid("hackathon_id"))
        .col(optional(&uuid("approved_by_id")))
        .col(int("submission_points"))
        .col(int("finalist_points"))
        .col(int("winner_points"));
    references(&mut points, "hackathon_id", "hackathons");
    references(&mut points, "approved_by_id", "users");
    manager.create_table(points).await?;
    manager.create_index(unique("hackathon_points", &["hackathon_id"])).await
}

async fn results(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut results = table("hackathon_results");
    results
        .col(uuid("hackathon_id"))
        .col(uuid("submission_id"))
        .col(uuid("user_id"))
        .col(optional(&uuid("identity_id")))
        .col(flag("is_late"))
        .col(optional(&text("outcome")));
    references(&mut results, "hackathon_id", "hackathons");
    references(&mut results, "submission_id", "submissions");
    references(&mut results, "user_id", "users");
    references(&mut results, "identity_id", "user_identities");
    manager.create_table(results).await?;
    let person = ["hackathon_id", "user_id"];
    manager.create_index(unique("hackathon_results", &person)).await?;
    for column in ["submission_id", "user_id"] {
        manager.create_index(index("hackathon_results", &[column])).await?;
    }
    append_only(manager, "hackathon_results").await?;
    never_replaced(manager, "hackathon_results", &[&["id"], &person]).await
}
