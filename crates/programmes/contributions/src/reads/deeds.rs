//! Merges of people, in a line each.

use std::collections::HashMap;

use identity::model::UserId;
use platform::db::{DbError, Sql, ids};
use recognition::model::Span;
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// The number of projects that a line names.
const NAMED: usize = 2;

/// Returns where people's pull requests were merged within a span, each in a line such as "7 merged in Lantern, 2 in Quill".
/// People without any are absent.
///
/// # Errors
/// When the database fails.
pub(crate) async fn merged_by_project(
    db: &impl Sql,
    people: &[UserId],
    within: Span,
) -> Result<HashMap<UserId, String>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        author_id: Uuid,
        name: String,
        merged: i64,
    }
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = db.query();
    let rows = query.rows(ids(people.iter().copied()), "r");
    let (from, to) = (query.bind(within.starts_at), query.bind(within.ends_at));
    let sql = format!(
        "SELECT c.author_id, p.name, count(*) AS merged FROM {rows} \
         JOIN contributions c ON c.author_id = r.id JOIN projects p ON p.id = c.project_id \
         WHERE c.merged_at >= {from} AND c.merged_at < {to} AND c.score > 0 \
         GROUP BY c.author_id, p.id, p.name ORDER BY c.author_id, count(*) DESC, p.name"
    );
    let found: Vec<Row> = db.all(query.statement(sql)).await?;
    let lines = found.chunk_by(|one, other| one.author_id == other.author_id);
    let line = |rows: &[Row]| {
        let projects: Vec<(&str, i64)> =
            rows.iter().map(|row| (row.name.as_str(), row.merged)).collect();
        Some((rows.first()?.author_id.into(), line(&projects)))
    };
    Ok(lines.filter_map(line).collect())
}

/// Names the projects with the most merges, and counts the others.
fn line(projects: &[(&str, i64)]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for (place, (name, merged)) in projects.iter().take(NAMED).enumerate() {
        let verb = if place == 0 { " merged" } else { "" };
        parts.push(format!("{merged}{verb} in {name}"));
    }
    let others: i64 = projects.iter().skip(NAMED).map(|(_, merged)| merged).sum();
    if others > 0 {
        parts.push(format!("{others} in other projects"));
    }
    parts.join(", ")
}
