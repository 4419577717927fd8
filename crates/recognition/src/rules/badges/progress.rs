use kernel::Timestamp;

use super::{Achieved, Criteria, criteria::rating, reached::Streak};
use crate::model::MERGED;

/// The progress of a person toward a badge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The number so far, at most `span`.
    pub done: i64,
    /// The number that the criteria require; at least 1.
    pub span: i64,
    /// The progress in words, such as "7 of 10 merged".
    pub words: String,
}

impl Progress {
    /// Measures the progress toward criteria; `None` if they cannot be reached by a person's own achievements.
    #[must_use]
    pub fn of(criteria: &Criteria, achieved: &Achieved, now: Timestamp) -> Option<Self> {
        match criteria {
            Criteria::FirstPr => Some(Self::counted(sum(achieved, MERGED), 1, "merged")),
            Criteria::PrCount { at_least } => {
                Some(Self::counted(sum(achieved, MERGED), *at_least, "merged"))
            }
            Criteria::Metric { metric, at_least } => {
                Some(Self::counted(sum(achieved, metric), *at_least, "reached"))
            }
            Criteria::QualityRating { over, .. } => Some(Self::rated(achieved, *over)),
            Criteria::Streak { months } => Some(Self::counted(
                i64::from(current_streak(achieved, now)),
                *months,
                "months in a row",
            )),
            Criteria::ProjectChampion(_) | Criteria::Manual => None,
        }
    }

    fn counted(count: i64, needed: u32, what: &str) -> Self {
        let span = i64::from(needed).max(1);
        let done = count.clamp(0, span);
        Self { done, span, words: format!("{done} of {span} {what}") }
    }

    fn rated(achieved: &Achieved, over: u32) -> Self {
        let ratings = achieved.counted().filter_map(|it| it.rating);
        let (sum, count) = ratings
            .fold((0_u64, 0_u64), |(sum, count), rating| (sum + u64::from(rating), count + 1));
        let mut progress = Self::counted(i64::try_from(count).unwrap_or(i64::MAX), over, "rated");
        if let Some(hundredths) = (sum * 100).checked_div(count) {
            let hundredths = u32::try_from(hundredths).unwrap_or(0);
            progress.words = format!("{}, average {}", progress.words, rating(hundredths));
        }
        progress
    }
}

fn sum(achieved: &Achieved, metric: &str) -> i64 {
    let own = achieved.counted().filter(|it| it.metric == metric);
    own.fold(0, |sum, it| sum.saturating_add(it.amount))
}

/// Returns the number of consecutive months with a merged pull request, up to this month or the previous one.
#[must_use]
pub fn current_streak(achieved: &Achieved, now: Timestamp) -> u32 {
    let mut streak = Streak::default();
    for it in achieved.counted().filter(|it| it.metric == MERGED) {
        streak.extend(it.at);
    }
    if streak.is_current(now) { streak.months } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Achievement;
    use uuid::Uuid;

    fn merged(months: &[&str], rating: Option<u8>) -> Achieved {
        Achieved::of(months.iter().map(|month| Achievement {
            user_id: Uuid::from_u128(1).into(),
            metric: MERGED,
            at: format!("{month}-15T00:00:00Z").parse().expect("an instant"),
            order: 0,
            amount: 1,
            rating,
            is_void: false,
        }))
    }

    fn now() -> Timestamp {
        "2026-11-22T00:00:00Z".parse().expect("an instant")
    }

    #[test]
    fn progress_is_said_in_words() {
        let achieved = merged(&["2026-09", "2026-10", "2026-11"], Some(4));
        let words = |criteria: Criteria| {
            let progress = Progress::of(&criteria, &achieved, now());
            progress.map(|progress| progress.words)
        };
        let is = |words: &str| Some(words.to_owned());
        assert_eq!(words(Criteria::PrCount { at_least: 10 }), is("3 of 10 merged"));
        assert_eq!(words(Criteria::FirstPr), is("1 of 1 merged"));
        assert_eq!(words(Criteria::Streak { months: 6 }), is("3 of 6 months in a row"));
        let rating = Criteria::QualityRating { average: 450, over: 25 };
        assert_eq!(words(rating), is("3 of 25 rated, average 4.0"));
        assert_eq!(words(Criteria::Manual), None);
    }

    #[test]
    fn a_streak_lasts_until_a_month_has_passed() {
        for (months, expected) in [
            (&["2026-10", "2026-11"][..], 2),
            (&["2026-09", "2026-10"], 2),
            (&["2026-08", "2026-09"], 0),
            (&["2026-08", "2026-10"], 1),
            (&[], 0),
        ] {
            assert_eq!(current_streak(&merged(months, None), now()), expected);
        }
    }
}
