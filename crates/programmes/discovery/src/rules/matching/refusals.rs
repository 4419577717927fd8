//! The limits that a person sets.

use super::{
    MAX_COMPLEXITY, MIN_IMPACT,
    seen::{PlainIssue, SeenIssue},
};
use crate::model::{Opportunity, Person};

/// A limit of a person that an issue does not meet.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// It is about a topic that they exclude.
    Excluded(String),
    /// It is of a type that they do not want.
    Type,
    /// It is harder than they want.
    TooHard(f64),
    /// Its impact is lower than they want.
    LowImpact(f64),
}

/// Returns the first limit of a person that an issue does not meet.
#[must_use]
pub fn refusal(person: &Person, opportunity: &Opportunity) -> Option<Refusal> {
    let seen = PlainIssue { person, opportunity };
    let (most, least) = limits(person);
    if let Some(index) = seen.excluded() {
        let topic = person.excluded.get(index).cloned().unwrap_or_default();
        return Some(Refusal::Excluded(topic));
    }
    if !wants(person, &seen) {
        return Some(Refusal::Type);
    }
    if opportunity.complexity > most {
        return Some(Refusal::TooHard(most));
    }
    (opportunity.impact < least).then_some(Refusal::LowImpact(least))
}

/// Returns whether an issue does not meet a limit of a person.
pub(super) fn refused(person: &Person, seen: &impl SeenIssue) -> bool {
    let (most, least) = limits(person);
    let is_within = seen.complexity() <= most && seen.impact() >= least;
    !is_within || !wants(person, seen) || seen.excluded().is_some()
}

/// Returns the highest difficulty and the lowest impact.
fn limits(person: &Person) -> (f64, f64) {
    (person.max_complexity.unwrap_or(MAX_COMPLEXITY), person.min_impact.unwrap_or(MIN_IMPACT))
}

fn wants(person: &Person, seen: &impl SeenIssue) -> bool {
    person.types.is_empty() || person.types.contains(&seen.kind())
}
