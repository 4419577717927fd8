//! Repositories with open issues, and what people search for in them: texts of a skewed vocabulary, from a seed.

use std::{cell::Cell, sync::LazyLock};

use serde_json::{Value, json};

use super::numbers::scatter;

/// The words of the vocabulary, the most frequent first: those of [`COMMON`], and made-up ones, which stand for names.
const WORDS: u64 = 30_000;
/// The topics of repositories, and the labels of parts of programs.
const TOPICS: u64 = 400;
const PARTS: u64 = 150;
/// The issues of a repository.
pub(super) const IN_REPOSITORY: u64 = 20;

static FREQUENT: LazyLock<Vec<&str>> = LazyLock::new(|| COMMON.split_whitespace().collect());

const COMMON: &str = "error file test build version command output config value list type option server page default \
     path user request module function window table string line header button index cache message field parser \
     number name format release docs link import thread token color memory query client timeout search theme crash \
     warning editor script package install branch layout event image font menu scroll keyboard shortcut locale \
     plugin schema column filter sort export upload download socket proxy certificate login session password role \
     metric chart log trace queue worker retry batch stream buffer encoding unicode timezone date calendar currency \
     compiler linker macro generic trait lifetime iterator closure async mutex channel allocator benchmark fuzzer";

const SYLLABLES: [&str; 32] = [
    "ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu", "da", "fe", "gi", "ho", "ju", "pa",
    "que", "ri", "so", "tu", "wa", "xe", "yi", "lor", "men", "tan", "der", "vin", "sol", "kat",
    "rix", "bel",
];

const LANGUAGES: [&str; 20] = [
    "JavaScript",
    "Python",
    "TypeScript",
    "Rust",
    "Go",
    "Java",
    "C++",
    "Ruby",
    "PHP",
    "C#",
    "C",
    "Kotlin",
    "Swift",
    "Scala",
    "Haskell",
    "Elixir",
    "Zig",
    "Lua",
    "OCaml",
    "Julia",
];

const LABELS: [&str; 12] = [
    "bug",
    "enhancement",
    "good first issue",
    "help wanted",
    "documentation",
    "easy",
    "performance",
    "accessibility",
    "tests",
    "design",
    "medium",
    "regression",
];

/// A sequence of random numbers.
pub(super) struct Dice(Cell<u64>);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(Cell::new(scatter(seed)))
    }

    /// Returns a number below `count`.
    pub(super) fn below(&self, count: u64) -> u64 {
        self.0.set(self.0.get().wrapping_add(1));
        scatter(self.0.get()) % count.max(1)
    }

    fn between(&self, least: u64, most: u64) -> u64 {
        least + self.below(most + 1 - least)
    }

    /// Returns true for this share of a hundred.
    pub(super) fn percent(&self, share: u64) -> bool {
        self.below(100) < share
    }

    /// Returns a number below `count`, each about as often as the inverse of its rank, as words of a language are.
    fn skewed(&self, count: u64) -> u64 {
        let share = self.below(1 << 32) as f64 / (1_u64 << 32) as f64;
        (((count + 1) as f64).powf(share) as u64).saturating_sub(1).min(count - 1)
    }

    fn pick<'a>(&self, of: &[&'a str]) -> &'a str {
        of[self.skewed(of.len() as u64) as usize]
    }

    pub(super) fn word(&self) -> String {
        word(self.skewed(WORDS))
    }

    /// Returns a sentence of words.
    fn sentence(&self, least: u64, most: u64) -> String {
        let words: Vec<String> = (0..self.between(least, most)).map(|_| self.word()).collect();
        let mut text = words.join(" ");
        if let Some(first) = text.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        text
    }

    fn sentences(&self, count: u64) -> String {
        let all: Vec<String> = (0..count).map(|_| self.sentence(6, 16) + ".").collect();
        all.join(" ")
    }
}

fn word(rank: u64) -> String {
    if let Some(word) = FREQUENT.get(rank as usize) {
        return (*word).to_owned();
    }
    let mut bits = scatter(rank);
    let mut made = String::new();
    for _ in 0..2 + rank % 3 {
        made.push_str(SYLLABLES[(bits % 32) as usize]);
        bits /= 32;
    }
    made
}

fn topic(number: u64) -> String {
    word(20 + 7 * number)
}

/// Returns the name of a repository, without its owner.
pub(super) fn name(repository: u64) -> String {
    format!("{}-{repository}", word(200 + repository % 5_000))
}

