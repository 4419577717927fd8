//! Many issues at once: their words are numbers, so that one person is compared with all of them in milliseconds.

use std::collections::{BTreeMap, HashMap};

use kernel::Timestamp;
use uuid::Uuid;

use super::{
    UsualDifficulty, rated, refused,
    seen::{KnownLanguage, SeenIssue},
    total, weights,
};
use crate::model::{Opportunity, Person, WorkKind};

/// The numbers of words.
#[derive(Clone, Debug, Default)]
pub struct Dictionary(HashMap<Box<str>, u32>);

impl Dictionary {
    /// Returns the number of a word, a new one if it has none.
    fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.0.get(word) {
            return *number;
        }
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        self.0.insert(word.into(), next);
        next
    }

    fn known(&self, word: &str) -> Option<u32> {
        self.0.get(word).copied()
    }
}

/// An issue whose words are numbers.
#[derive(Clone, Debug)]
pub struct Compact {
    repository: Uuid,
    language: Option<u32>,
    /// Its skills, and after them all words that say what it is about, in lower case.
    words: Box<[u32]>,
    skills: u8,
    kind: WorkKind,
    is_good_first: bool,
    health: u8,
    complexity: f64,
    impact: f64,
    hours: (f64, f64),
}

impl Compact {
    /// Creates it from an issue.
    #[must_use]
    pub fn of(opportunity: &Opportunity, dictionary: &mut Dictionary) -> Self {
        let mut words: Vec<u32> = Vec::new();
        let skills = opportunity.skills.iter().take(u8::MAX.into());
        words.extend(skills.map(|skill| dictionary.number(skill)));
        let skills = words.len();
        let about = (opportunity.topics.iter())
            .chain(&opportunity.skills)
            .chain(&opportunity.labels)
            .chain(&opportunity.language);
        let mut about: Vec<u32> =
            about.map(|word| dictionary.number(&word.to_ascii_lowercase())).collect();
        about.sort_unstable();
        about.dedup();
        words.extend(about);
        Self {
            repository: opportunity.repository,
            language: (opportunity.language.as_ref()).map(|own| dictionary.number(own)),
            words: words.into(),
            skills: u8::try_from(skills).unwrap_or(u8::MAX),
            kind: opportunity.kind,
            is_good_first: opportunity.is_good_first,
            health: opportunity.health,
            complexity: opportunity.complexity,
            impact: opportunity.impact,
            hours: opportunity.hours,
        }
    }

    fn skills(&self) -> &[u32] {
        self.words.get(..self.skills.into()).unwrap_or_default()
    }

    fn about(&self) -> &[u32] {
        self.words.get(self.skills.into()..).unwrap_or_default()
    }
}

/// Which of a person's topics a word is; bits of interests and of excluded topics.
#[derive(Clone, Copy, Debug, Default)]
struct Topics {
    interests: u64,
    excluded: u64,
}

/// A person whose words are looked up once.
#[derive(Debug)]
pub struct PreparedPerson<'a> {
    person: &'a Person,
    usual: UsualDifficulty,
    /// By the number of a word, the merged pull requests that show it.
    skills: Vec<Option<i64>>,
    languages: Vec<Option<i64>>,
    /// By the number of a word; empty if the person has no topics.
    topics: Vec<Topics>,
    /// For each dismissed issue, its language and its skills.
    dismissed: Vec<(Option<u32>, Vec<u32>)>,
    /// How much each dismissed issue counts.
    weights: Vec<f64>,
}

impl<'a> PreparedPerson<'a> {
    /// Looks up what a person knows at an instant in a dictionary. Of their topics, the first 64 of each kind count.
    #[must_use]
    pub fn of(person: &'a Person, dictionary: &Dictionary, now: Timestamp) -> Self {
        let known = |all: &BTreeMap<String, i64>| {
            let mut counts = vec![None; dictionary.0.len()];
            for (word, count) in all {
                if let Some(number) = dictionary.known(word) {
                    counts[number as usize] = Some(*count);
                }
            }
            counts
        };
        let has_topics = !person.interests.is_empty() || !person.excluded.is_empty();
        let size = if has_topics { dictionary.0.len() } else { 0 };
        let mut topics = vec![Topics::default(); size];
        let number = |topic: &String| dictionary.known(&topic.to_ascii_lowercase());
        for (bit, topic) in person.interests.iter().take(64).enumerate() {
            if let Some(number) = number(topic) {
                topics[number as usize].interests |= 1 << bit;
            }
        }
        for (bit, topic) in person.excluded.iter().take(64).enumerate() {
            if let Some(number) = number(topic) {
                topics[number as usize].excluded |= 1 << bit;
            }
        }
        let dismissed = person.dismissed.iter().map(|own| {
            let language = own.language.as_ref().and_then(|own| dictionary.known(own));
            let skills = own.skills.iter().filter_map(|own| dictionary.known(own));
            (language, skills.collect())
        });
        Self {
            usual: UsualDifficulty::of(person),
            skills: known(&person.skills),
            languages: known(&person.languages),
            topics,
            dismissed: dismissed.collect(),
            weights: weights(person, now),
            person,
        }
    }

