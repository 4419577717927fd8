use std::{
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use sea_orm::{
    SqlxPostgresConnector, SqlxSqliteConnector,
    sqlx::{
        ConnectOptions, Connection as _,
        postgres::{PgConnectOptions, PgPoolOptions},
        sqlite::{
            SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions,
            SqliteSynchronous,
        },
    },
};

use super::{Db, Engine};

/// Where the database is.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A SQLite file, made when absent.
    Sqlite(PathBuf),
    /// A PostgreSQL address. May hold a password: never printed.
    Postgres(String),
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "Sqlite({})", path.display()),
            Self::Postgres(_) => f.write_str("Postgres(…)"),
        }
    }
}

/// The database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The address is of neither engine.
    #[error(
        "DATABASE_URL must start with sqlite:// or postgres://; \
         leave it unset to use SQLite in the data directory"
    )]
    UnknownScheme,
    /// SQLite's file cannot be opened.
    #[error("cannot open the SQLite database {path}: {source}")]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// Why.
        source: sea_orm::sqlx::Error,
    },
    /// PostgreSQL cannot be reached.
    #[error("cannot reach PostgreSQL at DATABASE_URL: {0}")]
    Postgres(sea_orm::sqlx::Error),
}

impl FromStr for DatabaseUrl {
    type Err = ConnectError;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        let path = url
            .strip_prefix("sqlite://")
            .or_else(|| url.strip_prefix("sqlite:"))
            .ok_or(ConnectError::UnknownScheme)?;
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        Ok(Self::Sqlite(PathBuf::from(path)))
    }
}

/// How long a SQLite connection waits for another process's write.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a request waits for a connection before it fails.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);
const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 16;

impl Db {
    /// Opens the database; makes an absent SQLite file. Does not migrate.
    ///
    /// # Errors
    /// When it cannot be opened or reached.
    pub async fn connect(url: &DatabaseUrl) -> Result<Self, ConnectError> {
        match url {
            DatabaseUrl::Sqlite(path) => Self::sqlite(path).await.map_err(|source| {
                let path = path.clone();
                ConnectError::Sqlite { path, source }
            }),
            DatabaseUrl::Postgres(url) => Self::postgres(url).await.map_err(ConnectError::Postgres),
        }
    }

    async fn sqlite(path: &Path) -> Result<Self, sea_orm::sqlx::Error> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("temp_store", "memory")
            // The most that SQLite maps: address space, not memory.
            .pragma("mmap_size", "2147418112")
            .pragma("cache_size", "-65536")
            // `recursive_triggers` makes INSERT OR REPLACE fire the triggers that keep the ledger append-only.
            .pragma("recursive_triggers", "on")
            // 32 MB of log between checkpoints: pages that change with every batch are written back once.
            .pragma("wal_autocheckpoint", "8000")
            // A batch's rows fit: the thread that reads them need not stop for the one that takes them.
            .row_buffer_size(1024)
            .statement_cache_capacity(256)
            .disable_statement_logging();
        let pool = |connections| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(ACQUIRE_TIMEOUT)
                .test_before_acquire(false)
                .idle_timeout(None)
                .max_lifetime(None)
        };
        // The writer comes first: it makes the file and its WAL.
        let writer = pool(1)
            .min_connections(1)
            .before_acquire(|connection, _| Box::pin(async move { Ok(is_idle(connection)) }))
            .connect_with(options.clone())
            .await?;
        let reading = options
            .pragma("query_only", "on")
            .pragma("cache_size", "-16384");
        let reader = pool(SQLITE_READERS).connect_lazy_with(reading);
        Ok(Self {
            engine: Engine::Sqlite,
            reader: SqlxSqliteConnector::from_sqlx_sqlite_pool(reader),
            writer: SqlxSqliteConnector::from_sqlx_sqlite_pool(writer),
            wakes: Arc::default(),
        })
    }

    async fn postgres(url: &str) -> Result<Self, sea_orm::sqlx::Error> {
        let options = PgConnectOptions::from_str(url)?
            .application_name("guildhall")
            .options([("timezone", "UTC")])
            .statement_cache_capacity(256)
            .disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(POSTGRES_CONNECTIONS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .test_before_acquire(false)
            .connect_with(options)
            .await?;
        let connection = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
        Ok(Self {
            engine: Engine::Postgres,
            reader: connection.clone(),
            writer: connection,
            wakes: Arc::default(),
        })
    }
}

/// Whether no transaction is left open. One that SQLite ended by itself, as it does when the disk is
/// full, is still counted as open by the driver, which would begin the next one inside it and never
/// commit: such a connection is closed and another opened.
fn is_idle(connection: &SqliteConnection) -> bool {
    !connection.is_in_transaction()
}
