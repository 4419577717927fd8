//! Counts the files outside its folder that a new programme edits.
//!
//! The edits of an unwritten programme cannot be counted, so this counts the files that name an existing one: a file
//! that names one programme must also name the next. A file outside the programme's folder counts if it
//!
//! - is Rust that imports the programme's items, declares a module of its name (as the integration tests do) or
//!   contains its name as a complete string (as lists of names do);
//! - is configuration with its name as a key or its folder as a path (`Cargo.toml`, scripts);
//! - is Markdown that lists it: a row, an item or a line of a tree that begins with its name. Prose about a programme
//!   needs no edit for the next one;
//! - is the changelog, which every change edits.
//!
//! The programme's own folder of integration tests and generated files are not counted. Tests elsewhere that use a
//! programme's items as examples are counted: they would not compile without it.

use std::collections::BTreeSet;

use anyhow::Result;

use super::{
    Tree,
    cycles::contents::{Contents, read},
    none_of,
    rust::{Kind, Token, tokens},
    sources::Source,
};

const MOST_FILES: usize = 6;

const FOLDER: &str = "crates/programmes/";

const TESTS: &str = "crates/guildhall/tests/it/";
const CHANGELOG: &str = "CHANGELOG.md";

/// Files written by a command.
const GENERATED: &[&str] = &["Cargo.lock", "docs/openapi.json", "schema.txt"];

/// Counts the files for every programme, and prints them.
pub(super) fn check(tree: &Tree) -> Result<()> {
    let mut complaints = Vec::new();
    for (name, folder) in programmes(tree.files) {
        let edited = edited(tree.files, name, &folder);
        let sentence = format!(
            "a new programme edits {} files outside its folder, as `{name}` does: {}",
            edited.len(),
            edited.join(", ")
        );
        if edited.len() > MOST_FILES {
            complaints.push(format!(
                "{sentence}\n  at most {MOST_FILES} may: let modules describe themselves in MODULE, and \
                 move tests to {TESTS}{name}/"
            ));
        } else {
            println!("{sentence}");
        }
    }
    none_of(&complaints)
}

fn programmes(files: &[Source]) -> BTreeSet<(&str, String)> {
    let found: BTreeSet<_> = files
        .iter()
        .filter_map(|file| {
            let name = file.path.strip_prefix(FOLDER)?.strip_suffix("/Cargo.toml")?;
            Some((name, format!("{FOLDER}{name}/")))
        })
        .collect();
    found
}

fn edited<'a>(files: &'a [Source], name: &str, folder: &str) -> Vec<&'a str> {
    let tests = format!("{TESTS}{name}/");
    files
        .iter()
        .filter(|file| !file.path.starts_with(folder) && !file.path.starts_with(&tests))
        .filter(|file| !GENERATED.iter().any(|end| file.path.ends_with(end)))
        .filter(|file| names(file, name, folder))
        .map(|file| file.path.as_str())
        .collect()
}

fn names(file: &Source, name: &str, folder: &str) -> bool {
    let (path, text) = (file.path.as_str(), file.text.as_str());
    let path_of_folder = folder.trim_start_matches("crates/").trim_end_matches('/');
    if path == CHANGELOG {
        return true;
    }
    match path.rsplit_once('.').map(|(_, end)| end) {
        Some("rs") => names_in_rust(path, text, name),
        Some("md") => text.lines().any(|line| is_listed(line, name)),
        Some("toml") => {
            text.lines().any(|line| is_key(line, name)) || text.contains(path_of_folder)
        }
        Some("html" | "txt" | "css" | "js" | "json") => false,
        _ => text.contains(path_of_folder),
    }
}

fn names_in_rust(path: &str, text: &str, name: &str) -> bool {
    let tokens = tokens(text);
    let is_test = path.contains("/tests/");
    let whole_text =
        |token: &Token| token.kind == Kind::Text && token.text == name && !token.for_tests;
    let in_a_list = !is_test && tokens.iter().any(whole_text);
    in_a_list || imports(&read(tokens), name)
}

