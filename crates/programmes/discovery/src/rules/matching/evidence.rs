//! The evidence of the parts of a match, and its words.

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
}

fn topic(topics: &[String], index: usize) -> &str {
    topics.get(index).map_or("", String::as_str)
}

/// Returns estimated hours in words: "3–5 h", or "30 min–1 h".
#[must_use]
pub(super) fn hours_words((least, most): (f64, f64)) -> String {
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
    let of = |bits: u8| {
        let skills = opportunity.skills.iter().take(8).enumerate();
        skills.filter(move |(index, _)| bits & (1 << index) != 0).map(|(_, skill)| skill.as_str())
    };
    let merged: i64 =
        of(known).filter_map(|skill| person.skills.get(skill)).max().copied().unwrap_or(0);
    let mut words = match (known, merged) {
        (0, _) => String::new(),
        (_, ..=0) => format!("{}, which you chose", list(of(known))),
        (_, 1) => format!("{}: 1 merged pull request", list(of(known))),
        (_, merged) => format!("{}: {merged} merged pull requests", list(of(known))),
    };
    words = kernel::capitalized(&words);
    if unknown != 0 {
        let separator = if words.is_empty() { "" } else { ". " };
        let unknown = of(unknown).collect::<Vec<_>>().join(", ");
        words = format!("{words}{separator}Skills unknown: {unknown}. {COUNT_HALF}");
    }
    words
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.take(3).collect();
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}
