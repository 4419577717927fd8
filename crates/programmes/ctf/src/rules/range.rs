//! The range of days that a dashboard shows.

use std::ops::Range;

use chrono::{Datelike as _, Days, NaiveDate, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Tz;
use kernel::{Month, Problem, ProblemKind, Timestamp};

/// The lengths that can be chosen, in days.
pub const LENGTHS: [u16; 3] = [7, 30, 90];
/// The length that is shown unless another is chosen.
pub const DEFAULT: u16 = 30;
/// The maximum number of days: two years, one of which may be a leap year.
const LONGEST: i64 = 731;

/// A range of days, both of which belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayRange {
    pub first: NaiveDate,
    pub last: NaiveDate,
    /// The chosen length; absent for a range of the reader's own.
    pub length: Option<u16>,
}

impl DayRange {
    /// Returns the range of `length` days that ends today.
    #[must_use]
    pub fn latest(length: u16, today: NaiveDate) -> Self {
        Self {
            first: before(today, u64::from(length).saturating_sub(1)),
            last: today,
            length: Some(length),
        }
    }

    /// Reads a range: the number of `days` up to today, or the days from `from` to `to`, written `YYYY-MM-DD`. Without
    /// `to`, it is today; without `from`, the range has 30 days. If a day is given, `days` is ignored.
    ///
    /// # Errors
    /// When `days` is not 7, 30 or 90, a day is not from 2008 to 2999, `from` is after `to`, or the range has more than
    /// 731 days. The problem names the field.
    pub fn read(days: &str, from: &str, to: &str, today: NaiveDate) -> Result<Self, Problem> {
        let (from, to) = (read_day("from", from)?, read_day("to", to)?);
        if from.is_none() && to.is_none() {
            return Ok(Self::latest(read_length(days)?, today));
        }
        let last = to.unwrap_or(today);
        let first = from.unwrap_or_else(|| before(last, u64::from(DEFAULT) - 1));
        let range = Self { first, last, length: None };
        if first > last {
            let detail = format!("The first day, {first}, is after the last, {last}.");
            return Err(wrong("from", detail));
        }
        if range.days() > LONGEST {
            let detail = format!(
                "{first} to {last} are {} days. Choose at most {LONGEST} days, which are two years.",
                range.days()
            );
            return Err(wrong("from", detail));
        }
        Ok(range)
    }

    #[must_use]
    pub fn days(&self) -> i64 {
        (self.last - self.first).num_days() + 1
    }

    /// Returns the instants from the first in a time zone to the first after the range.
    #[must_use]
    pub fn instants(&self, zone: Tz) -> Range<Timestamp> {
        start(self.first, zone)..start(after(self.last, 1), zone)
    }

    /// Returns the range of the same length that ends the day before this one begins.
    #[must_use]
    pub fn previous(&self) -> Self {
        let days = u64::try_from(self.days()).unwrap_or(1);
        Self { first: before(self.first, days), last: before(self.first, 1), length: None }
    }

    #[must_use]
    pub fn query(&self) -> String {
        match self.length {
            Some(length) => format!("days={length}"),
            None => format!("from={}&to={}", self.first, self.last),
        }
    }

    /// Returns the range in words, such as "the last 30 days".
    #[must_use]
    pub fn words(&self) -> String {
        match self.length {
            Some(length) => format!("the last {length} days"),
            None => format!("{} to {}", self.first, self.last),
        }
    }
}

/// Returns the time zone with a name, or UTC if there is none.
#[must_use]
pub fn zone(name: &str) -> Tz {
    name.parse().unwrap_or(Tz::UTC)
}

