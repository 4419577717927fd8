//! Checks for plain words: what is banned in code, pages, emails and documents, and what to write instead.

mod passages;
mod patterns;
mod rules;

use std::{collections::BTreeMap, fmt::Write as _};

use anyhow::Result;

use self::{
    passages::read,
    patterns::{Hit, Patterns, Word},
    rules::{Place, RULES, Rule},
};
use super::{Tree, none_of, sources::Source};

/// The rules themselves contain the banned words.
const EXEMPT: &str = "xtask/src/check/words/";

/// Names that cannot be changed, each with its file: the former name of the key file, which is still read, and a user
/// of Unix.
const FOREIGN: &[(&str, &str)] =
    &[("crates/platform/src/crypto/ring.rs", "letters"), ("xtask/src/postgres.rs", "nobody")];

/// Programmes, whose fields may need a word that is otherwise banned as a type, and the tests, which use their types.
const PROGRAMMES: &[&str] = &["crates/programmes/", "crates/guildhall/tests/"];

/// Titles of invented pull requests are not checked as labels.
const FIXTURES: &[&str] = &["crates/testkit/", "crates/labeled-seasons/"];

/// Checks every file; prints each hit when only this check was requested.
pub(super) fn check(tree: &Tree) -> Result<()> {
    let reader = Reader::new();
    let mut found = Vec::new();
    for file in tree.files.iter().filter(|file| !file.path.starts_with(EXEMPT)) {
        found.extend(reader.hits(file).into_iter().map(|hit| (file.path.as_str(), hit)));
    }
    if !found.is_empty() {
        println!("{}", account(&found));
    }
    let complaints = found.iter().map(|(path, hit)| complaint(path, hit));
    none_of(&complaints.collect::<Vec<_>>())
}

fn complaint(path: &str, hit: &Hit<'_>) -> String {
    let Hit { rule, line, words } = hit;
    format!("{path}:{line}: \"{words}\": write {}", rule.instead)
}

/// Counts the hits by rule and by folder.
fn account(found: &[(&str, Hit<'_>)]) -> String {
    let mut by_rule: BTreeMap<(&str, String), usize> = BTreeMap::new();
    let mut by_folder: BTreeMap<String, usize> = BTreeMap::new();
    for (path, hit) in found {
        let place = format!("{:?}", hit.rule.place).to_lowercase();
        *by_rule.entry((hit.rule.pattern, place)).or_default() += 1;
        *by_folder.entry(folder(path)).or_default() += 1;
    }
    let mut text = String::from("by rule and by folder:");
    let mut by_rule: Vec<_> = by_rule.into_iter().collect();
    by_rule.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for ((pattern, place), count) in by_rule {
        let _ = write!(text, "\n  {count:6}  {place}: {pattern}");
    }
    for (folder, count) in by_folder {
        let _ = write!(text, "\n  {count:6}  {folder}");
    }
    text
}

/// Returns `crates/github`, `crates/programmes/ctf`, `docs`, or the file itself at the root.
fn folder(path: &str) -> String {
    let depth = match path {
        path if path.starts_with("crates/programmes/") => 3,
        path if path.starts_with("crates/") => 2,
        _ => 1,
    };
    path.split('/').take(depth).collect::<Vec<_>>().join("/")
}

/// The rules, prepared for searching.
struct Reader {
    prose: Patterns<'static>,
    openings: Patterns<'static>,
    names: Patterns<'static>,
}

impl Reader {
    fn new() -> Self {
        Self {
            prose: Patterns::of(of(Place::Prose)),
            openings: Patterns::of(of(Place::Opening)),
            names: Patterns::of(of(Place::Name)),
        }
    }

    fn hits(&self, file: &Source) -> Vec<Hit<'static>> {
        let Some(passages) = read(file) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for words in &passages.prose {
            found.extend(self.prose.find(words));
        }
        for words in &passages.openings {
            found.extend(self.openings.opening(words));
        }
        for words in &passages.names {
            found.extend(self.names.find(words));
        }
        if !FIXTURES.iter().any(|path| file.path.starts_with(path)) {
            found.extend(whole(&passages.labels, Place::Label));
        }
        found.extend(whole(&passages.modules, Place::Module));
        if !PROGRAMMES.iter().any(|path| file.path.starts_with(path)) {
            found.extend(whole(&passages.types, Place::Type));
        }
        found.retain(|hit| !FOREIGN.contains(&(file.path.as_str(), hit.words.as_str())));
        found.sort_by_key(|hit| hit.line);
        // An opening may also match a prose rule.
        found.dedup_by(|one, other| one.line == other.line && one.words == other.words);
        found
    }
}

fn of(place: Place) -> impl Iterator<Item = &'static Rule> {
    RULES.iter().filter(move |rule| rule.place == place)
}

