use chrono::{DateTime, Days, NaiveDateTime, NaiveTime, TimeDelta, TimeZone as _, Timelike as _};
use chrono_tz::Tz;
use kernel::Timestamp;

/// The minute of a person's day at which their digest is sent.
const MORNING: u32 = 8 * 60;

/// Converts a local time to an instant. A time skipped by a clock change is moved by an hour.
fn instant(local: NaiveDateTime, timezone: Tz) -> Timestamp {
    let found = timezone.from_local_datetime(&local).earliest();
    let found =
        found.or_else(|| timezone.from_local_datetime(&(local + TimeDelta::hours(1))).earliest());
    found.map_or_else(|| local.and_utc(), |at| at.to_utc())
}

fn at_minute(day: DateTime<Tz>, minute: u32) -> Timestamp {
    let time = NaiveTime::from_num_seconds_from_midnight_opt(minute * 60, 0);
    let local = day.date_naive().and_time(time.unwrap_or_default());
    instant(local, day.timezone())
}

/// Returns the next instant after `now` at the given minute of the day in a time zone. A time skipped by a clock change is
/// moved by an hour; of one that comes twice, the first counts.
#[must_use]
pub fn next(now: Timestamp, timezone: Tz, minute: u32) -> Timestamp {
    let today = now.with_timezone(&timezone);
    let at = at_minute(today, minute);
    if at > now {
        return at;
    }
    let tomorrow = today.date_naive().checked_add_days(Days::new(1));
    let tomorrow = tomorrow.unwrap_or_else(|| today.date_naive());
    let noon = tomorrow.and_hms_opt(12, 0, 0).unwrap_or_default();
    at_minute(instant(noon, timezone).with_timezone(&timezone), minute)
}

/// Returns the instant at which a person's day began.
#[must_use]
pub fn day_start(now: Timestamp, timezone: Tz) -> Timestamp {
    at_minute(now.with_timezone(&timezone), 0)
}

/// Returns the instant of the next daily digest.
#[must_use]
pub fn morning(now: Timestamp, timezone: Tz) -> Timestamp {
    next(now, timezone, MORNING)
}

/// Returns the earliest instant outside a person's quiet hours.
pub(super) fn after_quiet(now: Timestamp, timezone: Tz, quiet: Option<(u32, u32)>) -> Timestamp {
    let Some((from, until)) = quiet else {
        return now;
    };
    let local = now.with_timezone(&timezone);
    let minute = local.hour() * 60 + local.minute();
    let is_quiet = if from <= until {
        (from..until).contains(&minute)
    } else {
        minute >= from || minute < until
    };
    if is_quiet { next(now, timezone, until) } else { now }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn quiet_hours_end_in_the_persons_time_zone() {
        let night = Some((22 * 60, 7 * 60));
        let (berlin, kolkata) = (chrono_tz::Europe::Berlin, chrono_tz::Asia::Kolkata);
        for (now, timezone, quiet, until) in [
            ("2026-11-01T12:00:00Z", berlin, night, "2026-11-01T12:00:00Z"),
            ("2026-11-01T21:30:00Z", berlin, night, "2026-11-02T06:00:00Z"),
            ("2026-11-02T05:59:59Z", berlin, night, "2026-11-02T06:00:00Z"),
            ("2026-11-02T06:00:00Z", berlin, night, "2026-11-02T06:00:00Z"),
            ("2026-11-01T17:00:00Z", kolkata, night, "2026-11-02T01:30:00Z"),
            ("2026-11-01T03:00:00Z", Tz::UTC, Some((60, 300)), "2026-11-01T05:00:00Z"),
            ("2026-11-01T03:00:00Z", Tz::UTC, Some((180, 180)), "2026-11-01T03:00:00Z"),
            ("2026-11-01T03:00:00Z", Tz::UTC, None, "2026-11-01T03:00:00Z"),
            // The night when clocks were put forward from 2 to 3.
            ("2026-03-29T00:30:00Z", berlin, Some((0, 150)), "2026-03-29T01:30:00Z"),
            // The night when the hour from 2 to 3 happened twice.
            ("2026-10-24T23:30:00Z", berlin, Some((0, 150)), "2026-10-25T00:30:00Z"),
        ] {
            assert_eq!(after_quiet(at(now), timezone, quiet), at(until), "{now}");
        }
    }

    #[test]
    fn days_and_mornings_begin_in_the_persons_time_zone() {
        let tokyo = chrono_tz::Asia::Tokyo;
        let now = at("2026-11-01T20:00:00Z");
        assert_eq!(day_start(now, tokyo), at("2026-11-01T15:00:00Z"));
        assert_eq!(morning(now, tokyo), at("2026-11-01T23:00:00Z"));
        assert_eq!(morning(now, Tz::UTC), at("2026-11-02T08:00:00Z"));
        assert_eq!(morning(at("2026-11-02T08:00:00Z"), Tz::UTC), at("2026-11-03T08:00:00Z"));
    }
}
