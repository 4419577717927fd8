//! The dump: data that is the same in two installations that received the same deliveries.

use std::collections::HashMap;

use platform::{Context, db::DbError};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{CanonicalNet, CanonicalRow, canonical_net, canonical_rows};
use crate::{
    Programmes,
    model::{CanonicalPart, WITHIN},
};

/// Returns people, the facts of each programme, boards and the net ledger as JSON objects in a fixed order, without the
/// IDs, arrival times and intermediate entries that differ between installations. Badges are not part of it: they are kept
/// when a fact is corrected, so that they depend on the order of arrival (docs/adr/0027).
pub async fn dump(context: &Context, programmes: Programmes) -> Result<Vec<String>, DbError> {
    let people = identity::reads::canonical(&context.db).await?;
    let subjects: HashMap<Uuid, &str> =
        people.iter().map(|person| (person.id, person.github_id.as_str())).collect();
    let mut lines: Vec<String> = people.iter().map(|one| dump_line("person", one)).collect();
    let (mut sources, mut boards) = (HashMap::new(), HashMap::new());
    for programme in programmes.iter() {
        let part: CanonicalPart = programme.dump(context).await?;
        lines.extend(part.lines);
        sources.extend(part.sources);
        boards.extend(part.boards);
    }
    lines.extend(board_rows(context, &subjects, &boards).await?);
    lines.extend(net(context, &subjects, &sources).await?);
    Ok(lines)
}

/// Returns a line of a dump: an object with its kind in the field `is`.
pub fn dump_line(kind: &str, object: &impl Serialize) -> String {
    let mut value = json!(object);
    if let Value::Object(fields) = &mut value {
        fields.insert("is".to_owned(), kind.into());
    }
    value.to_string()
}

async fn board_rows(
    context: &Context,
    subjects: &HashMap<Uuid, &str>,
    boards: &HashMap<String, String>,
) -> Result<Vec<String>, DbError> {
    let name = |row: &CanonicalRow| {
        let (board, month) = row.key.split_once(WITHIN).unwrap_or((&row.key, ""));
        let board = boards.get(board).map_or(board, String::as_str);
        format!("{board}{}{month}", if month.is_empty() { "" } else { "/" })
    };
    let subject = |row: &CanonicalRow| subjects.get(&row.user_id).copied().unwrap_or_default();
    let mut rows = canonical_rows(&context.db).await?;
    rows.sort_by_cached_key(|row| {
        let person = subject(row).to_owned();
        (name(row), -row.points, row.reached_at, person)
    });
    let line = |row: &CanonicalRow| {
        let object = json!({
            "board": name(row),
            "person": subject(row),
            "points": row.points,
            "reached_at": row.reached_at,
        });
        dump_line("board_row", &object)
    };
    Ok(rows.iter().map(line).collect())
}

async fn net(
    context: &Context,
    subjects: &HashMap<Uuid, &str>,
    sources: &HashMap<Uuid, String>,
) -> Result<Vec<String>, DbError> {
    let line = |net: &CanonicalNet| {
        let source = sources.get(&net.source_id).cloned();
        let object = json!({
            "person": subjects.get(&net.user_id),
            "source_kind": net.source_kind,
            "source": source.unwrap_or_else(|| net.source_id.to_string()),
            "reason": net.reason,
            "points": net.points,
            "occurred_at": net.occurred_at,
        });
        dump_line("net", &object)
    };
    let entries = canonical_net(&context.db).await?;
    let mut lines: Vec<String> = entries.iter().map(line).collect();
    lines.sort_unstable();
    Ok(lines)
}
