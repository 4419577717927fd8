use std::path::Path;

use sea_orm::{
    AccessMode, ConnectionTrait as _, DatabaseTransaction, DbErr, IsolationLevel,
    TransactionOptions, TransactionTrait as _,
};

use super::{Db, DbError, Engine, Sql};

/// Reads of one moment: what is written meanwhile is not seen.
pub struct Snapshot {
    inner: DatabaseTransaction,
    engine: Engine,
}

impl Db {
    /// Begins to read as of the first statement.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn snapshot(&self) -> Result<Snapshot, DbError> {
        // SQLite's readers see one moment in any transaction, and cannot write.
        let is_postgres = self.0.engine == Engine::Postgres;
        let options = TransactionOptions {
            isolation_level: is_postgres.then_some(IsolationLevel::RepeatableRead),
            access_mode: is_postgres.then_some(AccessMode::ReadOnly),
            ..TransactionOptions::default()
        };
        Ok(Snapshot {
            inner: self.0.reader.begin_with_options(options).await?,
            engine: self.0.engine,
        })
    }

    /// Writes what SQLite's file holds at one moment into a new file, while others go on writing.
    ///
    /// # Errors
    /// When the new file is there already or cannot be written.
    pub async fn copy_to(&self, path: &Path) -> Result<(), DbError> {
        let path = path.display().to_string();
        let copy = self.statement("VACUUM INTO $1", [path.into()]);
        self.0.writer.execute_raw(copy).await?;
        Ok(())
    }

    /// Runs SQLite's own check of its file; gives its complaint, if any. PostgreSQL checks its pages itself.
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

impl Sql for Snapshot {
    type Connection = DatabaseTransaction;

    fn connection(&self) -> &Self::Connection {
        &self.inner
    }

    fn engine(&self) -> Engine {
        self.engine
    }
}
