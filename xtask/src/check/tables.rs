//! Checks that every table has one owner, the module whose migrations create it, and that no other module uses it in
//! SQL.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::{
    Tree, none_of,
    rust::{Kind, tokens},
    sources::Source,
};

/// The test kit may read any table.
const EXEMPT: &str = "testkit";

/// Owning modules by table.
type Owners<'a> = BTreeMap<String, BTreeSet<&'a str>>;

/// Finds the tables that modules create, and statements that use another module's tables.
pub(super) fn check(tree: &Tree) -> Result<()> {
    let owners = owners(tree.files);
    let shared = owners.iter().filter(|(_, modules)| modules.len() > 1);
    let mut complaints: Vec<_> = shared
        .map(|(table, modules)| {
            format!("`{table}` is created by {modules:?}: one module must own it, and the others call its reads and actions")
        })
        .collect();
    complaints.extend(tree.files.iter().flat_map(|file| foreign(file, &owners)));
    none_of(&complaints)
}

fn owners(files: &[Source]) -> Owners<'_> {
    let mut owners = Owners::new();
    for file in files {
        let Some((module, _)) = file.of_program() else {
            continue;
        };
        for table in created_tables(&file.text) {
            owners.entry(table).or_default().insert(module);
        }
    }
    owners
}

/// Returns the statements of a file that use a table of another module.
fn foreign(file: &Source, owners: &Owners<'_>) -> Vec<String> {
    let Some((module, _)) = file.of_program().filter(|(module, _)| *module != EXEMPT) else {
        return Vec::new();
    };
    let mut complaints = Vec::new();
    let literals = tokens(&file.text).into_iter();
    for literal in literals.filter(|token| token.kind == Kind::Text) {
        for (keyword, table, line) in named_tables(literal.text) {
            let owner = owners.get(table).and_then(BTreeSet::first);
            if let Some(owner) = owner.filter(|owner| **owner != module) {
                let (path, line) = (&file.path, literal.line + line);
                complaints.push(format!(
                    "{path}:{line}: {keyword} {table}: `{owner}` owns that table, call a read or an \
                     action of it instead"
                ));
            }
        }
    }
    complaints
}

/// Returns the tables after FROM, JOIN, UPDATE and INTO, with the keyword and the line within the text.
fn named_tables(sql: &str) -> Vec<(&str, &str, usize)> {
    let words: Vec<_> = words(sql).collect();
    let mut found = Vec::new();
    for (at, (keyword, _)) in words.iter().enumerate() {
        if !matches!(*keyword, "FROM" | "JOIN" | "UPDATE" | "INTO") {
            continue;
        }
        let mut rest = words[at + 1..].iter().peekable();
        while let Some((table, line)) = rest.next() {
            found.push((*keyword, *table, *line));
            // In `FROM a, b AS c, d`, an alias may come before the comma.
            let is_last = |word: &str| word == "," || is_keyword(word) && word != "AS";
            while rest.next_if(|(word, _)| !is_last(word)).is_some() {}
            if *keyword != "FROM" || rest.next_if(|(word, _)| *word == ",").is_none() {
                break;
            }
        }
    }
    found
}

fn is_keyword(word: &str) -> bool {
    !word.chars().any(|c| c.is_ascii_lowercase())
}

/// Returns the names, commas and brackets of a statement, each with its line from 0.
fn words(sql: &str) -> impl Iterator<Item = (&str, usize)> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut line = 0;
    let mut rest = sql;
    std::iter::from_fn(move || {
        loop {
            let first = rest.chars().next()?;
            let length = match first {
                c if is_name(c) => rest.find(|c| !is_name(c)).unwrap_or(rest.len()),
                c => c.len_utf8(),
            };
            let (word, behind) = rest.split_at(length);
            rest = behind;
            match first {
                '\n' => line += 1,
                c if is_name(c) || matches!(c, ',' | '(' | ')' | '{' | '}') => {
                    return Some((word, line));
                }
                _ => {}
            }
        }
    })
}

/// Returns the tables created by `table("NAME")` or `keyed_table("NAME")` of `platform::db::schema`, by
/// `Table::create()…table(NAME)` or by `CREATE TABLE [IF NOT EXISTS] NAME`.
fn created_tables(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, word) in text.match_indices("table(\"") {
        let before = &text[..at];
        // A method of that name refers to an existing table.
        if !before.ends_with(|c: char| c == '.' || c.is_alphanumeric()) {
            names.push(bare_name(&text[at + word.len()..]));
        }
    }
    let built = text.split("Table::create()").skip(1).filter_map(|rest| rest.split_once(".table("));
    names.extend(built.filter_map(|(_, rest)| rest.split(')').next()).map(bare_name));
    for rest in text.split("CREATE TABLE ").skip(1) {
        names.push(bare_name(rest.trim_start_matches("IF NOT EXISTS ")));
    }
    names.retain(|name| !name.is_empty());
    names
}

/// Returns the name in `pushes")`, `Alias::new("users"`, `"users"`, `Users::Table` or `users (id …`.
fn bare_name(text: &str) -> String {
    let text = text.strip_suffix("::Table").unwrap_or(text);
    let text = text.strip_prefix("Alias::new(").unwrap_or(text);
    let text = text.trim_start_matches(['"', '\\']);
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[cfg(test)]
mod tests {
    use super::{created_tables, foreign, named_tables, owners};
    use crate::check::sources::file;

    #[test]
    fn tables_are_found_in_every_form_of_creation() {
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
        let expected =
            ["pushes", "board_rows", "users", "boards", "Repositories", "schema_migrations"];
        assert_eq!(created_tables(text), expected);
    }

    #[test]
    fn tables_are_found_in_every_clause() {
        let of = |sql| {
            let found = named_tables(sql).into_iter();
            found.map(|(_, table, _)| table).collect::<Vec<_>>()
        };
        assert_eq!(
            of("SELECT 1 FROM a x, b AS y, c WHERE d IN (SELECT e FROM f)"),
            ["a", "b", "c", "f"]
        );
        assert_eq!(of("UPDATE a SET b = 1 FROM c"), ["a", "c"]);
        assert_eq!(of("INSERT INTO a (b) VALUES (1)"), ["a"]);
        assert_eq!(of("DELETE FROM \\\"a\\\" USING b"), ["a"]);
        assert_eq!(of("x LEFT JOIN a ON a.id = b.id JOIN c"), ["a", "c"]);
        assert!(of("a join from users, to update users").is_empty());
    }

    #[test]
    fn using_another_modules_table_is_reported() {
        let files = [
            file("crates/identity/src/store/tables.rs", "table(\"users\")"),
            file("crates/programmes/ctf/src/reads.rs", "// FROM users\n\"SELECT 1\n FROM users\""),
            file("crates/identity/src/reads.rs", "\"SELECT 1 FROM users\""),
            file("crates/testkit/src/lib.rs", "\"SELECT 1 FROM users\""),
        ];
        let owners = owners(&files);
        let found: Vec<_> = files.iter().flat_map(|file| foreign(file, &owners)).collect();
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("crates/programmes/ctf/src/reads.rs:3: FROM users"),
            "{found:?}"
        );
    }
}
