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
    (rest.starts_with("src/") && rest.ends_with(".rs")).then_some(room)
}

/// Tables made by `table("NAME")` or `keyed_table("NAME")` of `platform::db::schema`, by
/// `Table::create()…table(NAME)` or by `CREATE TABLE [IF NOT EXISTS] NAME`.
fn created_tables(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, word) in text.match_indices("table(\"") {
        let before = &text[..at];
        // A method of that name speaks of a table that is there already.
        if !before.ends_with(|c: char| c == '.' || c.is_alphanumeric()) {
            names.push(bare_name(&text[at + word.len()..]));
        }
    }
    let built = text
        .split("Table::create()")
        .skip(1)
        .filter_map(|rest| rest.split_once(".table("));
    names.extend(
        built
            .filter_map(|(_, rest)| rest.split(')').next())
            .map(bare_name),
    );
    for rest in text.split("CREATE TABLE ").skip(1) {
        names.push(bare_name(rest.trim_start_matches("IF NOT EXISTS ")));
    }
    names.retain(|name| !name.is_empty());
    names
}

/// The name in `pushes")`, `Alias::new("users"`, `"users"`, `Users::Table` or `users (id …`.
fn bare_name(text: &str) -> String {
    let text = text.strip_suffix("::Table").unwrap_or(text);
    let text = text.strip_prefix("Alias::new(").unwrap_or(text);
    let text = text.trim_start_matches(['"', '\\']);
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
            let mut pushes = table("pushes");
            let mut rows = keyed_table("board_rows");
            Index::create().table("elsewhere")
            Table::create().if_not_exists().table("users").col(id)
            Table::create()
                .table(Alias::new("boards"))
            Table::create().table(Repositories::Table)
            "CREATE TABLE IF NOT EXISTS schema_migrations (version TEXT)"
        "#;
        let expected = [
            "pushes",
            "board_rows",
            "users",
            "boards",
            "Repositories",
            "schema_migrations",
        ];
        assert_eq!(created_tables(text), expected);
    }
}
