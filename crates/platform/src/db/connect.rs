use std::{
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use sea_orm::{
    ConnectionTrait as _, DbErr,
    sqlx::{
        self, ConnectOptions, Connection as _,
        postgres::{PgConnectOptions, PgConnection},
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
    },
};

use super::{
    Connections, Db, DbError, Engine, Fault,
    pool::{Limits, Options, Pool},
    version::Watch,
};

/// The address of the database.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A SQLite file, created if missing.
    Sqlite(PathBuf),
    /// A PostgreSQL URL. It may contain a password, so it is never printed.
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

/// The reason why the database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The address is for neither engine.
    #[error(
        "the database URL must start with sqlite:// or postgres://; \
         without DATABASE_URL, SQLite in the data directory is used"
    )]
    UnknownScheme,
    /// SQLite's file cannot be opened.
    #[error("cannot open the SQLite database {path}: {why}")]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// The cause and the next step.
        why: &'static str,
    },
    /// `DATABASE_URL` is not a valid URL.
    #[error("the database URL is invalid ({0}): use postgres://USER@HOST:PORT/NAME")]
    BadAddress(String),
    /// PostgreSQL is unreachable or rejects the connection.
    #[error("cannot connect to PostgreSQL at {place}: {why}; {step}")]
    Postgres {
        /// The host and port, or the directory of its socket. Never the password.
        place: String,
        /// The cause.
        why: String,
        /// The next step.
        step: &'static str,
    },
}

impl ConnectError {
    pub(super) fn bad_address(error: &sqlx::Error) -> Self {
        Self::BadAddress(plain(error))
    }
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
/// How long work waits for a connection to the SQLite file before it fails.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);
/// How long work waits for a connection to PostgreSQL before it fails. Shorter than the time limit of a request, so that
/// requests say that the database is gone.
const POSTGRES_ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long work waits for a connection to a replica, before the primary does it instead.
const REPLICA_ACQUIRE_TIMEOUT: Duration = Duration::from_secs(1);
/// How long PostgreSQL may take to accept the first connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
pub(super) const SQLITE_READERS: u32 = 4;
/// How often the memory of SQLite's writer is freed.
const FREE_EVERY: Duration = Duration::from_secs(60);
/// How long a connection that reads SQLite is kept without use. One is always kept.
const READER_IDLE: Duration = Duration::from_secs(30);
pub(super) const POSTGRES_CONNECTIONS: u32 = 16;
/// How long a connection to PostgreSQL is kept without use.
const POSTGRES_IDLE: Duration = Duration::from_secs(10 * 60);
/// How long a connection to PostgreSQL is used, so that its server process and its caches do not grow for ever.
const POSTGRES_LIFETIME: Duration = Duration::from_secs(30 * 60);

impl Db {
    /// Opens the database, creating a missing SQLite file. Does not migrate.
    ///
    /// # Errors
    /// When it cannot be opened or reached.
    pub async fn connect(url: &DatabaseUrl) -> Result<Self, ConnectError> {
        match url {
            DatabaseUrl::Sqlite(path) => Self::sqlite(path).await.map_err(|error| {
                tracing::debug!(%error, path = %path.display(), "cannot open the database");
                let (path, why) = (path.clone(), file_fault(&error));
                ConnectError::Sqlite { path, why }
            }),
            DatabaseUrl::Postgres(url) => Self::postgres(url).await,
        }
    }

    async fn sqlite(path: &Path) -> Result<Self, sqlx::Error> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("temp_store", "memory")
            // SQLite's maximum. This is address space, not memory.
            .pragma("mmap_size", "2147418112")
            .pragma("cache_size", "-65536")
            // `recursive_triggers` makes INSERT OR REPLACE fire the triggers that keep the ledger append-only.
            .pragma("recursive_triggers", "on")
            // What is deleted is overwritten, so that an erased person's data does not stay in free pages.
            .pragma("secure_delete", "on")
            // 32 MB of WAL between checkpoints, so that pages changed by every batch are written back once.
            .pragma("wal_autocheckpoint", "8000")
            // A log that begins from its start again does not keep what was deleted behind its end.
            .pragma("journal_size_limit", "0")
            // Large enough for a batch, so that the thread that reads rows need not wait for the one that
            // consumes them.
            .row_buffer_size(1024)
            .statement_cache_capacity(256)
            .disable_statement_logging();
        let one = Limits {
            most: 1,
            acquire_timeout: ACQUIRE_TIMEOUT,
            idle: None,
            kept: 1,
            lifetime: None,
            is_needed: true,
        };
        // Each reader keeps pages, and maps the file anew.
        let several = Limits { most: SQLITE_READERS, idle: Some(READER_IDLE), ..one };
        let reading = options.clone().pragma("query_only", "on").pragma("cache_size", "-8192");
        let reading = Options::Sqlite(reading);
        let writer = Pool::new(Options::Sqlite(options), one);
        // The writer connects first because it creates the file and its WAL.
        drop(writer.acquire().await?);
        let reader = Pool::new(reading.clone(), several);
        drop(reader.acquire().await?);
        let db = Self::of(Connections {
            engine: Engine::Sqlite,
            reader,
            writer,
            watch: Watch::new(Pool::new(reading, one)),
            replica: None,
            wakes: Arc::default(),
            attendants: Arc::default(),
        });
        db.free_pages_regularly();
        Ok(db)
    }

