//! Reads which columns the tables of a database have.

use sea_orm::FromQueryResult;

use super::{DbError, Engine, Sql};

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct DescribedColumn {
    pub table_name: String,
    pub column_name: String,
    /// The type: `uuid`, `integer`, `text`, `instant`, `bytes` or `boolean`, on both engines.
    pub kind: String,
    /// 1 if it can be empty, else 0.
    pub is_optional: i64,
    /// The table whose ID it has.
    pub target: Option<String>,
}

const SQLITE: &str = "\
    SELECT t.name AS table_name, c.name AS column_name, lower(c.type) AS kind, \
    CAST(CASE WHEN c.\"notnull\" OR c.pk > 0 THEN 0 ELSE 1 END AS bigint) AS is_optional, \
    (SELECT f.\"table\" FROM pragma_foreign_key_list(t.name) f WHERE f.\"from\" = c.name LIMIT 1) AS target \
    FROM sqlite_master t, pragma_table_xinfo(t.name) c \
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND c.hidden <> 1 ORDER BY t.name, c.cid";
const POSTGRES: &str = "\
    SELECT CAST(c.table_name AS text) AS table_name, CAST(c.column_name AS text) AS column_name, \
    CAST(c.udt_name AS text) AS kind, \
    CAST(CASE WHEN c.is_nullable = 'YES' THEN 1 ELSE 0 END AS bigint) AS is_optional, \
    (SELECT CAST(o.relname AS text) FROM pg_constraint f JOIN pg_class t ON t.oid = f.conrelid \
    JOIN pg_class o ON o.oid = f.confrelid \
    JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1] \
    WHERE f.contype = 'f' AND t.relnamespace = current_schema()::regnamespace \
    AND t.relname = c.table_name AND a.attname = c.column_name LIMIT 1) AS target \
    FROM information_schema.columns c WHERE c.table_schema = current_schema() \
    ORDER BY c.table_name, c.ordinal_position";

/// Lists the columns of all tables in their order.
pub async fn described_columns(db: &impl Sql) -> Result<Vec<DescribedColumn>, DbError> {
    let sql = match db.engine() {
        Engine::Sqlite => SQLITE,
        Engine::Postgres => POSTGRES,
    };
    let mut columns: Vec<DescribedColumn> = db.all(db.statement(sql, [])).await?;
    for column in &mut columns {
        if let Some(common) = common(&column.kind) {
            common.clone_into(&mut column.kind);
        }
    }
    Ok(columns)
}

/// Returns the common name of an engine's type.
fn common(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "uuid_text" => "uuid",
        "bigint" | "int8" | "int4" => "integer",
        "varchar" => "text",
        "blob" | "bytea" => "bytes",
        "timestamp_with_timezone_text" | "timestamptz" => "instant",
        "bool" => "boolean",
        _ => return None,
    })
}
