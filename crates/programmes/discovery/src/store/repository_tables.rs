//! Columns by which repositories are found.

use platform::db::{
    Migration,
    schema::{flag, index, int, optional, text},
};
use sea_orm_migration::{SchemaManager, prelude::Table, sea_orm::DbErr};

platform::migration!(
    /// Adds the columns by which repositories are found to their health.
    ListRepositories,
    "2027_04_06_000011_list_repositories",
    additive,
    list
);

platform::migration!(
    /// Adds the labels with which repositories ask for help, as lists of projects state them.
    StateLabels,
    "2027_04_06_000013_state_labels",
    additive,
    state_labels
);

/// Returns the last migration.
pub(super) fn later() -> Vec<Box<dyn Migration>> {
    vec![Box::new(StateLabels)]
}

async fn state_labels(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut followed = Table::alter();
    followed.table("followed_repositories").add_column(optional(&text("help_label")));
    manager.alter_table(followed).await
}

pub(super) fn migrations() -> Vec<Box<dyn Migration>> {
    vec![Box::new(ListRepositories)]
}

async fn list(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in [
        optional(&text("name_key")),
        optional(&text("facets")),
        optional(&int("trend")),
        flag("is_listed"),
    ] {
        let mut health = Table::alter();
        health.table("repository_health").add_column(column);
        manager.alter_table(health).await?;
    }
    let indexes = [
        index("repository_health", &["name_key"]),
        index("repository_health", &["is_listed", "health"]),
        index("repository_health", &["is_listed", "trend"]),
    ];
    for index in indexes {
        manager.create_index(index).await?;
    }
    Ok(())
}
