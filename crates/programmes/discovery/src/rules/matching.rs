//! How well an issue fits a person, part by part.

mod compact;
mod dismissals;
mod evidence;
mod refusals;
mod seen;

use kernel::Timestamp;

use self::{
    dismissals::{lowered, weights},
    evidence::{Evidence, RatedPart},
    refusals::refused,
    seen::{KnownLanguage, PlainIssue, SeenIssue},
};
use crate::model::{Level, Match, MatchPart, Opportunity, PartOfMatch, Person};

pub use compact::{Compact, Dictionary, PreparedPerson};
pub(crate) use evidence::hours_words;
pub use refusals::{Refusal, refusal};

/// The highest difficulty, if the person states none.
pub const MAX_COMPLEXITY: f64 = 7.0;
/// The lowest impact, if the person states none.
pub const MIN_IMPACT: f64 = 5.0;
/// The value of an unknown part.
const HALF: f64 = 0.5;
/// The number of newest merged issues that the difficulty is compared with.
const NEWEST: usize = 5;

/// Returns how well an issue fits a person at an instant, with the evidence.
#[must_use]
pub fn fit(person: &Person, opportunity: &Opportunity, now: Timestamp) -> Match {
    let seen = PlainIssue { person, opportunity };
    let rated = rated(person, &UsualDifficulty::of(person), &seen);
    let lowered = lowered(person, &weights(person, now), &seen);
    let mut all = MatchPart::ALL.into_iter().zip(&rated);
    let parts = std::array::from_fn(|_| {
        let (part, rated) = all.next().unwrap_or((MatchPart::Skill, &rated[0]));
        PartOfMatch {
            part,
            value: rated.value,
            weight: part.weight(),
            is_known: rated.evidence.is_known(),
            evidence: rated.evidence.words(person, opportunity),
            says: rated.evidence.says(person, opportunity),
        }
    });
    Match {
        total: total(&rated, lowered.value),
        parts,
        lowered: lowered.value,
        lowered_because: lowered.words(),
    }
}

fn total(rated: &[RatedPart; 6], lowered: f64) -> f64 {
    let weighted =
        MatchPart::ALL.into_iter().zip(rated).map(|(part, rated)| part.weight() * rated.value);
    (weighted.sum::<f64>() - lowered).clamp(0.0, 1.0)
}

/// Returns the values of the parts, in the order of [`MatchPart::ALL`].
fn rated(person: &Person, usual: &UsualDifficulty, seen: &impl SeenIssue) -> [RatedPart; 6] {
    [
        skill(seen),
        language(person, seen),
        interest(person, seen),
        difficulty(usual, seen),
        availability(person, seen),
        experience(person, seen),
    ]
}

/// Rates the skills; the first ones are the most certain and count more. A skill that is not known counts half.
fn skill(seen: &impl SeenIssue) -> RatedPart {
    let (mut sum, mut weights, mut known, mut unknown) = (0.0, 0.0, 0_u8, 0_u8);
    for (index, skill) in seen.skills().take(8).enumerate() {
        let weight = 1.0 / (index as f64 + 1.0);
        let value = match skill {
            Some(merged) => {
                known |= 1 << index;
                (0.65 + 0.1 * merged.clamp(0, 4) as f64).min(1.0)
            }
            None => {
                unknown |= 1 << index;
                HALF
            }
        };
        sum += weight * value;
        weights += weight;
    }
    if weights == 0.0 {
        return RatedPart::unknown(Evidence::NoSkills);
    }
    RatedPart { value: sum / weights, evidence: Evidence::Skills { known, unknown } }
}

fn language(person: &Person, seen: &impl SeenIssue) -> RatedPart {
    match seen.language() {
        KnownLanguage::Absent => RatedPart::unknown(Evidence::NoLanguage),
        _ if person.languages.is_empty() => RatedPart::unknown(Evidence::NoLanguages),
        KnownLanguage::Other => RatedPart { value: 0.0, evidence: Evidence::OtherLanguage },
        KnownLanguage::Known(..=0) => RatedPart { value: 0.7, evidence: Evidence::StatedLanguage },
        KnownLanguage::Known(merged) => {
            // Half of the merged pull requests are as good as all.
            let share = merged as f64 / person.merged.max(merged) as f64;
            let value = 0.7 + 0.3 * (2.0 * share).min(1.0);
            RatedPart { value, evidence: Evidence::Language(merged) }
        }
    }
}

