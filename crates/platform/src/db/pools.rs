//! The state of the connections, for metrics.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use super::{Db, Engine, PoolSize};

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

impl Db {
    /// Returns the pools by name, with their sizes.
    #[must_use]
    pub fn pools(&self) -> Vec<(&'static str, PoolSize)> {
        let (reader, writer) = (self.0.reader.size(), self.0.writer.size());
        match self.0.engine {
            Engine::Sqlite => vec![("reader", reader), ("writer", writer)],
            Engine::Postgres => vec![("shared", writer)],
        }
    }

    /// Records the state of the connections.
    pub fn measure(&self) {
        for (pool, size) in self.pools() {
            record(pool, size);
        }
        let waiting = self.0.waiting.0.load(Ordering::Relaxed);
        metrics::gauge!(WAITING).set(waiting as f64);
    }
}

fn record(pool: &'static str, size: PoolSize) {
    let used = size.open.saturating_sub(size.idle);
    for (state, count) in [("idle", size.idle), ("used", used)] {
        metrics::gauge!(CONNECTIONS, "pool" => pool, "state" => state).set(f64::from(count));
    }
    metrics::gauge!(MOST, "pool" => pool).set(f64::from(size.most));
}
