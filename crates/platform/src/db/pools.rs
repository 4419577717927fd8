//! The state of the connections, for metrics.

use super::{Db, Engine, PoolSize};

const CONNECTIONS: &str = "guildhall_database_connections";
const MOST: &str = "guildhall_database_connections_max";
const WAITING: &str = "guildhall_database_transactions_waiting";

/// Describes the metrics of the connections.
pub(crate) fn describe() {
    metrics::describe_gauge!(CONNECTIONS, "Open connections to the database, by pool and state.");
    metrics::describe_gauge!(MOST, "Maximum number of connections to the database, by pool.");
    metrics::describe_gauge!(WAITING, "Transactions and statements that wait for a connection.");
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
        let pools = self.pools();
        let waiting: u32 = pools.iter().map(|(_, size)| size.waiting).sum();
        metrics::gauge!(WAITING).set(f64::from(waiting));
        for (pool, size) in pools {
            record(pool, size);
        }
    }
}

fn record(pool: &'static str, size: PoolSize) {
    let used = size.open.saturating_sub(size.idle);
    for (state, count) in [("idle", size.idle), ("used", used)] {
        metrics::gauge!(CONNECTIONS, "pool" => pool, "state" => state).set(f64::from(count));
    }
    metrics::gauge!(MOST, "pool" => pool).set(f64::from(size.most));
}
