use kernel::{Timestamp, counted};
use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode,
    SqlxPostgresConnector, SqlxSqliteConnector, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::{MigrationTrait, MigratorTrait};

use super::{
    Db, DbError, Engine, Sql, Tx, changes,
    copy::{self, Table},
    error::MOVED_AWAY,
    pool::{Options, of_driver},
    tx::serialize,
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
    /// The place and day that all data was moved to, such as `PostgreSQL on November 21, 2026`.
    pub moved: Option<String>,
}

impl SchemaStatus {
    /// Checks that this program knows the whole schema and that the installation was not moved.
    ///
    /// # Errors
    /// When the schema is newer than this program, or the data was moved.
    pub fn known(&self) -> Result<(), MigrateError> {
        match (&self.moved, self.unknown.last()) {
            (Some(place), _) => Err(MigrateError::Moved(place.clone())),
            (None, Some(version)) => Err(MigrateError::Newer(version.clone())),
            (None, None) => Ok(()),
        }
    }

    /// Checks that the schema is the one of this program, for commands that do not migrate.
    ///
    /// # Errors
    /// Like [`SchemaStatus::known`], or when migrations are pending.
    pub fn current(&self) -> Result<(), MigrateError> {
        self.known()?;
        match self.pending.len() {
            0 => Ok(()),
            count => Err(pending(count)),
        }
    }
}

