use chrono::Duration;
use chrono_tz::Tz;
use recognition::model::Span;

use super::SeasonDays;

/// The number of days before the last day of a season at which its people are notified.
const NOTICE_DAYS: i64 = 7;

/// The time after midnight at which they are, so that no one is notified at night.
const MORNING: Duration = Duration::hours(9);

impl SeasonDays {
    /// Returns the days in which people are notified that the season ends soon: the last one and some before it, but none
    /// before the first.
    #[must_use]
    pub fn ending(self) -> Self {
        let early = self.last.checked_sub_signed(Duration::days(NOTICE_DAYS));
        Self { first: early.map_or(self.first, |early| early.max(self.first)), ..self }
    }

    /// Returns the span in which people of a time zone are notified that the season ends soon. Most are when it begins.
    #[must_use]
    pub fn notice_span(self, zone: Tz) -> Span {
        let Span { starts_at, ends_at } = self.ending().span(zone);
        Span::new((starts_at + MORNING).min(ends_at), ends_at)
    }
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;

    use super::*;
    use crate::rules::seasons::day;

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
    fn people_are_notified_a_week_before_the_last_day_of_their_zone() {
        let october = days("2026-10-01", "2026-10-31");
        for (zone, starts, ends) in [
            (Tz::UTC, "2026-10-24T09:00:00Z", "2026-11-01T00:00:00Z"),
            (Tz::Etc__GMTPlus12, "2026-10-24T21:00:00Z", "2026-11-01T12:00:00Z"),
            (Tz::Pacific__Kiritimati, "2026-10-23T19:00:00Z", "2026-10-31T10:00:00Z"),
            // Summer time ends in between.
            (Tz::Europe__Berlin, "2026-10-24T07:00:00Z", "2026-10-31T23:00:00Z"),
        ] {
            let expected = Span::new(at(starts), at(ends));
            assert_eq!(october.notice_span(zone), expected, "{zone}");
        }
        assert_eq!(october.ending(), days("2026-10-24", "2026-10-31"));
    }

    #[test]
    fn no_one_is_notified_before_the_first_day() {
        for (first, starts) in [
            ("2026-10-24", "2026-10-24T09:00:00Z"),
            ("2026-10-25", "2026-10-25T09:00:00Z"),
            ("2026-10-31", "2026-10-31T09:00:00Z"),
        ] {
            let short = days(first, "2026-10-31").notice_span(Tz::UTC);
            let expected = Span::new(at(starts), at("2026-11-01T00:00:00Z"));
            assert_eq!(short, expected, "{first}");
        }
    }
}
