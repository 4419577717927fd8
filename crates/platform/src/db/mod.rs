//! The database: one code path for SQLite and PostgreSQL.
//!
//! SQLite has one writer connection (`synchronous=FULL`, IMMEDIATE) and several readers; PostgreSQL has one pool.
//! Only this module distinguishes the engines.

mod alone;
mod by_day;
pub(crate) mod changes;
mod claim;
mod code;
mod columns;
mod connect;
pub mod copy;
mod described;
mod durability;
mod effects;
mod error;
mod foreign;
mod late_index;
mod listen;
pub mod log_copy;
mod migrate;
mod migration;
mod own;
mod plan;
mod pool;
pub(crate) mod pools;
mod query;
mod read_by;
pub(crate) mod replica;
pub mod schema;
mod sizes;
mod snapshot;
mod sql;
mod statement_plan;
mod tx;
mod version;

use std::{fmt, sync::Arc};

use sea_orm::Statement;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::slow::SlowStatement;

pub use by_day::count_by_day;
pub(crate) use claim::Claim;
pub use code::{CodeColumn, code, read_code};
pub use connect::{ConnectError, DatabaseUrl};
pub use described::{DescribedColumn, described_columns};
pub use durability::{Durability, Mount};
pub use effects::Lock;
pub use error::{DbError, Explained, Fault, explain, in_words};
pub use listen::Wakes;
pub use migrate::{MigrateError, Migrations, SchemaStatus, close_moved};
pub use migration::{Change, LateIndex, Migration, WayBack};
pub use own::{erase_rows, own_rows};
pub use plan::{Planned, PlannedLock, narrowing};
pub use pool::{Pool, PoolSize, Transaction};
pub use query::{Cell, CellType, Kind, Query, Rows, ids, numbers, sqlite_instant};
pub use replica::{Choice, Lag, Reader, ReplicaPlace, ReplicaState};
pub use sizes::{Sizes, TableSize};
pub use snapshot::{Check, Snapshot};
pub use sql::{Sql, read_ids, read_rows};
pub use tx::Tx;
pub use version::{Version, Versions};

/// The database engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// One file, one machine.
    Sqlite,
    /// PostgreSQL 15 or newer.
    Postgres,
}

/// Returns a text in lower case, in SQL. The engines agree only about the characters of ASCII, so `column` is an
/// expression whose other characters are in lower case already, such as a login, the name of a repository or an email
/// address. For names that people choose, see [`Query::contains`].
#[must_use]
pub fn ascii_lower(column: &str) -> String {
    format!("lower({column})")
}

/// Returns the SQL condition that a column begins with a text, without wildcards and in any case. `part` is an expression, such as a
/// placeholder; both are as in [`ascii_lower`].
#[must_use]
pub fn begins_with(column: &str, part: &str) -> String {
    format!("substr(lower({column}), 1, length({part})) = lower({part})")
}

/// Returns the SQL condition that a column ends with a text, as [`begins_with`].
#[must_use]
pub fn ends_with(column: &str, part: &str) -> String {
    format!("substr(lower({column}), length({column}) - length({part}) + 1) = lower({part})")
}

impl Engine {
    /// Returns an expression for an ID as text, which `Uuid` parses.
    #[must_use]
    pub fn id_text(self, column: &str) -> String {
        match self {
            Self::Sqlite => format!("hex({column})"),
            Self::Postgres => format!("CAST({column} AS text)"),
        }
    }

    /// Returns an expression for an instant as whole seconds since 1970.
    #[must_use]
    pub fn epoch_seconds(self, column: &str) -> String {
        match self {
            Self::Sqlite => format!("unixepoch({column})"),
            Self::Postgres => format!("CAST(floor(date_part('epoch', {column})) AS bigint)"),
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        })
    }
}

/// A handle to the database; clones share its connections.
#[derive(Clone)]
pub struct Db(Arc<Connections>);

#[derive(Clone)]
struct Connections {
    engine: Engine,
    /// Reads outside a transaction. On SQLite these connections cannot write.
    reader: Pool,
    writer: Pool,
    watch: version::Watch,
    replica: Option<replica::Replica>,
    wakes: Arc<Wakes>,
    attendants: Arc<Attendants>,
}

/// Tasks that use files of the database, and end before it is closed.
#[derive(Default)]
struct Attendants {
    closing: CancellationToken,
    tasks: TaskTracker,
}

impl Db {
    /// Returns the engine behind this handle.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.0.engine
    }

    /// Returns the notifiers of this process's jobs.
    #[must_use]
    pub fn wakes(&self) -> &Arc<Wakes> {
        &self.0.wakes
    }

    /// Returns the pool of reads outside a transaction.
    fn reading(&self) -> &Pool {
        match &self.0.replica {
            Some(replica) if replica::is_chosen() => &replica.pool,
            _ => &self.0.reader,
        }
    }

    /// Begins a transaction that may write. On SQLite it holds the only writer from the start.
    ///
    /// # Errors
    /// When no connection is available.
    pub async fn begin(&self) -> Result<Tx, DbError> {
        Tx::begin(self).await
    }

    /// Calls `observer` with every later statement of this handle on any of its pools, including those in transactions and
    /// those that look up versions. Other handles are not observed.
    pub fn observe(&mut self, observer: impl Fn(&Statement) + Send + Sync + 'static) {
        let connections = Arc::make_mut(&mut self.0);
        let observer: pool::Observer = Arc::new(observer);
        connections.watch.observe(Arc::clone(&observer));
        connections.reader.observe(Arc::clone(&observer));
        if let Some(replica) = &mut connections.replica {
            replica.watch.observe(Arc::clone(&observer));
            replica.pool.observe(Arc::clone(&observer));
        }
        connections.writer.observe(observer);
    }

    /// Returns the slow statements of this process since the last call. Queries whose rows are read one after another are not among
    /// them.
    #[must_use]
    pub fn take_slow(&self) -> Vec<SlowStatement> {
        let Connections { reader, writer, .. } = &*self.0;
        let mut slow = reader.take_slow();
        slow.extend(writer.take_slow());
        slow
    }

    /// Starts a task that ends when its token is cancelled, which happens before the database is closed. Must be called in a
    /// runtime.
    pub fn attend<F>(&self, task: impl FnOnce(CancellationToken) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let Attendants { closing, tasks } = &*self.0.attendants;
        tasks.spawn(task(closing.clone()));
    }

    /// Closes all connections once their current work is done. On SQLite the writer is the last, and refuses new work only
    /// then: only the last connection moves the write-ahead log into the database file, and of two that close at the same
    /// time, neither is.
    pub async fn close(&self) {
        let Connections { reader, writer, watch, replica, attendants, .. } = &*self.0;
        attendants.closing.cancel();
        attendants.tasks.close();
        attendants.tasks.wait().await;
        if let Some(replica) = replica {
            tokio::join!(replica.pool.close(), replica.watch.close());
        }
        tokio::join!(reader.close(), watch.close());
        writer.close().await;
    }
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Db").field("engine", &self.0.engine).finish_non_exhaustive()
    }
}
