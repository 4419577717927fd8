//! When the digest of fitting issues is sent.

use chrono::{Datelike as _, TimeDelta};
use chrono_tz::Tz;
use kernel::Timestamp;
use notifications::rules::next;

use crate::model::{Frequency, Preferences};

/// The digests that are ignored before they come less often.
const PATIENCE: i64 = 4;

/// How often a digest is sent, after some were ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Every day.
    Daily,
    /// Once a week.
    Weekly,
    /// Every four weeks.
    Monthly,
}

/// Returns the pace for a frequency, after a number of digests that were ignored one after the other: four lower it from daily
/// to weekly, and from weekly to monthly. `None` if the person wants none.
#[must_use]
pub fn pace(frequency: Frequency, ignored: i64) -> Option<Pace> {
    match frequency {
        Frequency::Never => None,
        Frequency::Daily if ignored < PATIENCE => Some(Pace::Daily),
        Frequency::Daily if ignored < 2 * PATIENCE => Some(Pace::Weekly),
        Frequency::Weekly if ignored < PATIENCE => Some(Pace::Weekly),
        Frequency::Daily | Frequency::Weekly => Some(Pace::Monthly),
    }
}

/// Returns when the next digest is due after an instant, in the person's time zone; `None` if they want none.
#[must_use]
pub fn next_digest(
    preferences: &Preferences,
    timezone: Tz,
    ignored: i64,
    after: Timestamp,
) -> Option<Timestamp> {
    let weekday = |at: Timestamp| at.with_timezone(&timezone).weekday().num_days_from_monday();
    let pace = pace(preferences.digest, ignored)?;
    // Three weeks before the day of a monthly one; the days of a week have different lengths where clocks change.
    let from = match pace {
        Pace::Daily | Pace::Weekly => after,
        Pace::Monthly => after + TimeDelta::weeks(3),
    };
    let mut at = next(from, timezone, preferences.digest_minute);
    if pace != Pace::Daily {
        for _ in 0..7 {
            if weekday(at) == preferences.digest_weekday {
                break;
            }
            at = next(at, timezone, preferences.digest_minute);
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use chrono::Timelike as _;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn daily() -> Preferences {
        Preferences { digest: Frequency::Daily, ..Preferences::default() }
    }

    #[test]
    fn digests_that_are_ignored_come_less_often() {
        let paces = |frequency| [0, 3, 4, 7, 8, 99].map(|ignored| pace(frequency, ignored));
        let (day, week, month) = (Some(Pace::Daily), Some(Pace::Weekly), Some(Pace::Monthly));
        assert_eq!(paces(Frequency::Daily), [day, day, week, week, month, month]);
        assert_eq!(paces(Frequency::Weekly), [week, week, month, month, month, month]);
        assert_eq!(paces(Frequency::Never), [None; 6]);
    }

    #[test]
    fn a_weekly_digest_comes_on_its_day_and_a_monthly_one_four_weeks_later() {
        let friday = Preferences { digest_weekday: 4, ..Preferences::default() };
        let first = next_digest(&friday, Tz::UTC, 0, at("2026-11-27T08:59:00Z"));
        assert_eq!(first, Some(at("2026-11-27T09:00:00Z")));
        let second = next_digest(&friday, Tz::UTC, 0, at("2026-11-27T09:00:00Z"));
        assert_eq!(second, Some(at("2026-12-04T09:00:00Z")));
        let ignored = next_digest(&friday, Tz::UTC, 4, at("2026-11-27T09:00:00Z"));
        assert_eq!(ignored, Some(at("2026-12-25T09:00:00Z")));
    }

    /// One time zone for each hour of the day, with changes of clocks in the north and in the south.
    pub(super) const ZONES: [Tz; 24] = [
        Tz::Pacific__Midway,
        Tz::Pacific__Honolulu,
        Tz::America__Anchorage,
        Tz::America__Los_Angeles,
        Tz::America__Denver,
        Tz::America__Chicago,
        Tz::America__New_York,
        Tz::America__Halifax,
        Tz::America__St_Johns,
        Tz::America__Sao_Paulo,
        Tz::Atlantic__South_Georgia,
        Tz::Atlantic__Azores,
        Tz::Europe__London,
        Tz::Europe__Berlin,
        Tz::Europe__Athens,
        Tz::Europe__Istanbul,
        Tz::Asia__Dubai,
        Tz::Asia__Karachi,
        Tz::Asia__Kathmandu,
        Tz::Asia__Dhaka,
        Tz::Asia__Bangkok,
        Tz::Asia__Tokyo,
        Tz::Australia__Sydney,
        Tz::Pacific__Auckland,
    ];

    #[test]
    fn each_day_of_a_year_has_one_daily_digest_in_every_time_zone() {
        for timezone in ZONES {
            for minute in [0, 60, 90, 120, 150, 180, 540, 1_439] {
                let preferences = Preferences { digest_minute: minute, ..daily() };
                let mut now = at("2026-01-01T00:00:00Z");
                let mut last = None;
                for _ in 0..366 {
                    let due = next_digest(&preferences, timezone, 0, now).expect("due");
                    assert!(due > now);
                    let local = due.with_timezone(&timezone);
                    let moved = local.hour() * 60 + local.minute();
                    assert!(moved == minute || moved == minute + 60, "{timezone} {local}");
                    let day = local.date_naive();
                    let before = last.replace(day);
                    let expected = before.and_then(|day| day.succ_opt()).unwrap_or(day);
                    assert_eq!(day, expected, "{timezone} {minute}");
                    now = due;
                }
            }
        }
    }
}
