use std::fmt;

use chrono::{Duration, NaiveDate, NaiveTime, TimeZone as _};
use chrono_tz::Tz;
use kernel::{Problem, ProblemKind, Timestamp, typed::misread};
use recognition::model::Span;

/// How far the local time of the places where a day begins first is ahead of UTC.
const FIRST_ZONE: Duration = Duration::hours(14);
/// How far the local time of the places where a day ends last is behind UTC.
const LAST_ZONE: Duration = Duration::hours(12);

/// The days of a season, which each person counts in their own time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeasonDays {
    pub first: NaiveDate,
    /// The last day, which belongs to the season.
    pub last: NaiveDate,
}

impl fmt::Display for SeasonDays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&kernel::days(self.first, self.last))
    }
}

impl SeasonDays {
    /// Returns the span of the days in a time zone.
    #[must_use]
    pub fn span(self, zone: Tz) -> Span {
        Span::new(start(self.first, zone), start(after(self.last), zone))
    }

    /// Returns when the first day begins anywhere.
    #[must_use]
    pub fn begin(self) -> Timestamp {
        start(self.first, Tz::UTC) - FIRST_ZONE
    }

    /// Returns when the last day has ended everywhere.
    #[must_use]
    pub fn end(self) -> Timestamp {
        start(after(self.last), Tz::UTC) + LAST_ZONE
    }

    #[must_use]
    pub fn in_utc(self) -> Span {
        self.span(Tz::UTC)
    }

    /// Checks that the last day is not before the first.
    pub(super) fn in_order(self, field: &'static str) -> Result<(), Problem> {
        if self.last >= self.first {
            return Ok(());
        }
        let detail = format!("The last day ({}) is before the first ({}).", self.last, self.first);
        Err(wrong(field, detail))
    }
}

fn after(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(day)
}

/// Returns the first instant of a day in a time zone. Where clocks skip midnight, it is when they do.
fn start(day: NaiveDate, zone: Tz) -> Timestamp {
    let midnight = day.and_time(NaiveTime::MIN);
    let later = (0..=8).map(|quarters| midnight + Duration::minutes(30 * quarters));
    let mut valid = later.filter_map(|local| zone.from_local_datetime(&local).earliest());
    let first = valid.next().map(|local| local.to_utc());
    first.unwrap_or_else(|| midnight.and_utc())
}

/// Parses a day written `YYYY-MM-DD`, from 2008, when GitHub began, to 2999.
///
/// # Errors
/// When it is none. The problem names the field.
pub fn day(field: &'static str, text: &str) -> Result<NaiveDate, Problem> {
    let text = text.trim();
    parse_day(text).map_err(|detail| wrong(field, detail))
}

pub(super) fn wrong(field: &'static str, detail: String) -> Problem {
    Problem::new(ProblemKind::Invalid, "BAD_SEASON", detail).at(field)
}

/// Parses a day written `YYYY-MM-DD`, from 2008, when GitHub began, to 2999.
///
/// # Errors
/// When it is no day, or one of another year. The error says so.
pub fn parse_day(text: &str) -> Result<NaiveDate, String> {
    let day: Option<NaiveDate> = text.parse().ok().filter(|_| text.len() == 10);
    let Some(day) = day else {
        return Err(misread(text, "a day", ", such as 2026-10-31"));
    };
    if (2008..3000).contains(&chrono::Datelike::year(&day)) {
        Ok(day)
    } else {
        Err(format!("{day} is not from 2008 to 2999. Use a day of these years."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn days(first: &str, last: &str) -> SeasonDays {
        SeasonDays {
            first: day("first_day", first).expect("a day"),
            last: day("last_day", last).expect("a day"),
        }
    }

    #[test]
    fn days_are_those_of_the_zone() {
        let october = days("2026-10-01", "2026-10-31");
        for (zone, starts, ends) in [
            (Tz::UTC, "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"),
            (Tz::Etc__GMTPlus12, "2026-10-01T12:00:00Z", "2026-11-01T12:00:00Z"),
            (Tz::Pacific__Kiritimati, "2026-09-30T10:00:00Z", "2026-10-31T10:00:00Z"),
            // Summer time ends in between.
            (Tz::Europe__Berlin, "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z"),
        ] {
            assert_eq!(october.span(zone), Span::new(at(starts), at(ends)), "{zone}");
        }
        assert_eq!(october.begin(), at("2026-09-30T10:00:00Z"));
        assert_eq!(october.end(), at("2026-11-01T12:00:00Z"));
    }

    #[test]
    fn a_day_without_midnight_begins_when_clocks_skip_it() {
        // Clocks in Beirut went from 23:59 on 26 March 2022 to 01:00.
        let beirut = days("2022-03-27", "2022-03-27").span(Tz::Asia__Beirut);
        assert_eq!(beirut.starts_at, at("2022-03-26T22:00:00Z"));
    }

    #[test]
    fn days_are_parsed_strictly() {
        assert_eq!(parse_day(""), Err("Enter a day, such as 2026-10-31.".to_owned()));
        for wrong in ["2026-13-01", "2026-02-30", "26-01-01", "2026-1-1", "+2026-01-01"] {
            let problem = day("last_day", wrong).expect_err(wrong);
            assert_eq!((problem.code, problem.field), ("BAD_SEASON", Some("last_day")));
            assert!(problem.detail.contains("is not a day"), "{wrong}");
        }
        for other in ["2007-12-31", "3000-01-01", "9999-12-31"] {
            let problem = day("last_day", other).expect_err(other);
            let detail = format!("{other} is not from 2008 to 2999. Use a day of these years.");
            assert_eq!(problem.detail, detail);
        }
    }
}