    /// Frees the memory of the writer's pages once a minute, for as long as another handle exists. Most of them are those of
    /// the last batches, which no one reads again, and the kernel keeps the file's pages anyway.
    fn free_pages_regularly(&self) {
        let connections = Arc::downgrade(&self.0);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(FREE_EVERY).await;
                let Some(db) = connections.upgrade().map(Self) else {
                    return;
                };
                db.free_pages().await.ok();
            }
        });
    }

    /// Tries to connect to PostgreSQL once. The pool does not say why it fails: it tries again until it gives up.
    pub(super) async fn reach_postgres(&self) -> Result<(), ConnectError> {
        if let Options::Postgres(options) = self.0.writer.options() {
            connect_once(options, CONNECT_TIMEOUT).await?.close().await.ok();
        }
        Ok(())
    }

    fn of(connections: Connections) -> Self {
        Self(Arc::new(connections))
    }

    /// Moves SQLite's write-ahead log into the database file and empties it, so that it no longer holds what was deleted.
    /// Does nothing on PostgreSQL. While others read the log, or it is copied, it is emptied by a later checkpoint: writers do not
    /// wait for them longer than a moment.
    pub async fn empty_log(&self) -> Result<(), DbError> {
        if self.0.engine == Engine::Sqlite {
            let writer = self.0.writer.clone();
            // At once, so that no other work has the short timeout, and in a task, which goes on when its caller is gone.
            let emptying = tokio::spawn(async move {
                let usual = format!("PRAGMA busy_timeout = {}", BUSY_TIMEOUT.as_millis());
                let all =
                    format!("PRAGMA busy_timeout = 1000; PRAGMA wal_checkpoint(TRUNCATE); {usual}");
                let emptied = writer.execute_unprepared(&all).await;
                if emptied.is_err() {
                    writer.execute_unprepared(&usual).await?;
                }
                emptied
            });
            emptying.await.map_err(|error| DbErr::Custom(error.to_string()))??;
        }
        Ok(())
    }

    /// Frees the memory of the pages that SQLite's writer keeps. Does nothing on PostgreSQL.
    pub async fn free_pages(&self) -> Result<(), DbError> {
        if self.0.engine == Engine::Sqlite {
            let sql = "PRAGMA shrink_memory";
            self.0.writer.execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn postgres(url: &str) -> Result<Self, ConnectError> {
        let options = PgConnectOptions::from_str(url);
        let options = with_settings(options.map_err(|error| ConnectError::bad_address(&error))?);
        let first = connect_once(&options, CONNECT_TIMEOUT).await?;
        let limits = POSTGRES_LIMITS;
        let options = Options::Postgres(options);
        let pool = Pool::new(options.clone(), limits);
        pool.adopt(first);
        Ok(Self::of(Connections {
            engine: Engine::Postgres,
            reader: pool.clone(),
            writer: pool,
            watch: Watch::new(Pool::new(options, Limits { most: 1, ..limits })),
            replica: None,
            wakes: Arc::default(),
            attendants: Arc::default(),
        }))
    }
}

const POSTGRES_LIMITS: Limits = Limits {
    most: POSTGRES_CONNECTIONS,
    acquire_timeout: POSTGRES_ACQUIRE_TIMEOUT,
    idle: Some(POSTGRES_IDLE),
    kept: 0,
    lifetime: Some(POSTGRES_LIFETIME),
    is_needed: true,
};

fn with_settings(options: PgConnectOptions) -> PgConnectOptions {
    options
        .application_name("guildhall")
        // Every statement here is short: compiling one costs far more than it saves.
        .options([("timezone", "UTC"), ("jit", "off")])
        .statement_cache_capacity(256)
        .disable_statement_logging()
}

/// Returns the pools of a replica: for reads, and for looking up its version. They connect when they are first used.
pub(super) fn replica_pools(options: PgConnectOptions) -> (Pool, Pool) {
    let options = Options::Postgres(with_settings(options));
    let acquire_timeout = REPLICA_ACQUIRE_TIMEOUT;
    let limits = Limits { acquire_timeout, is_needed: false, ..POSTGRES_LIMITS };
    let one = Limits { most: 1, ..limits };
    (Pool::new(options.clone(), limits), Pool::new(options, one))
}

/// Returns the reason why a SQLite file cannot be opened, and the next step.
fn file_fault(error: &sqlx::Error) -> &'static str {
    match Fault::of_driver(error) {
        Fault::Full => "the disk is full; free some space",
        Fault::Locked => "another process is writing to it; try again in a moment",
        Fault::Damaged => {
            "it is damaged or not a SQLite database; restore a backup that `guildhall backup` wrote"
        }
        Fault::ReadOnly => "it is read-only; make it and its directory writable for this user",
        _ => "check that its directory exists and that this user can read and write both",
    }
}

