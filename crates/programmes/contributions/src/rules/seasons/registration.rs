use std::fmt;

use chrono::NaiveDate;
use kernel::{Checks, Problem, Timestamp};

use super::{
    SeasonDays,
    days::{day, wrong},
};

/// The stored first day of a registration without a first day: GitHub began in that year.
const EARLIEST: NaiveDate = match NaiveDate::from_ymd_opt(2008, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// The days of registration, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegistrationDays {
    /// The first day; absent if registration opens when the season is published.
    pub first: Option<NaiveDate>,
    /// The last day. If it is the season's last day, registration ends with the season.
    pub last: NaiveDate,
}

impl RegistrationDays {
    /// Reads the first and last day of registration as they were typed. Absent ones stay as `before`, empty ones remove
    /// the limit.
    pub(super) fn read(
        [first, last]: [&Option<String>; 2],
        before: Option<(Self, SeasonDays)>,
        days: SeasonDays,
    ) -> Result<Self, Problem> {
        let mut checks = Checks::default();
        let first = match first {
            Some(text) => checks.read(limit("registration_first_day", text)),
            None => before.and_then(|(registration, _)| registration.first),
        };
        let last = match last {
            Some(text) => checks.read(limit("registration_last_day", text)),
            None => before.and_then(|(registration, days)| registration.own_last(days)),
        };
        let read = Self {
            first: first.filter(|first| *first > EARLIEST),
            last: last.unwrap_or(days.last),
        };
        if checks.is_clean() {
            checks.read(read.check(days));
        }
        checks.finish(read)
    }

    fn check(self, days: SeasonDays) -> Result<(), Problem> {
        if self.last > days.last {
            let detail = format!(
                "Registration cannot end after the last day of the season ({}). \
                 Enter an earlier day, or leave it empty.",
                days.last
            );
            return Err(wrong("registration_last_day", detail));
        }
        self.stored().in_order("registration_last_day")
    }

    #[must_use]
    pub fn of_stored(days: SeasonDays) -> Self {
        Self { first: Some(days.first).filter(|first| *first > EARLIEST), last: days.last }
    }

    /// Returns the days as they are stored.
    #[must_use]
    pub fn stored(self) -> SeasonDays {
        SeasonDays { first: self.first.unwrap_or(EARLIEST), last: self.last }
    }

    /// Returns the last day, unless registration ends with the season of these days.
    #[must_use]
    pub fn own_last(self, days: SeasonDays) -> Option<NaiveDate> {
        Some(self.last).filter(|last| *last < days.last)
    }

    /// Returns whether the days of registration for a season of these days contain an instant.
    #[must_use]
    pub fn contain(self, days: SeasonDays, now: Timestamp) -> bool {
        let span = self.stored().in_utc();
        let has_ended = match self.own_last(days) {
            Some(_) => now >= span.ends_at,
            None => now >= days.end(),
        };
        now >= span.starts_at && !has_ended
    }

    /// Describes when a closed registration is or was open, such as "was open until 31 Oct 2026 (UTC)".
    #[must_use]
    pub fn while_closed(self) -> String {
        let verb = match self.first {
            Some(_) => "is",
            None => "was",
        };
        format!("{verb} open {self} (UTC)")
    }
}

impl fmt::Display for RegistrationDays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.first {
            Some(first) => write!(f, "from {}", kernel::days(first, self.last)),
            None => write!(f, "until {}", self.last.format("%-d %b %Y")),
        }
    }
}

/// Reads a day that may be empty.
fn limit(field: &'static str, text: &str) -> Result<Option<NaiveDate>, Problem> {
    match text.trim() {
        "" => Ok(None),
        text => day(field, text).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn october(last: &str) -> SeasonDays {
        SeasonDays { first: date("2026-10-01"), last: date(last) }
    }

    /// Reads days for a season that ends on a day.
    fn read(
        typed: [Option<&str>; 2],
        before: Option<(RegistrationDays, SeasonDays)>,
        season_last: &str,
    ) -> Result<RegistrationDays, Problem> {
        let [first, last] = typed.map(|day| day.map(str::to_owned));
        RegistrationDays::read([&first, &last], before, october(season_last))
    }

    fn of(first: Option<&str>, last: &str) -> RegistrationDays {
        RegistrationDays { first: first.map(date), last: date(last) }
    }

    #[test]
    fn empty_fields_remove_limits_and_absent_ones_keep_them() {
        let limited = of(Some("2026-09-15"), "2026-10-20");
        let open = of(None, "2026-10-31");
        for (before, first, last, season_last, after) in [
            (limited, None, None, "2026-11-07", limited),
            (limited, Some(""), None, "2026-10-31", of(None, "2026-10-20")),
            (limited, None, Some(" "), "2026-10-31", of(Some("2026-09-15"), "2026-10-31")),
            (limited, Some(""), Some(""), "2026-10-31", open),
            (open, None, None, "2026-11-07", of(None, "2026-11-07")),
            (open, None, None, "2026-10-24", of(None, "2026-10-24")),
            (open, Some("2008-01-01"), None, "2026-10-31", open),
        ] {
            let before = Some((before, october("2026-10-31")));
            let days = read([first, last], before, season_last);
            assert_eq!(days.expect("valid"), after, "{first:?} {last:?}");
        }
        let days = read([None, None], None, "2026-10-31");
        assert_eq!(days.expect("valid"), open);
    }

    #[test]
    fn registration_ends_within_the_season_and_after_it_began() {
        let before = Some((of(Some("2026-09-15"), "2026-10-20"), october("2026-10-31")));
        for (first, last, season_last, words) in [
            (None, Some("2026-11-01"), "2026-10-31", "(2026-10-31)"),
            (None, None, "2026-10-19", "(2026-10-19)"),
            (Some("2026-10-21"), None, "2026-10-31", "before the first"),
            (None, Some("2026-09-14"), "2026-10-31", "before the first"),
            (None, Some("soon"), "2026-10-31", "'soon' is not a day"),
        ] {
            let problem = read([first, last], before, season_last).expect_err(words);
            assert_eq!(problem.field, Some("registration_last_day"));
            assert!(problem.detail.contains(words), "{}", problem.detail);
        }
    }

    #[test]
    fn days_are_stored_and_described() {
        for (days, shown, closed) in [
            (of(None, "2026-10-31"), "until 31 Oct 2026", "was open until 31 Oct 2026 (UTC)"),
            (
                of(Some("2026-09-15"), "2026-10-20"),
                "from 15 Sep to 20 Oct 2026",
                "is open from 15 Sep to 20 Oct 2026 (UTC)",
            ),
        ] {
            assert_eq!(RegistrationDays::of_stored(days.stored()), days);
            assert_eq!(days.to_string(), shown);
            assert_eq!(days.while_closed(), closed);
        }
    }

    #[test]
    fn registration_ends_with_its_day_in_utc_or_with_the_season() {
        let season = october("2026-10-31");
        for (days, now, is_open) in [
            (of(None, "2026-10-31"), "2020-01-01T00:00:00Z", true),
            (of(None, "2026-10-31"), "2026-11-01T11:59:59Z", true),
            (of(None, "2026-10-31"), "2026-11-01T12:00:00Z", false),
            (of(None, "2026-10-20"), "2026-10-20T23:59:59Z", true),
            (of(None, "2026-10-20"), "2026-10-21T00:00:00Z", false),
            (of(Some("2026-10-02"), "2026-10-20"), "2026-10-01T23:59:59Z", false),
        ] {
            let now = now.parse().expect("an instant");
            assert_eq!(days.contain(season, now), is_open, "{days} {now}");
        }
    }
}
