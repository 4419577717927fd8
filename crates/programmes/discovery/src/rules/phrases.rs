//! Finds the phrases of a dictionary in a text, in one pass.

use std::collections::HashMap;

/// The number of characters that rules read of a text.
pub const MOST_CHARACTERS: usize = 16_384;

/// Returns the part of a text that rules read: its first 16,384 characters.
#[must_use]
pub fn bounded(text: &str) -> &str {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

/// The words of a text in lower case. `c++`, `c#` and `node.js` are words.
#[derive(Clone, Debug, Default)]
pub struct Text {
    lower: String,
    words: Vec<(usize, usize)>,
}

impl Text {
    /// Divides the first 16,384 characters of a text into words.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let lower = bounded(text).to_lowercase();
        let mut words = Vec::with_capacity(lower.len() / 6);
        let mut start = None;
        for (at, c) in lower.char_indices().chain([(lower.len(), ' ')]) {
            match (start, c.is_alphanumeric() || matches!(c, '+' | '#' | '.')) {
                (None, true) if !matches!(c, '+' | '#') => start = Some(at),
                (Some(from), false) => {
                    let length = lower[from..at].trim_end_matches('.').len();
                    if length > 0 {
                        words.push((from, from + length));
                    }
                    start = None;
                }
                _ => {}
            }
        }
        Self { lower, words }
    }

    /// Returns the text in lower case.
    #[must_use]
    pub fn lower(&self) -> &str {
        &self.lower
    }

    /// Returns the number of words.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Returns whether the text has no words.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Returns the word at an index, or an empty text.
    #[must_use]
    pub fn word(&self, index: usize) -> &str {
        self.words.get(index).map_or("", |(start, end)| &self.lower[*start..*end])
    }

    /// Returns the words, in order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.word(index))
    }
}

/// The phrases that begin with one word: their further words, longest first, each with its value.
type Continuations<T> = Vec<(Vec<&'static str>, T)>;

/// A dictionary of phrases, each with a value.
#[derive(Debug)]
pub struct Phrases<T> {
    by_first: HashMap<&'static str, Continuations<T>>,
}

impl<T: Copy> Phrases<T> {
    /// Makes a dictionary. A phrase is written in lower case, with single spaces.
    pub fn of(pairs: impl IntoIterator<Item = (&'static str, T)>) -> Self {
        let mut by_first: HashMap<&'static str, Continuations<T>> = HashMap::new();
        for (phrase, value) in pairs {
            let mut words = phrase.split(' ');
            let first = words.next().unwrap_or_default();
            by_first.entry(first).or_default().push((words.collect(), value));
        }
        for own in by_first.values_mut() {
            own.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len()));
        }
        Self { by_first }
    }

    /// Returns the values of the phrases in a text, from left to right; of several at one word the longest.
    pub fn find<'a>(&'a self, text: &'a Text) -> impl Iterator<Item = T> + 'a {
        let mut at = 0;
        std::iter::from_fn(move || {
            while at < text.len() {
                let found = self.at(text, at);
                at += found.map_or(1, |(length, _)| length);
                if let Some((_, value)) = found {
                    return Some(value);
                }
            }
            None
        })
    }

    /// Returns the value of the phrase that a text begins with.
    pub fn first(&self, text: &Text) -> Option<T> {
        self.at(text, 0).map(|(_, value)| value)
    }

    /// Returns the value of the phrase that a text consists of.
    pub fn whole(&self, text: &Text) -> Option<T> {
        self.at(text, 0).filter(|(length, _)| *length == text.len()).map(|(_, value)| value)
    }

    fn at(&self, text: &Text, at: usize) -> Option<(usize, T)> {
        let own = self.by_first.get(text.word(at))?;
        let fits = |rest: &[&str]| {
            rest.iter().enumerate().all(|(index, word)| text.word(at + 1 + index) == *word)
        };
        let (rest, value) = own.iter().find(|(rest, _)| fits(rest))?;
        Some((rest.len() + 1, *value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_the_marks_of_languages() {
        let text = Text::read("C++ and C#, .NET; node.js... don't #12 ++");
        let words: Vec<_> = text.words().collect();
        assert_eq!(words, ["c++", "and", "c#", ".net", "node.js", "don", "t", "12"]);
    }

    #[test]
    fn the_longest_phrase_wins() {
        let phrases = Phrases::of([("error", 1), ("error messages", 2), ("messages", 3)]);
        let found = |text: &str| phrases.find(&Text::read(text)).collect::<Vec<_>>();
        assert_eq!(found("Error messages, messages of an error."), [2, 3, 1]);
        assert_eq!(found("errors"), [] as [i32; 0]);
    }

    #[test]
    fn long_texts_are_cut_at_a_character() {
        let long = "ä".repeat(MOST_CHARACTERS + 9);
        assert_eq!(bounded(&long).chars().count(), MOST_CHARACTERS);
        assert_eq!(bounded("ä"), "ä");
    }
}
