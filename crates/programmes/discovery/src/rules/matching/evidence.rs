//! The evidence of the parts of a match, and its words.

use kernel::counted;

use super::HALF;
use crate::model::{Level, Opportunity, Person};

/// The value of a part with its evidence, which becomes words only when it is shown.
pub(super) struct RatedPart {
    pub(super) value: f64,
    pub(super) evidence: Evidence,
}

impl RatedPart {
    pub(super) fn unknown(evidence: Evidence) -> Self {
        Self { value: HALF, evidence }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Evidence {
    NoSkills,
    /// The skills that the person has and has not, as bits.
    Skills {
        known: u8,
        unknown: u8,
    },
    NoLanguage,
    NoLanguages,
    OtherLanguage,
    StatedLanguage,
    Language(i64),
    /// The index of the excluded topic.
    Excluded(usize),
    NoInterests,
    OtherInterests,
    /// The index of the topic.
    Interest(usize),
    TooHard(f64),
    Newest(f64, f64),
    Level(Level),
    NoDifficulty,
    NoHours,
    Hours(f64),
    MergedHere(i64),
    New,
    NewButGoodFirst,
    NoMerges,
}

const COUNT_HALF: &str = "Unknown parts count half.";

impl Evidence {
    pub(super) fn is_known(self) -> bool {
        let is_unknown = matches!(
            self,
            Self::NoSkills
                | Self::Skills { known: 0, .. }
                | Self::NoLanguage
                | Self::NoLanguages
                | Self::NoInterests
                | Self::NoDifficulty
                | Self::NoHours
                | Self::NoMerges
        );
        !is_unknown
    }

    pub(super) fn words(self, person: &Person, opportunity: &Opportunity) -> String {
        let language = opportunity.language.as_deref().unwrap_or_default();
        let name = &opportunity.repository_name;
        let difficulty = opportunity.complexity.round();
        match self {
            Self::NoSkills => format!("The issue names no skill. {COUNT_HALF}"),
            Self::Skills { known, unknown } => skills(person, opportunity, known, unknown),
            Self::NoLanguage => format!("The language of the issue is unknown. {COUNT_HALF}"),
            Self::NoLanguages => format!("Your languages are unknown. {COUNT_HALF}"),
            Self::OtherLanguage => format!("{language} is new to you"),
            Self::StatedLanguage => format!("{language}, which you chose"),
            Self::Language(merged) => {
                let all = person.merged.max(merged);
                match all {
                    1 => format!("{language}, in your 1 pull request"),
                    all => format!("{language}, in {merged} of your {all} pull requests"),
                }
            }
            Self::Excluded(index) => format!("You exclude “{}”", topic(&person.excluded, index)),
            Self::NoInterests => format!("You follow no topics. {COUNT_HALF}"),
            Self::OtherInterests => "None of the topics that you follow".to_owned(),
            Self::Interest(index) => format!("You follow “{}”", topic(&person.interests, index)),
            Self::TooHard(most) => {
                let exact = (opportunity.complexity * 10.0).round() / 10.0;
                format!("{exact} of 10; you set {most} at most")
            }
            Self::Newest(low, high) => {
                let (low, high) = (low.round(), high.round());
                match person.recent_complexities.len() {
                    1 => format!("{difficulty} of 10; your last one was {low}"),
                    _ if low == high => format!("{difficulty} of 10; your last ones were {low}"),
                    2..=4 => format!("{difficulty} of 10; your last ones were {low} to {high}"),
                    _ => format!("{difficulty} of 10; your last five were {low} to {high}"),
                }
            }
            Self::Level(level) => format!("{difficulty} of 10; your level is {}", level.as_str()),
            Self::NoDifficulty => format!("The difficulty that suits you is unknown. {COUNT_HALF}"),
            Self::NoHours => format!("You set no hours a week. {COUNT_HALF}"),
            Self::Hours(week) => {
                format!("{}; you set {week} h a week", hours_words(opportunity.hours))
            }
            Self::MergedHere(1) => format!("1 merge in {name}"),
            Self::MergedHere(merged) => format!("{merged} merges in {name}"),
            Self::New => format!("{name} is new to you"),
            Self::NewButGoodFirst => {
                format!("{name} is new to you; the issue suits a first contribution")
            }
            Self::NoMerges => format!("You have no merged pull request yet. {COUNT_HALF}"),
        }
    }

    /// Returns it as a sentence of its own. What does not speak for an issue stays as in [`Self::words`].
    pub(super) fn says(self, person: &Person, opportunity: &Opportunity) -> String {
        let language = opportunity.language.as_deref().unwrap_or_default();
        let changes = |count: i64| counted(count, "change", "changes");
        match self {
            Self::Skills { known, .. } if known != 0 => {
                let (skills, merged) = known_skills(person, opportunity, known);
                match merged {
                    ..=0 => format!("It needs {skills}, which you chose."),
                    merged => format!("You merged {} with {skills} before.", changes(merged)),
                }
            }
            Self::StatedLanguage => format!("It is in {language}, which you chose."),
            Self::Language(1) => format!("It is in {language}, like a pull request of yours."),
            Self::Language(merged) => {
                format!("It is in {language}, like {merged} of your pull requests.")
            }
            Self::Interest(index) => format!("You follow {}.", topic(&person.interests, index)),
            Self::Newest(..) if person.recent_complexities.len() == 1 => {
                "It is about as hard as your last one.".to_owned()
            }
            Self::Newest(..) => "It is about as hard as your last ones.".to_owned(),
            Self::Level(_) => match opportunity.language.as_deref() {
                Some(language) => format!("It is in {language}, at your level."),
                None => "It matches your level.".to_owned(),
            },
            Self::Hours(1.0) => "It fits into your hour a week.".to_owned(),
            Self::Hours(week) => format!("It fits into your {week} hours a week."),
            Self::MergedHere(merged) => {
                format!("You merged {} in {} before.", changes(merged), opportunity.repository_name)
            }
            _ => self.words(person, opportunity),
        }
    }
}

fn topic(topics: &[String], index: usize) -> &str {
    topics.get(index).map_or("", String::as_str)
}

/// Returns estimated hours in words: "3–5 h", or "30 min–1 h".
#[must_use]
pub(crate) fn hours_words((least, most): (f64, f64)) -> String {
    match (least < 1.0, most < 1.0) {
        _ if least == most && most >= 1.0 => format!("{most} h"),
        (true, true) => format!("{:.0}–{:.0} min", least * 60.0, most * 60.0),
        (true, false) => format!("{:.0} min–{most} h", least * 60.0),
        _ => format!("{least}–{most} h"),
    }
}

/// Returns the evidence of skills: "Databases and error handling: 9 merged pull requests. Skills unknown: networking.
/// Unknown parts count half."
fn skills(person: &Person, opportunity: &Opportunity, known: u8, unknown: u8) -> String {
    let (names, merged) = known_skills(person, opportunity, known);
    let mut words = match (known, merged) {
        (0, _) => String::new(),
        (_, ..=0) => format!("{names}, which you chose"),
        (_, 1) => format!("{names}: 1 merged pull request"),
        (_, merged) => format!("{names}: {merged} merged pull requests"),
    };
    words = kernel::capitalized(&words);
    if unknown != 0 {
        let separator = if words.is_empty() { "" } else { ". " };
        let unknown = skills_of(opportunity, unknown).collect::<Vec<_>>().join(", ");
        words = format!("{words}{separator}Skills unknown: {unknown}. {COUNT_HALF}");
    }
    words
}

/// Returns the first skills that a person has, and the most merged pull requests that show one of them.
fn known_skills(person: &Person, opportunity: &Opportunity, known: u8) -> (String, i64) {
    let merged = skills_of(opportunity, known).filter_map(|skill| person.skills.get(skill));
    (list(skills_of(opportunity, known)), merged.max().copied().unwrap_or(0))
}

/// Returns the skills of an issue whose bits are set.
fn skills_of(opportunity: &Opportunity, bits: u8) -> impl Iterator<Item = &str> {
    let skills = opportunity.skills.iter().take(8).enumerate();
    skills.filter(move |(index, _)| bits & (1 << index) != 0).map(|(_, skill)| skill.as_str())
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.take(3).collect();
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}
