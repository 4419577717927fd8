//! Instants that people type, with an offset or in the time zone of the hackathon, and the time left until one.

use chrono::{DateTime, Datelike as _, LocalResult, NaiveDateTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use kernel::{Problem, Timestamp, counted, typed::misread};

use super::invalid;

/// The form of an instant in fields of pages (HTML's `datetime-local`), to the minute.
const LOCAL: &str = "%Y-%m-%dT%H:%M";

/// Parses an instant: RFC 3339 with an offset, such as `2026-11-06T18:00:00Z`, or without one in a time zone, such as
/// `2026-11-06T18:00`. A local time that occurs twice is the first of the two. Parts of a second are cut off.
///
/// # Errors
/// When it is neither, does not occur in the time zone, or is not from 2000 to 2999. The problem names the field.
pub fn instant(field: &'static str, typed: &str, zone: Tz) -> Result<Timestamp, Problem> {
    let typed = typed.trim();
    let at = match DateTime::parse_from_rfc3339(typed) {
        Ok(at) => at.to_utc(),
        Err(_) => local(field, typed, zone)?,
    };
    let at = DateTime::from_timestamp(at.timestamp(), 0).unwrap_or(at);
    if (2000..3000).contains(&at.year()) {
        Ok(at)
    } else {
        Err(invalid(
            field,
            format!("{typed} is not from 2000 to 2999. Enter a date of these years."),
        ))
    }
}

fn local(field: &'static str, typed: &str, zone: Tz) -> Result<DateTime<Utc>, Problem> {
    let forms = [LOCAL, "%Y-%m-%dT%H:%M:%S"];
    let parsed = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(typed, form).ok());
    let Some(parsed) = parsed else {
        let form = ", such as 2026-11-06T18:00 or 2026-11-06T18:00:00Z";
        return Err(invalid(field, misread(typed, "a date and a time", form)));
    };
    match zone.from_local_datetime(&parsed) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Ok(at.to_utc()),
        LocalResult::None => Err(invalid(
            field,
            format!(
                "{typed} does not occur in {zone}, because clocks skip it. Enter another time."
            ),
        )),
    }
}

/// Returns an instant in a time zone, with its name.
#[must_use]
pub fn shown_with_zone(at: Timestamp, zone: Tz) -> String {
    format!("{} ({})", shown(at, zone), zone.name())
}

/// Returns an instant for a field of a page, in a time zone.
#[must_use]
pub fn for_field(at: Timestamp, zone: Tz) -> String {
    at.with_timezone(&zone).format(LOCAL).to_string()
}

/// Returns an instant for people to read in a time zone, such as `6 Nov 2026, 18:00`.
#[must_use]
pub fn shown(at: Timestamp, zone: Tz) -> String {
    let local = at.with_timezone(&zone);
    local.format("%-d %b %Y, %H:%M").to_string()
}

/// Returns a length of time in its two largest units.
#[must_use]
pub fn left(length: TimeDelta) -> String {
    let (days, hours, minutes) =
        (length.num_days(), length.num_hours() % 24, length.num_minutes() % 60);
    match (days, hours) {
        (0, 0) => counted(minutes.max(1), "minute", "minutes"),
        (0, hours) => {
            format!("{} {}", counted(hours, "hour", "hours"), counted(minutes, "minute", "minutes"))
        }
        (days, 0) => counted(days, "day", "days"),
        (days, hours) => {
            format!("{} {}", counted(days, "day", "days"), counted(hours, "hour", "hours"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_with_an_offset_or_in_the_zone() {
        for (typed, zone, at) in [
            ("2026-11-06T18:00", Tz::Europe__Lisbon, "2026-11-06T18:00:00Z"),
            ("2026-07-06T18:00", Tz::Europe__Lisbon, "2026-07-06T17:00:00Z"),
            ("2026-07-06T18:00:59", Tz::UTC, "2026-07-06T18:00:59Z"),
            ("2026-07-06T18:00:00.75+02:00", Tz::UTC, "2026-07-06T16:00:00Z"),
            // Clocks go back from 02:00 to 01:00: the first of the two.
            ("2026-10-25T01:30", Tz::Europe__Lisbon, "2026-10-25T00:30:00Z"),
        ] {
            let expected: Timestamp = at.parse().expect("an instant");
            assert_eq!(instant("at", typed, zone), Ok(expected), "{typed}");
        }
        let lisbon = Tz::Europe__Lisbon;
        let at = instant("at", "2026-07-06T18:00", lisbon).expect("an instant");
        assert_eq!(for_field(at, lisbon), "2026-07-06T18:00");
        assert_eq!(shown(at, lisbon), "6 Jul 2026, 18:00");
    }

    #[test]
    fn what_is_no_instant_names_the_field() {
        for (typed, says) in [
            ("", "Enter a date"),
            ("tomorrow", "'tomorrow' is not"),
            ("2026-11-06", "is not a date and a time"),
            ("2026-03-29T01:30", "does not occur in Europe/Lisbon"),
            ("1999-01-01T00:00:00Z", "is not from 2000"),
        ] {
            let problem = instant("at", typed, Tz::Europe__Lisbon).expect_err(typed);
            assert_eq!(problem.field, Some("at"));
            assert!(problem.detail.contains(says), "{}", problem.detail);
        }
    }

    #[test]
    fn lengths_have_two_units() {
        for (minutes, says) in [
            (0, "1 minute"),
            (59, "59 minutes"),
            (61, "1 hour 1 minute"),
            (1_440, "1 day"),
            (3_300, "2 days 7 hours"),
        ] {
            assert_eq!(left(TimeDelta::minutes(minutes)), says);
        }
    }
}
