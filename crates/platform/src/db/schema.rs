//! Helpers for table definitions, so that every module defines tables the same way on both engines.

use sea_orm_migration::{
    SchemaManager,
    prelude::{
        ColumnDef, ForeignKey, ForeignKeyAction, Index, IndexCreateStatement, IntoIden, Table,
        TableCreateStatement,
    },
    sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement},
};
use uuid::Uuid;

use super::{Engine, Kind, LateIndex, Query, Rows, query::postgres_type};
use crate::folded::FoldedText;

/// Starts a table with a UUIDv7 `id` and `created_at`.
#[must_use]
pub fn table(name: &'static str) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name).col(uuid("id").primary_key()).col(at("created_at"));
    table
}

/// Starts a table without an `id`, keyed by its own columns.
#[must_use]
pub fn keyed_table(name: &'static str) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name);
    table
}

/// Defines a required id column.
#[must_use]
pub fn uuid(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().not_null().take()
}

/// Defines a required text column.
#[must_use]
pub fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().take()
}

/// Defines a required column of whole numbers.
#[must_use]
pub fn int(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().take()
}

/// Defines a required boolean column, false by default.
#[must_use]
pub fn flag(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).boolean().not_null().default(false).take()
}

/// Defines a required column of instants.
#[must_use]
pub fn at(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).timestamp_with_time_zone().not_null().take()
}

/// Defines a required column of bytes.
#[must_use]
pub fn bytes(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).blob().not_null().take()
}

/// Makes a column optional.
#[must_use]
pub fn optional(column: &ColumnDef) -> ColumnDef {
    let mut optional = ColumnDef::new_with_type(
        column.get_column_name(),
        column.get_column_type().cloned().expect("a typed column"),
    );
    optional.null().take()
}

/// Adds the columns that [`crate::jobs::Queue`] needs.
pub fn queue_columns(table: &mut TableCreateStatement) {
    table
        .col(optional(&at("due_at")))
        .col(optional(&uuid("claimed_by")))
        .col(int("attempts").default(0))
        .col(optional(&at("completed_at")))
        .col(optional(&at("dead_at")))
        .col(optional(&text("last_error")))
        .col(optional(&text("outcome")));
}

/// Adds a foreign key `column` → `target(id)`. Referenced rows cannot be deleted.
pub fn references(table: &mut TableCreateStatement, column: &'static str, target: &'static str) {
    let key = ForeignKey::create()
        .from_col(column)
        .to(target, "id")
        .on_delete(ForeignKeyAction::Restrict)
        .take();
    let mut key = key;
    table.foreign_key(&mut key);
}

/// Defines an index on columns, named after them.
#[must_use]
pub fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(column.into_iden());
    }
    index
}

/// Defines a unique index on columns, named after them.
#[must_use]
pub fn unique(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    index(table, columns).unique().take()
}

/// Creates an index on a text in lower case, for case-insensitive lookups with [`super::ascii_lower`].
///
/// # Errors
/// When the database rejects it.
pub async fn lower_index(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
) -> Result<(), DbErr> {
    let sql = format!("CREATE INDEX {table}_lower_{column} ON {table} (lower({column}))");
    run(manager, &sql).await
}

/// The number of rows that [`folded_column`] reads and writes at once.
const FOLDED_AT_ONCE: i64 = 500;

/// Adds a column of [`FoldedText`]s, and fills it from `text`, an expression of the table's columns.
///
/// # Errors
/// When the database rejects it.
pub async fn folded_column(
    manager: &SchemaManager<'_>,
    name: &'static str,
    column: &'static str,
    text: &str,
) -> Result<(), DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        text: String,
    }
    let mut altered = Table::alter();
    altered.table(name).add_column(self::text(column).default(""));
    manager.alter_table(altered).await?;
    let connection = manager.get_connection();
    let engine = if is_postgres(manager) { Engine::Postgres } else { Engine::Sqlite };
    let mut last = Uuid::nil();
    loop {
        let mut query = Query::new(engine);
        let (after, limit) = (query.bind(last), query.bind(FOLDED_AT_ONCE));
        let sql = format!(
            "SELECT id, {text} AS text FROM {name} WHERE id > {after} ORDER BY id LIMIT {limit}"
        );
        let found = connection.query_all_raw(query.statement(sql)).await?;
        let mut folded = Rows::new([("id", Kind::Uuid), ("folded", Kind::Text)]);
        for row in &found {
            let row = Row::from_query_result(row, "")?;
            folded.push([row.id.into(), FoldedText::of(&row.text).into()]);
            last = row.id;
        }
        if folded.is_empty() {
            return Ok(());
        }
        let mut query = Query::new(engine);
        let rows = query.rows(folded, "r");
        let sql =
            format!("UPDATE {name} SET {column} = r.folded FROM {rows} WHERE {name}.id = r.id");
        connection.execute_raw(query.statement(sql)).await?;
    }
}

