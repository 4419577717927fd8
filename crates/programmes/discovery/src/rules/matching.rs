//! How well an issue fits a person, part by part.

mod dismissals;
mod evidence;
mod refusals;

use kernel::Timestamp;

use self::{
    dismissals::lowered,
    evidence::{Evidence, Rated},
};
use crate::model::{Level, Match, MatchPart, Opportunity, PartOfMatch, Person};

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
    let rated = rated(person, opportunity);
    let lowered = lowered(person, opportunity, now);
    let mut all = MatchPart::ALL.into_iter().zip(&rated);
    let parts = std::array::from_fn(|_| {
        let (part, rated) = all.next().unwrap_or((MatchPart::Skill, &rated[0]));
        PartOfMatch {
            part,
            value: rated.value,
            weight: part.weight(),
            is_known: rated.evidence.is_known(),
            evidence: rated.evidence.words(person, opportunity),
        }
    });
    Match {
        total: total(&rated, lowered.value),
        parts,
        lowered: lowered.value,
        lowered_because: lowered.words(),
    }
}

/// Returns only the fit, 0 to 1: the `total` of [`fit`], without its words, for sorting many issues.
#[must_use]
pub fn fit_total(person: &Person, opportunity: &Opportunity, now: Timestamp) -> f64 {
    total(
        &rated(person, opportunity),
        lowered(person, opportunity, now).value,
    )
}

fn total(rated: &[Rated; 6], lowered: f64) -> f64 {
    let weighted = MatchPart::ALL
        .into_iter()
        .zip(rated)
        .map(|(part, rated)| part.weight() * rated.value);
    (weighted.sum::<f64>() - lowered).clamp(0.0, 1.0)
}

/// Returns the values of the parts, in the order of [`MatchPart::ALL`].
fn rated(person: &Person, opportunity: &Opportunity) -> [Rated; 6] {
    [
        skill(person, opportunity),
        language(person, opportunity),
        interest(person, opportunity),
        difficulty(person, opportunity),
        availability(person, opportunity),
        experience(person, opportunity),
    ]
}

/// Rates the skills; the first ones are the most certain and count more. A skill that is not known counts half.
fn skill(person: &Person, opportunity: &Opportunity) -> Rated {
    if opportunity.skills.is_empty() {
        return Rated::unknown(Evidence::NoSkills);
    }
    let (mut sum, mut weights, mut known, mut unknown) = (0.0, 0.0, 0_u8, 0_u8);
    for (index, skill) in opportunity.skills.iter().take(8).enumerate() {
        let weight = 1.0 / (index as f64 + 1.0);
        let value = match person.skills.get(skill) {
            Some(merged) => {
                known |= 1 << index;
                (0.65 + 0.1 * merged.clamp(&0, &4).to_owned() as f64).min(1.0)
            }
            None => {
                unknown |= 1 << index;
                HALF
            }
        };
        sum += weight * value;
        weights += weight;
    }
    Rated {
        value: sum / weights,
        evidence: Evidence::Skills { known, unknown },
    }
}

fn language(person: &Person, opportunity: &Opportunity) -> Rated {
    let Some(language) = &opportunity.language else {
        return Rated::unknown(Evidence::NoLanguage);
    };
    if person.languages.is_empty() {
        return Rated::unknown(Evidence::NoLanguages);
    }
    match person.languages.get(language) {
        None => Rated {
            value: 0.0,
            evidence: Evidence::OtherLanguage,
        },
        Some(merged) if *merged <= 0 => Rated {
            value: 0.7,
            evidence: Evidence::StatedLanguage,
        },
        Some(merged) => {
            // Half of the merged pull requests are as good as all.
            let share = *merged as f64 / person.merged.max(*merged) as f64;
            let value = 0.7 + 0.3 * (2.0 * share).min(1.0);
            Rated {
                value,
                evidence: Evidence::Language(*merged),
            }
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

fn interest(person: &Person, opportunity: &Opportunity) -> Rated {
    if let Some(index) = person
        .excluded
        .iter()
        .position(|topic| is_about(opportunity, topic))
    {
        return Rated {
            value: 0.0,
            evidence: Evidence::Excluded(index),
        };
    }
    if person.interests.is_empty() {
        return Rated::unknown(Evidence::NoInterests);
    }
    let mut followed = person
        .interests
        .iter()
        .enumerate()
        .filter(|(_, topic)| is_about(opportunity, topic));
    match (followed.next(), followed.next()) {
        (None, _) => Rated {
            value: 0.2,
            evidence: Evidence::OtherInterests,
        },
        (Some((first, _)), None) => Rated {
            value: 0.9,
            evidence: Evidence::Interest(first),
        },
        (Some((first, _)), Some(_)) => Rated {
            value: 1.0,
            evidence: Evidence::Interest(first),
        },
    }
}

fn difficulty(person: &Person, opportunity: &Opportunity) -> Rated {
    let own = opportunity.complexity;
    let most = person.max_complexity.unwrap_or(MAX_COMPLEXITY);
    if own > most {
        return Rated {
            value: 0.0,
            evidence: Evidence::TooHard(most),
        };
    }
    let newest = person.recent_complexities.iter().take(NEWEST).copied();
    let low = newest.clone().fold(f64::INFINITY, f64::min);
    let high = newest.fold(f64::NEG_INFINITY, f64::max);
    let (low, high, evidence) = match person.level {
        _ if low <= high => (low, high, Evidence::Newest(low, high)),
        Some(Level::Beginner) => (0.0, 3.0, Evidence::Level(Level::Beginner)),
        Some(Level::Intermediate) => (2.0, 5.5, Evidence::Level(Level::Intermediate)),
        Some(Level::Advanced) => (4.0, 8.0, Evidence::Level(Level::Advanced)),
        None => return Rated::unknown(Evidence::NoDifficulty),
    };
    // Within the usual range it fits; one step more is a challenge, less is a little dull.
    let distance = if own > high {
        own - high
    } else {
        (low - own).max(0.0) * 0.6
    };
    Rated {
        value: (1.0 - distance / 4.0).clamp(0.0, 1.0),
        evidence,
    }
}

fn availability(person: &Person, opportunity: &Opportunity) -> Rated {
    let Some(week) = person.hours_a_week else {
        return Rated::unknown(Evidence::NoHours);
    };
    let (least, most) = opportunity.hours;
    let value = match () {
        () if most <= week / 2.0 => 1.0,
        () if most <= week => 0.8,
        () if least <= week => 0.6,
        () if least <= 2.0 * week => 0.3,
        () => 0.1,
    };
    Rated {
        value,
        evidence: Evidence::Hours(week),
    }
}

fn experience(person: &Person, opportunity: &Opportunity) -> Rated {
    let merged = person
        .merged_in
        .get(&opportunity.repository)
        .copied()
        .unwrap_or(0)
        .max(0);
    if merged > 0 {
        let value = (0.4 + 0.075 * merged.min(8) as f64).min(1.0);
        return Rated {
            value,
            evidence: Evidence::MergedHere(merged),
        };
    }
    match person.merged {
        ..=0 if person.merged_in.is_empty() => Rated::unknown(Evidence::NoMerges),
        _ if opportunity.is_good_first => Rated {
            value: 0.4,
            evidence: Evidence::NewButGoodFirst,
        },
        _ => Rated {
            value: 0.25,
            evidence: Evidence::New,
        },
    }
}

#[cfg(test)]
mod tests;
