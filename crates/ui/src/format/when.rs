//! Instants for people: relative within a week, then the date.

use std::fmt;

use askama::filters::HtmlSafe;
use chrono::{DateTime, Datelike as _, FixedOffset, Offset as _, Utc};
use kernel::Timestamp;
use platform::module::EventDate;

use super::{Instant, Number};

/// The present of a page, and the time zone of its times: UTC for an [`Instant`].
pub trait Present {
    fn now(&self) -> Timestamp;

    /// Returns the difference from UTC at an instant.
    fn offset(&self, _at: Timestamp) -> FixedOffset {
        Utc.fix()
    }

    /// Returns the name of the time zone, such as `Europe/Lisbon`, if the page is about a place and not about its reader.
    fn zone(&self) -> Option<&'static str> {
        None
    }
}

impl Present for Instant {
    fn now(&self) -> Timestamp {
        self.0
    }
}

impl<P: Present + ?Sized> Present for &P {
    fn now(&self) -> Timestamp {
        (**self).now()
    }

    fn offset(&self, at: Timestamp) -> FixedOffset {
        (**self).offset(at)
    }

    fn zone(&self) -> Option<&'static str> {
        (**self).zone()
    }
}

impl Instant {
    /// Formats the instant for people, in the time zone of the page: "3 minutes ago", "yesterday, 19:05", "Saturday, 17:00" within a
    /// week, then "Sat 5 Dec, 17:00", and "5 Dec 2025" of another year. The tooltip and the machine-readable form are complete, in
    /// UTC. The script of the pages writes it anew in the zone of the reader, and names the place's own time where it differs.
    #[must_use]
    pub fn when(self, now: &impl Present) -> When {
        let local = |at: Timestamp| at.with_timezone(&now.offset(at));
        When { at: self, local: local(self.0), now: local(now.now()), zone: now.zone() }
    }
}

/// An instant for people, as an element of a page.
#[derive(Clone, Copy, Debug)]
pub struct When {
    at: Instant,
    local: DateTime<FixedOffset>,
    now: DateTime<FixedOffset>,
    zone: Option<&'static str>,
}

impl When {
    /// Returns the words, without an element.
    #[must_use]
    pub fn words(self) -> String {
        let (at, now) = (self.local, self.now);
        let days = now.date_naive().signed_duration_since(at.date_naive()).num_days();
        let minutes = now.signed_duration_since(at).num_minutes();
        let is_past = at <= now;
        match days {
            _ if is_past && minutes == 0 => "just now".to_owned(),
            _ if is_past && minutes < 60 => ago(minutes, "minute", "minutes"),
            0 if is_past => ago(minutes / 60, "hour", "hours"),
            0 => at.format("today, %H:%M").to_string(),
            1 => at.format("yesterday, %H:%M").to_string(),
            -1 => at.format("tomorrow, %H:%M").to_string(),
            2..=6 => ago(days, "day", "days"),
            -6..=-2 => at.format("%A, %H:%M").to_string(),
            _ if at.year() == now.year() => at.format("%a %-d %b, %H:%M").to_string(),
            _ => at.format("%-d %b %Y").to_string(),
        }
    }
}

fn ago(number: i64, one: &str, many: &str) -> String {
    format!("{} ago", Number(number).of(one, many))
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (iso, full) = (self.at.iso(), self.at.minute());
        write!(f, "<time datetime=\"{iso}\" title=\"{full}\" data-when")?;
        if let Some(zone) = self.zone {
            write!(f, " data-zone=\"{zone}\"")?;
        }
        write!(f, ">{}</time>", self.words())
    }
}

/// It consists of dates, names of time zones and markup of its own.
impl HtmlSafe for When {}

/// A date of an event in a sentence without its end: "Submissions close tomorrow, 18:00", "Closes on Mon 30 Nov". All pages about what
/// runs and comes use it.
#[derive(Clone, Copy, Debug)]
pub struct Dated {
    date: EventDate,
    when: When,
}

/// Returns a date of an event, as it is said on a page.
#[must_use]
pub fn dated(date: &EventDate, now: &impl Present) -> Dated {
    Dated { date: *date, when: Instant(date.at).when(now) }
}

impl Dated {
    /// Returns the words, without elements.
    #[must_use]
    pub fn words(self) -> String {
        let at = if self.date.is_day { self.day() } else { self.when.words() };
        format!("{}{}{at}", self.date.says, self.joint())
    }

    /// Returns the number of days until then; negative for past ones.
    fn days(self) -> i64 {
        let (at, now) = if self.date.is_day {
            (self.date.at.date_naive(), self.when.now.to_utc().date_naive())
        } else {
            (self.when.local.date_naive(), self.when.now.date_naive())
        };
        at.signed_duration_since(now).num_days()
    }

    /// Returns the preposition between the words and the date: dates of other weeks are not relative.
    fn joint(self) -> &'static str {
        if self.days().abs() < 7 { " " } else { " on " }
    }

    fn day(self) -> String {
        let at = self.date.at;
        match self.days() {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            -1 => "yesterday".to_owned(),
            2..=6 => at.format("%A").to_string(),
            days @ -6..=-2 => ago(-days, "day", "days"),
            _ if at.year() == self.when.now.year() => at.format("%a %-d %b").to_string(),
            _ => at.format("%-d %b %Y").to_string(),
        }
    }
}

impl fmt::Display for Dated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.date.says, self.joint())?;
        if self.date.is_day {
            let day = self.date.at.format("%Y-%m-%d");
            write!(f, "<time datetime=\"{day}\">{}</time>", self.day())
        } else {
            write!(f, "{}", self.when)
        }
    }
}

