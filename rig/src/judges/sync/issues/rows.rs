use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use sqlx::{AnyPool, AssertSqlSafe, Row as _};

/// The tables that reading fills.
const TABLES: [&str; 7] = [
    "repositories",
    "issues",
    "repository_profiles",
    "issue_syncs",
    "followed_repositories",
    "opportunities",
    "repository_health",
];

/// Columns that differ from run to run: IDs, times of reading, the order of changes, and the number of attempts and calls. Digests
/// and ranks of statements are made of them.
const OWN: [&str; 19] = [
    "id",
    "created_at",
    "updated_at",
    "read_at",
    "requested_at",
    "completed_at",
    "read_until",
    "name_seen_at",
    "settings_seen_at",
    "first_seen_at",
    "last_scanned_at",
    "attempts",
    "calls",
    "all_calls",
    "page_size",
    "changed_seq",
    "digest",
    "statement_rank",
    "claimed_by",
];

/// The rows of all tables, each a line, without what is a run's own.
pub(super) struct Rows(BTreeSet<String>);

impl Rows {
    /// Reads the rows of an installation.
    pub(super) async fn read(pool: &AnyPool, is_postgres: bool) -> Result<Self> {
        let mut lines = BTreeSet::new();
        for table in TABLES {
            let columns = columns(pool, table, is_postgres).await?;
            let line = columns.join(" || '|' || ");
            let sql = format!("SELECT {line} FROM {table} t");
            let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(pool).await?;
            let count = rows.len();
            let before = lines.len();
            for row in rows {
                lines.insert(format!("{table} {}", row.try_get::<String, _>(0)?));
            }
            ensure!(count > 0, "{table} is empty");
            ensure!(lines.len() == before + count, "{table} has a row twice");
        }
        Ok(Self(lines))
    }

    /// Returns the number of rows.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// Checks that the rows are the same as those of another run.
    pub(super) fn same(&self, found: &Self) -> Result<()> {
        let missing: Vec<_> = self.0.difference(&found.0).collect();
        let more: Vec<_> = found.0.difference(&self.0).collect();
        let first = |of: &[&String]| of.first().map_or_else(String::new, |line| (*line).clone());
        ensure!(
            missing.is_empty() && more.is_empty(),
            "{} rows are missing and {} are too many, of which the first differ by {}",
            missing.len(),
            more.len(),
            difference(&first(&missing), &first(&more))
        );
        Ok(())
    }
}

/// Names what differs between two lines: the parts of the first that the second lacks, and the other way round.
fn difference(one: &str, other: &str) -> String {
    let parts = |line: &str| line.split('|').map(str::to_owned).collect::<BTreeSet<String>>();
    let (one, other) = (parts(one), parts(other));
    let of = |own: &BTreeSet<String>, other| own.difference(other).cloned().collect::<Vec<_>>();
    format!("{:?} and {:?}", of(&one, &other), of(&other, &one))
}

/// Returns the expressions of the columns of a table that are compared, each with its name.
async fn columns(pool: &AnyPool, table: &str, is_postgres: bool) -> Result<Vec<String>> {
    let sql = match is_postgres {
        true => {
            "SELECT CAST(column_name AS text), CAST(data_type AS text) FROM information_schema.columns \
             WHERE table_name = $1 AND table_schema = current_schema() ORDER BY 1"
        }
        false => "SELECT name, type FROM pragma_table_info($1) ORDER BY 1",
    };
    let listed = sqlx::query(sql).bind(table).fetch_all(pool).await?;
    let mut columns = Vec::new();
    for row in listed {
        let (name, kind): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        if !OWN.contains(&name.as_str()) {
            let value = expression(&name, &kind);
            columns.push(format!("'{name}=' || coalesce({value}, 'null')"));
        }
    }
    Ok(columns)
}

/// Returns the expression of a column's text, which is the same in both databases. Rows that others refer to by their ID are named.
fn expression(name: &str, kind: &str) -> String {
    match (name, kind) {
        ("repository_id", _) => {
            "(SELECT g.full_name FROM repositories g WHERE g.id = t.repository_id)".to_owned()
        }
        ("issue_id", _) => {
            "(SELECT CAST(i.number AS text) FROM issues i WHERE i.id = t.issue_id)".to_owned()
        }
        (_, "boolean") => format!("CASE WHEN t.{name} THEN '1' ELSE '0' END"),
        (_, "timestamp with time zone") => {
            format!("to_char(t.{name} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')")
        }
        (_, "bytea") => format!("encode(t.{name}, 'hex')"),
        (_, "blob" | "BLOB") => {
            format!("CASE WHEN t.{name} IS NOT NULL THEN lower(hex(t.{name})) END")
        }
        _ if name.ends_with("_at") => format!("substr(replace(t.{name}, 'T', ' '), 1, 26)"),
        _ => format!("CAST(t.{name} AS text)"),
    }
}