/// Returns whether an issue is about a topic: one of the repository, a skill, a label or the language.
pub(crate) fn is_about(opportunity: &Opportunity, topic: &str) -> bool {
    let is = |own: &String| own.eq_ignore_ascii_case(topic);
    opportunity.topics.iter().any(is)
        || opportunity.skills.iter().any(is)
        || opportunity.labels.iter().any(is)
        || opportunity.language.iter().any(is)
}

fn interest(person: &Person, seen: &impl SeenIssue) -> RatedPart {
    if let Some(index) = seen.excluded() {
        return RatedPart { value: 0.0, evidence: Evidence::Excluded(index) };
    }
    if person.interests.is_empty() {
        return RatedPart::unknown(Evidence::NoInterests);
    }
    match seen.interest() {
        None => RatedPart { value: 0.2, evidence: Evidence::OtherInterests },
        Some((first, has_more)) => RatedPart {
            value: if has_more { 1.0 } else { 0.9 },
            evidence: Evidence::Interest(first),
        },
    }
}

/// The difficulty that a person is used to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UsualDifficulty {
    most: f64,
    /// The lowest and the highest, with the evidence; `None` if it is unknown.
    range: Option<(f64, f64, Evidence)>,
}

impl UsualDifficulty {
    fn of(person: &Person) -> Self {
        let newest = person.recent_complexities.iter().take(NEWEST).copied();
        let low = newest.clone().fold(f64::INFINITY, f64::min);
        let high = newest.fold(f64::NEG_INFINITY, f64::max);
        let of_level = |level: Level| match level {
            Level::Beginner => (0.0, 3.0),
            Level::Intermediate => (2.0, 5.5),
            Level::Advanced => (4.0, 8.0),
        };
        let range = match person.level {
            _ if low <= high => Some((low, high, Evidence::Newest(low, high))),
            Some(level) => {
                let (low, high) = of_level(level);
                Some((low, high, Evidence::Level(level)))
            }
            None => None,
        };
        Self { most: person.max_complexity.unwrap_or(MAX_COMPLEXITY), range }
    }
}

fn difficulty(usual: &UsualDifficulty, seen: &impl SeenIssue) -> RatedPart {
    let own = seen.complexity();
    if own > usual.most {
        return RatedPart { value: 0.0, evidence: Evidence::TooHard(usual.most) };
    }
    let Some((low, high, evidence)) = usual.range else {
        return RatedPart::unknown(Evidence::NoDifficulty);
    };
    // Within the usual range it fits; one step more is a challenge, less is a little dull.
    let distance = if own > high { own - high } else { (low - own).max(0.0) * 0.6 };
    RatedPart { value: (1.0 - distance / 4.0).clamp(0.0, 1.0), evidence }
}

fn availability(person: &Person, seen: &impl SeenIssue) -> RatedPart {
    let Some(week) = person.hours_a_week else {
        return RatedPart::unknown(Evidence::NoHours);
    };
    let (least, most) = seen.hours();
    let value = match () {
        () if most <= week / 2.0 => 1.0,
        () if most <= week => 0.8,
        () if least <= week => 0.6,
        () if least <= 2.0 * week => 0.3,
        () => 0.1,
    };
    RatedPart { value, evidence: Evidence::Hours(week) }
}

fn experience(person: &Person, seen: &impl SeenIssue) -> RatedPart {
    let merged = seen.merged_here().max(0);
    if merged > 0 {
        let value = (0.4 + 0.075 * merged.min(8) as f64).min(1.0);
        return RatedPart { value, evidence: Evidence::MergedHere(merged) };
    }
    match person.merged {
        ..=0 if person.merged_in.is_empty() => RatedPart::unknown(Evidence::NoMerges),
        _ if seen.is_good_first() => RatedPart { value: 0.4, evidence: Evidence::NewButGoodFirst },
        _ => RatedPart { value: 0.25, evidence: Evidence::New },
    }
}

#[cfg(test)]
mod tests;
