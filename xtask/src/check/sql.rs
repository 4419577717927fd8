//! Checks that SQL is only in `store` and `reads`, that its patterns are written in it, that it does not change the case
//! of characters, and that it writes what is searched.
//!
//! In `platform`, each mechanism has its own folder. Its SQL is in files called `store`, `search`, `tables` or `own`
//! (or in a folder of that name), and anywhere below `db`. Tests are exempt, because they check rows.

use anyhow::Result;

use super::{
    Tree, none_of,
    rust::{Kind, Token, program},
    sources::Source,
};

/// Names of files and folders with SQL, in every module.
const PLACES: &[&str] = &["store", "reads"];

/// Names of files and folders with SQL, for the mechanisms in `platform`.
const MECHANISMS: &[&str] = &["db", "own", "search", "store", "tables"];

/// The test kit has no layers.
const EXEMPT: &str = "testkit";

/// Beginnings of statements, and texts that show a part of one.
const BEGINNINGS: &[&str] = &[
    "ALTER",
    "ANALYZE",
    "CREATE",
    "DELETE FROM",
    "DROP",
    "INSERT INTO",
    "LOCK TABLE",
    "PRAGMA",
    "SELECT",
    "TRUNCATE",
    "UPDATE",
    "VACUUM",
    "WITH",
    "FROM",
    "JOIN",
    "LEFT JOIN",
    "WHERE",
    "ORDER BY",
    "GROUP BY",
];

/// Functions and operators that know characters besides those of ASCII on one database only.
const OF_CASE: &[&str] = &["lower(", "upper(", "initcap(", "ilike "];

/// Files whose SQL may have them. Elsewhere, `ascii_lower` says that a column has no other characters, and `FoldedText`
/// is for names.
const MAY_CHANGE_CASE: &[(&str, &str)] = &[
    ("crates/platform/src/db/", "the functions that the others call"),
    (
        "crates/identity/src/store/tables.rs",
        "migrations, which are never edited, about logins and email addresses",
    ),
];

/// Checks the sources of every crate.
pub(super) fn check(tree: &Tree) -> Result<()> {
    let places = tree.files.iter().filter_map(complaint);
    let patterns = tree.files.iter().filter_map(open_pattern);
    let cases = tree.files.iter().filter_map(change_of_case);
    let folded: Vec<_> = tree.files.iter().flat_map(|file| folded_columns(&file.text)).collect();
    let forgotten = tree.files.iter().filter_map(|file| unfolded(file, &folded));
    let complaints: Vec<_> = places.chain(patterns).chain(cases).chain(forgotten).collect();
    none_of(&complaints)
}

/// Returns a complaint about SQL that compares characters as only one of the databases does.
fn change_of_case(file: &Source) -> Option<String> {
    file.of_program()?;
    if MAY_CHANGE_CASE.iter().any(|(place, _)| file.path.starts_with(place)) {
        return None;
    }
    let tokens = program(&file.text);
    let mut texts = tokens.iter().filter(|token| token.kind == Kind::Text);
    let Token { line, .. } = texts.find(|token| changes_case(token.text))?;
    Some(format!(
        "{}:{line}: the databases know the case of different characters: compare a column of \
         `platform::folded::FoldedText` by `Query::contains`, or use `ascii_lower` of `platform::db` for a text \
         whose other characters are in lower case",
        file.path
    ))
}

/// A column that has texts in the form in which they are searched.
struct Folded<'a> {
    table: &'a str,
    column: &'a str,
    /// The expression of the texts.
    of: &'a str,
}

/// Returns the columns that a file adds by `folded_column(manager, "table", "column", "expression")`.
fn folded_columns(source: &str) -> Vec<Folded<'_>> {
    let tokens = program(source);
    let called = tokens.windows(9).filter(|call| call[0].names("folded_column") && call[1].is("("));
    called
        .filter(|call| [4, 6, 8].iter().all(|at| call[*at].kind == Kind::Text))
        .map(|call| Folded { table: call[4].text, column: call[6].text, of: call[8].text })
        .collect()
}

