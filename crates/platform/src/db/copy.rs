//! Copies all rows of one database into another with the same schema, on either engine. Backup, restore and
//! migration between engines build on this.

use std::collections::BTreeSet;

use futures_util::TryStreamExt as _;
use kernel::Timestamp;
use sea_orm::{ConnectionTrait as _, DbErr, FromQueryResult, QueryResult, Statement};
use uuid::Uuid;

use super::{Cell, DbError, Engine, Kind, Sql, Transaction, Tx};

/// The table of applied migrations, which is not copied: each database has its own.
const MIGRATIONS: &str = "schema_migrations";
/// The maximum number of rows per statement.
const MOST_ROWS: usize = 1_000;

/// A table with its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    columns: Vec<(String, Kind)>,
}

/// The number of rows copied into a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The table's name.
    pub table: String,
    pub rows: i64,
}

#[derive(FromQueryResult)]
struct ColumnRow {
    table_name: String,
    column_name: String,
    kind: String,
}

#[derive(FromQueryResult)]
struct ReferenceRow {
    table_name: String,
    target: String,
}

const SQLITE_COLUMNS: &str = "\
    SELECT t.name AS table_name, c.name AS column_name, lower(c.type) AS kind \
    FROM sqlite_master t, pragma_table_info(t.name) c \
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name, c.cid";
const POSTGRES_COLUMNS: &str = "\
    SELECT CAST(table_name AS text) AS table_name, CAST(column_name AS text) AS column_name, \
    CAST(udt_name AS text) AS kind FROM information_schema.columns \
    WHERE table_schema = current_schema() AND is_generated = 'NEVER' ORDER BY table_name, ordinal_position";
const SQLITE_REFERENCES: &str = "\
    SELECT DISTINCT t.name AS table_name, f.\"table\" AS target \
    FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'";
const POSTGRES_REFERENCES: &str = "\
    SELECT DISTINCT CAST(t.relname AS text) AS table_name, CAST(f.relname AS text) AS target \
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid \
    WHERE c.contype = 'f' AND t.relnamespace = current_schema()::regnamespace";

/// Returns all tables except that of the migrations, each after the tables that it references.
///
/// # Errors
/// When the database fails, or a column has an unknown type.
pub async fn tables(sql: &impl Sql) -> Result<Vec<Table>, DbError> {
    let (columns, references) = match sql.engine() {
        Engine::Sqlite => (SQLITE_COLUMNS, SQLITE_REFERENCES),
        Engine::Postgres => (POSTGRES_COLUMNS, POSTGRES_REFERENCES),
    };
    let columns: Vec<ColumnRow> = sql.all(sql.statement(columns, [])).await?;
    let references: Vec<ReferenceRow> = sql.all(sql.statement(references, [])).await?;
    let mut tables: Vec<Table> = Vec::new();
    for row in columns.into_iter().filter(|row| row.table_name != MIGRATIONS) {
        let kind = kind(&row.kind).ok_or_else(|| {
            let ColumnRow { table_name, column_name, kind } = &row;
            DbErr::Custom(format!("{table_name}.{column_name} has the unknown type {kind}"))
        })?;
        if tables.last().is_none_or(|last| last.name != row.table_name) {
            let name = row.table_name;
            tables.push(Table { name, columns: Vec::new() });
        }
        if let Some(table) = tables.last_mut() {
            table.columns.push((row.column_name, kind));
        }
    }
    let references = references.into_iter().map(|row| (row.table_name, row.target));
    Ok(in_order(tables, &references.collect()))
}

/// Parses an engine's type name.
fn kind(name: &str) -> Option<Kind> {
    Some(match name {
        "uuid_text" | "uuid" => Kind::Uuid,
        "bigint" | "integer" | "int8" => Kind::Int,
        "varchar" | "text" => Kind::Text,
        "blob" | "bytea" => Kind::Bytes,
        "timestamp_with_timezone_text" | "timestamptz" => Kind::At,
        "boolean" | "bool" => Kind::Bool,
        _ => return None,
    })
}