/// Runs SQL that the schema builder cannot express.
///
/// # Errors
/// When the database rejects it.
pub async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    manager.get_connection().execute_unprepared(sql).await.map(drop)
}

/// Adds a column that the database computes from others of its row by `expression`, so that statements of operators can read it by a
/// name of its own. No statement writes it, and copies leave it out.
///
/// # Errors
/// When the database rejects it.
pub async fn add_computed(
    manager: &SchemaManager<'_>,
    table: &str,
    (column, kind): (&str, Kind),
    expression: &str,
) -> Result<(), DbErr> {
    // SQLite adds no stored column to a table, and PostgreSQL before version 18 has no others.
    let (kind, kept) = if is_postgres(manager) {
        (postgres_type(kind), "STORED")
    } else {
        (sqlite_type(kind), "VIRTUAL")
    };
    let sql = format!(
        "ALTER TABLE {table} ADD COLUMN {column} {kind} GENERATED ALWAYS AS ({expression}) {kept}"
    );
    run(manager, &sql).await
}

/// Returns the name by which the schema builder declares a column of a kind.
fn sqlite_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Uuid => "uuid_text",
        Kind::Int => "bigint",
        Kind::Text => "text",
        Kind::Bytes => "blob",
        Kind::At => "timestamp_with_timezone_text",
        Kind::Bool => "boolean",
    }
}

/// Returns true if the schema is being built on PostgreSQL.
#[must_use]
pub fn is_postgres(manager: &SchemaManager<'_>) -> bool {
    manager.get_database_backend() == DbBackend::Postgres
}

/// Creates the indexes of a queue: on the rows that are due, and on the dead letters.
///
/// # Errors
/// When the database rejects it.
pub async fn queue_index(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    let sql = format!("CREATE INDEX {table}_due_at ON {table} (due_at) WHERE due_at IS NOT NULL");
    run(manager, &sql).await?;
    let sql =
        format!("CREATE INDEX {table}_dead_at ON {table} (dead_at) WHERE dead_at IS NOT NULL");
    run(manager, &sql).await
}

/// Makes a table append-only with triggers that reject changes and deletions.
///
/// # Errors
/// When the database rejects the triggers.
pub async fn append_only(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    let message = format!("{table} is append-only");
    if !is_postgres(manager) {
        for (name, verb) in [("update", "UPDATE"), ("delete", "DELETE")] {
            let sql = format!(
                "CREATE TRIGGER {table}_refuses_{name} BEFORE {verb} ON {table} \
                 BEGIN SELECT RAISE(ABORT, '{message}'); END"
            );
            run(manager, &sql).await?;
        }
        return Ok(());
    }
    let function = format!(
        "CREATE FUNCTION {table}_refuses() RETURNS trigger LANGUAGE plpgsql AS \
         $$ BEGIN RAISE EXCEPTION '{message}'; END $$"
    );
    run(manager, &function).await?;
    let rows = format!(
        "CREATE TRIGGER {table}_refuses_change BEFORE UPDATE OR DELETE ON {table} \
         FOR EACH ROW EXECUTE FUNCTION {table}_refuses()"
    );
    run(manager, &rows).await?;
    let truncate = format!(
        "CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table} \
         FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuses()"
    );
    run(manager, &truncate).await
}

