//! The weeks that coaches and competitors are written about.

use chrono::{Datelike as _, Days, NaiveDate, Timelike as _, Weekday};
use chrono_tz::Tz;
use kernel::Timestamp;

use super::range::DayRange;

/// The hour of the morning from which a week is sent.
const HOUR: u32 = 7;

/// Returns the week before, from Monday to Sunday, on a Monday from 7:00 on in a time zone; `None` at other times.
#[must_use]
pub fn due(now: Timestamp, zone: Tz) -> Option<DayRange> {
    let local = now.with_timezone(&zone);
    if local.weekday() != Weekday::Mon || local.hour() < HOUR {
        return None;
    }
    let today: NaiveDate = local.date_naive();
    let first = today.checked_sub_days(Days::new(7))?;
    DayRange::read("", &first.to_string(), &today.pred_opt()?.to_string(), today).ok()
}

/// Returns the days of a week for people to read: "16 to 22 November 2026".
#[must_use]
pub fn shown(first: NaiveDate, last: NaiveDate) -> String {
    let first = match (first.year() == last.year(), first.month() == last.month()) {
        (true, true) => first.format("%-d"),
        (true, false) => first.format("%-d %B"),
        (false, _) => first.format("%-d %B %Y"),
    };
    format!("{first} to {}", last.format("%-d %B %Y"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_due_on_monday_morning() {
        let chicago = chrono_tz::America::Chicago;
        for (now, expected) in [
            ("2026-11-23T12:59:00Z", None),
            ("2026-11-23T13:00:00Z", Some("2026-11-16")),
            ("2026-11-24T05:59:00Z", Some("2026-11-16")),
            ("2026-11-24T06:00:00Z", None),
        ] {
            let now: Timestamp = now.parse().expect("an instant");
            let first = due(now, chicago).map(|week| week.first.to_string());
            assert_eq!(first.as_deref(), expected, "{now}");
        }
        let now: Timestamp = "2026-11-23T13:00:00Z".parse().expect("an instant");
        let week = due(now, chicago).expect("due");
        assert_eq!(week.last.to_string(), "2026-11-22");
    }

    #[test]
    fn a_week_is_shown_with_its_month_and_year_once() {
        for (first, days) in [
            ((2026, 11, 16), "16 to 22 November 2026"),
            ((2026, 11, 30), "30 November to 6 December 2026"),
            ((2026, 12, 28), "28 December 2026 to 3 January 2027"),
        ] {
            let (year, month, day) = first;
            let first = NaiveDate::from_ymd_opt(year, month, day).expect("a day");
            let last = first.checked_add_days(Days::new(6)).expect("a day");
            assert_eq!(shown(first, last), days);
        }
    }
}