/// Returns the words that are exactly the pattern of a rule for `place`.
fn whole(words: &[Word], place: Place) -> impl Iterator<Item = Hit<'static>> {
    words.iter().filter_map(move |word| {
        let rule = of(place).find(|rule| rule.pattern == word.text)?;
        Some(Hit { rule, line: word.line, words: word.text.clone() })
    })
}

#[cfg(test)]
mod tests {
    use super::{Reader, folder};
    use crate::check::sources::file;

    fn of(path: &str, text: &str) -> Vec<String> {
        let hits = Reader::new().hits(&file(path, text)).into_iter();
        hits.map(|hit| format!("{}: {}", hit.line, hit.words)).collect()
    }

    #[test]
    fn prose_is_matched_across_lines() {
        let found = of(
            "a.rs",
            "/// Adds what the\n/// house holds.\nfn add() { say(\"Not in this\n house\") }",
        );
        assert_eq!(found, ["1: the house", "4: house"]);
        let found = of("docs/a.md", "The rooms of\nthe house.");
        assert_eq!(found, ["1: rooms", "2: the house"]);
    }

    #[test]
    fn openings_of_doc_comments_are_matched() {
        assert_eq!(of("a.rs", "/// What it holds.\n/// Where it lies.\nstruct A;"), ["1: what"]);
        assert_eq!(
            of("a.rs", "//! Whether it is.\n\n/// So many of them.\n// What else?"),
            ["1: whether", "3: so many"]
        );
        assert!(of("a.rs", "/// Says what it holds.\n// Where it lies.").is_empty());
    }

    #[test]
    fn identifiers_are_split_into_words() {
        let text =
            "fn tell_of_ledger(DemoHouse: X) { LOOK_AFTER; dead_letter; guildhall::hallmark }";
        assert_eq!(of("a.rs", text), ["1: tell of", "1: house", "1: look after"]);
        assert_eq!(
            of("a.rs", "mod leaving; struct Means; let leaving = means;"),
            ["1: leaving", "1: Means"]
        );
        assert!(of("crates/programmes/ctf/src/a.rs", "struct Roster;").is_empty());
        assert!(of("crates/guildhall/tests/it/ctf/a.rs", "struct Roster;").is_empty());
        assert_eq!(of("crates/a/assets/hall.js", "let a = 1;"), ["1: hall"]);
    }

    #[test]
    fn labels_are_compared_as_a_whole() {
        assert_eq!(
            of("a.html", "<th>May</th>\n<td>May I?</td>\n<button>Keep</button>"),
            ["1: May", "3: Keep"]
        );
        assert_eq!(
            of("a.rs", "heading(\"In force\"); say(\"In force since May\")"),
            ["1: In force"]
        );
        assert!(of("a.rs", "fn Keep() {}").is_empty());
    }

    #[test]
    fn plain_words_pass() {
        let plain = "Guildhall keeps keep_alive on; room for growth; dead letters; lower-case letters; \
                     no more than ten; it stands for hope; you are told_at";
        assert!(of("a.md", plain).is_empty(), "{:?}", of("a.md", plain));
        assert!(of("Cargo.toml", "house = 1").is_empty());
        assert_eq!(of("Cargo.toml", "a = 1 # the house"), ["1: the house"]);
        assert!(of("assets/logo.svg", "the house").is_empty());
        assert!(of("a.css", "h1 { letter-spacing: 0 }").is_empty());
        let user = "fn user() { \"nobody\" }";
        assert!(of("xtask/src/postgres.rs", user).is_empty());
        assert_eq!(of("xtask/src/docs.rs", user), ["1: nobody"]);
    }

    #[test]
    fn hits_are_counted_by_crate() {
        assert_eq!(folder("crates/github/src/lib.rs"), "crates/github");
        assert_eq!(folder("crates/programmes/ctf/src/lib.rs"), "crates/programmes/ctf");
        assert_eq!(folder("docs/adr/1.md"), "docs");
        assert_eq!(folder("README.md"), "README.md");
    }
}
