//! Sums up what came of a person's claims.

use std::collections::BTreeMap;

use kernel::{Month, Timestamp};

use crate::model::ClaimStatus;

/// The most months in the figures.
const MOST_MONTHS: usize = 12;

/// A claim of a person, as far as the figures depend on it.
#[derive(Clone, Debug)]
pub struct ClaimOutcome {
    pub status: ClaimStatus,
    /// True if the person's pull request was merged, false if it was closed without. `None` if there was none.
    pub is_merged: Option<bool>,
    pub ended_at: Option<Timestamp>,
    pub language: Option<String>,
    /// The hours that it took, in thousandths.
    pub hours: Option<i64>,
    /// How difficult it was, 1 to 5.
    pub difficulty: Option<i64>,
    /// How much the person learned, 1 to 5.
    pub learning: Option<i64>,
}

/// The outcomes of all claims of a person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcomes {
    pub by_status: BTreeMap<ClaimStatus, usize>,
    /// The claims whose pull request was merged.
    pub merged: usize,
    /// The claims whose pull request was closed without being merged.
    pub closed: usize,
    /// The stated hours of all claims.
    pub hours: f64,
    /// The mean of the stated difficulties, 1 to 5. `None` if there are none.
    pub difficulty: Option<f64>,
    /// The mean of what the person learned, 1 to 5. `None` if nothing was stated.
    pub learning: Option<f64>,
    /// The last 12 months (UTC) in which claims were completed, latest first.
    pub months: Vec<MonthOutcome>,
    /// The languages of completed claims with their numbers, most first, then by name.
    pub languages: Vec<(String, usize)>,
}

/// The claims of a person that were completed in a month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MonthOutcome {
    pub month: Month,
    /// The number of completed claims.
    pub completed: usize,
    /// Their stated hours.
    pub hours: f64,
}

impl Outcomes {
    /// Sums up all claims of a person.
    #[must_use]
    pub fn of(claims: &[ClaimOutcome]) -> Self {
        let mut by_status = BTreeMap::new();
        for claim in claims {
            *by_status.entry(claim.status).or_default() += 1;
        }
        let with = |is_merged| {
            let ended = claims.iter().filter_map(|claim| claim.is_merged);
            ended.filter(|one| *one == is_merged).count()
        };
        let completed = || claims.iter().filter(|claim| claim.status == ClaimStatus::Completed);
        Self {
            by_status,
            merged: with(true),
            closed: with(false),
            hours: hours(claims),
            difficulty: mean(claims.iter().filter_map(|claim| claim.difficulty)),
            learning: mean(claims.iter().filter_map(|claim| claim.learning)),
            months: months(completed()),
            languages: languages(completed()),
        }
    }

    /// Returns the number of claims in a state.
    #[must_use]
    pub fn count(&self, status: ClaimStatus) -> usize {
        self.by_status.get(&status).copied().unwrap_or_default()
    }
}

fn hours<'a>(claims: impl IntoIterator<Item = &'a ClaimOutcome>) -> f64 {
    let thousandths: i64 = claims.into_iter().filter_map(|claim| claim.hours).sum();
    thousandths as f64 / 1_000.0
}

fn mean(stated: impl Iterator<Item = i64>) -> Option<f64> {
    let (count, sum) = stated.fold((0, 0), |(count, sum), value| (count + 1, sum + value));
    (count > 0).then(|| sum as f64 / f64::from(count))
}

fn months<'a>(completed: impl Iterator<Item = &'a ClaimOutcome>) -> Vec<MonthOutcome> {
    let mut by_month: BTreeMap<Month, Vec<&ClaimOutcome>> = BTreeMap::new();
    for claim in completed {
        if let Some(at) = claim.ended_at {
            by_month.entry(Month::of(at)).or_default().push(claim);
        }
    }
    let latest = by_month.into_iter().rev().take(MOST_MONTHS);
    let summed = latest.map(|(month, claims)| MonthOutcome {
        month,
        completed: claims.len(),
        hours: hours(claims),
    });
    summed.collect()
}

fn languages<'a>(completed: impl Iterator<Item = &'a ClaimOutcome>) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for language in completed.filter_map(|claim| claim.language.as_deref()) {
        *counts.entry(language).or_default() += 1;
    }
    let mut counts: Vec<_> =
        counts.into_iter().map(|(language, count)| (language.to_owned(), count)).collect();
    // Stable: languages with equal numbers stay in the order of their names.
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(status: ClaimStatus, ended: Option<&str>) -> ClaimOutcome {
        ClaimOutcome {
            status,
            is_merged: (status == ClaimStatus::Completed).then_some(true),
            ended_at: ended.map(|at| at.parse().expect("an instant")),
            language: None,
            hours: None,
            difficulty: None,
            learning: None,
        }
    }

    #[test]
    fn without_claims_there_are_no_figures() {
        assert_eq!(Outcomes::of(&[]), Outcomes::default());
    }

    #[test]
    fn claims_are_summed_by_state_month_and_language() {
        let completed = |at, language: &str, hours| ClaimOutcome {
            language: Some(language.to_owned()),
            hours: Some(hours),
            ..claim(ClaimStatus::Completed, Some(at))
        };
        let claims = [
            completed("2026-09-30T23:59:59Z", "Rust", 1_500),
            completed("2026-10-01T00:00:00Z", "Rust", 2_000),
            completed("2026-10-31T12:00:00Z", "Go", 250),
            completed("2026-10-31T12:00:00Z", "C", 0),
            claim(ClaimStatus::Active, None),
            ClaimOutcome {
                is_merged: Some(false),
                difficulty: Some(5),
                learning: Some(2),
                ..claim(ClaimStatus::Released, Some("2026-10-02T00:00:00Z"))
            },
            ClaimOutcome {
                difficulty: Some(2),
                ..claim(ClaimStatus::Expired, Some("2026-10-03T00:00:00Z"))
            },
        ];
        let sum = Outcomes::of(&claims);
        let states = [ClaimStatus::Completed, ClaimStatus::Active, ClaimStatus::Queued];
        assert_eq!(states.map(|status| sum.count(status)), [4, 1, 0]);
        assert_eq!((sum.merged, sum.closed), (4, 1));
        assert_eq!((sum.hours, sum.difficulty, sum.learning), (3.75, Some(3.5), Some(2.0)));
        let months: Vec<_> =
            sum.months.iter().map(|of| (of.month.to_string(), of.completed, of.hours)).collect();
        let expected = [("2026-10".to_owned(), 3, 2.25), ("2026-09".to_owned(), 1, 1.5)];
        assert_eq!(months, expected);
        let languages = [("Rust", 2), ("C", 1), ("Go", 1)];
        assert_eq!(sum.languages, languages.map(|(language, count)| (language.to_owned(), count)));
    }

    #[test]
    fn only_the_latest_months_are_listed() {
        let claims: Vec<_> = (1..=12)
            .flat_map(|month| [2024, 2025].map(|year| format!("{year}-{month:02}-15T00:00:00Z")))
            .map(|at| claim(ClaimStatus::Completed, Some(&at)))
            .collect();
        let months = Outcomes::of(&claims).months;
        assert_eq!(months.len(), MOST_MONTHS);
        assert_eq!(months[0].month.to_string(), "2025-12");
        assert_eq!(months[11].month.to_string(), "2025-01");
    }
}
