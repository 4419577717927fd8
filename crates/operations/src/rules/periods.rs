//! Days summed by week or month, and how many people come back.

use std::collections::BTreeMap;

use chrono::{Datelike as _, Days, Months, NaiveDate, NaiveTime};
use kernel::Timestamp;

/// The months of sign-up whose people are followed, and the months for which they are.
const COHORTS: u32 = 6;

/// The length of the periods of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    Day,
    Week,
    Month,
}

impl Length {
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    /// Returns the length with a name; a week for any other.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|length| length.name() == name).unwrap_or(Self::Week)
    }

    /// Returns its name in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// Returns the first day of the period that contains a day. Weeks begin on Monday.
    #[must_use]
    pub fn first_of(self, day: NaiveDate) -> NaiveDate {
        let back = match self {
            Self::Day => 0,
            Self::Week => day.weekday().num_days_from_monday(),
            Self::Month => day.day0(),
        };
        day.checked_sub_days(Days::new(back.into())).unwrap_or(day)
    }

    /// Returns the first days of the last periods up to today, oldest first: 30 days, 13 weeks or 12 months.
    #[must_use]
    pub fn periods(self, today: NaiveDate) -> Vec<NaiveDate> {
        let last = self.first_of(today);
        let before = |number: u32| match self {
            Self::Day => last.checked_sub_days(Days::new(number.into())),
            Self::Week => last.checked_sub_days(Days::new(u64::from(number) * 7)),
            Self::Month => last.checked_sub_months(Months::new(number)),
        };
        let number = match self {
            Self::Day => 30,
            Self::Week => 13,
            Self::Month => 12,
        };
        (0..number).rev().filter_map(before).collect()
    }
}

/// Returns the beginning of a day (UTC).
#[must_use]
pub fn midnight(day: NaiveDate) -> Timestamp {
    day.and_time(NaiveTime::MIN).and_utc()
}

/// Sums what is counted by day in each of these periods, which are consecutive. Earlier days are left out.
#[must_use]
pub fn summed(days: &[(NaiveDate, i64)], length: Length, periods: &[NaiveDate]) -> Vec<i64> {
    let mut sums = vec![0; periods.len()];
    for (day, number) in days {
        if let Ok(place) = periods.binary_search(&length.first_of(*day)) {
            sums[place] += number;
        }
    }
    sums
}

/// Returns the number of the last full period, and the median of those before it. The last of the numbers is that of a
/// period that has not ended. `None` with fewer than three before it, or if nothing happened in most of them.
#[must_use]
pub fn usual(numbers: &[i64]) -> Option<(i64, i64)> {
    let (_, full) = numbers.split_last()?;
    let (last, before) = full.split_last()?;
    let mut sorted = before.to_vec();
    sorted.sort_unstable();
    let median = *sorted.get(sorted.len() / 2)?;
    (before.len() >= 3 && median > 0).then_some((*last, median))
}

/// The people who signed up in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cohort {
    /// The first day of the month.
    pub month: NaiveDate,
    /// Their number.
    pub people: i64,
    /// How many percent of them were active one month later, two months later and so on; `None` where it is not known.
    pub came_back: Vec<Option<i64>>,
}

/// Returns those who signed up in the last six months before the current one, oldest first. `sign_ups` are counted by day; `active`
/// counts those of a month of sign-up (its first day) who were active in a month; nothing is known of months before `known_since`.
#[must_use]
pub fn cohorts(
    sign_ups: &[(NaiveDate, i64)],
    active: &BTreeMap<(NaiveDate, NaiveDate), i64>,
    known_since: Option<NaiveDate>,
    today: NaiveDate,
) -> Vec<Cohort> {
    let months = Length::Month.periods(today);
    let people = summed(sign_ups, Length::Month, &months);
    let known_since = known_since.map(|day| Length::Month.first_of(day));
    let share = |joined: NaiveDate, people: i64, later: u32| {
        let month = joined.checked_add_months(Months::new(later))?;
        let is_known = month <= today && known_since.is_some_and(|since| since <= month);
        let active = active.get(&(joined, month)).copied().unwrap_or(0);
        (is_known && people > 0).then(|| active.min(people) * 100 / people)
    };
    let before = months.len().saturating_sub(1);
    let first = before.saturating_sub(COHORTS as usize);
    let followed = months.iter().zip(people).take(before).skip(first);
    let cohort = |(month, people): (&NaiveDate, i64)| Cohort {
        month: *month,
        people,
        came_back: (1..=COHORTS).map(|later| share(*month, people, later)).collect(),
    };
    followed.map(cohort).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn periods_end_with_today() {
        for (length, first, last, number) in [
            (Length::Day, "2026-10-26", "2026-11-24", 30),
            (Length::Week, "2026-08-31", "2026-11-23", 13),
            (Length::Month, "2025-12-01", "2026-11-01", 12),
        ] {
            let periods = length.periods(day("2026-11-24"));
            assert_eq!(periods.first(), Some(&day(first)), "{length:?}");
            assert_eq!((periods.last(), periods.len()), (Some(&day(last)), number), "{length:?}");
            assert_eq!(Length::named(length.name()), length);
        }
        assert_eq!(Length::named("year"), Length::Week);
    }

    #[test]
    fn the_last_full_period_is_compared_with_the_median_of_those_before() {
        for (numbers, expected) in [
            (&[4, 90, 5, 6, 7, 1][..], Some((7, 6))),
            (&[3, 3, 3, 0, 8][..], Some((0, 3))),
            (&[3, 3, 9, 8][..], None),
            (&[0, 0, 0, 0, 5, 2][..], None),
            (&[2][..], None),
            (&[][..], None),
        ] {
            assert_eq!(usual(numbers), expected, "{numbers:?}");
        }
    }

    #[test]
    fn days_are_summed_in_their_period() {
        let days = [("2026-08-30", 9), ("2026-08-31", 1), ("2026-11-22", 2), ("2026-11-23", 4)];
        let days = days.map(|(text, number)| (day(text), number));
        let weeks = Length::Week.periods(day("2026-11-24"));
        let sums = summed(&days, Length::Week, &weeks);
        assert_eq!((sums[0], sums[11], sums[12]), (1, 2, 4));
        assert_eq!(sums.iter().sum::<i64>(), 7, "earlier days are left out");
    }

    #[test]
    fn who_comes_back_is_a_share_of_those_who_signed_up() {
        let sign_ups = [(day("2026-08-03"), 3), (day("2026-08-30"), 1), (day("2026-11-02"), 8)];
        let active = BTreeMap::from([
            ((day("2026-08-01"), day("2026-09-01")), 3),
            ((day("2026-08-01"), day("2026-11-01")), 1),
        ]);
        let today = day("2026-11-24");
        let found = cohorts(&sign_ups, &active, Some(day("2026-09-12")), today);
        let months: Vec<NaiveDate> = found.iter().map(|cohort| cohort.month).collect();
        assert_eq!((months[0], months[5], months.len()), (day("2026-05-01"), day("2026-10-01"), 6));
        let august = &found[3];
        assert_eq!(august.people, 4);
        assert_eq!(august.came_back, [Some(75), Some(0), Some(25), None, None, None]);
        let may = &found[0];
        assert_eq!((may.people, &may.came_back), (0, &vec![None; 6]));
        let unknown = cohorts(&sign_ups, &active, None, today);
        assert_eq!(unknown[3].came_back, [None; 6]);
    }
}
