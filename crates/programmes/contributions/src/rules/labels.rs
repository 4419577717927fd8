//! Normalization of label spellings.

use std::collections::BTreeMap;

use platform::emoji;

use super::Multiplier;

/// Words that only name the kind of label: `Type: Feature` becomes `feature`.
const NAMESPACES: [&str; 5] = ["type", "kind", "category", "status", "resolution"];

/// Other names of the six default types.
const SYNONYMS: [(&str, &str); 22] = [
    ("feat", "feature"),
    ("features", "feature"),
    ("new-feature", "feature"),
    ("enhancement", "feature"),
    ("bug", "fix"),
    ("bugs", "fix"),
    ("fixes", "fix"),
    ("bugfix", "fix"),
    ("bug-fix", "fix"),
    ("hotfix", "fix"),
    ("doc", "docs"),
    ("documentation", "docs"),
    ("tests", "test"),
    ("testing", "test"),
    ("refactoring", "refactor"),
    ("cleanup", "refactor"),
    ("chores", "chore"),
    ("maintenance", "chore"),
    ("build", "chore"),
    ("ci", "chore"),
    ("deps", "chore"),
    ("dependencies", "chore"),
];

/// Normalizes the spelling of a label: `Level-1`, `level 1`, `LEVEL_1` and `level1` become `level-1`;
/// `Type: Feature`, `kind/feature`, `✨ feature` and `1️⃣ feature` become `feature`.
#[must_use]
pub fn normalize(label: &str) -> String {
    let mut words = words(&emoji::without_signs(label));
    if words.len() > 1 && NAMESPACES.contains(&words[0].as_str()) {
        words.remove(0);
    }
    words.join("-")
}

/// Returns the name of a type in a rules document: normalized, with synonyms resolved.
#[must_use]
pub fn type_key(label: &str) -> String {
    let label = normalize(label);
    let synonym = SYNONYMS.iter().find(|(other, _)| *other == label);
    synonym.map_or(label, |(_, name)| (*name).to_owned())
}

/// Returns the type that labels name, and its factor. If labels contradict each other, the lowest factor
/// wins.
#[must_use]
pub fn type_of(
    labels: &[String],
    types: &BTreeMap<String, Multiplier>,
) -> Option<(String, Multiplier)> {
    labels
        .iter()
        .filter_map(|label| types.get_key_value(&type_key(label)))
        .min_by_key(|(name, factor)| (**factor, *name))
        .map(|(name, factor)| (name.clone(), *factor))
}

/// Returns the first label in `wanted` (normalized names), normalized. The order is alphabetical, so that
/// GitHub's order of labels does not matter.
#[must_use]
pub fn first_of(labels: &[String], wanted: &[String]) -> Option<String> {
    labels.iter().map(|label| normalize(label)).filter(|label| wanted.contains(label)).min()
}

/// Splits a text into lower-case runs of alphabetic characters and runs of digits.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut last = Sort::Other;
    for character in text.chars() {
        let sort = Sort::of(character);
        if sort != Sort::Other {
            if sort != last {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(character.to_lowercase());
            }
        }
        last = sort;
    }
    words
}

#[derive(Clone, Copy, PartialEq)]
enum Sort {
    Alphabetic,
    Digit,
    Other,
}

impl Sort {
    fn of(character: char) -> Self {
        if character.is_alphabetic() {
            Self::Alphabetic
        } else if character.is_numeric() {
            Self::Digit
        } else {
            Self::Other
        }
    }
}
