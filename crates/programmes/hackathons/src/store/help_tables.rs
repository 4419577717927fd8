//! The table of requests for help.

use platform::db::{
    Migration,
    schema::{at, index, optional, references, run, table, text, uuid},
};
use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

platform::migration!(
    CreateHelpRequests,
    "2027_03_13_000001_create_help_requests",
    additive,
    create_help_requests
);

pub(super) fn migrations() -> [Box<dyn Migration>; 1] {
    [Box::new(CreateHelpRequests)]
}

/// Creates the table. A team has one open request at a time.
async fn create_help_requests(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut requests = table("help_requests");
    requests
        .col(uuid("hackathon_id"))
        .col(uuid("team_id"))
        .col(uuid("asked_by_id"))
        .col(text("topic"))
        .col(text("place"))
        .col(text("state"))
        .col(at("state_at"))
        .col(optional(&uuid("mentor_id")))
        .col(text("answer"));
    references(&mut requests, "hackathon_id", "hackathons");
    references(&mut requests, "team_id", "teams");
    references(&mut requests, "asked_by_id", "users");
    references(&mut requests, "mentor_id", "users");
    manager.create_table(requests).await?;
    for columns in [&["hackathon_id", "state"][..], &["team_id"], &["asked_by_id"], &["mentor_id"]]
    {
        manager.create_index(index("help_requests", columns)).await?;
    }
    let sql = "CREATE UNIQUE INDEX help_requests_open ON help_requests (team_id) \
               WHERE state IN ('waiting', 'taken')";
    run(manager, sql).await
}