fn pending(count: usize) -> MigrateError {
    MigrateError::Pending(counted(count, "migration is", "migrations are"))
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
    /// The schema is older than this program, and the command does not change it.
    #[error(
        "the database is from an earlier release ({0} pending): make a backup with `guildhall backup`, then run \
         `guildhall migrate up` or start the server"
    )]
    Pending(String),
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
    let version = format!("{MOVED}{place} on {}", now.format("%B %-d, %Y"));
    let sql = "INSERT INTO schema_migrations (version, applied_at) VALUES ($1, $2)";
    let values = [version.into(), now.timestamp().into()];
    tx.run(tx.statement(sql, values)).await?;
    for Table { name, .. } in copy::tables(tx).await? {
        for verb in ["INSERT", "UPDATE", "DELETE"] {
            let trigger = format!(
                "CREATE TRIGGER {name}_moved_{verb} BEFORE {verb} ON {name} \
                 BEGIN SELECT RAISE(ABORT, '{MOVED_AWAY}'); END"
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
        let mut applied = applied_versions(self).await?;
        let moved = applied.iter().find_map(|version| version.strip_prefix(MOVED));
        let moved = moved.map(str::to_owned);
        applied.retain(|version| !version.starts_with(MOVED));
        let known = migrations.iter().map(|migration| migration.name().to_owned());
        let known: Vec<String> = known.collect();
        let missing = |from: &[String], among: &[String]| -> Vec<String> {
            from.iter().filter(|version| !among.contains(version)).cloned().collect()
        };
        Ok(SchemaStatus {
            pending: missing(&known, &applied),
            unknown: missing(&applied, &known),
            applied,
            moved,
        })
    }

    /// Applies all pending migrations in one transaction, one process at a time. Returns the applied ones.
    ///
    /// # Errors
    /// When the schema is newer than this program, or the database fails.
    pub async fn migrate<M: Migrations>(&self) -> Result<Vec<String>, MigrateError> {
        // Reading first lets a server start without waiting for the writes of running processes.
        let status = self.schema_status(&M::migrations()).await?;
        status.known()?;
        if status.pending.is_empty() {
            return Ok(Vec::new());
        }
        self.upgrade::<M>(false, None).await?;
        Ok(status.pending)
    }

    /// Creates the schema of an earlier release in an empty database: the first migrations, which are `applied` in
    /// another database.
    ///
    /// # Errors
    /// When `applied` has a migration that this program does not know, or lacks an earlier one, or the database fails.
    pub async fn migrate_like<M: Migrations>(
        &self,
        applied: &[String],
    ) -> Result<(), MigrateError> {
        let all = M::migrations();
        let known: Vec<&str> = all.iter().map(|migration| migration.name()).collect();
        let is_unknown = |version: &&String| !known.contains(&version.as_str());
        if let Some(version) = applied.iter().rfind(is_unknown) {
            return Err(MigrateError::Newer(version.clone()));
        }
        if !known.iter().take(applied.len()).eq(applied) {
            return Err(pending(known.len().saturating_sub(applied.len())));
        }
        let steps = u32::try_from(applied.len()).unwrap_or(u32::MAX);
        self.upgrade::<M>(false, Some(steps)).await
    }

    /// Drops all tables and creates the schema of this program anew, in one transaction. Other processes must not use the
    /// database meanwhile.
    ///
    /// # Errors
    /// When the database fails. Nothing is changed then.
    pub async fn start_anew<M: Migrations>(&self) -> Result<(), MigrateError> {
        self.upgrade::<M>(true, None).await
    }

    /// Applies the next migrations, at most `steps`, if `anew` after dropping all tables.
    async fn upgrade<M: Migrations>(
        &self,
        anew: bool,
        steps: Option<u32>,
    ) -> Result<(), MigrateError> {
        let connection = self.orm_connection();
        let applied = apply::<M>(&connection, self.engine(), anew, steps).await;
        connection.close().await?;
        applied
    }

    /// Returns a connection of the ORM, which migrations need. It connects when it is first used.
    fn orm_connection(&self) -> DatabaseConnection {
        let patience = self.0.writer.acquire_timeout();
        let mut connection = match self.0.writer.options().clone() {
            Options::Sqlite(options) => {
                SqlxSqliteConnector::from_sqlx_sqlite_pool(of_driver(options, patience))
            }
            Options::Postgres(options) => {
                SqlxPostgresConnector::from_sqlx_postgres_pool(of_driver(options, patience))
            }
        };
        if let Some(observer) = self.0.writer.observer().cloned() {
            connection.set_metric_callback(move |info| observer(info.statement));
        }
        connection
    }
}

/// A transaction of the ORM.
struct Upgrade {
    inner: DatabaseTransaction,
    engine: Engine,
}

impl Sql for Upgrade {
    type Connection = DatabaseTransaction;

    fn connection(&self) -> &Self::Connection {
        &self.inner
    }

    fn engine(&self) -> Engine {
        self.engine
    }
}

async fn apply<M: Migrations>(
    connection: &DatabaseConnection,
    engine: Engine,
    anew: bool,
    steps: Option<u32>,
) -> Result<(), MigrateError> {
    let immediate = (engine == Engine::Sqlite).then_some(SqliteTransactionMode::Immediate);
    let options =
        TransactionOptions { sqlite_transaction_mode: immediate, ..TransactionOptions::default() };
    let tx = Upgrade { inner: connection.begin_with_options(options).await?, engine };
    serialize(&tx, "schema").await?;
    if anew {
        drop_all(&tx).await?;
    }
    // Each migration runs in a savepoint of this transaction.
    let nested = tx.inner.begin().await?;
    M::up(&nested, steps).await?;
    nested.commit().await?;
    if engine == Engine::Postgres {
        changes::watch(&tx).await?;
    }
    tx.inner.commit().await?;
    Ok(())
}

/// Drops every table, sequence and function of this program.
async fn drop_all(tx: &impl Sql) -> Result<(), DbError> {
    let sql = match tx.engine() {
        // References are checked at the end, when both tables are gone.
        Engine::Sqlite => {
            let mut sql =
                "PRAGMA defer_foreign_keys = ON; DROP TABLE schema_migrations;".to_owned();
            for Table { name, .. } in copy::tables(tx).await? {
                sql.push_str(&format!("DROP TABLE {name};"));
            }
            sql
        }
        Engine::Postgres => DROP_ALL.to_owned(),
    };
    tx.connection().execute_unprepared(&sql).await?;
    Ok(())
}

/// Drops what this role owns in the schema of a PostgreSQL database, except what belongs to extensions.
const DROP_ALL: &str = "DO $$ DECLARE part text; BEGIN \
    FOR part IN \
        SELECT format('DROP TABLE IF EXISTS %s CASCADE', c.oid::regclass) FROM pg_class c \
        WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::text::regnamespace \
        AND pg_get_userbyid(c.relowner) = current_user \
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') \
        UNION ALL SELECT format('DROP SEQUENCE IF EXISTS %s CASCADE', c.oid::regclass) FROM pg_class c \
        WHERE c.relkind = 'S' AND c.relnamespace = current_schema()::text::regnamespace \
        AND pg_get_userbyid(c.relowner) = current_user \
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'e', 'i')) \
        UNION ALL SELECT format('DROP FUNCTION IF EXISTS %s CASCADE', p.oid::regprocedure) FROM pg_proc p \
        WHERE p.pronamespace = current_schema()::text::regnamespace AND pg_get_userbyid(p.proowner) = current_user \
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') \
    LOOP EXECUTE part; END LOOP; END $$";

async fn applied_versions(db: &Db) -> Result<Vec<String>, DbError> {
    #[derive(sea_orm::FromQueryResult)]
    struct Applied {
        version: String,
    }
    let exists = match db.engine() {
        Engine::Sqlite => "SELECT count(*) FROM sqlite_master WHERE name = 'schema_migrations'",
        Engine::Postgres => {
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
