use kernel::Timestamp;
use sea_orm::{ConnectionTrait as _, TransactionTrait};
use sea_orm_migration::{MigrationTrait, MigratorTrait};

use super::{
    Db, DbError, Sql, Tx, changes,
    copy::{self, Table},
};

/// All migrations of the program in order, as the binary collects them.
pub trait Migrations: MigratorTrait {}

impl<M: MigratorTrait> Migrations for M {}

/// The state of the schema, compared with the migrations of this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaStatus {
    /// Applied migrations, oldest first.
    pub applied: Vec<String>,
    /// Migrations of this program that are not yet applied.
    pub pending: Vec<String>,
    /// Migrations applied by a newer program, unknown to this one.
    pub unknown: Vec<String>,
}

/// The reason why the schema cannot be migrated.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// A newer program migrated the schema.
    #[error(
        "the database schema is newer than this release (it has {0}): start the release that created it, \
         or a newer one"
    )]
    Newer(String),
    /// All data was moved to another database.
    #[error(
        "this installation was moved to {0}: set DATABASE_URL to that database; the data here has not \
         changed since the move"
    )]
    Moved(String),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<sea_orm::DbErr> for MigrateError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Db(error.into())
    }
}

/// Prefix of the version that records where a database was moved to. It sorts after all other versions.
const MOVED: &str = "moved to ";

/// Closes a SQLite database whose rows were all copied into another one: later writes are rejected, and a server
/// that starts with it reports the new location.
pub async fn close_moved(tx: &Tx, place: &str, now: Timestamp) -> Result<(), DbError> {
    let version = format!("{MOVED}{place}");
    let sql = "INSERT INTO schema_migrations (version, applied_at) VALUES ($1, $2)";
    let values = [version.into(), now.timestamp().into()];
    tx.run(tx.statement(sql, values)).await?;
    for Table { name, .. } in copy::tables(tx).await? {
        for verb in ["INSERT", "UPDATE", "DELETE"] {
            let trigger = format!(
                "CREATE TRIGGER {name}_moved_{verb} BEFORE {verb} ON {name} \
                 BEGIN SELECT RAISE(ABORT, 'this installation moved to another database'); END"
            );
            tx.connection().execute_unprepared(&trigger).await?;
        }
    }
    Ok(())
}

impl Db {
    /// Compares the schema with the migrations of the program. Changes nothing.
    pub async fn schema_status(
        &self,
        migrations: &[Box<dyn MigrationTrait>],
    ) -> Result<SchemaStatus, MigrateError> {
        let applied = applied_versions(self).await?;
        let known = migrations
            .iter()
            .map(|migration| migration.name().to_owned());
        let known: Vec<String> = known.collect();
        let missing = |from: &[String], among: &[String]| -> Vec<String> {
            from.iter()
                .filter(|version| !among.contains(version))
                .cloned()
                .collect()
        };
        Ok(SchemaStatus {
            pending: missing(&known, &applied),
            unknown: missing(&applied, &known),
            applied,
        })
    }

    /// Applies all pending migrations in one transaction, one process at a time. Returns the applied ones.
    ///
    /// # Errors
    /// When the schema is newer than this program, or the database fails.
    pub async fn migrate<M: Migrations>(&self) -> Result<Vec<String>, MigrateError> {
        // Reading first lets a server start without waiting for the writes of running processes.
        let status = self.schema_status(&M::migrations()).await?;
        if let Some(version) = status.unknown.last() {
            return Err(match version.strip_prefix(MOVED) {
                Some(place) => MigrateError::Moved(place.to_owned()),
                None => MigrateError::Newer(version.clone()),
            });
        }
        if status.pending.is_empty() {
            return Ok(Vec::new());
        }
        let tx = self.begin().await?;
        tx.serialize("schema").await?;
        // Each migration runs in a savepoint of this transaction.
        let nested = tx.connection().begin().await?;
        M::up(&nested, None).await?;
        nested.commit().await?;
        if self.engine() == super::Engine::Postgres {
            changes::watch(&tx).await?;
        }
        tx.commit().await?;
        Ok(status.pending)
    }
}

async fn applied_versions(db: &Db) -> Result<Vec<String>, DbError> {
    #[derive(sea_orm::FromQueryResult)]
    struct Applied {
        version: String,
    }
    let exists = match db.engine() {
        super::Engine::Sqlite => {
            "SELECT count(*) FROM sqlite_master WHERE name = 'schema_migrations'"
        }
        super::Engine::Postgres => {
            "SELECT count(*) FROM information_schema.tables \
             WHERE table_name = 'schema_migrations' AND table_schema = current_schema()"
        }
    };
    if db.count(db.statement(exists, [])).await? == 0 {
        return Ok(Vec::new());
    }
    let sql = "SELECT version FROM schema_migrations ORDER BY version";
    let rows: Vec<Applied> = db.all(db.statement(sql, [])).await?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}
