use kernel::{Timestamp, counted};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode,
    SqlxPostgresConnector, SqlxSqliteConnector, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::SchemaManager;

use super::{
    Db, DbError, Engine, Kind, Rows, Sql, Tx, changes,
    copy::{self, Table},
    error::MOVED_AWAY,
    late_index,
    migration::{Change, Migration},
    pool::{Options, of_driver},
    tx::serialize,
};

/// All migrations of the program in order, as the binary collects them.
pub trait Migrations {
    /// Returns the migrations, oldest first.
    fn migrations() -> Vec<Box<dyn Migration>>;
}

/// The state of the schema, compared with the migrations of this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaStatus {
    /// Applied migrations, oldest first.
    pub applied: Vec<String>,
    /// Migrations of this program that are not yet applied.
    pub pending: Vec<String>,
    /// Migrations applied by a newer program, unknown to this one.
    pub unknown: Vec<String>,
    /// The unknown ones that do not say that they are additive.
    pub unknown_replacing: Vec<String>,
    /// The place and day that all data was moved to, such as `PostgreSQL on November 21, 2026`.
    pub moved: Option<String>,
    /// True if the database says of each applied migration whether it is additive.
    says_additive: bool,
}

impl SchemaStatus {
    /// Checks that this program runs on the schema, which may have additive migrations of a newer one, and that the
    /// installation was not moved.
    ///
    /// # Errors
    /// When a newer program replaced something, or the data was moved.
    pub fn known(&self) -> Result<(), MigrateError> {
        match (&self.moved, self.unknown_replacing.last()) {
            (Some(place), _) => Err(MigrateError::Moved(place.clone())),
            (None, Some(version)) => Err(MigrateError::Newer(version.clone())),
            (None, None) => Ok(()),
        }
    }

    /// Checks that the schema is the one of this program, for commands that do not migrate. It may be newer by additive
    /// migrations.
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

    /// Checks that this program knows each migration of the schema, so that it can create the same one elsewhere.
    ///
    /// # Errors
    /// Like [`SchemaStatus::known`], or when the schema is newer.
    pub fn copyable(&self) -> Result<(), MigrateError> {
        self.known()?;
        match self.unknown.last() {
            Some(version) => Err(MigrateError::Newer(version.clone())),
            None => Ok(()),
        }
    }

