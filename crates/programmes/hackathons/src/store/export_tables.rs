//! The tables of exports of boards.

use platform::db::{
    Migration,
    schema::{
        bytes, index, int, optional, queue_columns, queue_index, references, run, table, text,
        unique, uuid,
    },
};
use sea_orm_migration::{SchemaManager, prelude::Table as Altered, sea_orm::DbErr};

platform::migration!(
    CreateBoardExports,
    "2027_03_20_000002_create_board_exports",
    additive,
    create_board_exports
);

platform::migration!(
    AddBoardServices,
    "2027_03_23_000001_add_board_services",
    replaces,
    add_board_services
);

pub(super) fn migrations() -> [Box<dyn Migration>; 2] {
    [Box::new(CreateBoardExports), Box::new(AddBoardServices)]
}

/// Adds the service of a connection. Those that exist are with Trello.
async fn add_board_services(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut alter = Altered::alter();
    alter.table("board_exports").add_column(text("service").default("trello"));
    manager.alter_table(alter).await?;
    run(manager, "DROP INDEX board_exports_team_id").await?;
    let once = unique("board_exports", &["team_id", "service"]);
    manager.create_index(once).await
}

async fn create_board_exports(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut exports = table("board_exports");
    exports
        .col(uuid("hackathon_id"))
        .col(uuid("team_id"))
        .col(uuid("connected_by_id"))
        .col(text("board"))
        .col(optional(&bytes("credentials_secret")))
        .col(int("requests"));
    queue_columns(&mut exports);
    references(&mut exports, "hackathon_id", "hackathons");
    references(&mut exports, "team_id", "teams");
    references(&mut exports, "connected_by_id", "users");
    manager.create_table(exports).await?;
    manager.create_index(unique("board_exports", &["team_id"])).await?;
    for column in ["hackathon_id", "connected_by_id"] {
        manager.create_index(index("board_exports", &[column])).await?;
    }
    queue_index(manager, "board_exports").await?;
    let mut cards = table("board_cards");
    cards.col(uuid("export_id")).col(uuid("task_id")).col(text("card"));
    references(&mut cards, "export_id", "board_exports");
    manager.create_table(cards).await?;
    let once = unique("board_cards", &["export_id", "task_id"]);
    manager.create_index(once).await
}
