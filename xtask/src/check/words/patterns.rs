//! Finds the patterns of rules in a sequence of words.

use std::collections::HashMap;

use super::rules::Rule;

/// A lower-case word with its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) line: usize,
}

/// A matching rule, with the words it matches.
#[derive(Debug)]
pub(super) struct Hit<'r> {
    pub(super) rule: &'r Rule,
    pub(super) line: usize,
    pub(super) words: String,
}

/// Rules by the first word of their patterns. A pattern is a sequence of words; `a|b` matches either word, `#` matches
/// any word, and `!a|b` at the beginning or end excludes a neighbor.
pub(super) struct Patterns<'r> {
    by_first: HashMap<&'r str, Vec<Pattern<'r>>>,
}

#[derive(Clone)]
struct Pattern<'r> {
    rule: &'r Rule,
    not_before: Vec<&'r str>,
    words: Vec<Vec<&'r str>>,
    not_behind: Vec<&'r str>,
}

impl<'r> Patterns<'r> {
    pub(super) fn of(rules: impl Iterator<Item = &'r Rule>) -> Self {
        let mut by_first: HashMap<_, Vec<_>> = HashMap::new();
        for rule in rules {
            let pattern = Pattern::of(rule);
            for first in &pattern.words[0] {
                by_first.entry(*first).or_default().push(pattern.clone());
            }
        }
        Self { by_first }
    }

    /// Returns all hits, from left to right. If several begin at the same word, the longest wins. Hits do not overlap.
    pub(super) fn find(&self, words: &[Word]) -> Vec<Hit<'r>> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            match self.at(words, at) {
                Some((hit, length)) => {
                    found.push(hit);
                    at += length;
                }
                None => at += 1,
            }
        }
        found
    }

    /// Returns the hit that begins with the first word.
    pub(super) fn opening(&self, words: &[Word]) -> Option<Hit<'r>> {
        self.at(words, 0).map(|(hit, _)| hit)
    }

    /// Returns the longest hit that begins at a word, and its number of words.
    fn at(&self, words: &[Word], at: usize) -> Option<(Hit<'r>, usize)> {
        let first = words.get(at)?;
        let patterns = self.by_first.get(first.text.as_str())?;
        let pattern = patterns
            .iter()
            .filter(|pattern| pattern.matches(words, at))
            .max_by_key(|pattern| pattern.words.len())?;
        let length = pattern.words.len();
        let covered = &words[at..at + length];
        let covered: Vec<_> = covered.iter().map(|word| word.text.as_str()).collect();
        let hit = Hit { rule: pattern.rule, line: first.line, words: covered.join(" ") };
        Some((hit, length))
    }
}

impl<'r> Pattern<'r> {
    fn of(rule: &'r Rule) -> Self {
        let mut pattern =
            Self { rule, not_before: Vec::new(), words: Vec::new(), not_behind: Vec::new() };
        for part in rule.pattern.split_whitespace() {
            match part.strip_prefix('!') {
                Some(not) if pattern.words.is_empty() => pattern.not_before.extend(not.split('|')),
                Some(not) => pattern.not_behind.extend(not.split('|')),
                None => pattern.words.push(part.split('|').collect()),
            }
        }
        pattern
    }

    fn matches(&self, words: &[Word], at: usize) -> bool {
        let is = |place: Option<usize>, any: &[&str]| {
            let word = place.and_then(|place| words.get(place));
            word.is_some_and(|word| any.contains(&"#") || any.contains(&word.text.as_str()))
        };
        let mut each = self.words.iter().enumerate();
        each.all(|(ahead, any)| is(Some(at + ahead), any))
            && !is(at.checked_sub(1), &self.not_before)
            && !is(Some(at + self.words.len()), &self.not_behind)
    }
}

#[cfg(test)]
mod tests {
    use super::{Patterns, Word};
    use crate::check::words::rules::prose;

    fn found(pattern: &'static str, text: &str) -> Vec<String> {
        let rules = [prose(pattern, "")];
        let words: Vec<_> =
            text.split(' ').map(|word| Word { text: word.to_owned(), line: 1 }).collect();
        let hits = Patterns::of(rules.iter()).find(&words).into_iter();
        hits.map(|hit| hit.words).collect()
    }

    #[test]
    fn alternatives_and_neighbors_are_matched() {
        assert_eq!(found("is|are told", "she is told and they are told"), ["is told", "are told"]);
        assert_eq!(found("!dead letter|letters", "dead letters and a letter"), ["letter"]);
        assert_eq!(found("room !for|to", "room for growth in a room"), ["room"]);
        assert_eq!(
            found("request # followed", "pull request 522 followed"),
            ["request 522 followed"]
        );
    }

    #[test]
    fn the_longest_match_wins() {
        let rules = [prose("house", ""), prose("the house", "")];
        let words = ["the", "house", "house"].map(|text| Word { text: text.to_owned(), line: 1 });
        let hits = Patterns::of(rules.iter()).find(&words);
        let hits: Vec<_> = hits.iter().map(|hit| hit.words.as_str()).collect();
        assert_eq!(hits, ["the house", "house"]);
    }
}
