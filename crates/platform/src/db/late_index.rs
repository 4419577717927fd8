//! Indexes of tables with rows, built while other processes read and write these tables.

use sea_orm::{ConnectionTrait as _, DatabaseConnection};

use super::{
    Db, DbError, Engine, Sql,
    migration::{LateIndex, Migration},
};

/// A connection of the ORM, for statements that run outside a transaction.
struct Alone {
    inner: DatabaseConnection,
    engine: Engine,
}

impl Sql for Alone {
    type Connection = DatabaseConnection;

    fn connection(&self) -> &Self::Connection {
        &self.inner
    }

    fn engine(&self) -> Engine {
        self.engine
    }
}

/// Builds the indexes of these migrations that are missing. One process builds them at a time, and the others do not wait for it. If
/// it fails, everything works without them, and the next start tries again.
pub(super) async fn build(db: &Db, migrations: &[Box<dyn Migration>]) {
    let all = migrations.iter().flat_map(|migration| migration.indexes());
    let all: Vec<&LateIndex> = all.collect();
    if all.is_empty() {
        return;
    }
    if let Err(error) = build_missing(db, &all).await {
        tracing::warn!(%error, "an index was not built; the next start of this release tries again");
    }
}

async fn build_missing(db: &Db, all: &[&LateIndex]) -> Result<(), DbError> {
    let mut missing = Vec::new();
    for index in all {
        if !is_usable(db, index.name).await?.unwrap_or(false) {
            missing.push(*index);
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let alone = Alone { inner: db.orm_connection(), engine: db.engine() };
    let built = build_alone(&alone, &missing).await;
    // Frees the lock, too.
    alone.inner.close().await?;
    built
}

async fn build_alone(alone: &Alone, missing: &[&LateIndex]) -> Result<(), DbError> {
    // A process that waited for the lock would hold a snapshot, for whose end the building would wait.
    let lock = "SELECT CAST(pg_try_advisory_lock(hashtext('indexes')) AS int)::bigint";
    if alone.engine == Engine::Postgres && alone.count(alone.statement(lock, [])).await? == 0 {
        return Ok(());
    }
    for LateIndex { name, table, on } in missing {
        match is_usable(alone, name).await? {
            Some(true) => continue,
            // What an interrupted process left.
            Some(false) => {
                let sql = format!("DROP INDEX CONCURRENTLY IF EXISTS {name}");
                alone.connection().execute_unprepared(&sql).await?;
            }
            None => {}
        }
        let concurrently = if alone.engine == Engine::Postgres { "CONCURRENTLY " } else { "" };
        let sql = format!("CREATE INDEX {concurrently}IF NOT EXISTS {name} ON {table} {on}");
        alone.connection().execute_unprepared(&sql).await?;
        tracing::info!(index = name, table, "built an index");
    }
    Ok(())
}

/// Returns whether an index can be used, or `None` if it does not exist.
async fn is_usable(sql: &impl Sql, name: &str) -> Result<Option<bool>, DbError> {
    #[derive(sea_orm::FromQueryResult)]
    struct Row {
        is_valid: bool,
    }
    let select = match sql.engine() {
        Engine::Sqlite => {
            "SELECT TRUE AS is_valid FROM sqlite_master WHERE type = 'index' AND name = $1"
        }
        Engine::Postgres => {
            "SELECT i.indisvalid AS is_valid FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid \
             WHERE c.relname = $1 AND c.relnamespace = current_schema()::text::regnamespace"
        }
    };
    let row: Option<Row> = sql.one(sql.statement(select, [name.into()])).await?;
    Ok(row.map(|row| row.is_valid))
}
