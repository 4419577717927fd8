use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

use crate::db::{
    Migration,
    schema::{at, int, keyed_table},
};

crate::migration!(
    /// Creates the counts of requests by minute.
    CreateRequestMinutes,
    "2027_06_22_000701_create_request_minutes",
    additive,
    create,
    drops["request_minutes"]
);

pub(crate) fn migration() -> Box<dyn Migration> {
    Box::new(CreateRequestMinutes)
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut minutes = keyed_table("request_minutes");
    minutes.col(at("minute").primary_key());
    for column in [
        "requests",
        "client_errors",
        "server_errors",
        "slow_requests",
        "api_requests",
        "api_client_errors",
        "api_server_errors",
        "pages_kept",
        "pages_rendered",
        "failed_connections",
    ] {
        minutes.col(int(column));
    }
    manager.create_table(minutes).await
}
