//! The table of tasks.

use platform::db::{
    Migration,
    schema::{at, index, optional, references, table, text, uuid},
};
use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

platform::migration!(
    CreateTeamTasks,
    "2027_03_20_000001_create_team_tasks",
    additive,
    create_team_tasks
);

pub(super) fn migrations() -> [Box<dyn Migration>; 1] {
    [Box::new(CreateTeamTasks)]
}

async fn create_team_tasks(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut tasks = table("team_tasks");
    tasks
        .col(at("updated_at"))
        .col(uuid("hackathon_id"))
        .col(uuid("team_id"))
        .col(uuid("written_by_id"))
        .col(text("title"))
        .col(optional(&uuid("assignee_id")))
        .col(optional(&text("due_on")))
        .col(text("state"));
    references(&mut tasks, "hackathon_id", "hackathons");
    references(&mut tasks, "team_id", "teams");
    references(&mut tasks, "written_by_id", "users");
    references(&mut tasks, "assignee_id", "users");
    manager.create_table(tasks).await?;
    for column in ["hackathon_id", "team_id", "written_by_id", "assignee_id"] {
        manager.create_index(index("team_tasks", &[column])).await?;
    }
    Ok(())
}
