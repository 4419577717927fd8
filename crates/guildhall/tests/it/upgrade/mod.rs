//! Upgrades: a release on the schema of the next one, what migrations declare, indexes of tables with rows, and the databases
//! that earlier releases left.

mod declared;
mod late_indexes;
mod newer_schema;
mod releases;

use guildhall::{MODULES, Migrator};
use platform::db::{Migration, Migrations, schema};
use sea_orm_migration::{SchemaManager, prelude::Table, sea_orm::DbErr};

/// The version of [`AddLater`].
const LATER: &str = "2999_01_01_000001_add_later_things";

platform::migration!(
    /// Adds a table, a column with a default, and its index.
    AddLater,
    "2999_01_01_000001_add_later_things",
    additive,
    add_later,
    down drop_later
);

async fn add_later(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager.create_table(schema::table("later_things")).await?;
    let mut projects = Table::alter();
    projects.table("projects").add_column(schema::text("motto").default("none"));
    manager.alter_table(projects).await?;
    manager.create_index(schema::index("projects", &["motto"])).await
}

async fn drop_later(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    schema::run(manager, "DROP INDEX projects_motto").await?;
    schema::run(manager, "ALTER TABLE projects DROP COLUMN motto").await?;
    schema::drop_tables(manager, &["later_things"]).await
}

platform::migration!(
    /// Renames a column that this release uses.
    RenameLater,
    "2999_01_01_000002_rename_descriptions",
    replaces,
    rename_later,
    down rename_back
);

async fn rename_later(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    schema::run(manager, "ALTER TABLE projects RENAME COLUMN description TO words").await
}

async fn rename_back(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    schema::run(manager, "ALTER TABLE projects RENAME COLUMN words TO description").await
}

/// The next release: this one with an additive migration.
struct Newer;

impl Migrations for Newer {
    fn migrations() -> Vec<Box<dyn Migration>> {
        let mut all = MODULES.migrations();
        all.push(Box::new(AddLater));
        all
    }
}

/// The release after it, which renames a column.
struct Breaking;

impl Migrations for Breaking {
    fn migrations() -> Vec<Box<dyn Migration>> {
        let mut all = Newer::migrations();
        all.push(Box::new(RenameLater));
        all
    }
}

/// Returns the names of this release's migrations.
fn names() -> Vec<String> {
    Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect()
}
