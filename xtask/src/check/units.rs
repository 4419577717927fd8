//! Checks that every unit test runs: where a crate has a program of unit tests, it must contain the file of each test.

use anyhow::Result;

use super::{
    Tree, none_of,
    rust::{Kind, tokens},
    sources::Source,
};

/// Checks the crates that have such a program.
pub(super) fn check(tree: &Tree) -> Result<()> {
    none_of(&complaints(tree.files))
}

fn complaints(files: &[Source]) -> Vec<String> {
    let programs = files.iter().filter_map(|program| {
        let folder = program.path.strip_suffix("tests/unit.rs")?;
        Some((format!("{folder}src/"), program))
    });
    let left_out = programs.flat_map(|(folder, program)| {
        let compiled = compiled(&program.text);
        let is_left_out = move |file: &&Source| {
            let path = file.path.strip_prefix(&folder);
            path.is_some_and(|path| is_left_out(path, &compiled)) && has_tests(&file.text)
        };
        files.iter().filter(is_left_out).map(move |file| (file, program))
    });
    let says = |(file, program): (&Source, &Source)| {
        format!(
            "{}: its tests do not run: list it in {}, or move them to a file that is listed there",
            file.path, program.path
        )
    };
    left_out.map(says).collect()
}

/// Returns the modules that the program compiles from `src`, each with all that are below it: `rules`, `pages/words`.
fn compiled(program: &str) -> Vec<String> {
    let tokens = tokens(program);
    let mut found = Vec::new();
    // The folder of each open brace.
    let mut folders: Vec<String> = Vec::new();
    let (mut path, mut opened) = (None, None);
    for three in tokens.windows(3) {
        let (first, second, third) = (three[0], three[1], three[2]);
        let within = || folders.last().cloned().unwrap_or_default();
        if first.names("path") && third.kind == Kind::Text {
            path = third.text.strip_prefix("../src/").map(module);
        } else if first.names("mod") {
            let below = || format!("{}/{}", within(), second.text).trim_matches('/').to_owned();
            let module = path.take().unwrap_or_else(below);
            if third.is("{") {
                opened = Some(module);
            } else {
                found.push(module);
            }
        } else if first.is("{") {
            let folder = opened.take().unwrap_or_else(within);
            folders.push(folder);
        } else if first.is("}") {
            folders.pop();
        }
    }
    found
}

/// Returns the module of a file: `rules` of `rules/mod.rs` and of `rules.rs`.
fn module(path: &str) -> String {
    let path = path.strip_suffix(".rs").unwrap_or(path);
    path.strip_suffix("/mod").unwrap_or(path).to_owned()
}

fn is_left_out(path: &str, compiled: &[String]) -> bool {
    let module = module(path);
    let is_below = |above: &String| {
        let rest = module.strip_prefix(above.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    path.ends_with(".rs") && !compiled.iter().any(is_below)
}

/// Returns true if there is a `#[test]` or a `#[tokio::test]`.
fn has_tests(text: &str) -> bool {
    let tokens = tokens(text);
    tokens.windows(3).any(|three| {
        let begins = three[0].is("[") || three[0].is("::");
        begins && three[1].names("test") && (three[2].is("]") || three[2].is("("))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::sources::file;

    const TEST: &str = "#[cfg(test)] mod tests { #[test] fn it_is() {} }";

    #[test]
    fn modules_are_files_or_in_folders() {
        let program = r#"
            #[path = "../src/model.rs"] mod model;
            #[path = "../src/rules/mod.rs"] mod rules;
            #[path = "../src/pages"] mod pages {
                mod words;
                mod board { mod radar; use radar::{Axis, Radar}; mod axis; }
                mod paths;
            }
            #[path = "../src/reads"] mod reads { mod cursor; }
        "#;
        let expected = [
            "model",
            "rules",
            "pages/words",
            "pages/board/radar",
            "pages/board/axis",
            "pages/paths",
            "reads/cursor",
        ];
        assert_eq!(compiled(program), expected);
    }

    #[test]
    fn tests_that_no_program_compiles_are_named() {
        let program = r#"#[path = "../src/rules/mod.rs"] mod rules;"#;
        let files = [
            file("crates/programmes/ctf/tests/unit.rs", program),
            file("crates/programmes/ctf/src/rules/teams.rs", TEST),
            file("crates/programmes/ctf/src/rules/merge/tests.rs", "#[tokio::test] fn a() {}"),
            file("crates/programmes/ctf/src/ruleset.rs", TEST),
            file("crates/programmes/ctf/src/lib.rs", "#[cfg(test)] mod rules;"),
            file("crates/ui/src/form.rs", TEST),
        ];
        let complaints = complaints(&files);
        assert_eq!(complaints.len(), 1);
        assert!(
            complaints[0].starts_with("crates/programmes/ctf/src/ruleset.rs: "),
            "{complaints:?}"
        );
    }
}
