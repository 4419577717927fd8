//! The database: one code path for SQLite and PostgreSQL.
//!
//! SQLite has one writer connection (`synchronous=FULL`, IMMEDIATE) beside reading ones;
//! PostgreSQL has one pool. Real differences between the engines are in this module alone.

pub(crate) mod changes;
mod claim;
mod connect;
pub mod copy;
mod durability;
mod listen;
mod migrate;
mod own;
mod query;
pub mod schema;
mod sizes;
mod snapshot;
mod sql;
mod tx;
mod version;

use std::{fmt, sync::Arc};

use sea_orm::{DatabaseConnection, DbErr, RuntimeErr, Statement, sqlx::error::DatabaseError};

pub(crate) use claim::Claim;
pub use connect::{ConnectError, DatabaseUrl};
pub use durability::Durability;
pub use listen::Wakes;
pub use migrate::{MigrateError, Migrations, SchemaStatus, close_moved};
pub use own::{erase_rows, own_rows};
pub use query::{Cell, CellType, Kind, Query, Rows, ids, numbers, sqlite_instant};
pub use sizes::{Sizes, TableSize};
pub use snapshot::Snapshot;
pub use sql::{Sql, read_ids};
pub use tx::Tx;
pub use version::{Version, Versions};

/// Which database engine is behind a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// One file, one machine.
    Sqlite,
    /// PostgreSQL 15 or newer.
    Postgres,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        })
    }
}

/// The database did not do what was asked. Never the caller's input: that is checked before.
#[derive(Debug, thiserror::Error)]
#[error("database error: {0}")]
pub struct DbError(#[from] pub DbErr);

impl DbError {
    /// Tells whether the disk was full. Nothing was changed then.
    #[must_use]
    pub fn is_full(&self) -> bool {
        let (DbErr::Exec(error) | DbErr::Query(error) | DbErr::Conn(error)) = &self.0 else {
            return false;
        };
        let RuntimeErr::SqlxError(error) = error else {
            return false;
        };
        let code = error.as_database_error().and_then(DatabaseError::code);
        // SQLITE_FULL, and PostgreSQL's disk_full.
        matches!(code.as_deref(), Some("13" | "53100"))
    }
}

/// A handle on the database; clones share its connections. Every request takes several.
#[derive(Clone)]
pub struct Db(Arc<Connections>);

#[derive(Clone)]
struct Connections {
    engine: Engine,
    /// Reads outside a transaction. On SQLite these connections cannot write.
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    watch: version::Watch,
    wakes: Arc<Wakes>,
}

impl Db {
    /// The engine behind this handle.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.0.engine
    }

    /// Wakes sleeping jobs of this process.
    #[must_use]
    pub fn wakes(&self) -> &Arc<Wakes> {
        &self.0.wakes
    }

    /// A transaction that may write. On SQLite it holds the only writer from its first moment on.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn begin(&self) -> Result<Tx, DbError> {
        Tx::begin(self).await
    }

    /// Tells `observer` of every statement from now on, also of those of transactions that begin
    /// later; other handles on the database are not observed.
    pub fn observe(&mut self, observer: impl Fn(&Statement) + Clone + Send + Sync + 'static) {
        let connections = Arc::make_mut(&mut self.0);
        for connection in [&mut connections.reader, &mut connections.writer] {
            let observer = observer.clone();
            connection.set_metric_callback(move |info| observer(info.statement));
        }
    }

    /// Closes all connections, after what they are doing.
    pub async fn close(&self) {
        // Closing twice, or a pool that is gone, is what was wanted.
        self.0.reader.close_by_ref().await.ok();
        self.0.writer.close_by_ref().await.ok();
        self.0.watch.close().await;
    }
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Db")
            .field("engine", &self.0.engine)
            .finish_non_exhaustive()
    }
}