/// Sorts tables so that each comes after those that it references. Tables in a cycle stay in their order.
fn in_order(mut waiting: Vec<Table>, references: &BTreeSet<(String, String)>) -> Vec<Table> {
    let mut placed: Vec<Table> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let is_free = |table: &Table| {
            let mut others = waiting.iter().filter(|other| other.name != table.name);
            !others.any(|other| references.contains(&(table.name.clone(), other.name.clone())))
        };
        let next = waiting.iter().position(is_free).unwrap_or(0);
        placed.push(waiting.remove(next));
    }
    placed
}

/// Returns the first table that has rows, if any.
pub async fn first_filled(sql: &impl Sql) -> Result<Option<String>, DbError> {
    for table in tables(sql).await? {
        let found =
            format!("SELECT count(*) FROM (SELECT 1 FROM {} LIMIT 1) AS filled", table.name);
        if sql.count(sql.statement(&found, [])).await? > 0 {
            return Ok(Some(table.name));
        }
    }
    Ok(None)
}

/// Counts the rows of each table.
pub async fn counts(sql: &impl Sql) -> Result<Vec<Copied>, DbError> {
    let mut counts = Vec::new();
    for table in tables(sql).await? {
        let count = format!("SELECT count(*) FROM {}", table.name);
        let rows = sql.count(sql.statement(&count, [])).await?;
        counts.push(Copied { table: table.name, rows });
    }
    Ok(counts)
}

/// Copies all rows into the empty tables of `to`, from a consistent snapshot in `from`. After each batch
/// `progress` gets the table and the number of its rows copied so far. Returns the number of rows of each table,
/// counted on both sides.
///
/// # Errors
/// When a database fails, or the row counts differ. Dropping `to` then leaves nothing behind.
pub async fn copy_tables(
    from: &impl Sql<Connection = Transaction>,
    to: &Tx,
    mut progress: impl FnMut(&str, i64),
) -> Result<Vec<Copied>, DbError> {
    for table in tables(from).await? {
        let select = format!("SELECT {} FROM {}", table.names(), table.name);
        copy_rows(from, from.statement(&select, []), &table, to, &mut progress).await?;
    }
    let (here, there) = (counts(from).await?, counts(to).await?);
    // The order of the tables may differ between the databases.
    let agrees = here.len() == there.len() && here.iter().all(|table| there.contains(table));
    match agrees {
        true => Ok(there),
        false => {
            Err(DbErr::Custom("the row counts of the source and the copy differ".to_owned()).into())
        }
    }
}

/// Copies the rows of a statement with the columns of `table` into that table of `to`. Returns their number.
async fn copy_rows(
    from: &impl Sql<Connection = Transaction>,
    select: Statement,
    table: &Table,
    to: &Tx,
    progress: &mut impl FnMut(&str, i64),
) -> Result<i64, DbError> {
    let mut reader = from.connection().rows().await;
    let mut stream = reader.of(select);
    let most = rows_at_once(to.engine(), table.columns.len());
    let (mut part, mut rows) = (Vec::with_capacity(most), 0);
    loop {
        let row = stream.try_next().await?;
        let is_last = row.is_none();
        if let Some(row) = row {
            part.push(table.read(&row)?);
        }
        if part.len() == most || is_last && !part.is_empty() {
            rows += i64::try_from(part.len()).unwrap_or(i64::MAX);
            table.write(to, part.drain(..)).await?;
            progress(&table.name, rows);
        }
        if is_last {
            return Ok(rows);
        }
    }
}

/// The rows to take out of a backup.
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    /// All rows of these tables.
    Tables(&'a [String]),
    /// A row with all rows that refer to it.
    Of {
        /// The table of the row.
        table: &'a str,
        id: Uuid,
        /// Tables whose rows stand for it: what refers to those that refer to it belongs to it, too.
        through: &'a [&'a str],
    },
}

