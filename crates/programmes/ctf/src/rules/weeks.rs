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
}
