use kernel::{Month, Timestamp};
use serde_json::json;

use super::Criteria;
use crate::model::{Achievement, MERGED, Reached};

/// A person's achievements, in the order of time.
#[derive(Clone, Debug, Default)]
pub struct Achieved(Vec<Achievement>);

impl Achieved {
    /// Sorts achievements, which may be given in any order.
    #[must_use]
    pub fn of(achievements: impl IntoIterator<Item = Achievement>) -> Self {
        let mut sorted: Vec<Achievement> = achievements.into_iter().collect();
        sorted.sort_unstable_by_key(|it| (it.at, it.order, it.metric));
        Self(sorted)
    }

    /// Returns the achievements that count: all but those that turned out to be spam.
    pub fn counted(&self) -> impl Iterator<Item = &Achievement> {
        self.0.iter().filter(|it| !it.is_void)
    }

    /// Returns the achievements with those that turned out to be spam.
    pub fn with_void(&self) -> impl Iterator<Item = &Achievement> {
        self.0.iter()
    }
}

/// Returns when criteria were first reached by achievements in the order of time; `None` if they were not, or if they
/// depend on other people.
///
/// It is a function of the achievements alone: neither the order of evaluations nor their number matters.
pub fn reached<'a>(
    criteria: &Criteria,
    achievements: impl Iterator<Item = &'a Achievement>,
) -> Option<Reached> {
    match criteria {
        Criteria::FirstPr => sum_reached(achievements, MERGED, 1),
        Criteria::PrCount { at_least } => sum_reached(achievements, MERGED, *at_least),
        Criteria::Metric { metric, at_least } => sum_reached(achievements, metric, *at_least),
        Criteria::QualityRating { average, over } => rating_reached(achievements, *average, *over),
        Criteria::Streak { months } => streak_reached(achievements, *months),
        Criteria::ProjectChampion(_) | Criteria::Manual => None,
    }
}

fn sum_reached<'a>(
    achievements: impl Iterator<Item = &'a Achievement>,
    metric: &str,
    at_least: u32,
) -> Option<Reached> {
    let mut sum = 0_i64;
    let mut own = achievements.filter(|it| it.metric == metric);
    let last = own.find(|it| {
        sum = sum.saturating_add(it.amount);
        sum >= i64::from(at_least)
    })?;
    Some(Reached { at: last.at, evidence: json!({ "metric": metric, "count": sum }) })
}

fn rating_reached<'a>(
    achievements: impl Iterator<Item = &'a Achievement>,
    average: u32,
    over: u32,
) -> Option<Reached> {
    let (mut sum, mut count) = (0_i64, 0_i64);
    let mut rated = achievements.filter_map(|it| Some((it.at, it.rating?)));
    let at = rated.find_map(|(at, rating)| {
        (sum, count) = (sum + i64::from(rating), count + 1);
        let is_enough = count >= i64::from(over) && sum * 100 >= i64::from(average) * count;
        is_enough.then_some(at)
    })?;
    let hundredths = sum * 100 / count;
    Some(Reached { at, evidence: json!({ "average": hundredths as f64 / 100.0, "rated": count }) })
}

fn streak_reached<'a>(
    achievements: impl Iterator<Item = &'a Achievement>,
    months: u32,
) -> Option<Reached> {
    let mut streak = Streak::default();
    let mut merged = achievements.filter(|it| it.metric == MERGED);
    let last = merged.find(|it| streak.extend(it.at) >= months)?;
    let last_month = Month::of(last.at);
    Some(Reached {
        at: last.at,
        evidence: json!({ "months": months, "last_month": last_month.to_string() }),
    })
}

/// Consecutive months with an achievement.
#[derive(Default)]
pub(super) struct Streak {
    last: Option<Month>,
    pub(super) months: u32,
}

impl Streak {
    /// Adds an achievement that is not earlier than the ones before; returns the number of months.
    pub(super) fn extend(&mut self, at: Timestamp) -> u32 {
        let month = Month::of(at);
        if self.last != Some(month) {
            let continues = self.last == Some(month.previous());
            self.months = if continues { self.months + 1 } else { 1 };
            self.last = Some(month);
        }
        self.months
    }

