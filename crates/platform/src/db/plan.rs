//! The plan of pending migrations: the tables that they lock, for how long, and what they take away. A migration is run against a
//! database that records its statements and changes nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, iter,
};

use kernel::counted;
use sea_orm::{
    DbBackend, DbErr, FromQueryResult, MockDatabase, MockExecResult, Transaction, Value,
};
use sea_orm_migration::SchemaManager;
use serde::Serialize;

use super::{
    Db, DbError, Engine, MigrateError, Sql as _, copy,
    effects::{Effects, Lock, Work},
    migration::{Change, Migration, WayBack},
};

/// The maximum number of statements of a migration.
const MOST_STATEMENTS: usize = 10_000;

/// A table that a migration locks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlannedLock {
    pub table: String,
    /// The strongest lock. `None` on SQLite, where a migration holds all other writers up.
    pub lock: Option<Lock>,
    /// The rows of the table, on PostgreSQL as its statistics know them.
    pub rows: i64,
}

/// The effects of a pending migration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Planned {
    pub version: String,
    pub change: Change,
    /// The tables that it creates.
    pub creates: Vec<String>,
    /// The existing tables that it locks, by name. All migrations are one transaction, which holds the locks until its end.
    pub locks: Vec<PlannedLock>,
    /// How long it takes at most, from the rows that it reads and writes.
    pub seconds: i64,
    /// How it is undone.
    pub undo: String,
}

impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let change = match self.change {
            Change::Additive => "additive",
            Change::Replaces => "not additive: the release before cannot run afterwards",
        };
        write!(f, "  {change}; ")?;
        match self.seconds {
            ..=1 => write!(f, "under a second")?,
            seconds => write!(f, "up to {seconds} seconds")?,
        }
        if !self.creates.is_empty() {
            write!(f, "\n  creates {}", self.creates.join(", "))?;
        }
        for PlannedLock { table, lock, rows } in &self.locks {
            let rows = counted(*rows, "row", "rows");
            match lock {
                Some(lock) => write!(f, "\n  locks {table} ({rows}) in {lock} mode")?,
                None => write!(f, "\n  changes {table} ({rows})")?,
            }
        }
        write!(f, "\n  undone by {}", self.undo)
    }
}

/// Returns what a migration does on an engine, as far as its statements do not depend on rows.
async fn effects(migration: &dyn Migration, engine: Engine) -> Result<Effects, DbErr> {
    let backend = match engine {
        Engine::Sqlite => DbBackend::Sqlite,
        Engine::Postgres => DbBackend::Postgres,
    };
    // It answers each statement as one that changed and found nothing.
    let nothing = iter::repeat_n(Vec::<BTreeMap<String, Value>>::new(), MOST_STATEMENTS);
    let recorder = MockDatabase::new(backend)
        .append_exec_results(iter::repeat_n(MockExecResult::default(), MOST_STATEMENTS))
        .append_query_results(nothing);
    let connection = recorder.into_connection();
    migration.up(&SchemaManager::new(&connection)).await?;
    let log = connection.into_transaction_log();
    let statements = log.iter().flat_map(Transaction::statements).map(|one| one.sql.clone());
    let statements: Vec<String> = statements.collect();
    let mut effects = Effects::of(&statements);
    for index in migration.indexes() {
        effects.lock(index.table, Lock::ShareUpdateExclusive, Some(Work::Read));
    }
    Ok(effects)
}

/// Returns the statements of a migration that take away or narrow what the release before uses: a table, a column or an index that
/// it drops, renames or retypes, a value or a row that it refuses. A migration with such a statement is not additive.
///
/// # Errors
/// When the migration needs rows that it does not find.
pub async fn narrowing(migration: &dyn Migration, engine: Engine) -> Result<Vec<String>, DbErr> {
    Ok(effects(migration, engine).await?.narrowing)
}

impl Db {
    /// Plans the migrations that are `pending`. Changes nothing and locks no table.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn plan(
        &self,
        migrations: &[Box<dyn Migration>],
        pending: &[String],
    ) -> Result<Vec<Planned>, MigrateError> {
        let rows = self.rows_of_tables().await?;
        let mut planned = Vec::new();
        let mut created: BTreeSet<String> = BTreeSet::new();
        for migration in migrations.iter().filter(|one| pending.iter().any(|it| it == one.name())) {
            let effects = effects(migration.as_ref(), self.engine()).await?;
            let seconds = (effects.milliseconds(self.engine(), &rows) + 999) / 1_000;
            let existing = effects.locks.iter().filter(|(name, _)| !created.contains(*name));
            let locks: Vec<_> = existing
                .filter_map(|(name, lock)| {
                    let (table, rows) = of_table(&rows, name)?;
                    let lock = (self.engine() == Engine::Postgres).then_some(*lock);
                    Some(PlannedLock { table: table.to_owned(), lock, rows })
                })
                .collect();
            created.extend(effects.creates.iter().cloned());
            planned.push(Planned {
                version: migration.name().to_owned(),
                change: migration.change(),
                locks,
                creates: effects.creates.into_iter().collect(),
                seconds,
                undo: match migration.way_back() {
                    WayBack::Down => match migration.change() {
                        Change::Additive => "what it created being dropped".to_owned(),
                        Change::Replaces => "what it replaced being restored".to_owned(),
                    },
                    WayBack::Written(words) => words.to_owned(),
                    WayBack::Backup => "restoring a backup from before".to_owned(),
                },
            });
        }
        Ok(planned)
    }

    /// Returns the number of rows of each table. PostgreSQL estimates them; a table that it has not analyzed has a row in 100 bytes.
    async fn rows_of_tables(&self) -> Result<BTreeMap<String, i64>, DbError> {
        #[derive(FromQueryResult)]
        struct Row {
            name: String,
            tuples: i64,
        }
        if self.engine() == Engine::Sqlite {
            let counts = copy::counts(self).await?.into_iter();
            return Ok(counts.map(|counted| (counted.table, counted.rows)).collect());
        }
        let sql = "SELECT CAST(c.relname AS text) AS name, CAST(CASE WHEN c.reltuples >= 0 THEN c.reltuples \
                   ELSE pg_relation_size(c.oid) / 100 END AS bigint) AS tuples FROM pg_class c \
                   WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::text::regnamespace";
        let rows: Vec<Row> = self.all(self.statement(sql, [])).await?;
        Ok(rows.into_iter().map(|row| (row.name, row.tuples)).collect())
    }
}

/// Returns the table of a name, which may be that of one of its indexes, and its rows; `None` if it does not exist yet.
fn of_table<'a>(rows: &'a BTreeMap<String, i64>, name: &str) -> Option<(&'a str, i64)> {
    let of = rows.iter().filter(|(table, _)| name.starts_with(table.as_str()));
    of.max_by_key(|(table, _)| table.len()).map(|(table, rows)| (table.as_str(), *rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_locked_with_its_table() {
        let rows = BTreeMap::from([("boards".to_owned(), 3), ("board".to_owned(), 2)]);
        assert_eq!(of_table(&rows, "boards_key"), Some(("boards", 3)));
        assert_eq!(of_table(&rows, "board"), Some(("board", 2)));
        assert_eq!(of_table(&rows, "people"), None);
    }
}