/// Returns a repository as the simulated GitHub adds it.
pub(super) fn repository(owner: &str, number: u64, issues: u64) -> Value {
    let dice = Dice::new(number);
    let topics: Vec<String> = (0..dice.below(5)).map(|_| topic(dice.skewed(TOPICS))).collect();
    let issues: Vec<Value> = (0..issues).map(|_| issue(&dice)).collect();
    json!({
        "owner": owner, "name": name(number), "description": dice.sentence(4, 9),
        "language": dice.pick(&LANGUAGES), "topics": topics, "stars": dice.skewed(60_000),
        "quiet_days": dice.below(120), "has_guidelines": dice.percent(60), "issues": issues,
    })
}

fn issue(dice: &Dice) -> Value {
    let mut labels: Vec<String> =
        (0..dice.below(4)).map(|_| dice.pick(&LABELS).to_owned()).collect();
    if dice.percent(40) {
        labels.push(format!("area: {}", word(10 + dice.skewed(PARTS))));
    }
    labels.sort_unstable();
    labels.dedup();
    let opened = dice.between(1, 7_000);
    json!({
        "title": dice.sentence(4, 9), "body": body(dice), "labels": labels, "comments": dice.skewed(30),
        "reactions": dice.skewed(60), "hours": (opened, dice.below(opened)),
    })
}

/// Writes a description like those of issue forms.
fn body(dice: &Dice) -> String {
    let about = dice.between(1, 9);
    let mut text = dice.sentences(about);
    if dice.percent(50) {
        let steps: Vec<String> = (1..=dice.between(2, 5))
            .map(|step| format!("{step}. {}", dice.sentence(3, 8)))
            .collect();
        text.push_str(&format!("\n\n### Steps to reproduce\n\n{}", steps.join("\n")));
        text.push_str(&format!("\n\n### Expected\n\n{}", dice.sentences(1)));
    }
    if dice.percent(25) {
        text.push_str(&format!("\n\n```\n{}\n```", dice.sentence(8, 30)));
    }
    text
}

/// Returns the words of a search: one to three, sometimes mistyped.
pub(super) fn words(number: u64) -> String {
    let dice = Dice::new(scatter(!number));
    let words: Vec<String> = (0..dice.between(1, 3)).map(|_| dice.word()).collect();
    let mut text = words.join(" ");
    if dice.percent(10) && text.len() > 4 {
        // A character is missing.
        text.remove(2);
    }
    text
}

/// Returns the query of a search as people send it: most with words, many with filters, some in another order.
pub(super) fn search(number: u64) -> String {
    let dice = Dice::new(scatter(number));
    let mut asked: Vec<(&str, String)> = Vec::new();
    if dice.percent(80) {
        asked.push(("q", words(number)));
    }
    if dice.percent(30) || asked.is_empty() {
        asked.push(("language", dice.pick(&LANGUAGES).to_owned()));
    }
    if dice.percent(15) {
        asked.push(("level", dice.pick(&["easy", "medium", "hard"]).to_owned()));
    }
    if dice.percent(10) {
        asked.push(("type", dice.pick(&["bug", "feature", "documentation"]).to_owned()));
    }
    if dice.percent(10) {
        asked.push(("label", dice.pick(&LABELS).to_owned()));
    }
    if dice.percent(5) {
        asked.push(("topic", topic(dice.skewed(TOPICS))));
    }
    if dice.percent(10) {
        asked.push(("sort", dice.pick(&["recent", "impact", "trending"]).to_owned()));
    }
    serde_urlencoded::to_string(&asked).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_words_are_in_most_texts() {
        let dice = Dice::new(1);
        let drawn: Vec<u64> = (0..10_000).map(|_| dice.skewed(WORDS)).collect();
        let share = |below: u64| drawn.iter().filter(|rank| **rank < below).count() as f64 / 1e4;
        assert!((0.2..0.4).contains(&share(20)), "{}", share(20));
        assert!((0.6..0.8).contains(&share(1_000)), "{}", share(1_000));
        assert!(drawn.iter().all(|rank| *rank < WORDS));
    }

    #[test]
    fn the_same_number_draws_the_same() {
        assert_eq!(repository("ada", 7, 3), repository("ada", 7, 3));
        assert_ne!(repository("ada", 7, 3), repository("ada", 8, 3));
        assert_eq!(search(4), search(4));
        assert_ne!(name(4), name(5));
    }
}
