//! Checks that SQL is only in `store` and `reads`, and that its patterns are written in it.
//!
//! In `platform`, each mechanism has its own folder. Its SQL is in files called `store`, `search`, `tables` or `own`
//! (or in a folder of that name), and anywhere below `db`. Tests are exempt, because they check rows.

use anyhow::Result;

use super::{
    Tree, none_of,
    rust::{Kind, Token, tokens},
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

/// Checks the sources of every crate.
pub(super) fn check(tree: &Tree) -> Result<()> {
    let places = tree.files.iter().filter_map(complaint);
    let complaints: Vec<_> = places.chain(tree.files.iter().filter_map(open_pattern)).collect();
    none_of(&complaints)
}

/// Returns a complaint about a pattern of `LIKE` that is not a literal: in texts and names, `_` and `%` are no wildcards.
fn open_pattern(file: &Source) -> Option<String> {
    file.of_program()?;
    let is_open = |pattern: &str| !pattern.trim_start_matches([' ', '\\', '\n']).starts_with('\'');
    let has_open = |text: &str| text.split(" LIKE").skip(1).any(is_open);
    let tokens = tokens(&file.text);
    let mut texts = tokens.iter().filter(|token| token.kind == Kind::Text && !token.for_tests);
    let Token { line, .. } = texts.find(|token| has_open(token.text))?;
    Some(format!(
        "{}:{line}: the pattern of LIKE is not a literal, so `_` and `%` in it match everything: use `Engine::contains`, \
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
    let lines = lines_of_sql(&tokens(&file.text));
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
    let of_program = texts.chain(calls).filter(|token| !token.for_tests);
    let mut lines: Vec<_> = of_program.map(|token| token.line).collect();
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
    use super::{complaint, is_sql, open_pattern};
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
