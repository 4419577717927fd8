//! Every table has one owner: the room whose migrations create it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::{none_of, sources::Source};

/// Finds the tables that rooms create and wants one room for each.
pub(super) fn check(files: &[Source]) -> Result<()> {
    let mut owners: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for file in files {
        let Some(room) = room_of(&file.path) else {
            continue;
        };
        for table in created_tables(&file.text) {
            owners.entry(table).or_default().insert(room);
        }
    }
    let shared = owners.iter().filter(|(_, rooms)| rooms.len() > 1);
    let complaints: Vec<_> = shared
        .map(|(table, rooms)| {
            format!("`{table}` is created by {rooms:?}: one room owns it, the others ask")
        })
        .collect();
    none_of(&complaints)
}

fn room_of(path: &str) -> Option<&str> {
    let (room, rest) = path.strip_prefix("crates/")?.split_once('/')?;
    (rest.starts_with("src/") && rest.contains("migration") && rest.ends_with(".rs"))
        .then_some(room)
}

/// Tables made by `Table::create()…table(NAME)` or by `CREATE TABLE [IF NOT EXISTS] NAME`.
fn created_tables(text: &str) -> Vec<String> {
    let built = text
        .split("Table::create()")
        .skip(1)
        .filter_map(|rest| rest.split_once(".table("));
    let built = built
        .filter_map(|(_, rest)| rest.split(')').next())
        .map(bare_name);
    let lower = text.to_lowercase();
    let written: Vec<_> = lower
        .split("create table ")
        .skip(1)
        .map(|rest| rest.trim_start_matches("if not exists "))
        .map(bare_name)
        .collect();
    built
        .chain(written)
        .filter(|name| !name.is_empty())
        .collect()
}

/// The name in `Alias::new("users"`, `"users"`, `Users::Table` or `users (id …`.
fn bare_name(text: &str) -> String {
    let text = text.strip_suffix("::Table").unwrap_or(text);
    let text = text.rsplit("::").next().unwrap_or(text);
    let text = text
        .strip_prefix("new(")
        .unwrap_or(text)
        .trim_start_matches(['"', '\\']);
    text.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

#[cfg(test)]
mod tests {
    use super::created_tables;

    #[test]
    fn tables_are_found_however_they_are_made() {
        let text = r#"
            Table::create().if_not_exists().table("users").col(id)
            Table::create()
                .table(Alias::new("boards"))
            Table::create().table(Repositories::Table)
            "CREATE TABLE IF NOT EXISTS schema_migrations (version TEXT)"
        "#;
        assert_eq!(
            created_tables(text),
            ["users", "boards", "Repositories", "schema_migrations"]
        );
    }
}
