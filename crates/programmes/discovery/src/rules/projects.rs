//! Lists of projects in the form of up-for-grabs: a folder with one YAML file a project.

use github::rules::names::is_full_name;
use serde::Deserialize;
use serde_saphyr::{Options, options::DuplicateKeyPolicy};

use super::names;

/// The most bytes of a file.
pub const LONGEST_FILE: u64 = 64 * 1024;

/// The most files of a folder.
pub const MOST_FILES: usize = 20_000;

/// The most characters of a label on GitHub.
const LONGEST_LABEL: usize = 50;

/// The most values and references in a file.
const MOST_NODES: usize = 4_000;

/// The most levels of a file.
const DEEPEST: usize = 20;

/// A project: a repository, and the label of the issues with which it asks for help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedProject {
    pub name: String,
    /// The repository, `owner/name`.
    pub repository: String,
    pub label: Option<String>,
}

/// The reason why a file is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableFile {
    /// The line, from 1, if there is one.
    pub line: Option<u64>,
    /// The reason in words.
    pub why: String,
}

/// The fields of a file that matter here. Others, such as tags and counts of issues, are left to GitHub.
#[derive(Debug, Deserialize)]
struct File {
    name: String,
    #[serde(default)]
    site: Option<String>,
    upforgrabs: UpForGrabs,
}

#[derive(Debug, Deserialize)]
struct UpForGrabs {
    #[serde(default)]
    name: Option<String>,
    link: String,
}

/// Reads a file.
///
/// # Errors
/// When it is no YAML, lacks a field, or names no repository on GitHub.
pub fn project(text: &str) -> Result<ListedProject, UnreadableFile> {
    let file: File =
        serde_saphyr::from_str_with_options(text, options()).map_err(|error| UnreadableFile {
            line: error.location().map(|at| at.line()).filter(|line| *line > 0),
            why: first_line(&error.without_snippet().to_string()),
        })?;
    let places = [Some(&file.upforgrabs.link), file.site.as_ref()];
    let mut found = places.into_iter().flatten().filter_map(|place| repository(place));
    let Some(repository) = found.next() else {
        let link = file.upforgrabs.link.as_str();
        return Err(UnreadableFile {
            line: line_of(text, "link:"),
            why: format!("no repository on GitHub: {}", shown(link)),
        });
    };
    let stated = file.upforgrabs.name.as_deref().unwrap_or_default().trim();
    let label = label(&file.upforgrabs.link).unwrap_or_else(|| stated.to_owned());
    let is_label = !label.is_empty()
        && label.chars().count() <= LONGEST_LABEL
        && !label.chars().any(char::is_control);
    Ok(ListedProject {
        name: shown(file.name.trim()),
        repository,
        label: is_label.then_some(label),
    })
}

fn options() -> Options {
    let budget = serde_saphyr::budget! {
        max_nodes: MOST_NODES,
        max_events: 3 * MOST_NODES,
        max_depth: DEEPEST,
        max_documents: 1,
    };
    serde_saphyr::options! {
        budget: budget,
        duplicate_keys: DuplicateKeyPolicy::Error,
    }
}

/// Returns the repository of an address on GitHub.
fn repository(address: &str) -> Option<String> {
    let address = address.trim();
    let rest = address.get(..8).filter(|start| start.eq_ignore_ascii_case("https://"));
    let address = match rest {
        // The site has another name in some addresses.
        Some(_) => address.replacen("://www.", "://", 1),
        None => address.to_owned(),
    };
    let name = names::name(&address);
    (name != address && is_full_name(&name)).then_some(name)
}

/// Returns the label in an address such as `https://github.com/owner/name/labels/help%20wanted`.
fn label(address: &str) -> Option<String> {
    let (_, label) = address.split_once("/labels/")?;
    let label = label.split(['?', '#']).next().unwrap_or_default();
    let label = decoded(label.trim_end_matches('/'));
    (!label.is_empty()).then_some(label)
}

/// Returns a part of an address with its escapes replaced.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let escaped = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
        match (first, escaped) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            (b'+', _) => {
                bytes.push(b' ');
                rest = after;
            }
            (byte, _) => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).replace('\0', "")
}

/// Returns the number of the first line that begins with a key.
fn line_of(text: &str, key: &str) -> Option<u64> {
    let place = text.lines().position(|line| line.trim_start().starts_with(key))?;
    Some(place as u64 + 1)
}

fn first_line(text: &str) -> String {
    shown(text.lines().next().unwrap_or_default())
}

/// Returns the beginning of a text without control characters.
fn shown(text: &str) -> String {
    const LONGEST: usize = 200;
    text.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(link: &str) -> String {
        format!(
            "name: Lantern\ndesc: Tide tables\nsite: https://lantern.example\ntags:\n- rust\n- cli\nupforgrabs:\n  name: up-for-grabs\n  link: {link}\nstats:\n  issue-count: 4\n  last-updated: '2026-09-01T08:00:00Z'\n"
        )
    }

    #[test]
    fn a_project_has_a_repository_and_a_label() {
        for (link, label) in [
            ("https://github.com/octo-org/lantern/labels/up%20for%20grabs", "up for grabs"),
            ("https://github.com/octo-org/lantern/labels/help+wanted", "help wanted"),
            ("https://github.com/octo-org/lantern/issues?q=is%3Aopen", "up-for-grabs"),
            ("http://www.github.com/octo-org/lantern", "up-for-grabs"),
            ("https://www.github.com/octo-org/lantern.git", "up-for-grabs"),
        ] {
            let link = link.replacen("http://www.", "http://", 1);
            let read = project(&file(&link)).expect(&link);
            let expected = ("octo-org/lantern", Some(label));
            assert_eq!((read.repository.as_str(), read.label.as_deref()), expected, "{link}");
        }
        let by_site = "name: L\nsite: https://github.com/octo-org/lantern\nupforgrabs: {link: 'https://lantern.example/help'}\n";
        let read = project(by_site).expect("read");
        assert_eq!((read.repository.as_str(), read.label), ("octo-org/lantern", None));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let bomb = "name: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: [*c, *c, *c]\n";
        for (text, line, says) in [
            ("", None, ""),
            ("name: L\nsite: x\n", None, "upforgrabs"),
            ("name: L\nupforgrabs:\n  name: x\n", None, "link"),
            ("name: L\nupforgrabs: [\n", None, ""),
            ("name: L\n\tx: 1\n", None, ""),
            (
                "name: L\nname: M\nupforgrabs:\n  link: https://github.com/a/b\n",
                Some(2),
                "duplicate",
            ),
            (
                "name: L\nupforgrabs:\n  link: https://gitlab.com/a/b/-/issues\n",
                Some(3),
                "no repository on GitHub",
            ),
            (
                "name: L\nupforgrabs:\n  link: https://github.com/a\n",
                Some(3),
                "no repository on GitHub",
            ),
            (bomb, None, ""),
        ] {
            let why = project(text).expect_err(text);
            let said = why.why.to_lowercase();
            assert!(said.contains(&says.to_lowercase()), "{text}: {why:?}");
            assert!(line.is_none() || why.line == line, "{text}: {why:?}");
        }
    }

    #[test]
    fn escapes_are_replaced() {
        for (text, expected) in [
            ("a%20b", "a b"),
            ("%", "%"),
            ("%zz", "%zz"),
            ("%2", "%2"),
            ("%C3%A9", "é"),
            ("%00x", "x"),
        ] {
            assert_eq!(decoded(text), expected);
        }
    }
}
