//! The dictionary of labels: what the spellings that repositories use mean.

use std::{collections::HashMap, sync::LazyLock};

use platform::emoji;

use crate::model::WorkKind;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    /// It suits a first contribution.
    GoodFirstIssue,
    /// The maintainers ask for help.
    HelpWanted,
    /// Its difficulty, of 10.
    Difficulty(u8),
    Type(WorkKind),
    /// It matters: a high priority, or a severe defect.
    Important,
    /// It can wait.
    Unimportant,
    /// The language in which the work is done, as GitHub names it.
    Language(&'static str),
    /// No one can do it at present, for this reason.
    Stopped(StopReason),
}

/// Why a label stops work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StopReason {
    /// Someone works on it.
    Taken,
    /// It waits for something else.
    Blocked,
    /// The maintainers have not decided, or need to know more.
    Undecided,
    /// The maintainers do not want it.
    Declined,
    /// It repeats another issue, is a question, or is no issue at all.
    NoWork,
    /// It is left alone.
    Stale,
}

impl StopReason {
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Taken => "a label says that someone works on it",
            Self::Blocked => "a label says that it is blocked",
            Self::Undecided => "a label says that the maintainers have not decided about it",
            Self::Declined => "a label says that the maintainers do not want it",
            Self::NoWork => "a label says that it is a duplicate, a question or not valid",
            Self::Stale => "a label says that it is stale",
        }
    }
}

static DICTIONARY: LazyLock<Dictionary> =
    LazyLock::new(|| Dictionary::read(include_str!("labels.txt")));

/// Prefixes that say what kind of label follows, such as `kind/bug` or `status: blocked`.
const SCOPES: [&str; 26] = [
    "a",
    "c",
    "category",
    "closed",
    "complexity",
    "contrib",
    "d",
    "difficulty",
    "e",
    "effort",
    "exp",
    "experience",
    "issue",
    "kind",
    "level",
    "p",
    "pr",
    "priority",
    "resolution",
    "s",
    "severity",
    "skill",
    "state",
    "status",
    "t",
    "type",
];

struct Dictionary {
    entries: Vec<(Meaning, Vec<&'static str>)>,
    by_spelling: HashMap<&'static str, Meaning>,
}

impl Dictionary {
    /// Reads the dictionary. Lines that it does not understand are left out; a test finds them.
    fn read(text: &'static str) -> Self {
        let mut entries: Vec<(Meaning, Vec<&'static str>)> = Vec::new();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let spellings = match line.split_once(": ") {
                Some((name, spellings)) if !line.starts_with(' ') => {
                    let Some(meaning) = named(name) else { continue };
                    entries.push((meaning, Vec::new()));
                    spellings
                }
                _ => line,
            };
            if let Some((_, own)) = entries.last_mut() {
                own.extend(spellings.split(',').map(str::trim).filter(|own| !own.is_empty()));
            }
        }
        let pairs =
            entries.iter().flat_map(|(meaning, own)| own.iter().map(|own| (*own, *meaning)));
        Self { by_spelling: pairs.collect(), entries }
    }
}

/// Returns the meaning that the dictionary names so.
fn named(name: &'static str) -> Option<Meaning> {
    match name.split_once(' ') {
        Some(("difficulty", of)) => of.parse().ok().map(Meaning::Difficulty),
        Some(("type", kind)) => WorkKind::named(kind).map(Meaning::Type),
        Some(("language", language)) => Some(Meaning::Language(language)),
        Some(("stopped", stop)) => Some(Meaning::Stopped(match stop {
            "taken" => StopReason::Taken,
            "blocked" => StopReason::Blocked,
            "undecided" => StopReason::Undecided,
            "declined" => StopReason::Declined,
            "nowork" => StopReason::NoWork,
            "stale" => StopReason::Stale,
            _ => return None,
        })),
        _ => match name {
            "good first issue" => Some(Meaning::GoodFirstIssue),
            "help wanted" => Some(Meaning::HelpWanted),
            "important" => Some(Meaning::Important),
            "unimportant" => Some(Meaning::Unimportant),
            _ => None,
        },
    }
}

/// Returns a label in lower case, without emoji and their names such as `:wave:`, and with one space for each run of other
/// characters than `+`, `#`, dots and those of words.
#[must_use]
pub fn plain(label: &str) -> String {
    let kept = |c: char| c.is_alphanumeric() || matches!(c, '+' | '#' | '.');
    let spaced: String = emoji::without_signs(&without_emoji(label))
        .to_lowercase()
        .chars()
        .map(|c| if kept(c) { c } else { ' ' })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns a label without the names of emoji.
fn without_emoji(label: &str) -> String {
    let mut parts: Vec<&str> = label.split(':').collect();
    let is_name = |part: &&str| {
        let of_name =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | '+');
        !part.is_empty() && part.chars().all(of_name)
    };
    // A name has a colon on both sides, with the end of the label or a space before the first one.
    let mut at = 1;
    while at + 1 < parts.len() {
        let begins = parts[at - 1].is_empty() || parts[at - 1].ends_with(' ');
        if begins && is_name(&parts[at]) {
            parts.remove(at);
        }
        at += 1;
    }
    parts.join(" ")
}