/// Copies a part of a SQLite database into new tables of `to`, which have its columns, but no constraints: what the rows
/// refer to may be missing. Tables without such rows are left out. Returns the number of rows of each table.
///
/// # Errors
/// When a database fails, or `to` has one of the tables.
pub async fn extract(
    from: &impl Sql<Connection = Transaction>,
    to: &Tx,
    part: Part<'_>,
) -> Result<Vec<Copied>, DbError> {
    let links: Vec<LinkRow> = from.all(from.statement(SQLITE_LINKS, [])).await?;
    let mut copied = Vec::new();
    for table in tables(from).await? {
        let Some(condition) = part.condition(&table.name, &links) else { continue };
        let statement = |columns: &str| {
            let mut query = from.query();
            if let Part::Of { id, .. } = part {
                query.bind(id);
            }
            query.statement(format!("SELECT {columns} FROM {} WHERE {condition}", table.name))
        };
        if from.count(statement("count(*)")).await? == 0 {
            continue;
        }
        to.connection().execute_unprepared(&table.create()).await?;
        let select = statement(&table.names());
        let rows = copy_rows(from, select, &table, to, &mut |_: &str, _| {}).await?;
        copied.push(Copied { table: table.name, rows });
    }
    Ok(copied)
}

/// A column that refers to another table.
#[derive(Debug, FromQueryResult)]
struct LinkRow {
    table_name: String,
    column_name: String,
    target: String,
}

const SQLITE_LINKS: &str = "\
    SELECT t.name AS table_name, f.\"from\" AS column_name, f.\"table\" AS target \
    FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table' \
    ORDER BY t.name, f.\"from\"";

impl Part<'_> {
    /// Returns the condition on the rows of a table that belong to the part; `None` if none can. `$1` is the ID of the row.
    fn condition(&self, name: &str, links: &[LinkRow]) -> Option<String> {
        let (root, through) = match self {
            Self::Tables(names) => {
                return names.iter().any(|one| one == name).then(|| "true".to_owned());
            }
            Self::Of { table, through, .. } => (*table, *through),
        };
        let of = |name: &str, target: &str| -> Vec<String> {
            let own = links.iter().filter(|link| link.table_name == name && link.target == target);
            own.map(|link| format!("\"{}\"", link.column_name)).collect()
        };
        let mut conditions: Vec<String> =
            of(name, root).iter().map(|column| format!("{column} = $1")).collect();
        if name == root {
            conditions.push("id = $1".to_owned());
        }
        for target in through {
            let theirs = of(target, root);
            let theirs: Vec<_> = theirs.iter().map(|column| format!("{column} = $1")).collect();
            let theirs = theirs.join(" OR ");
            let own = of(name, target);
            conditions.extend(
                own.iter()
                    .filter(|_| !theirs.is_empty())
                    .map(|column| format!("{column} IN (SELECT id FROM {target} WHERE {theirs})")),
            );
        }
        (!conditions.is_empty()).then(|| conditions.join(" OR "))
    }
}

/// Returns the number of rows to write with one statement into a table with this number of columns. PostgreSQL allows
/// 65,535 values, and each statement costs a round trip to it. SQLite has none, and prepares a small statement once for
/// all rows of a table.
fn rows_at_once(engine: Engine, columns: usize) -> usize {
    let values = match engine {
        Engine::Sqlite => 1_000,
        Engine::Postgres => 16_000,
    };
    (values / columns.max(1)).clamp(1, MOST_ROWS)
}

impl Table {
    fn names(&self) -> String {
        // A column name may be an SQL keyword.
        let quoted = self.columns.iter().map(|(name, _)| format!("\"{name}\""));
        quoted.collect::<Vec<_>>().join(", ")
    }

    /// Returns the statement that creates the table in SQLite without constraints.
    fn create(&self) -> String {
        let kind = |kind: Kind| match kind {
            Kind::Uuid => "uuid_text",
            Kind::Int => "bigint",
            Kind::Text => "text",
            Kind::Bytes => "blob",
            Kind::At => "timestamp_with_timezone_text",
            Kind::Bool => "boolean",
        };
        let columns = self.columns.iter().map(|(name, of)| format!("\"{name}\" {}", kind(*of)));
        format!("CREATE TABLE {} ({})", self.name, columns.collect::<Vec<_>>().join(", "))
    }

