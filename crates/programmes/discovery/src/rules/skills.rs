//! The dictionary of skills, and those that an issue needs.

use std::{collections::BTreeMap, sync::LazyLock};

use super::phrases::{Phrases, Text};

/// The most skills of an issue.
const MOST: usize = 8;

/// The dictionary: the names of skills, and all spellings with the index of the skill.
static DICTIONARY: LazyLock<(Vec<&'static str>, Phrases<usize>)> = LazyLock::new(|| {
    let names: Vec<&'static str> = entries().map(|(name, _)| name).collect();
    let spelled = entries()
        .enumerate()
        .flat_map(|(index, (_, spellings))| spellings.split(", ").map(move |own| (own, index)));
    let named = LOWER.iter().enumerate().map(|(index, name)| (name.as_str(), index));
    (names, Phrases::of(spelled.chain(named)))
});

/// The names of skills in lower case, divided like texts.
static LOWER: LazyLock<Vec<String>> = LazyLock::new(|| {
    entries().map(|(name, _)| Text::read(name).words().collect::<Vec<_>>().join(" ")).collect()
});

fn entries() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = include_str!("skills.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(": "))
}

/// Returns the names of all skills, in alphabetical order.
#[must_use]
pub fn all() -> &'static [&'static str] {
    &DICTIONARY.0
}

/// Returns the skill with a name or spelling.
#[must_use]
pub fn named(spelling: &str) -> Option<&'static str> {
    let text = Text::read(spelling);
    let index = DICTIONARY.1.whole(&text)?;
    DICTIONARY.0.get(index).copied()
}

/// Returns the skills of an issue, most certain first: a label or the title counts 4, a topic 2, and each place in the
/// description 1, up to 2. One place in the description alone is not enough, as is a topic alone: a repository has many
/// subjects that an issue does not touch.
#[must_use]
pub fn skills(labels: &[String], topics: &[String], title: &Text, body: &Text) -> Vec<String> {
    let mut found: BTreeMap<usize, (u32, bool)> = BTreeMap::new();
    for label in labels {
        add(&mut found, &Text::read(label), 4, 4, true);
    }
    add(&mut found, title, 4, 4, true);
    add(&mut found, body, 1, 2, true);
    for topic in topics {
        add(&mut found, &Text::read(topic), 2, 2, false);
    }
    let mut order: Vec<(u32, usize)> = found
        .into_iter()
        .filter(|(_, (count, is_own))| *is_own && *count > 1)
        .map(|(index, (count, _))| (count, index))
        .collect();
    order.sort_by_key(|(count, index)| (std::cmp::Reverse(*count), *index));
    let names = order.into_iter().take(MOST).filter_map(|(_, index)| DICTIONARY.0.get(index));
    names.map(|name| (*name).to_owned()).collect()
}

/// Adds the skills of a text: `each` for each place, `most` in all.
fn add(found: &mut BTreeMap<usize, (u32, bool)>, text: &Text, each: u32, most: u32, is_own: bool) {
    let mut here: BTreeMap<usize, u32> = BTreeMap::new();
    for index in DICTIONARY.1.find(text) {
        let count = here.entry(index).or_default();
        *count = (*count + each).min(most);
    }
    for (index, count) in here {
        let entry = found.entry(index).or_default();
        entry.0 += count;
        entry.1 |= is_own;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_dictionary_is_understood() {
        assert!(all().len() >= 120, "{}", all().len());
        let lines = include_str!("skills.txt")
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        assert_eq!(lines.count(), all().len());
        let mut seen = BTreeSet::new();
        for spelling in
            entries().flat_map(|(_, own)| own.split(", ")).chain(LOWER.iter().map(String::as_str))
        {
            assert!(seen.insert(spelling), "{spelling} is listed twice");
            assert!(named(spelling).is_some(), "{spelling} can never match");
        }
    }

    #[test]
    fn skills_are_ordered_by_certainty() {
        let found = |labels: &[&str], topics: &[&str], title, body| {
            let owned = |of: &[&str]| of.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
            skills(&owned(labels), &owned(topics), &Text::read(title), &Text::read(body)).join("|")
        };
        assert_eq!(
            found(&["a11y"], &[], "Tooltip is not read", "The screen reader skips it."),
            "accessibility|user interfaces"
        );
        assert_eq!(
            found(&[], &["database"], "Unclear error message", "The database query"),
            "error messages|databases"
        );
        assert_eq!(found(&[], &["database"], "Add a license", ""), "");
        assert_eq!(found(&[], &[], "Move to Node.js 24", "and C++"), "Node.js");
    }

    #[test]
    fn skills_have_names_in_other_spellings() {
        assert_eq!(named("A11Y"), Some("accessibility"));
        assert_eq!(named("docker"), Some("Docker"));
        assert_eq!(named("error-messages"), Some("error messages"));
        assert_eq!(named("docker and more"), None);
        assert_eq!(named(""), None);
    }
}
