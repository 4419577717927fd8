use std::collections::HashMap;

use platform::{Context, db::DbError};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// Facts, contributions, boards and net ledger as JSON objects in one order, without anything that
/// differs between two installations that were told the same: ids of their own, times of arrival,
/// entries on the way.
pub async fn dump(context: &Context) -> Result<Vec<String>, DbError> {
    let db = &context.db;
    let people = identity::reads::canonical(db).await?;
    let (repositories, pulls, reviews) = github::reads::canonical(db).await?;
    let contributions = contributions::reads::canonical(db).await?;
    let subjects: HashMap<Uuid, &str> = people
        .iter()
        .map(|person| (person.id, person.github_id.as_str()))
        .collect();
    let sources: HashMap<Uuid, String> = pulls
        .iter()
        .map(|pull| (pull.id, pull.github_id.to_string()))
        .collect();
    let mut lines = Vec::new();
    lines.extend(people.iter().map(|person| line("person", person)));
    lines.extend(
        repositories
            .iter()
            .map(|repository| line("repository", repository)),
    );
    lines.extend(pulls.iter().map(|pull| line("pull_request", pull)));
    lines.extend(reviews.iter().map(|review| line("review", review)));
    let mut contributions: Vec<String> = contributions
        .iter()
        .map(|contribution| line("contribution", contribution))
        .collect();
    contributions.sort_unstable();
    lines.extend(contributions);
    lines.extend(board_rows(context, &subjects).await?);
    lines.extend(net(context, &subjects, &sources).await?);
    Ok(lines)
}

fn line(kind: &str, object: &impl Serialize) -> String {
    let mut value = json!(object);
    if let Value::Object(fields) = &mut value {
        fields.insert("is".to_owned(), kind.into());
    }
    value.to_string()
}

async fn board_rows(
    context: &Context,
    subjects: &HashMap<Uuid, &str>,
) -> Result<Vec<String>, DbError> {
    let slugs = contributions::reads::slugs(&context.db).await?;
    let name = |key: &str| match key
        .strip_prefix("project:")
        .and_then(|id| Uuid::try_parse(id).ok())
    {
        Some(id) => format!(
            "project:{}",
            slugs.get(&id.into()).map_or("", String::as_str)
        ),
        None => key.to_owned(),
    };
    let mut rows = recognition::reads::canonical_rows(&context.db).await?;
    let subject = |id: &Uuid| subjects.get(id).copied().unwrap_or_default();
    rows.sort_by_cached_key(|row| {
        (
            name(&row.key),
            -row.points,
            row.reached_at,
            subject(&row.user_id).to_owned(),
        )
    });
    let row = |row: &recognition::reads::CanonicalRow| {
        line(
            "board_row",
            &json!({
                "board": name(&row.key),
                "person": subject(&row.user_id),
                "points": row.points,
                "reached_at": row.reached_at,
            }),
        )
    };
    Ok(rows.iter().map(row).collect())
}

async fn net(
    context: &Context,
    subjects: &HashMap<Uuid, &str>,
    sources: &HashMap<Uuid, String>,
) -> Result<Vec<String>, DbError> {
    let entries = recognition::reads::canonical_net(&context.db).await?;
    let entry = |net: &recognition::reads::CanonicalNet| {
        line(
            "net",
            &json!({
                "person": subjects.get(&net.user_id),
                "source_kind": net.source_kind,
                "source": sources.get(&net.source_id).cloned().unwrap_or_else(|| net.source_id.to_string()),
                "reason": net.reason,
                "points": net.points,
                "occurred_at": net.occurred_at,
            }),
        )
    };
    let mut lines: Vec<String> = entries.iter().map(entry).collect();
    lines.sort_unstable();
    Ok(lines)
}
