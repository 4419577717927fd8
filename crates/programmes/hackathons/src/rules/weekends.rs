//! The weekends that a new hackathon can choose from.

use chrono::{Datelike as _, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Weekday};
use chrono_tz::Tz;
use kernel::Timestamp;

use super::timeline::Timeline;

/// The number of weekends.
const WEEKENDS: usize = 4;
/// The number of days before the first, in which people can apply.
const AHEAD: u64 = 21;

/// A weekend, from Friday to Sunday at 18:00.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weekend {
    /// Its beginning, as the fields of a page show it.
    pub begins: String,
    /// Its days, such as "29–31 Jan", with the year if it is another.
    pub days: String,
    /// The other event of these days, in words; `None` if nothing is.
    pub other: Option<String>,
}

/// Returns the next weekends that are at least three weeks away, without those between Christmas and New Year, with what other
/// hackathons do then.
#[must_use]
pub fn weekends(now: Timestamp, zone: Tz, others: &[(String, Timeline)]) -> Vec<Weekend> {
    let today = now.with_timezone(&zone).date_naive();
    let mut week = (AHEAD..AHEAD + 7).map(|days| today + Days::new(days));
    let friday = week.find(|day| day.weekday() == Weekday::Fri).unwrap_or(today);
    let fridays = (0..).map(|number| friday + Days::new(7 * number));
    let weekend = |friday: NaiveDate| {
        let sunday = friday + Days::new(2);
        Weekend {
            begins: format!("{friday}T18:00"),
            days: days(friday, sunday, today.year()),
            other: at(friday, zone).zip(at(sunday, zone)).and_then(|then| other(then, others)),
        }
    };
    fridays.filter(|friday| !is_of_holidays(*friday)).take(WEEKENDS).map(weekend).collect()
}

/// Returns true if a weekend has a day from 24 December to 1 January.
fn is_of_holidays(friday: NaiveDate) -> bool {
    matches!((friday.month(), friday.day()), (12, 22..) | (1, 1))
}

fn days(friday: NaiveDate, sunday: NaiveDate, this_year: i32) -> String {
    let first = if friday.month() == sunday.month() { "%-d" } else { "%-d %b " };
    let between = if friday.month() == sunday.month() { "–" } else { "– " };
    let last = if sunday.year() == this_year { "%-d %b" } else { "%-d %b %Y" };
    format!("{}{between}{}", friday.format(first), sunday.format(last))
}

/// Returns a beginning with its weekday and its hour, as the fields of a page show it; `None` for anything else.
#[must_use]
pub fn in_full(begins: &str) -> Option<String> {
    let begins = NaiveDateTime::parse_from_str(begins.trim(), "%Y-%m-%dT%H:%M").ok()?;
    Some(begins.format("%a %-d %B %Y, %H:%M").to_string())
}

/// Returns the days from an instant to another with their weekdays, and the hours.
#[must_use]
pub fn span(from: Timestamp, to: Timestamp, zone: Tz) -> (String, String) {
    let (from, to) = (from.with_timezone(&zone), to.with_timezone(&zone));
    let (first, last) = (from.date_naive(), to.date_naive());
    let begun = match last {
        _ if first == last => String::new(),
        _ if first.year() != last.year() => first.format("%a %-d %B %Y – ").to_string(),
        _ if first.month() != last.month() => first.format("%a %-d %B – ").to_string(),
        _ => first.format("%a %-d – ").to_string(),
    };
    let days = format!("{begun}{}", last.format("%a %-d %B %Y"));
    (days, format!("{} to {}", from.format("%H:%M"), to.format("%H:%M")))
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
                ("15–17 Jan 2027", None),
                ("22–24 Jan 2027", Some("Kelp Jam runs then")),
                ("29–31 Jan 2027", Some("Kelp Jam is judged")),
                ("5–7 Feb 2027", None),
            ]
        );
        assert_eq!(found[0].begins, "2027-01-15T18:00");
        let over_holidays = weekends(at("2026-11-25T10:00:00Z"), Tz::UTC, &[]);
        let days: Vec<_> = over_holidays.iter().map(|it| &*it.days).collect();
        assert_eq!(days, ["18–20 Dec", "8–10 Jan 2027", "15–17 Jan 2027", "22–24 Jan 2027"]);
        let later = weekends(at("2027-07-05T10:00:00Z"), Tz::UTC, &[]);
        assert_eq!(later[0].days, "30 Jul – 1 Aug");
    }

    #[test]
    fn beginnings_and_spans_name_weekdays_and_hours() {
        for (begins, shown) in [
            ("2027-01-22T18:00", Some("Fri 22 January 2027, 18:00")),
            ("2027-01-22", None),
            ("", None),
        ] {
            assert_eq!(in_full(begins).as_deref(), shown, "{begins}");
        }
        let at = |text: &str| -> Timestamp { text.parse().expect("an instant") };
        for (from, to, days) in [
            ("2027-01-22T18:00:00Z", "2027-01-24T18:00:00Z", "Fri 22 – Sun 24 January 2027"),
            ("2027-07-30T18:00:00Z", "2027-08-01T18:00:00Z", "Fri 30 July – Sun 1 August 2027"),
            (
                "2026-12-31T18:00:00Z",
                "2027-01-02T18:00:00Z",
                "Thu 31 December 2026 – Sat 2 January 2027",
            ),
            ("2027-01-22T12:00:00Z", "2027-01-22T18:00:00Z", "Fri 22 January 2027"),
        ] {
            assert_eq!(span(at(from), at(to), Tz::UTC).0, days, "{from} {to}");
        }
        let (_, hours) = span(at("2027-01-22T18:00:00Z"), at("2027-01-24T16:30:00Z"), Tz::UTC);
        assert_eq!(hours, "18:00 to 16:30");
    }
}