    /// Says that the schema is `newer than this release by 2 additive migrations`, if it is.
    #[must_use]
    pub fn newer(&self) -> Option<String> {
        let count = counted(self.unknown.len(), "additive migration", "additive migrations");
        (!self.unknown.is_empty()).then(|| format!("newer than this release by {count}"))
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
    /// Another program has tables with the names of this one's.
    #[error(
        "another program's tables in this database have the names of Guildhall's ({0}): give Guildhall a database \
         of its own"
    )]
    Foreign(String),
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
        migrations: &[Box<dyn Migration>],
    ) -> Result<SchemaStatus, MigrateError> {
        let (says_additive, mut applied) = applied_migrations(self).await?;
        let moved = applied.iter().find_map(|one| one.version.strip_prefix(MOVED));
        let moved = moved.map(str::to_owned);
        applied.retain(|one| !one.version.starts_with(MOVED));
        let is_known = |version: &str| migrations.iter().any(|one| one.name() == version);
        let is_applied = |version: &str| applied.iter().any(|one| one.version == version);
        let names = migrations.iter().map(|migration| migration.name());
        let pending = names.filter(|name| !is_applied(name)).map(str::to_owned).collect();
        let unknown: Vec<&Applied> =
            applied.iter().filter(|one| !is_known(one.version.as_str())).collect();
        let replacing = unknown.iter().filter(|one| !one.is_additive);
        Ok(SchemaStatus {
            pending,
            unknown_replacing: replacing.map(|one| one.version.clone()).collect(),
            unknown: unknown.iter().map(|one| one.version.clone()).collect(),
            applied: applied.iter().map(|one| one.version.clone()).collect(),
            moved,
            says_additive,
        })
    }

    /// Applies all pending migrations in one transaction, one process at a time, then builds the missing indexes that
    /// migrations add to tables with rows. Returns the applied migrations.
    ///
    /// # Errors
    /// When this program cannot run on the schema, which is newer, or the database fails.
    pub async fn migrate<M: Migrations>(&self) -> Result<Vec<String>, MigrateError> {
        let migrations = M::migrations();
        // Reading first lets a server start without waiting for the writes of running processes.
        let status = self.schema_status(&migrations).await?;
        status.known()?;
        if let Some(newer) = status.newer() {
            let newest = status.unknown.last().map_or("", String::as_str);
            tracing::info!(newest, "the schema is {newer}, with which it runs");
        }
        if !status.pending.is_empty() || !status.says_additive {
            self.upgrade(false, &migrations).await?;
        }
        late_index::build(self, &migrations).await;
        Ok(status.pending)
    }

    /// Creates the schema of an earlier release in an empty database: the migrations that are `applied` in another
    /// database. A release may have left out one that this program has in their midst.
    ///
    /// # Errors
    /// When `applied` has a migration that this program does not know, or the database fails.
    pub async fn migrate_like<M: Migrations>(
        &self,
        applied: &[String],
    ) -> Result<(), MigrateError> {
        let mut all = M::migrations();
        let is_unknown = |version: &&String| !all.iter().any(|one| one.name() == version.as_str());
        if let Some(version) = applied.iter().rfind(is_unknown) {
            return Err(MigrateError::Newer(version.clone()));
        }
        all.retain(|migration| applied.iter().any(|version| version == migration.name()));
        self.upgrade(false, &all).await?;
        late_index::build(self, &all).await;
        Ok(())
    }

    /// Drops all tables and creates the schema of this program anew, in one transaction. Other processes must not use the
    /// database meanwhile.
    ///
    /// # Errors
    /// When the database fails. Nothing is changed then.
    pub async fn start_anew<M: Migrations>(&self) -> Result<(), MigrateError> {
        let migrations = M::migrations();
        self.upgrade(true, &migrations).await?;
        late_index::build(self, &migrations).await;
        Ok(())
    }

    /// Applies those of these migrations that are pending, if `anew` after dropping all tables.
    async fn upgrade(
        &self,
        anew: bool,
        migrations: &[Box<dyn Migration>],
    ) -> Result<(), MigrateError> {
        let connection = self.orm_connection();
        let applied = apply(&connection, self.engine(), migrations, anew).await;
        connection.close().await?;
        applied
    }

    /// Returns a connection of the ORM, which migrations need. It connects when it is first used.
    pub(super) fn orm_connection(&self) -> DatabaseConnection {
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

async fn apply(
    connection: &DatabaseConnection,
    engine: Engine,
    migrations: &[Box<dyn Migration>],
    anew: bool,
) -> Result<(), MigrateError> {
    let immediate = (engine == Engine::Sqlite).then_some(SqliteTransactionMode::Immediate);
    let options =
        TransactionOptions { sqlite_transaction_mode: immediate, ..TransactionOptions::default() };
    let tx = Upgrade { inner: connection.begin_with_options(options).await?, engine };
    serialize(&tx, "schema").await?;
    if anew {
        drop_all(&tx).await?;
    }
    prepare_record(&tx).await?;
    let (_, applied) = applied_migrations(&tx).await?;
    let is_applied = |version: &str| applied.iter().any(|one| one.version == version);
    for migration in migrations.iter().filter(|migration| !is_applied(migration.name())) {
        let name = migration.name();
        tracing::debug!(name, "applying a migration");
        migration.up(&SchemaManager::new(&tx.inner)).await?;
        record(&tx, name).await?;
    }
    mark_additive(&tx, migrations).await?;
    if engine == Engine::Postgres {
        changes::watch(&tx).await?;
    }
    tx.inner.commit().await?;
    Ok(())
}

/// Creates the table of applied migrations, or adds to that of an earlier release whether each is additive.
async fn prepare_record(tx: &Upgrade) -> Result<(), DbError> {
    let columns = record_columns(tx).await?;
    let sql = if columns.is_empty() {
        "CREATE TABLE schema_migrations (version varchar NOT NULL PRIMARY KEY, applied_at bigint NOT NULL, \
         is_additive boolean NOT NULL DEFAULT FALSE)"
    } else if columns.iter().any(|column| column == ADDITIVE) {
        return Ok(());
    } else {
        "ALTER TABLE schema_migrations ADD COLUMN is_additive boolean NOT NULL DEFAULT FALSE"
    };
    tx.connection().execute_unprepared(sql).await?;
    Ok(())
}

/// Records that a migration was applied now.
async fn record(tx: &Upgrade, version: &str) -> Result<(), DbError> {
    let now = tx.epoch_seconds("CURRENT_TIMESTAMP");
    let sql = format!("INSERT INTO schema_migrations (version, applied_at) VALUES ($1, {now})");
    tx.run(tx.statement(&sql, [version.into()])).await?;
    Ok(())
}

/// Records which of these migrations are additive, so that a release that does not know them can read it.
async fn mark_additive(tx: &Upgrade, migrations: &[Box<dyn Migration>]) -> Result<(), DbError> {
    let mut rows = Rows::new([("version", Kind::Text)]);
    for migration in migrations.iter().filter(|one| one.change() == Change::Additive) {
        rows.push([migration.name().into()]);
    }
    if rows.is_empty() {
        return Ok(());
    }
    let mut query = tx.query();
    let rows = query.rows(rows, "r");
    let sql = format!(
        "UPDATE schema_migrations SET is_additive = TRUE \
         WHERE NOT is_additive AND version IN (SELECT r.version FROM {rows})"
    );
    tx.run(query.statement(&sql)).await?;
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

/// The column of the table of applied migrations that says whether one is additive.
const ADDITIVE: &str = "is_additive";

/// An applied migration.
#[derive(sea_orm::FromQueryResult)]
struct Applied {
    version: String,
    is_additive: bool,
}

/// Returns the columns of the table of applied migrations; none before the first one.
async fn record_columns(sql: &impl Sql) -> Result<Vec<String>, DbError> {
    #[derive(sea_orm::FromQueryResult)]
    struct Column {
        name: String,
    }
    let columns = match sql.engine() {
        Engine::Sqlite => "SELECT name FROM pragma_table_info('schema_migrations')",
        Engine::Postgres => {
            "SELECT CAST(column_name AS text) AS name FROM information_schema.columns \
             WHERE table_name = 'schema_migrations' AND table_schema = current_schema()"
        }
    };
    let columns: Vec<Column> = sql.all(sql.statement(columns, [])).await?;
    Ok(columns.into_iter().map(|column| column.name).collect())
}

/// Returns the applied migrations, oldest first, and whether the database says which of them are additive. If it does not, all
/// count as not additive.
async fn applied_migrations(sql: &impl Sql) -> Result<(bool, Vec<Applied>), DbError> {
    let columns = record_columns(sql).await?;
    if columns.is_empty() {
        return Ok((false, Vec::new()));
    }
    let says = columns.iter().any(|column| column == ADDITIVE);
    let is_additive = if says { ADDITIVE } else { "FALSE AS is_additive" };
    let select = format!("SELECT version, {is_additive} FROM schema_migrations ORDER BY version");
    Ok((says, sql.all(sql.statement(&select, [])).await?))
}
