//! The state of the connections, for metrics.

use super::{Db, Engine, PoolSize};
use crate::telemetry::{Metric, MetricLabel};

pub(crate) const CONNECTIONS: Metric = Metric::gauge(
    "guildhall_database_connections",
    "Open connections to the database, by pool and state.",
)
.by(&[MetricLabel::open("pool"), MetricLabel::of("state", &["idle", "used"])]);

pub(crate) const MOST: Metric = Metric::gauge(
    "guildhall_database_connections_max",
    "Maximum number of connections to the database, by pool.",
)
.by(&[MetricLabel::open("pool")]);

pub(crate) const WAITING: Metric = Metric::gauge(
    "guildhall_database_transactions_waiting",
    "Transactions and statements that wait for a connection.",
);

pub(crate) const FAILED: Metric = Metric::counter(
    "guildhall_database_connection_errors_total",
    "Connections to the database that could not be opened, or were not free in time.",
);

impl Db {
    /// Returns the number of connections that this process could not have since its start.
    #[must_use]
    pub fn failed_connections(&self) -> u64 {
        match self.0.engine {
            Engine::Sqlite => self.0.reader.failed() + self.0.writer.failed(),
            Engine::Postgres => self.0.writer.failed(),
        }
    }

    /// Returns the pools by name, with their sizes.
    #[must_use]
    pub fn pools(&self) -> Vec<(&'static str, PoolSize)> {
        let (reader, writer) = (self.0.reader.size(), self.0.writer.size());
        let mut pools = match self.0.engine {
            Engine::Sqlite => vec![("reader", reader), ("writer", writer)],
            Engine::Postgres => vec![("shared", writer)],
        };
        pools.extend(self.0.replica.as_ref().map(|replica| ("replica", replica.pool.size())));
        pools
    }

    /// Records the state of the connections.
    pub fn measure(&self) {
        let pools = self.pools();
        let waiting: u32 = pools.iter().map(|(_, size)| size.waiting).sum();
        WAITING.set(&[], f64::from(waiting));
        for (pool, size) in pools {
            record(pool, size);
        }
    }
}

fn record(pool: &'static str, size: PoolSize) {
    let used = size.open.saturating_sub(size.idle);
    for (state, count) in [("idle", size.idle), ("used", used)] {
        CONNECTIONS.set(&[pool, state], f64::from(count));
    }
    MOST.set(&[pool], f64::from(size.most));
}