    /// Returns whether an achievement in the month of `now` continues it, or it already has one.
    pub(super) fn is_current(&self, now: Timestamp) -> bool {
        let month = Month::of(now);
        self.last == Some(month) || self.last == Some(month.previous())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn merge(when: &str, rating: Option<u8>) -> Achievement {
        Achievement {
            user_id: Uuid::from_u128(1).into(),
            metric: MERGED,
            at: at(when),
            order: 0,
            amount: 1,
            rating,
            is_void: false,
        }
    }

    fn when(criteria: &Criteria, merges: &[Achievement]) -> Option<Timestamp> {
        let achieved = Achieved::of(merges.iter().copied());
        reached(criteria, achieved.counted()).map(|reached| reached.at)
    }

    #[test]
    fn a_count_is_reached_with_the_merge_that_completes_it() {
        let merges = [
            merge("2026-03-01T00:00:00Z", None),
            merge("2026-01-01T00:00:00Z", None),
            merge("2026-02-01T00:00:00Z", None),
        ];
        for (criteria, expected) in [
            (Criteria::FirstPr, Some("2026-01-01T00:00:00Z")),
            (Criteria::PrCount { at_least: 2 }, Some("2026-02-01T00:00:00Z")),
            (Criteria::PrCount { at_least: 4 }, None),
            (Criteria::Manual, None),
        ] {
            assert_eq!(when(&criteria, &merges), expected.map(at), "{criteria:?}");
        }
        assert_eq!(when(&Criteria::FirstPr, &[]), None);
    }

    #[test]
    fn a_rating_is_reached_once_and_later_ratings_do_not_take_it_back() {
        let merges = [
            merge("2026-01-01T00:00:00Z", Some(3)),
            merge("2026-01-02T00:00:00Z", None),
            merge("2026-01-03T00:00:00Z", Some(5)),
            merge("2026-01-04T00:00:00Z", Some(1)),
        ];
        let criteria = |average, over| Criteria::QualityRating { average, over };
        for (criteria, expected) in [
            (criteria(400, 2), Some("2026-01-03T00:00:00Z")),
            (criteria(401, 2), None),
            (criteria(300, 1), Some("2026-01-01T00:00:00Z")),
            (criteria(300, 3), Some("2026-01-04T00:00:00Z")),
            (criteria(300, 4), None),
        ] {
            assert_eq!(when(&criteria, &merges), expected.map(at), "{criteria:?}");
        }
    }

    #[test]
    fn a_streak_ends_with_a_month_without_a_merge() {
        let merges = [
            "2025-11-30T23:59:59Z",
            "2025-12-01T00:00:00Z",
            "2025-12-31T00:00:00Z",
            "2026-02-01T00:00:00Z",
            "2026-03-01T00:00:00Z",
            "2026-04-09T00:00:00Z",
        ];
        let merges = merges.map(|text| merge(text, None));
        let streak = |months| Criteria::Streak { months };
        assert_eq!(when(&streak(2), &merges), Some(at("2025-12-01T00:00:00Z")));
        assert_eq!(when(&streak(3), &merges), Some(at("2026-04-09T00:00:00Z")));
        assert_eq!(when(&streak(4), &merges), None);
    }

    fn any_merges() -> impl Strategy<Value = Vec<Achievement>> {
        let merge = (0..400_i64, 0..3_i64, prop::option::of(1..=5_u8), any::<bool>());
        let merge = merge.prop_map(|(day, order, rating, is_void)| Achievement {
            at: at("2025-01-01T00:00:00Z") + chrono::TimeDelta::days(day),
            order,
            rating,
            is_void,
            ..merge_of_rating(rating)
        });
        prop::collection::vec(merge, 0..40)
    }

    fn merge_of_rating(rating: Option<u8>) -> Achievement {
        merge("2025-01-01T00:00:00Z", rating)
    }

    fn any_criteria() -> impl Strategy<Value = Criteria> {
        prop_oneof![
            Just(Criteria::FirstPr),
            (1..20_u32).prop_map(|at_least| Criteria::PrCount { at_least }),
            (1..8_u32).prop_map(|months| Criteria::Streak { months }),
        ]
    }

    proptest! {
        #[test]
        fn the_order_of_achievements_does_not_matter(
            merges in any_merges().prop_shuffle(), criteria in any_criteria()
        ) {
            let mut sorted = merges.clone();
            sorted.sort_by_key(|it| (it.at, it.order));
            prop_assert_eq!(when(&criteria, &merges), when(&criteria, &sorted));
        }

        #[test]
        fn what_happens_later_changes_nothing(merges in any_merges(), criteria in any_criteria()) {
            let Some(first) = when(&criteria, &merges) else { return Ok(()) };
            let until: Vec<_> = merges.iter().copied().filter(|it| it.at <= first).collect();
            prop_assert_eq!(when(&criteria, &until), Some(first));
        }
    }
}