/// Returns a complaint about a statement that writes a text without its folded form, which would not be found.
fn unfolded(file: &Source, folded: &[Folded<'_>]) -> Option<String> {
    file.of_program()?;
    let tokens = program(&file.text);
    let texts = tokens.iter().filter(|token| token.kind == Kind::Text);
    texts.flat_map(|text| folded.iter().map(move |own| (text, own))).find_map(|(text, own)| {
        let Folded { table, column, of } = own;
        forgets(text.text, own).then(|| {
            format!(
                "{}:{}: writes {of} of `{table}` without `{column}`: bind `FoldedText::of` of it, so that it is found",
                file.path, text.line
            )
        })
    })
}

fn forgets(sql: &str, folded: &Folded<'_>) -> bool {
    let own: Vec<_> = words(sql).collect();
    let writes = own.windows(3).any(|three| {
        let table = folded.table;
        *three == ["INSERT", "INTO", table] || *three == ["UPDATE", table, "SET"]
    });
    let has_text = words(folded.of).any(|column| own.contains(&column));
    writes && has_text && !own.contains(&folded.column)
}

fn words(sql: &str) -> impl Iterator<Item = &str> {
    let between = |c: char| !c.is_ascii_alphanumeric() && c != '_';
    sql.split(between).filter(|word| !word.is_empty())
}

fn changes_case(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let begins_word = |at: usize| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    OF_CASE.iter().any(|name| text.match_indices(name).any(|(at, _)| begins_word(at)))
}

/// Returns a complaint about a pattern of `LIKE` that is not a literal: in texts and names, `_` and `%` are no wildcards.
fn open_pattern(file: &Source) -> Option<String> {
    file.of_program()?;
    let is_open = |pattern: &str| !pattern.trim_start_matches([' ', '\\', '\n']).starts_with('\'');
    let has_open = |text: &str| text.split(" LIKE").skip(1).any(is_open);
    let tokens = program(&file.text);
    let mut texts = tokens.iter().filter(|token| token.kind == Kind::Text);
    let Token { line, .. } = texts.find(|token| has_open(token.text))?;
    Some(format!(
        "{}:{line}: the pattern of LIKE is not a literal, so `_` and `%` in it match everything: use `Query::contains`, \
         `begins_with` or `ends_with` of `platform::db`",
        file.path
    ))
}

fn complaint(file: &Source) -> Option<String> {
    let (module, path) = file.of_program()?;
    if module == EXEMPT || is_for_sql(module, path) {
        return None;
    }
    let places = match module {
        "platform" => "a file of this folder called `store`, `search` or `tables`",
        _ => "`store` (for actions) or `reads` (for screens)",
    };
    let lines = lines_of_sql(&program(&file.text));
    let first = lines.first()?;
    let path = &file.path;
    let all: Vec<_> = lines.iter().map(usize::to_string).collect();
    Some(format!(
        "{path}:{first}: SQL outside of its layer (lines {}): move it to {places}",
        all.join(", ")
    ))
}

fn is_for_sql(module: &str, path: &str) -> bool {
    let places = match module {
        "platform" => MECHANISMS,
        _ => PLACES,
    };
    let path = path.strip_suffix(".rs").unwrap_or(path);
    path.split('/').any(|name| name == "tests" || places.contains(&name))
}

/// Returns the lines with a statement or a part of one, and the lines that call `.statement(…)`.
fn lines_of_sql(tokens: &[Token<'_>]) -> Vec<usize> {
    let calls = tokens.windows(3).filter_map(|three| {
        let is_call = three[0].is(".") && three[1].names("statement") && three[2].is("(");
        is_call.then_some(three[1])
    });
    let texts =
        tokens.iter().filter(|token| token.kind == Kind::Text && is_sql(token.text)).copied();
    let mut lines: Vec<_> = texts.chain(calls).map(|token| token.line).collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}

fn is_sql(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '(' || c == '\\');
    BEGINNINGS.iter().any(|beginning| {
        text.strip_prefix(beginning).is_some_and(|behind| behind.starts_with([' ', '\n', '\\']))
    })
}

#[cfg(test)]
mod tests {
    use super::{change_of_case, complaint, folded_columns, is_sql, open_pattern, unfolded};
    use crate::check::sources::file;

    fn of(path: &str, text: &str) -> Option<String> {
        complaint(&file(path, text))
    }

    #[test]
    fn patterns_are_literals() {
        let of = |sql: &str| {
            let text = format!("fn f() {{ run(\"SELECT 1 WHERE {sql}\") }}");
            open_pattern(&file("crates/ctf/src/reads/a.rs", &text)).is_some()
        };
        for literal in ["a LIKE 'b:%'", "a NOT LIKE \\\n 'b%'", "a = $1", "contains(a)"] {
            assert!(!of(literal), "{literal}");
        }
        for open in ["a LIKE $1", "a LIKE lower(b) || '%'", "a LIKE 'b%' AND c LIKE {d}"] {
            assert!(of(open), "{open}");
        }
    }

    #[test]
    fn only_certain_sql_changes_the_case_of_characters() {
        let of = |path: &str, sql: &str| {
            let text = format!("fn f() {{ run(\"SELECT 1 WHERE {sql}\") }}");
            change_of_case(&file(path, &text)).is_some()
        };
        let place = "crates/programmes/ctf/src/reads/a.rs";
        for plain in
            ["a = $1", "follower(a) = 1", "{ascii_lower} = $1", "a LIKE 'b%'", "encode_lower(a)"]
        {
            assert!(!of(place, plain), "{plain}");
        }
        for wrong in ["lower(a) = $1", "x(LOWER(a))", "a = upper($1)", "a ILIKE 'b%'", "Initcap(a)"]
        {
            assert!(of(place, wrong), "{wrong}");
        }
        assert!(!of("crates/platform/src/db/query.rs", "lower(a) = $1"));
        assert!(!of("crates/guildhall/tests/it/a.rs", "lower(a) = $1"));
    }

    #[test]
    fn a_text_is_written_with_its_folded_form() {
        let tables = "async fn f() { folded_column(manager, \"crews\", \"name_folded\", \"first || last\").await }";
        let folded = folded_columns(tables);
        let of = |sql: &str| {
            let text = format!("fn f() {{ run(\"{sql}\") }}");
            unfolded(&file("crates/ctf/src/store/a.rs", &text), &folded).is_some()
        };
        for fine in [
            "INSERT INTO crews (id, first, last, name_folded) VALUES ($1, $2, $3, $4)",
            "UPDATE crews SET left_at = $1 WHERE id = $2",
            "UPDATE others SET first = $1",
            "SELECT first FROM crews",
        ] {
            assert!(!of(fine), "{fine}");
        }
        for wrong in ["INSERT INTO crews (id, first) VALUES ($1, $2)", "UPDATE crews SET last = $1"]
        {
            assert!(of(wrong), "{wrong}");
        }
    }

    #[test]
    fn statements_and_their_parts_are_distinguished_from_prose() {
        for sql in ["SELECT 1", " (SELECT a", "INSERT INTO a", "WITH a AS", "\\\n  WHERE b = $1"] {
            assert!(is_sql(sql), "{sql}");
        }
        for prose in ["Select a badge", "UPDATED", "from users", "insert into", "WITHOUT"] {
            assert!(!is_sql(prose), "{prose}");
        }
    }

    #[test]
    fn actions_contain_no_sql() {
        let text = "fn a() {\n run(\"DELETE FROM a\");\n db.statement(sql, []) }";
        let found = of("crates/programmes/ctf/src/actions/join.rs", text).expect("a complaint");
        assert!(
            found.starts_with(
                "crates/programmes/ctf/src/actions/join.rs:2: SQL outside of its layer (lines 2, 3)"
            ),
            "{found}"
        );
        for path in ["store.rs", "store/teams.rs", "reads/mod.rs", "rules/tests/mod.rs"] {
            assert_eq!(of(&format!("crates/github/src/{path}"), text), None);
        }
        assert!(of("crates/github/src/search.rs", text).is_some());
        assert_eq!(of("crates/testkit/src/story.rs", text), None);
    }

    #[test]
    fn mechanisms_have_sql_only_in_certain_files() {
        let text = "\"SELECT 1\"";
        for path in ["db/copy.rs", "jobs/store.rs", "jobs/store/queue.rs", "outbox/search.rs"] {
            assert_eq!(of(&format!("crates/platform/src/{path}"), text), None);
        }
        assert!(of("crates/platform/src/jobs/runner.rs", text).is_some());
    }

    #[test]
    fn tests_may_contain_sql() {
        let text = "#[cfg(test)] mod tests { fn a() { run(\"SELECT 1\") } }";
        assert_eq!(of("crates/github/src/jobs.rs", text), None);
    }
}
