use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

use crate::db::{
    Migration,
    schema::{at, index, table, text},
};

crate::migration!(
    /// Creates the table of networks that are exempt from rate limits by client address.
    CreateExemptNetworks,
    "2027_03_22_000001_create_exempt_networks",
    additive,
    create
);

pub(crate) fn migration() -> Box<dyn Migration> {
    Box::new(CreateExemptNetworks)
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut networks = table("exempt_networks");
    networks.col(text("network")).col(text("owner")).col(at("starts_at")).col(at("ends_at"));
    manager.create_table(networks).await?;
    for column in ["owner", "ends_at"] {
        manager.create_index(index("exempt_networks", &[column])).await?;
    }
    Ok(())
}
