//! The limits that a person sets.

use super::{MAX_COMPLEXITY, MIN_IMPACT, is_about};
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
    let most = person.max_complexity.unwrap_or(MAX_COMPLEXITY);
    let least = person.min_impact.unwrap_or(MIN_IMPACT);
    if let Some(topic) = person
        .excluded
        .iter()
        .find(|topic| is_about(opportunity, topic))
    {
        return Some(Refusal::Excluded(topic.clone()));
    }
    if !person.types.is_empty() && !person.types.contains(&opportunity.kind) {
        return Some(Refusal::Type);
    }
    if opportunity.complexity > most {
        return Some(Refusal::TooHard(most));
    }
    (opportunity.impact < least).then_some(Refusal::LowImpact(least))
}
