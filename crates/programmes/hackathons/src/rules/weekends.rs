//! The weekends that a new hackathon can choose from.

use chrono::{Datelike as _, Days, NaiveDate, NaiveTime, TimeZone as _, Weekday};
use chrono_tz::Tz;
use kernel::Timestamp;

use super::timeline::Timeline;

/// The number of weekends.
const WEEKENDS: u64 = 4;
/// The number of days before the first, in which people can apply.
const AHEAD: u64 = 21;

/// A weekend, from Friday to Sunday at 18:00.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weekend {
    /// Its beginning, as the fields of a page show it.
    pub begins: String,
    /// Its days, such as "29–31 Jan".
    pub days: String,
    /// The other event of these days, in words; `None` if nothing is.
    pub other: Option<String>,
}

/// Returns the next weekends that are at least three weeks away, with what other hackathons do then.
#[must_use]
pub fn weekends(now: Timestamp, zone: Tz, others: &[(String, Timeline)]) -> Vec<Weekend> {
    let today = now.with_timezone(&zone).date_naive();
    let mut week = (AHEAD..AHEAD + 7).map(|days| today + Days::new(days));
    let friday = week.find(|day| day.weekday() == Weekday::Fri).unwrap_or(today);
    let weekend = |number: u64| {
        let friday = friday + Days::new(7 * number);
        let sunday = friday + Days::new(2);
        Weekend {
            begins: format!("{friday}T18:00"),
            days: days(friday, sunday),
            other: at(friday, zone).zip(at(sunday, zone)).and_then(|then| other(then, others)),
        }
    };
    (0..WEEKENDS).map(weekend).collect()
}

fn days(friday: NaiveDate, sunday: NaiveDate) -> String {
    let first = if friday.month() == sunday.month() { "%-d" } else { "%-d %b " };
    let between = if friday.month() == sunday.month() { "–" } else { "– " };
    format!("{}{between}{}", friday.format(first), sunday.format("%-d %b"))
}

fn at(day: NaiveDate, zone: Tz) -> Option<Timestamp> {
    let evening = day.and_time(NaiveTime::from_hms_opt(18, 0, 0)?);
    zone.from_local_datetime(&evening).earliest().map(|at| at.to_utc())
}

/// Returns the first hackathon that runs or is judged between two instants.
fn other((from, to): (Timestamp, Timestamp), others: &[(String, Timeline)]) -> Option<String> {
    let is_then = |begins: Timestamp, ends: Timestamp| begins < to && ends > from;
    others.iter().find_map(|(title, dates)| {
        if is_then(dates.submission_opens_at, dates.submission_closes_at) {
            Some(format!("{title} runs then"))
        } else if is_then(dates.judging_opens_at, dates.judging_closes_at) {
            Some(format!("{title} is judged"))
        } else {
            None
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_weekends_follow_with_what_else_is_then() {
        let now = "2026-12-22T10:00:00Z".parse().expect("an instant");
        let at = |text: &str| -> Timestamp { text.parse().expect("an instant") };
        let jam = Timeline {
            application_opens_at: at("2026-12-01T00:00:00Z"),
            application_closes_at: at("2027-01-10T00:00:00Z"),
            submission_opens_at: at("2027-01-22T20:00:00Z"),
            submission_closes_at: at("2027-01-24T10:00:00Z"),
            judging_opens_at: at("2027-01-25T10:00:00Z"),
            judging_closes_at: at("2027-01-30T10:00:00Z"),
        };
        let found = weekends(now, Tz::UTC, &[("Kelp Jam".to_owned(), jam)]);
        let days: Vec<_> = found.iter().map(|it| (&*it.days, it.other.as_deref())).collect();
        assert_eq!(
            days,
            [
                ("15–17 Jan", None),
                ("22–24 Jan", Some("Kelp Jam runs then")),
                ("29–31 Jan", Some("Kelp Jam is judged")),
                ("5–7 Feb", None),
            ]
        );
        assert_eq!(found[0].begins, "2027-01-15T18:00");
        let later = weekends(at("2027-07-05T10:00:00Z"), Tz::UTC, &[]);
        assert_eq!(later[0].days, "30 Jul – 1 Aug");
    }
}
