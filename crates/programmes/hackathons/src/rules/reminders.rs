//! The times at which people are reminded to submit.

use kernel::{Problem, Timestamp, counted};

use super::invalid;

/// The reminders of a hackathon that sets none, in minutes before the deadline: 7 days, 24 hours, 6 hours and 1 hour.
pub const USUAL: [i64; 4] = [7 * 24 * 60, 24 * 60, 6 * 60, 60];
/// The maximum number of reminders.
const MOST: usize = 6;
/// The earliest reminder, in minutes before the deadline.
pub const EARLIEST: i64 = 30 * 24 * 60;

/// Reads reminders that an organizer typed: times before the deadline such as `7 d, 24 h, 30 min`; earliest first.
///
/// # Errors
/// When one is no such time, earlier than 30 days, or there are more than six.
pub fn read(typed: &str) -> Result<Vec<i64>, Problem> {
    let parts = typed.split(',').map(str::trim).filter(|it| !it.is_empty());
    let mut minutes = parts.map(minutes).collect::<Result<Vec<_>, _>>()?;
    minutes.sort_unstable_by_key(|minutes| -minutes);
    minutes.dedup();
    if minutes.len() > MOST {
        Err(invalid("reminders", format!("Set at most {MOST} reminders.")))
    } else {
        Ok(minutes)
    }
}

fn minutes(part: &str) -> Result<i64, Problem> {
    let digits = part.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = part.split_at(digits);
    let unit = match unit.trim() {
        "d" | "day" | "days" => Some(24 * 60),
        "h" | "hour" | "hours" => Some(60),
        "min" | "minute" | "minutes" => Some(1),
        _ => None,
    };
    let number = number.parse::<i64>().ok().filter(|number| *number > 0);
    let minutes = number.zip(unit).and_then(|(number, unit)| number.checked_mul(unit));
    minutes.filter(|it| *it <= EARLIEST).ok_or_else(|| {
        let detail = format!("'{part}' is no time before the deadline, up to 30 days. Write it as in 7 d, 24 h, 30 min.");
        invalid("reminders", detail)
    })
}

/// Returns reminders as an organizer types them.
#[must_use]
pub fn shown(reminders: &[i64]) -> String {
    let part = |minutes: &i64| match minutes {
        days if days % (24 * 60) == 0 => format!("{} d", days / (24 * 60)),
        hours if hours % 60 == 0 => format!("{} h", hours / 60),
        minutes => format!("{minutes} min"),
    };
    reminders.iter().map(part).collect::<Vec<_>>().join(", ")
}

/// Returns a time before the deadline in words.
#[must_use]
pub fn left(minutes: i64) -> String {
    match minutes {
        days if days % (24 * 60) == 0 => counted(days / (24 * 60), "day", "days"),
        hours if hours % 60 == 0 => counted(hours / 60, "hour", "hours"),
        minutes => counted(minutes, "minute", "minutes"),
    }
}

/// Returns the reminder that is due before a deadline, in minutes: the latest one whose time has come. A person who got a place after
/// its time gets the next one.
#[must_use]
pub fn due(
    reminders: &[i64],
    closes_at: Timestamp,
    since: Timestamp,
    now: Timestamp,
) -> Option<i64> {
    let time = |minutes: i64| closes_at - chrono::TimeDelta::minutes(minutes);
    let come = reminders.iter().copied().filter(|it| time(*it) <= now);
    let latest = come.min()?;
    (now < closes_at && since <= time(latest)).then_some(latest)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reminders_are_read_as_they_are_shown() {
        for (typed, minutes) in [
            ("1 h, 7 d,24h ,6 hours", vec![10_080, 1_440, 360, 60]),
            ("30 min, 30 min", vec![30]),
            ("", vec![]),
        ] {
            let read = read(typed).expect(typed);
            assert_eq!(read, minutes);
            assert_eq!(super::read(&shown(&read)), Ok(read));
        }
        for typed in [
            "7",
            "x h",
            "0 h",
            "31 d",
            "-1 h",
            "99999999999999999999 d",
            "1 d,2 d,3 d,4 d,5 d,6 d,7 d",
        ] {
            assert_eq!(read(typed).expect_err(typed).field, Some("reminders"));
        }
        assert_eq!(left(1_440), "1 day");
        assert_eq!(left(360), "6 hours");
        assert_eq!(left(45), "45 minutes");
    }

    proptest! {
        /// Over the minutes before a deadline each reminder is due once, in order, and none after the deadline.
        #[test]
        fn each_is_due_once(since in 0..12_000_i64) {
            let closes_at = Timestamp::UNIX_EPOCH + TimeDelta::minutes(12_000);
            let at = |minute| Timestamp::UNIX_EPOCH + TimeDelta::minutes(minute);
            let mut seen = Vec::new();
            for minute in since..12_010 {
                if let Some(minutes) = due(&USUAL, closes_at, at(since), at(minute))
                    && !seen.contains(&minutes)
                {
                    seen.push(minutes);
                }
            }
            let expected: Vec<i64> = USUAL.iter().copied().filter(|it| 12_000 - it >= since).collect();
            prop_assert_eq!(seen, expected);
        }
    }
}