    fn read(&self, row: &QueryResult) -> Result<Vec<Cell>, DbErr> {
        let columns = self.columns.iter().enumerate();
        columns.map(|(index, (_, kind))| cell(row, index, *kind)).collect()
    }

    async fn write(&self, to: &Tx, rows: impl Iterator<Item = Vec<Cell>>) -> Result<(), DbError> {
        let mut query = to.query();
        let rows = query.tuples(rows);
        let (name, columns) = (&self.name, self.names());
        let insert = format!("INSERT INTO {name} ({columns}) VALUES {rows}");
        to.connection().execute_raw(query.statement(insert)).await?;
        Ok(())
    }
}

fn cell(row: &QueryResult, index: usize, kind: Kind) -> Result<Cell, DbErr> {
    Ok(match kind {
        Kind::Uuid => row.try_get_by_index::<Option<Uuid>>(index)?.into(),
        Kind::Int => row.try_get_by_index::<Option<i64>>(index)?.into(),
        Kind::Text => row.try_get_by_index::<Option<String>>(index)?.into(),
        Kind::Bytes => row.try_get_by_index::<Option<Vec<u8>>>(index)?.into(),
        Kind::At => row.try_get_by_index::<Option<Timestamp>>(index)?.into(),
        Kind::Bool => row.try_get_by_index::<Option<bool>>(index)?.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_have_a_bounded_number_of_values() {
        for (engine, columns, rows) in [
            (Engine::Sqlite, 10, 100),
            (Engine::Sqlite, 2_000, 1),
            (Engine::Postgres, 10, 1_000),
            (Engine::Postgres, 40, 400),
            (Engine::Postgres, 0, 1_000),
        ] {
            assert_eq!(rows_at_once(engine, columns), rows, "{engine:?} {columns}");
        }
    }

    #[test]
    fn a_part_has_what_refers_to_its_row() {
        let link = |table: &str, column: &str, target: &str| LinkRow {
            table_name: table.to_owned(),
            column_name: column.to_owned(),
            target: target.to_owned(),
        };
        let links = [
            link("badges", "giver_id", "users"),
            link("badges", "user_id", "users"),
            link("identities", "user_id", "users"),
            link("pulls", "author_id", "identities"),
            link("pulls", "repository_id", "repositories"),
        ];
        let part = Part::Of { table: "users", id: Uuid::nil(), through: &["identities"] };
        for (table, expected) in [
            ("users", Some("id = $1")),
            ("badges", Some("\"giver_id\" = $1 OR \"user_id\" = $1")),
            ("identities", Some("\"user_id\" = $1")),
            ("pulls", Some("\"author_id\" IN (SELECT id FROM identities WHERE \"user_id\" = $1)")),
            ("repositories", None),
        ] {
            assert_eq!(part.condition(table, &links).as_deref(), expected, "{table}");
        }
        let names = ["pulls".to_owned()];
        let part = Part::Tables(&names);
        assert_eq!(part.condition("pulls", &links).as_deref(), Some("true"));
        assert_eq!(part.condition("users", &links), None);
    }

    #[test]
    fn tables_come_after_those_they_reference() {
        let table = |name: &str| Table { name: name.to_owned(), columns: Vec::new() };
        let refers = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned()));
            pairs.collect::<BTreeSet<_>>()
        };
        let names = |tables: Vec<Table>| -> Vec<String> {
            tables.into_iter().map(|table| table.name).collect()
        };
        let all = || ["entries", "identities", "users"].map(table).to_vec();
        let chain = refers(&[("entries", "identities"), ("identities", "users")]);
        assert_eq!(names(in_order(all(), &chain)), ["users", "identities", "entries"]);
        let own = refers(&[("entries", "entries")]);
        assert_eq!(names(in_order(all(), &own)), ["entries", "identities", "users"]);
        let circle = refers(&[("entries", "users"), ("users", "entries")]);
        assert_eq!(names(in_order(all(), &circle)).len(), 3);
    }
}