/// Returns true when a file imports from the crate called `name`, or declares a module of that name.
fn imports(contents: &Contents, name: &str) -> bool {
    if contents.modules.iter().any(|module| module == name) {
        return true;
    }
    let first_is_name = |path: &[String]| path.first().is_some_and(|first| first == name);
    let is_local = contents
        .imports
        .iter()
        .any(|import| import.binding.as_deref() == Some(name) && !first_is_name(&import.path));
    let imports = contents.imports.iter().map(|import| &import.path);
    let mentions = contents.mentions.iter().map(|mention| &mention.path);
    imports.clone().any(|path| first_is_name(path))
        || (!is_local && mentions.clone().any(|path| first_is_name(path)))
}

/// Matches keys such as `contributions = …` and `contributions.workspace = true`.
fn is_key(line: &str, name: &str) -> bool {
    line.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with(['=', '.']))
}

/// Matches a row, an item or a line of a drawn tree that begins with the name.
fn is_listed(line: &str, name: &str) -> bool {
    let item = line.trim_start_matches(|c: char| c.is_whitespace() || "|-*`├└─│".contains(c));
    let is_item = item.len() < line.len();
    let item = item.strip_prefix("programmes/").unwrap_or(item);
    let rest = item.strip_prefix(name).unwrap_or("x");
    is_item && !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-')
}

#[cfg(test)]
mod tests {
    use super::{edited, is_listed, programmes};
    use crate::check::sources::file;

    #[test]
    fn files_that_name_the_programme_are_counted() {
        let files = [
            file("Cargo.toml", "ctf = { path = \"crates/programmes/ctf\" }"),
            file("crates/guildhall/Cargo.toml", "ctf.workspace = true"),
            file("crates/guildhall/src/modules.rs", "&[&ctf::MODULE]"),
            file("crates/guildhall/tests/it/main.rs", "mod ctf;"),
            file("ARCHITECTURE.md", "| `programmes/ctf` | rosters |"),
            file("crates/guildhall/askama.toml", "dirs = [\"../programmes/ctf/templates\"]"),
            file("CHANGELOG.md", ""),
            file("xtask/src/check/list.rs", "const A: &[&str] = &[\"ctf\"];"),
            file("crates/guildhall/tests/it/auth/rows.rs", "use ctf::model::Roster;"),
            file(".ci/run", "cd crates/programmes/ctf"),
        ];
        let found = edited(&files, "ctf", "crates/programmes/ctf/");
        assert_eq!(found.len(), files.len(), "{found:?}");
    }

    #[test]
    fn its_own_files_and_generated_files_and_prose_are_not_counted() {
        let files = [
            file("crates/programmes/ctf/src/lib.rs", "ctf::MODULE"),
            file("crates/guildhall/tests/it/ctf/teams.rs", "use ctf::MODULE;"),
            file("Cargo.lock", "name = \"ctf\""),
            file("docs/openapi.json", "ctf"),
            file("docs/events.md", "A ctf is played by teams.\nctf: a word"),
            file("crates/guildhall/src/pages/home.rs", "use crate::pages::ctf; ctf::card()"),
            file(
                "crates/guildhall/src/pages/mod.rs",
                "//! Not ctf::MODULE.\nlet a = super::ctf::B;",
            ),
            file("crates/guildhall/templates/home.html", "<a href=\"/ctf\">ctf</a>"),
        ];
        let found = edited(&files, "ctf", "crates/programmes/ctf/");
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn list_items_begin_with_the_name() {
        assert!(is_listed("    ctf/          coaches", "ctf"));
        assert!(is_listed("- `ctf`: coaches", "ctf"));
        assert!(is_listed("| `programmes/ctf` | coaches |", "ctf"));
        assert!(!is_listed("- ctfs are played", "ctf"));
        assert!(!is_listed("- what ctf needs", "ctf"));
    }

    #[test]
    fn programmes_are_found_by_their_folder() {
        let files =
            [file("crates/programmes/ctf/Cargo.toml", ""), file("crates/ui/Cargo.toml", "")];
        let found: Vec<_> = programmes(&files).into_iter().collect();
        assert_eq!(found, [("ctf", "crates/programmes/ctf/".to_owned())]);
    }
}
