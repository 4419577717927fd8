//! Facts from the server's tables, read with SQL that both engines support.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use sqlx::{AnyPool, AssertSqlSafe, Row as _, any::AnyRow};

use super::facts::Row;

/// Returns the events of dead letters with their errors.
pub(super) async fn dead(pool: &AnyPool) -> Result<Vec<String>> {
    let sql = "SELECT event || ': ' || coalesce(last_error, 'no reason given') FROM webhook_deliveries WHERE dead_at IS NOT NULL";
    Ok(sqlx::query_scalar(sql).fetch_all(pool).await?)
}

/// Reads `pull_requests` by repository and number.
pub(super) async fn pull_requests(pool: &AnyPool) -> Result<BTreeMap<String, Row>> {
    let names = [
        ("github_id", text("p.github_id")),
        ("title", text("p.title")),
        ("state", text("p.state")),
        ("draft", text("CAST(p.draft AS INTEGER)")),
        ("created_at", seconds(pool, "p.opened_at")),
        ("closed_at", seconds(pool, "p.closed_at")),
        ("merged_at", seconds(pool, "p.merged_at")),
        ("additions", text("p.additions")),
        ("deletions", text("p.deletions")),
        ("changed_files", text("p.changed_files")),
        ("author", text("u.login")),
    ];
    let from = "pull_requests p JOIN repositories r ON r.id = p.repository_id LEFT JOIN users u ON u.id = p.author_id";
    rows(pool, PULL_REQUEST, &names, from).await
}

/// Reads `github_reviews` by GitHub's ID.
pub(super) async fn reviews(pool: &AnyPool) -> Result<BTreeMap<String, Row>> {
    let names = [
        ("state", text("lower(v.state)")),
        ("submitted_at", seconds(pool, "v.submitted_at")),
        ("reviewer", text("u.login")),
        ("pull_request", PULL_REQUEST.to_owned()),
    ];
    let from = "github_reviews v JOIN pull_requests p ON p.id = v.pull_request_id \
                JOIN repositories r ON r.id = p.repository_id LEFT JOIN users u ON u.id = v.reviewer_id";
    rows(pool, "CAST(v.github_id AS TEXT)", &names, from).await
}

/// Reads `pushes`, each as one line.
pub(super) async fn pushes(pool: &AnyPool) -> Result<BTreeSet<String>> {
    // For a created or deleted branch, GitHub sends zeros on one side; the table may have NULL.
    let sha = |column| format!("coalesce(p.{column}, '{}')", "0".repeat(40));
    let sql = format!(
        "SELECT CAST(r.github_id AS TEXT) || ' ' || p.ref_name || ' ' || {} || '..' || {} \
         || ' forced ' || CAST(CAST(p.forced AS INTEGER) AS TEXT) \
         FROM pushes p JOIN repositories r ON r.id = p.repository_id",
        sha("before_sha"),
        sha("after_sha"),
    );
    let lines: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(pool).await?;
    Ok(lines.into_iter().collect())
}

const PULL_REQUEST: &str = "CAST(r.github_id AS TEXT) || '#' || CAST(p.number AS TEXT)";

fn text(expression: &str) -> String {
    format!("CAST({expression} AS TEXT)")
}

/// Returns an expression for whole seconds since 1970, as digits.
fn seconds(pool: &AnyPool, column: &str) -> String {
    if pool.connect_options().database_url.scheme() == "sqlite" {
        format!("CAST(strftime('%s', {column}) AS TEXT)")
    } else {
        format!("CAST(CAST(floor(extract(epoch FROM {column})) AS BIGINT) AS TEXT)")
    }
}

async fn rows(
    pool: &AnyPool,
    key: &str,
    names: &[(&'static str, String)],
    from: &str,
) -> Result<BTreeMap<String, Row>> {
    let columns: Vec<&str> = names.iter().map(|(_, sql)| sql.as_str()).collect();
    let sql = format!("SELECT {key}, {} FROM {from}", columns.join(", "));
    let found = sqlx::query(AssertSqlSafe(sql)).fetch_all(pool).await?;
    found.iter().map(|row| read(row, names)).collect()
}

fn read(row: &AnyRow, names: &[(&'static str, String)]) -> Result<(String, Row)> {
    let mut facts = Row::new();
    for (index, (name, _)) in names.iter().enumerate() {
        facts.insert(name, row.try_get(index + 1)?);
    }
    Ok((row.try_get(0)?, facts))
}
