//! The state of the connections, for metrics.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use sea_orm::DatabaseConnection;

use super::{Db, Engine};

const CONNECTIONS: &str = "guildhall_database_connections";
const MOST: &str = "guildhall_database_connections_max";
const WAITING: &str = "guildhall_database_transactions_waiting";

/// Describes the metrics of the connections.
pub(crate) fn describe() {
    metrics::describe_gauge!(CONNECTIONS, "Open connections to the database, by pool and state.");
    metrics::describe_gauge!(MOST, "Maximum number of connections to the database, by pool.");
    metrics::describe_gauge!(WAITING, "Transactions that wait for a connection.");
}

/// The number of transactions that wait for a connection.
#[derive(Clone, Debug, Default)]
pub(super) struct Waiting(Arc<AtomicI64>);

impl Waiting {
    /// Counts a transaction until the result is dropped.
    pub(super) fn enter(&self) -> Leave {
        self.0.fetch_add(1, Ordering::Relaxed);
        Leave(Arc::clone(&self.0))
    }
}

/// A transaction that waits.
pub(super) struct Leave(Arc<AtomicI64>);

impl Drop for Leave {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The size of a pool.
struct Size {
    open: u32,
    idle: u32,
    most: u32,
}

impl Db {
    /// Records the state of the connections.
    pub fn measure(&self) {
        let Self(connections) = self;
        match connections.engine {
            Engine::Sqlite => {
                record("reader", &size(Engine::Sqlite, &connections.reader));
                record("writer", &size(Engine::Sqlite, &connections.writer));
            }
            Engine::Postgres => record("shared", &size(Engine::Postgres, &connections.writer)),
        }
        let waiting = connections.waiting.0.load(Ordering::Relaxed);
        metrics::gauge!(WAITING).set(waiting as f64);
    }
}

fn size(engine: Engine, connection: &DatabaseConnection) -> Size {
    macro_rules! of {
        ($pool:expr) => {{
            let pool = $pool;
            Size {
                open: pool.size(),
                idle: u32::try_from(pool.num_idle()).unwrap_or(u32::MAX),
                most: pool.options().get_max_connections(),
            }
        }};
    }
    match engine {
        Engine::Sqlite => of!(connection.get_sqlite_connection_pool()),
        Engine::Postgres => of!(connection.get_postgres_connection_pool()),
    }
}

fn record(pool: &'static str, size: &Size) {
    let used = size.open.saturating_sub(size.idle);
    for (state, count) in [("idle", size.idle), ("used", used)] {
        metrics::gauge!(CONNECTIONS, "pool" => pool, "state" => state).set(f64::from(count));
    }
    metrics::gauge!(MOST, "pool" => pool).set(f64::from(size.most));
}