/// Returns the cause of a driver's error in its own words, without the driver's.
fn plain(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Configuration(cause) => cause.to_string(),
        sqlx::Error::Database(cause) => cause.message().to_owned(),
        sqlx::Error::Io(cause) => cause.to_string(),
        other => other.to_string(),
    }
}

/// Connects once without the pool, which would keep retrying and lose the cause of the failure.
async fn connect_once(
    options: &PgConnectOptions,
    patience: Duration,
) -> Result<PgConnection, ConnectError> {
    let (why, step) = match tokio::time::timeout(patience, options.connect()).await {
        Ok(Ok(connection)) => return Ok(connection),
        Ok(Err(error)) => (plain(&error), next_step(&error)),
        Err(_) => (format!("no response within {patience:?}"), REACH),
    };
    let place = match options.get_socket() {
        Some(folder) => folder.display().to_string(),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    };
    Err(ConnectError::Postgres { place, why, step })
}

const REACH: &str = "check that it is running and reachable from this machine, and that its URL is correct; \
                     characters such as `@` and `/` in a password must be percent-encoded";

/// Returns the next step after PostgreSQL could not be connected to.
fn next_step(error: &sqlx::Error) -> &'static str {
    let code = error.as_database_error();
    let code = code.and_then(sqlx::error::DatabaseError::code);
    match code.as_deref() {
        Some("28P01" | "28000") => {
            "check the user in the database URL, and set DATABASE_PASSWORD or DATABASE_PASSWORD_FILE"
        }
        Some("3D000") => {
            "create the database with `createdb`, or correct its name in the database URL"
        }
        _ => REACH,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Sql as _;

    async fn refused(port: u16) -> String {
        let url = format!("postgres://guild:hunter2@127.0.0.1:{port}/guild");
        let options = PgConnectOptions::from_str(&url).expect("an address");
        let error = connect_once(&options, Duration::from_millis(500)).await;
        error.expect_err("refused").to_string()
    }

    #[tokio::test]
    async fn a_closed_file_is_complete_without_its_log() {
        let folder = tempfile::tempdir().expect("a folder");
        for number in 0..100 {
            let file = folder.path().join(format!("{number}.db"));
            let db = Db::connect(&DatabaseUrl::Sqlite(file)).await.expect("connected");
            let tx = db.begin().await.expect("a transaction");
            tx.connection().execute_unprepared("CREATE TABLE things (id)").await.expect("created");
            tx.commit().await.expect("committed");
            let readers = [db.snapshot().await, db.snapshot().await, db.snapshot().await];
            drop(readers);
            db.close().await;
            let log = folder.path().join(format!("{number}.db-wal"));
            assert!(!log.exists(), "{number}");
        }
    }

    #[tokio::test]
    async fn an_unreachable_server_is_reported_without_the_password() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let said = refused(port).await;
        let place = format!("cannot connect to PostgreSQL at 127.0.0.1:{port}: ");
        assert!(said.starts_with(&place), "{said}");
        assert!(said.contains("refused") && said.contains("check that it is running"), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
    }

    #[tokio::test]
    async fn connecting_to_an_unresponsive_server_times_out() {
        // Connections wait in the backlog and are never accepted.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let said = refused(port).await;
        assert!(said.contains("no response within 500ms"), "{said}");
    }
}
