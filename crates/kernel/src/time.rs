use std::{fmt, str::FromStr};

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// An instant in UTC with microsecond precision, which both database engines can store.
pub type Timestamp = DateTime<Utc>;

/// A source of the current instant, passed in so that tests can control it.
pub trait Clock: Send + Sync + 'static {
    /// Returns the current instant, truncated to microseconds.
    fn now(&self) -> Timestamp;
}

impl<C: Clock + ?Sized> Clock for std::sync::Arc<C> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }
}

/// Truncates an instant to the microseconds that both database engines store.
#[must_use]
pub fn truncate_to_micros(at: Timestamp) -> Timestamp {
    DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at)
}

/// A calendar month in UTC, written `YYYY-MM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Month {
    first_day: NaiveDate,
}

impl Month {
    /// Returns the month that contains `at`.
    #[must_use]
    pub fn of(at: Timestamp) -> Self {
        let day = at.date_naive();
        Self { first_day: day.with_day(1).unwrap_or(day) }
    }

    /// Returns the month's first instant.
    #[must_use]
    pub fn start(self) -> Timestamp {
        self.first_day.and_time(NaiveTime::MIN).and_utc()
    }

    /// Returns the first instant after the month.
    #[must_use]
    pub fn end(self) -> Timestamp {
        self.next().start()
    }

    /// Returns the month after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self {
            first_day: self.first_day.checked_add_months(Months::new(1)).unwrap_or(self.first_day),
        }
    }

    /// Returns the month before this one.
    #[must_use]
    pub fn previous(self) -> Self {
        Self {
            first_day: self.first_day.checked_sub_months(Months::new(1)).unwrap_or(self.first_day),
        }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.first_day.year(), self.first_day.month())
    }
}

/// An error for text that is not a month written `YYYY-MM`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a month: use YYYY-MM, such as 2026-10")]
pub struct ParseMonthError(String);

impl FromStr for Month {
    type Err = ParseMonthError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseMonthError(text.to_owned());
        let (year, month) = text.split_once('-').ok_or_else(error)?;
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if year.len() != 4 || month.len() != 2 || !digits(year) || !digits(month) {
            return Err(error());
        }
        let year = year.parse().map_err(|_| error())?;
        let month = month.parse().map_err(|_| error())?;
        NaiveDate::from_ymd_opt(year, month, 1)
            .map(|first_day| Self { first_day })
            .ok_or_else(error)
    }
}

impl TryFrom<String> for Month {
    type Error = ParseMonthError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> String {
        month.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_round_trips() {
        let month: Month = "2026-12".parse().expect("a month");
        assert_eq!(month.to_string(), "2026-12");
        assert_eq!(month.next().to_string(), "2027-01");
        assert_eq!(month.end(), "2027-01-01T00:00:00Z".parse::<Timestamp>().expect("instant"));
        assert_eq!(month.next().previous(), month);
        assert_eq!(Month::of(month.start()), month);
    }

    #[test]
    fn invalid_months_are_rejected() {
        for text in
            ["", "2026", "2026-13", "2026-1", "26-01", "2026-01-01", "+026-01", "２０２６-01"]
        {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }
}