/// It consists of words of the modules, dates and markup of its own.
impl HtmlSafe for Dated {}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> Instant {
        Instant(text.parse().expect("an instant"))
    }

    /// A place nine hours ahead of UTC.
    struct East(Timestamp);

    impl Present for East {
        fn now(&self) -> Timestamp {
            self.0
        }

        fn offset(&self, _: Timestamp) -> FixedOffset {
            FixedOffset::east_opt(9 * 3_600).expect("an offset")
        }

        fn zone(&self) -> Option<&'static str> {
            Some("Asia/Tokyo")
        }
    }

    #[test]
    fn instants_are_relative_within_a_week() {
        // A Saturday.
        let now = instant("2026-11-21T10:42:00Z");
        for (at, words) in [
            ("2026-11-21T10:42:00Z", "just now"),
            ("2026-11-21T10:41:01Z", "just now"),
            ("2026-11-21T10:41:00Z", "1 minute ago"),
            ("2026-11-21T09:43:00Z", "59 minutes ago"),
            ("2026-11-21T09:42:00Z", "1 hour ago"),
            ("2026-11-21T00:00:00Z", "10 hours ago"),
            ("2026-11-20T23:59:00Z", "yesterday, 23:59"),
            ("2026-11-20T00:00:00Z", "yesterday, 00:00"),
            ("2026-11-19T23:59:00Z", "2 days ago"),
            ("2026-11-15T00:00:00Z", "6 days ago"),
            ("2026-11-14T23:59:00Z", "Sat 14 Nov, 23:59"),
            ("2026-01-01T00:00:00Z", "Thu 1 Jan, 00:00"),
            ("2025-12-31T23:59:00Z", "31 Dec 2025"),
            ("2026-11-21T10:42:01Z", "today, 10:42"),
            ("2026-11-21T23:59:00Z", "today, 23:59"),
            ("2026-11-22T00:00:00Z", "tomorrow, 00:00"),
            ("2026-11-23T08:00:00Z", "Monday, 08:00"),
            ("2026-11-27T08:00:00Z", "Friday, 08:00"),
            ("2026-11-28T08:00:00Z", "Sat 28 Nov, 08:00"),
            ("2027-01-01T08:00:00Z", "1 Jan 2027"),
        ] {
            assert_eq!(instant(at).when(&now).words(), words, "{at}");
        }
    }

    #[test]
    fn minutes_are_counted_across_midnight() {
        let now = instant("2026-11-21T00:10:00Z");
        assert_eq!(instant("2026-11-20T23:50:00Z").when(&now).words(), "20 minutes ago");
        assert_eq!(instant("2026-11-20T22:50:00Z").when(&now).words(), "yesterday, 22:50");
    }

    #[test]
    fn the_machine_readable_form_is_complete() {
        let html = instant("2026-11-14T04:44:00Z").when(&instant("2026-11-21T10:42:00Z"));
        let wanted = "<time datetime=\"2026-11-14T04:44:00Z\" title=\"14 Nov 2026, 04:44 UTC\" \
                      data-when>Sat 14 Nov, 04:44</time>";
        assert_eq!(html.to_string(), wanted);
    }

    #[test]
    fn dates_of_events_are_said_in_one_way() {
        // A Saturday.
        let now = instant("2026-11-21T10:42:00Z");
        let said = |at: &str, is_day| {
            let says = if is_day { "Closes" } else { "Submissions close" };
            dated(&EventDate { says, at: instant(at).0, is_day }, &now)
        };
        for (at, day, time) in [
            ("2026-11-21T18:00:00Z", "Closes today", "Submissions close today, 18:00"),
            ("2026-11-22T18:00:00Z", "Closes tomorrow", "Submissions close tomorrow, 18:00"),
            ("2026-11-23T00:00:00Z", "Closes Monday", "Submissions close Monday, 00:00"),
            (
                "2026-11-28T18:00:00Z",
                "Closes on Sat 28 Nov",
                "Submissions close on Sat 28 Nov, 18:00",
            ),
            ("2027-01-01T18:00:00Z", "Closes on 1 Jan 2027", "Submissions close on 1 Jan 2027"),
            ("2026-11-20T23:59:00Z", "Closes yesterday", "Submissions close yesterday, 23:59"),
            ("2026-11-19T18:00:00Z", "Closes 2 days ago", "Submissions close 2 days ago"),
            (
                "2026-11-14T18:00:00Z",
                "Closes on Sat 14 Nov",
                "Submissions close on Sat 14 Nov, 18:00",
            ),
        ] {
            assert_eq!([said(at, true).words(), said(at, false).words()], [day, time], "{at}");
        }
        let html = said("2026-11-28T00:00:00Z", true).to_string();
        assert_eq!(html, "Closes on <time datetime=\"2026-11-28\">Sat 28 Nov</time>");
    }

    #[test]
    fn days_are_those_of_the_place() {
        let now = East("2026-11-20T20:00:00Z".parse().expect("an instant"));
        for (at, words) in [
            ("2026-11-20T16:30:00Z", "3 hours ago"),
            ("2026-11-20T14:00:00Z", "yesterday, 23:00"),
            ("2026-11-21T14:00:00Z", "today, 23:00"),
        ] {
            let html = instant(at).when(&now);
            assert_eq!(html.words(), words, "{at}");
            assert!(html.to_string().contains("data-when data-zone=\"Asia/Tokyo\">"), "{html}");
        }
    }
}