    /// Returns how well an issue fits the person, 0 to 1: the `total` of [`super::fit`]. `None` if they set a limit that it
    /// does not meet, or if it fits less than `least`: most are recognized by their parts, before dismissals are compared.
    #[must_use]
    pub fn fit(&self, compact: &Compact, least: f64) -> Option<f64> {
        let topics =
            if self.topics.is_empty() { Topics::default() } else { self.topics_of(compact) };
        let glance = Glance { seer: self, compact, topics };
        if refused(self.person, &glance) {
            return None;
        }
        let rated = rated(self.person, &self.usual, &glance);
        if total(&rated, 0.0) < least {
            return None;
        }
        let lowered = super::lowered(self.person, &self.weights, &glance);
        Some(total(&rated, lowered.value)).filter(|fit| *fit >= least)
    }

    fn topics_of(&self, compact: &Compact) -> Topics {
        let mut all = Topics::default();
        for topics in compact.about().iter().filter_map(|word| self.topics.get(*word as usize)) {
            all.interests |= topics.interests;
            all.excluded |= topics.excluded;
        }
        all
    }
}

/// An issue as a person sees it.
struct Glance<'a> {
    seer: &'a PreparedPerson<'a>,
    compact: &'a Compact,
    topics: Topics,
}

impl SeenIssue for Glance<'_> {
    fn skills(&self) -> impl Iterator<Item = Option<i64>> {
        let all = self.compact.skills().iter();
        all.map(|skill| self.seer.skills.get(*skill as usize).copied().flatten())
    }

    fn language(&self) -> KnownLanguage {
        let Some(language) = self.compact.language else {
            return KnownLanguage::Absent;
        };
        let known = self.seer.languages.get(language as usize).copied();
        known.flatten().map_or(KnownLanguage::Other, KnownLanguage::Known)
    }

    fn excluded(&self) -> Option<usize> {
        let bits = self.topics.excluded;
        (bits != 0).then(|| bits.trailing_zeros() as usize)
    }

    fn interest(&self) -> Option<(usize, bool)> {
        let bits = self.topics.interests;
        let first = (bits != 0).then(|| bits.trailing_zeros() as usize)?;
        Some((first, bits.count_ones() > 1))
    }

    fn merged_here(&self) -> i64 {
        let merged = self.seer.person.merged_in.get(&self.compact.repository);
        merged.copied().unwrap_or_default()
    }

    fn shares_repository(&self, dismissal: usize) -> bool {
        let dismissed = self.seer.person.dismissed.get(dismissal);
        dismissed.is_some_and(|own| own.repository == self.compact.repository)
    }

    fn shares_language(&self, dismissal: usize) -> bool {
        let language = self.seer.dismissed.get(dismissal).and_then(|own| own.0);
        language.is_some() && language == self.compact.language
    }

    fn shared_skills(&self, dismissal: usize) -> usize {
        let Some((_, dismissed)) = self.seer.dismissed.get(dismissal) else {
            return 0;
        };
        let skills = self.compact.skills().iter();
        skills.filter(|own| dismissed.contains(own)).count()
    }

    fn kind(&self) -> WorkKind {
        self.compact.kind
    }

    fn complexity(&self) -> f64 {
        self.compact.complexity
    }

    fn impact(&self) -> f64 {
        self.compact.impact
    }

    fn hours(&self) -> (f64, f64) {
        self.compact.hours
    }

    fn is_good_first(&self) -> bool {
        self.compact.is_good_first
    }

    fn health(&self) -> u8 {
        self.compact.health
    }
}