/// Makes SQLite reject `INSERT OR REPLACE` over a row of an append-only table. Without this, a replaced row fires
/// its deletion trigger only if the connection has `recursive_triggers` on. `keys` are the columns of each unique
/// index. PostgreSQL has no such statement, and its upserts fire the update trigger.
///
/// # Errors
/// When the database rejects the trigger.
pub async fn never_replaced(
    manager: &SchemaManager<'_>,
    table: &str,
    keys: &[&[&str]],
) -> Result<(), DbErr> {
    if is_postgres(manager) {
        return Ok(());
    }
    let same = |key: &&[&str]| {
        let columns = key.iter().map(|column| format!("{column} = NEW.{column}"));
        let columns = columns.collect::<Vec<_>>().join(" AND ");
        format!("EXISTS (SELECT 1 FROM {table} WHERE {columns})")
    };
    let is_there = keys.iter().map(same).collect::<Vec<_>>().join(" OR ");
    let sql = format!(
        "CREATE TRIGGER {table}_refuses_replacing BEFORE INSERT ON {table} WHEN {is_there} \
         BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    );
    run(manager, &sql).await
}

/// Removes a table's foreign keys and keeps its rows, indexes and triggers. A foreign key costs a lookup for each inserted
/// row, so this is for tables that a batch writes thousands of rows to, and whose references `ledger verify` checks.
///
/// # Errors
/// When the database rejects it.
pub async fn drop_references(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    if is_postgres(manager) {
        let sql = format!(
            "DO $$ DECLARE key text; BEGIN \
             FOR key IN SELECT conname FROM pg_constraint WHERE conrelid = '{table}'::regclass AND contype = 'f' \
             LOOP EXECUTE format('ALTER TABLE {table} DROP CONSTRAINT %I', key); END LOOP; END $$"
        );
        return run(manager, &sql).await;
    }
    let definitions = sqlite_definitions(manager, table).await?;
    let (tables, others): (Vec<_>, Vec<_>) =
        definitions.into_iter().partition(|definition| definition.starts_with("CREATE TABLE"));
    let free = format!("{table}_without_references");
    for definition in tables {
        let renamed = definition.replacen(&format!("\"{table}\""), &free, 1);
        run(manager, &without_references(&renamed)).await?;
    }
    run(manager, &format!("INSERT INTO {free} SELECT * FROM {table}")).await?;
    run(manager, &format!("DROP TABLE {table}")).await?;
    run(manager, &format!("ALTER TABLE {free} RENAME TO {table}")).await?;
    for definition in others {
        run(manager, &definition).await?;
    }
    Ok(())
}

/// Returns the statements that created a table of SQLite, its indexes and its triggers.
async fn sqlite_definitions(
    manager: &SchemaManager<'_>,
    table: &str,
) -> Result<Vec<String>, DbErr> {
    let sql = "SELECT sql FROM sqlite_master WHERE tbl_name = $1 AND sql IS NOT NULL";
    let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, [table.into()]);
    let rows = manager.get_connection().query_all_raw(statement).await?;
    rows.iter().map(|row| row.try_get("", "sql")).collect()
}

/// Returns the definition of a table without the foreign keys that [`references`] added.
fn without_references(definition: &str) -> String {
    let Some((columns, keys)) = definition.split_once(", FOREIGN KEY ") else {
        return definition.to_owned();
    };
    let end = keys.rsplit_once("ON DELETE RESTRICT");
    format!("{columns}{}", end.map_or("", |(_, end)| end))
}

/// Changes nothing: the migration adds indexes only, which are built later.
///
/// # Errors
/// Never.
pub async fn nothing(_: &SchemaManager<'_>) -> Result<(), DbErr> {
    Ok(())
}

/// Drops tables, the last one first, with what [`append_only`] added to them.
///
/// # Errors
/// When the database rejects it, such as for a table that others refer to.
pub async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&str]) -> Result<(), DbErr> {
    for table in tables.iter().rev() {
        run(manager, &format!("DROP TABLE {table}")).await?;
        if is_postgres(manager) {
            run(manager, &format!("DROP FUNCTION IF EXISTS {table}_refuses()")).await?;
        }
    }
    Ok(())
}

/// Drops indexes.
///
/// # Errors
/// When the database rejects it.
pub async fn drop_indexes(manager: &SchemaManager<'_>, indexes: &[LateIndex]) -> Result<(), DbErr> {
    for LateIndex { name, .. } in indexes {
        run(manager, &format!("DROP INDEX IF EXISTS {name}")).await?;
    }
    Ok(())
}
