use sea_orm::FromQueryResult;

use super::{Db, DbError, Engine, Sql as _};

/// The settings that decide whether a commit survives a crash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Durability {
    /// SQLite.
    Sqlite {
        /// `PRAGMA synchronous` of the writer: 2 and above sync every commit.
        synchronous: i64,
    },
    /// PostgreSQL: settings by name, each `on`, `off` or another of its values.
    Postgres([(&'static str, String); 3]),
}

#[derive(FromQueryResult)]
struct Synchronous {
    level: i64,
}

#[derive(Default, FromQueryResult)]
struct Settings {
    fsync: String,
    synchronous_commit: String,
    full_page_writes: String,
}

impl Db {
    /// Reads the settings that decide whether a commit survives a crash.
    pub async fn durability(&self) -> Result<Durability, DbError> {
        match self.engine() {
            Engine::Sqlite => self.synchronous().await,
            Engine::Postgres => self.settings().await,
        }
    }

    async fn synchronous(&self) -> Result<Durability, DbError> {
        // The setting belongs to a connection, and only the writer's matters.
        let tx = self.begin().await?;
        let sql = "SELECT CAST(synchronous AS bigint) AS level FROM pragma_synchronous";
        let row: Option<Synchronous> = tx.one(tx.statement(sql, [])).await?;
        Ok(Durability::Sqlite {
            synchronous: row.map_or(0, |row| row.level),
        })
    }

    async fn settings(&self) -> Result<Durability, DbError> {
        let sql = "SELECT current_setting('fsync') AS fsync, \
                   current_setting('synchronous_commit') AS synchronous_commit, \
                   current_setting('full_page_writes') AS full_page_writes";
        let row: Option<Settings> = self.one(self.statement(sql, [])).await?;
        let row = row.unwrap_or_default();
        Ok(Durability::Postgres([
            ("fsync", row.fsync),
            ("synchronous_commit", row.synchronous_commit),
            ("full_page_writes", row.full_page_writes),
        ]))
    }
}
