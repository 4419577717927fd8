//! Dismissed issues make similar ones less likely.

use kernel::Timestamp;

use super::seen::SeenIssue;
use crate::model::{Dismissal, DismissalReason, Person};

/// The number of newest dismissals that count.
const NEWEST: usize = 20;
/// The days after which a dismissal counts half.
const HALF_LIFE: f64 = 90.0;
/// The most that dismissals take away.
const MOST: f64 = 0.4;

/// The value that dismissals take away.
pub(super) struct Lowered {
    pub(super) value: f64,
    count: usize,
    /// The reason that took away the most.
    because: Option<DismissalReason>,
}

impl Lowered {
    pub(super) fn words(&self) -> Option<String> {
        let because = match self.because? {
            DismissalReason::UnknownSkill => " for the same language or skill",
            DismissalReason::TooHard => " as too hard",
            DismissalReason::TooLong => " because they take too long",
            DismissalReason::QuietRepository => " in this repository, as too quiet",
            DismissalReason::Other => "",
        };
        Some(match (self.count, self.because) {
            (1, Some(DismissalReason::TooLong)) => {
                "You dismissed a similar issue because it takes too long".to_owned()
            }
            (1, _) => format!("You dismissed a similar issue{because}"),
            (count, _) => format!("You dismissed {count} similar issues{because}"),
        })
    }
}

/// Returns how much each dismissal of a person counts at an instant.
pub(super) fn weights(person: &Person, now: Timestamp) -> Vec<f64> {
    let counted = person.dismissed.iter().take(NEWEST);
    let weight = |dismissal: &Dismissal| {
        let days = (now - dismissal.at).num_days().max(0) as f64;
        0.5_f64.powf(days / HALF_LIFE)
    };
    counted.map(weight).collect()
}

/// Returns the value that the dismissals of a person, with these [`weights`], take from an issue.
pub(super) fn lowered(person: &Person, weights: &[f64], seen: &impl SeenIssue) -> Lowered {
    let mut by_reason = [(0.0, 0_usize); DismissalReason::ALL.len()];
    for (index, (dismissal, weight)) in person.dismissed.iter().zip(weights).enumerate() {
        let similar = similar(index, dismissal, seen);
        if similar > 0.0 {
            let entry = &mut by_reason[dismissal.reason as usize];
            entry.0 += similar * weight;
            entry.1 += 1;
        }
    }
    let value: f64 = by_reason.iter().map(|(value, _)| value).sum();
    let strongest = by_reason
        .iter()
        .zip(DismissalReason::ALL)
        .max_by(|((a, _), _), ((b, _), _)| a.total_cmp(b));
    let strongest = strongest.filter(|((value, _), _)| *value > 0.0);
    Lowered {
        value: value.min(MOST),
        count: strongest.map_or(0, |((_, count), _)| *count),
        because: strongest.map(|(_, reason)| reason),
    }
}

/// Returns how much one dismissal takes away, by its reason.
fn similar(index: usize, dismissal: &Dismissal, seen: &impl SeenIssue) -> f64 {
    match dismissal.reason {
        DismissalReason::UnknownSkill => {
            let language = seen.shares_language(index);
            let skills = seen.shared_skills(index);
            0.05 * f64::from(u8::from(language)) + 0.05 * skills.min(2) as f64
        }
        // A little easier may still be too hard.
        DismissalReason::TooHard if seen.complexity() >= dismissal.complexity => 0.15,
        DismissalReason::TooHard if seen.complexity() >= dismissal.complexity - 1.0 => 0.05,
        DismissalReason::TooLong if seen.hours().1 >= dismissal.hours => 0.15,
        DismissalReason::QuietRepository if seen.shares_repository(index) => 0.3,
        DismissalReason::QuietRepository if seen.health() < 40 => 0.1,
        DismissalReason::Other if seen.shares_repository(index) => match seen.kind() {
            kind if kind == dismissal.kind => 0.15,
            _ => 0.1,
        },
        _ => 0.0,
    }
}