/// Returns the day of an instant in a time zone.
#[must_use]
pub fn day_of(at: Timestamp, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// Returns the first instant of a day in a time zone. A midnight that a change of the clock skips is the next hour that exists.
#[must_use]
pub fn start(day: NaiveDate, zone: Tz) -> Timestamp {
    let midnight = day.and_time(NaiveTime::MIN);
    let hours = (0..4).map(|hour| midnight + chrono::TimeDelta::hours(hour));
    let found = hours.filter_map(|time| zone.from_local_datetime(&time).earliest());
    let first = found.map(|time| time.with_timezone(&Utc)).next();
    first.unwrap_or_else(|| midnight.and_utc())
}

fn before(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

fn after(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

fn read_length(text: &str) -> Result<u16, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(DEFAULT);
    }
    let length = text.parse().ok().filter(|days| LENGTHS.contains(days));
    length.ok_or_else(|| {
        let detail = "Choose 7, 30 or 90 days, or enter a first and a last day.";
        wrong("days", detail.to_owned())
    })
}

fn read_day(field: &'static str, text: &str) -> Result<Option<NaiveDate>, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let day: Option<NaiveDate> = text.parse().ok().filter(|_| text.len() == 10);
    let day = day.filter(|day| (2008..3000).contains(&day.year()));
    let unknown = || {
        // A browser's text may be long; the sentence repeats only its beginning.
        let beginning: String = text.chars().take(20).collect();
        let detail = format!(
            "'{beginning}' is not a day from 2008 to 2999. Use YYYY-MM-DD, such as 2026-10-31."
        );
        wrong(field, detail)
    };
    day.map(Some).ok_or_else(unknown)
}

fn wrong(field: &'static str, detail: String) -> Problem {
    Problem::new(ProblemKind::Malformed, "BAD_QUERY", detail).at(field)
}

/// Returns a stored number of Flash CTF solves of a month if it is of this month, and 0 if it is of an earlier one.
#[must_use]
pub fn flash_of_month(stored: Option<i64>, at: Option<Timestamp>, now: Timestamp) -> i64 {
    let is_current = at.is_some_and(|at| Month::of(at) == Month::of(now));
    stored.filter(|_| is_current).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn read(days: &str, from: &str, to: &str) -> Result<DayRange, Problem> {
        DayRange::read(days, from, to, day("2026-11-20"))
    }

    #[test]
    fn thirty_days_are_shown_unless_others_are_chosen() {
        let range = read("", "", "").expect("a range");
        assert_eq!((range.first, range.last), (day("2026-10-22"), day("2026-11-20")));
        assert_eq!((range.days(), range.query().as_str()), (30, "days=30"));
        let week = read("7", "", "").expect("a range");
        assert_eq!(week.first, day("2026-11-14"));
        assert_eq!(week.words(), "the last 7 days");
    }

    #[test]
    fn days_of_ones_own_win_over_a_length() {
        let range = read("7", "2026-01-01", "2026-01-31").expect("a range");
        assert_eq!((range.days(), range.length), (31, None));
        assert_eq!(range.query(), "from=2026-01-01&to=2026-01-31");
        let before = range.previous();
        assert_eq!((before.first, before.last), (day("2025-12-01"), day("2025-12-31")));
        assert_eq!(read("", "", "2026-01-31").expect("a range").days(), 30);
    }

    #[test]
    fn wrong_ranges_name_their_field() {
        for (days, from, to, field) in [
            ("8", "", "", "days"),
            ("", "soon", "", "from"),
            ("", "", "20260-1-1", "to"),
            ("", "2026-11-21", "", "from"),
            ("", "2020-01-01", "", "from"),
            ("", "1999-01-01", "", "from"),
        ] {
            let problem = read(days, from, to).expect_err("refused");
            assert_eq!(problem.field, Some(field), "{days} {from} {to}: {problem:?}");
        }
    }

    #[test]
    fn solves_of_an_earlier_month_are_not_those_of_this_one() {
        let now: Timestamp = "2026-11-20T10:00:00Z".parse().expect("an instant");
        for (at, expected) in
            [(Some("2026-11-01T00:00:00Z"), 4), (Some("2026-10-31T23:59:59Z"), 0), (None, 0)]
        {
            let at = at.map(|at| at.parse().expect("an instant"));
            assert_eq!(flash_of_month(Some(4), at, now), expected, "{at:?}");
        }
        assert_eq!(flash_of_month(None, Some(now), now), 0);
    }

    #[test]
    fn the_day_is_that_of_the_roster() {
        for (at, name, expected) in [
            ("2026-11-24T19:00:00Z", "Pacific/Auckland", "2026-11-25"),
            ("2026-11-25T02:00:00Z", "America/Chicago", "2026-11-24"),
            ("2026-11-25T02:00:00Z", "UTC", "2026-11-25"),
        ] {
            let at = at.parse().expect("an instant");
            assert_eq!(day_of(at, zone(name)), day(expected), "{name}");
        }
    }

    #[test]
    fn days_begin_at_midnight_of_the_roster() {
        let range = read("", "2026-11-01", "2026-11-01").expect("a range");
        let Range { start, end } = range.instants(zone("America/New_York"));
        // Clocks go back on this day, which has 25 hours.
        assert_eq!((end - start).num_hours(), 25);
        assert_eq!(start.to_rfc3339(), "2026-11-01T04:00:00+00:00");
        let start = range.instants(zone("Nowhere/At_All")).start;
        assert_eq!(start.to_rfc3339(), "2026-11-01T00:00:00+00:00");
        // In Cairo, the clocks skipped midnight of this day.
        let first = super::start(day("2023-04-28"), zone("Africa/Cairo"));
        assert_eq!(first.to_rfc3339(), "2023-04-27T22:00:00+00:00");
    }
}