/// Returns the meaning of a label, if the dictionary knows it with or without its scope.
#[must_use]
pub fn meaning(label: &str) -> Option<Meaning> {
    let plain = plain(label);
    let known = |spelling: &str| DICTIONARY.by_spelling.get(spelling).copied();
    known(&plain).or_else(|| match plain.split_once(' ') {
        Some(("lang" | "language" | "l", language)) => {
            known(language).filter(|of| matches!(of, Meaning::Language(_)))
        }
        Some((scope, rest)) if SCOPES.contains(&scope) => known(rest),
        _ => None,
    })
}

/// Returns the labels of an issue with one for help wanted if one of them is a label with which its repository asks for help, and
/// the dictionary does not know that.
#[must_use]
pub fn with_stated(mut labels: Vec<String>, stated: &[String]) -> Vec<String> {
    let is_stated = |label: &String| {
        let fits = |own: &String| plain(own) == plain(label);
        meaning(label).is_none() && stated.iter().any(fits)
    };
    if labels.iter().any(is_stated) {
        labels.push("help wanted".to_owned());
    }
    labels
}

/// Returns all meanings with their spellings, in the order of the dictionary.
#[must_use]
pub fn dictionary() -> &'static [(Meaning, Vec<&'static str>)] {
    &DICTIONARY.entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dictionary_is_understood() {
        let text = include_str!("labels.txt");
        let lines = text.lines().filter(|line| !line.starts_with(['#', ' ']) && !line.is_empty());
        assert_eq!(lines.count(), dictionary().len());
        let spellings: Vec<_> = dictionary().iter().flat_map(|(_, own)| own).collect();
        assert!(spellings.len() >= 300, "{}", spellings.len());
        assert_eq!(DICTIONARY.by_spelling.len(), spellings.len(), "a spelling has two meanings");
        for spelling in spellings {
            assert_eq!(plain(spelling), *spelling, "can never match");
        }
    }

    #[test]
    fn every_spelling_is_known_behind_an_emoji() {
        for (meaning_of, spellings) in dictionary() {
            for sign in ["0️⃣", "9️⃣", "#️⃣", "*️⃣", "ℹ️", "ℹ", "Ⓜ️", "🅰️", "🅱", "🅾️", "🅿️", "⚠️", "🐛"]
            {
                let label = format!("{sign} {}", spellings[0]);
                assert_eq!(meaning(&label), Some(*meaning_of), "{label}");
            }
        }
    }

    #[test]
    fn a_stated_label_asks_for_help() {
        let with = |labels: &[&str], stated: &[&str]| {
            let owned = |all: &[&str]| all.iter().map(|own| (*own).to_owned()).collect();
            let stated: Vec<String> = owned(stated);
            with_stated(owned(labels), &stated).len() - labels.len()
        };
        assert_eq!(with(&["Pick me", "bug"], &["pick-me"]), 1);
        assert_eq!(with(&["bug"], &["pick-me"]), 0);
        // The dictionary knows these.
        assert_eq!(with(&["up-for-grabs"], &["up-for-grabs"]), 0);
        assert_eq!(with(&["bug"], &["bug"]), 0);
        assert_eq!(with(&[], &["pick-me"]), 0);
    }

    #[test]
    fn labels_are_found_as_repositories_write_them() {
        for (label, expected) in [
            ("good first issue", Some(Meaning::GoodFirstIssue)),
            ("Good-First-Issue", Some(Meaning::GoodFirstIssue)),
            (":wave: good first issue", Some(Meaning::GoodFirstIssue)),
            ("👋 Good First Issue!", Some(Meaning::GoodFirstIssue)),
            ("1️⃣ good first issue", Some(Meaning::GoodFirstIssue)),
            ("ℹ️ help wanted", Some(Meaning::HelpWanted)),
            ("bug 🅱️", Some(Meaning::Type(WorkKind::Bug))),
            ("status: help wanted", Some(Meaning::HelpWanted)),
            ("up-for-grabs", Some(Meaning::HelpWanted)),
            ("E-easy", Some(Meaning::Difficulty(2))),
            ("difficulty/hard", Some(Meaning::Difficulty(8))),
            ("kind/bug", Some(Meaning::Type(WorkKind::Bug))),
            ("T: Documentation", Some(Meaning::Type(WorkKind::Documentation))),
            ("type::feature", Some(Meaning::Type(WorkKind::Feature))),
            ("lang: rust", Some(Meaning::Language("Rust"))),
            ("language: good first issue", None),
            ("C++", Some(Meaning::Language("C++"))),
            ("Priority: High", Some(Meaning::Important)),
            ("wontfix", Some(Meaning::Stopped(StopReason::Declined))),
            ("Status: In Progress", Some(Meaning::Stopped(StopReason::Taken))),
            ("needs: triage", Some(Meaning::Stopped(StopReason::Undecided))),
            ("Duplicate :two:", Some(Meaning::Stopped(StopReason::NoWork))),
            ("severity::critical", Some(Meaning::Important)),
            ("kind/support", Some(Meaning::Stopped(StopReason::NoWork))),
            ("pinned", None),
            ("area: parser", None),
            ("", None),
        ] {
            assert_eq!(meaning(label), expected, "{label}");
        }
    }
}
