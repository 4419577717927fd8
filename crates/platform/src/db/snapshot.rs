use std::{num::NonZeroUsize, panic::resume_unwind, path::Path, thread::available_parallelism};

use sea_orm::{ConnectionTrait as _, DbErr};
use tokio::task::JoinSet;

use super::{
    Db, DbError, Engine, Pool, Sql, Transaction,
    connect::{POSTGRES_CONNECTIONS, SQLITE_READERS},
    pool::Limits,
};

/// A read-only transaction that sees the database at one point in time.
pub struct Snapshot {
    inner: Transaction,
    engine: Engine,
}

impl Db {
    /// Begins a snapshot, taken at its first statement.
    ///
    /// # Errors
    /// When no connection is available.
    pub async fn snapshot(&self) -> Result<Snapshot, DbError> {
        let sql = match self.0.engine {
            // Any transaction of a reader is a read-only snapshot.
            Engine::Sqlite => "BEGIN",
            Engine::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        };
        Ok(Snapshot { inner: self.reading().begin(sql).await?, engine: self.0.engine })
    }

    /// Begins a long check, whose parts use a snapshot each. One part per processor runs at once, and at most half of the
    /// connections are used, so that requests do not wait for it.
    pub fn check<T: Send + 'static>(&self) -> Check<T> {
        let processors = available_parallelism().map_or(1, NonZeroUsize::get);
        let connections = match self.0.engine {
            Engine::Sqlite => SQLITE_READERS,
            Engine::Postgres => POSTGRES_CONNECTIONS,
        };
        Check { parts: JoinSet::new(), at_once: processors.min(connections as usize / 2) }
    }

    /// Copies a SQLite database at one point in time into a new file, while others continue to write: on a connection of its
    /// own, because that of the writer would be busy all the time, and those of readers refuse to write any file.
    ///
    /// # Errors
    /// When the new file already exists or cannot be written.
    pub async fn copy_to(&self, path: &Path) -> Result<(), DbError> {
        let path = path.display().to_string();
        let copy = self.statement("VACUUM INTO $1", [path.into()]);
        let limits = Limits {
            most: 1,
            acquire_timeout: self.0.writer.acquire_timeout(),
            idle: None,
            kept: 0,
            lifetime: None,
            is_needed: true,
        };
        let own = Pool::new(self.0.writer.options().clone(), limits);
        let copied = own.execute_raw(copy).await;
        own.close().await;
        copied?;
        Ok(())
    }

    /// Runs SQLite's integrity check, and returns the first error it finds. PostgreSQL verifies its pages itself.
    ///
    /// # Errors
    /// When the database cannot be read at all.
    pub async fn damage(&self) -> Result<Option<String>, DbError> {
        if self.0.engine == Engine::Postgres {
            return Ok(None);
        }
        let check = self.statement("PRAGMA integrity_check(1)", []);
        let found = self.0.reader.query_one_raw(check).await?;
        let found = found
            .ok_or_else(|| DbErr::Custom("the integrity check returned no result".to_owned()))?;
        let said: String = found.try_get_by_index(0)?;
        Ok((said != "ok").then_some(said))
    }
}

/// The parts of a long check that run at the same time. Dropping it stops them.
pub struct Check<T> {
    parts: JoinSet<T>,
    at_once: usize,
}

impl<T: Send + 'static> Check<T> {
    /// Returns whether another part may start.
    pub fn may_start(&self) -> bool {
        self.parts.len() < self.at_once
    }

    pub fn start(&mut self, part: impl Future<Output = T> + Send + 'static) {
        self.parts.spawn(part);
    }

    /// Waits for the result of any part that runs; `None` if none does.
    ///
    /// # Panics
    /// When the part panicked.
    pub async fn finished(&mut self) -> Option<T> {
        match self.parts.join_next().await? {
            Ok(result) => Some(result),
            Err(error) => resume_unwind(error.into_panic()),
        }
    }
}

impl Sql for Snapshot {
    type Connection = Transaction;

    fn connection(&self) -> &Self::Connection {
        &self.inner
    }

    fn engine(&self) -> Engine {
        self.engine
    }
}
