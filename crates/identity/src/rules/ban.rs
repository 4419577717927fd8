use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta};
use kernel::{Problem, ProblemKind, Timestamp, truncate_to_micros};

use crate::model::Ban;

/// The longest ban that ends by itself.
const LONGEST: TimeDelta = TimeDelta::days(36_525);

/// What a banned person is told: why, until when, and what they can do about it.
#[must_use]
pub fn banned(ban: &Ban) -> Problem {
    let until = match ban.ends_at {
        Some(end) => format!(" until {}", end.format("%-d %B %Y, %H:%M UTC")),
        None => String::new(),
    };
    let detail = format!(
        "This account is banned here{until}, so that it can neither sign in nor act. The reason given: \
         '{}'. Your points stay in the ledger. To appeal, write to the administrator, with your \
         login and what you have to say.",
        ban.reason
    );
    Problem::new(ProblemKind::Forbidden, "BANNED", detail)
}

/// Whether a ban may end at an instant: it lies ahead, and less than a century.
///
/// # Errors
/// A sentence when it may not.
pub fn may_end(end: Timestamp, now: Timestamp) -> Result<(), Problem> {
    if end > now && end - now <= LONGEST {
        return Ok(());
    }
    let detail = "A ban ends at an instant that lies ahead, within a hundred years. Leave the end out for one that lasts until it is lifted.";
    Err(Problem::new(ProblemKind::Invalid, "BAD_END", detail))
}

/// An end as somebody typed it: a day, of which the first instant in UTC is meant, or an instant.
///
/// # Errors
/// A sentence when it is neither.
pub fn end_named(typed: &str) -> Result<Timestamp, String> {
    let typed = typed.trim();
    let day = NaiveDate::parse_from_str(typed, "%Y-%m-%d");
    let day = day.map(|day| day.and_time(NaiveTime::MIN).and_utc());
    day.or_else(|_| DateTime::parse_from_rfc3339(typed).map(|end| end.to_utc()))
        .map(truncate_to_micros)
        .map_err(|_| format!("'{typed}' is no end: write 2026-12-01 or 2026-12-01T18:00:00Z"))
}

/// How long, as somebody typed it: `12h`, `7d`, `2w`.
///
/// # Errors
/// A sentence when it is nothing of the kind.
pub fn length_named(typed: &str) -> Result<TimeDelta, String> {
    let unreadable = || format!("'{typed}' is no length: write 12h, 7d or 2w");
    let (number, unit) = typed
        .split_at_checked(typed.len().saturating_sub(1))
        .ok_or_else(unreadable)?;
    let number = number.parse::<u32>().map(i64::from);
    let number = number.map_err(|_| unreadable())?;
    match unit {
        "h" => Ok(TimeDelta::hours(number)),
        "d" => Ok(TimeDelta::days(number)),
        "w" => Ok(TimeDelta::weeks(number)),
        _ => Err(unreadable()),
    }
}

/// Nobody locks themselves out.
pub(crate) fn own_ban() -> Problem {
    let detail = "Nobody bans themselves. Ask another admin, or whoever runs the server.";
    Problem::new(ProblemKind::Conflict, "OWN_BAN", detail)
}

/// A server is never left without somebody who may do everything.
pub(crate) fn last_admin(login: &str) -> Problem {
    let detail = format!(
        "{login} is the last admin who is not banned. Make somebody else an admin first, and ban then."
    );
    Problem::new(ProblemKind::Conflict, "LAST_ADMIN", detail)
}

/// There is no ban to lift.
pub(crate) fn not_banned(login: &str) -> Problem {
    let detail = format!("{login} is not banned, or not any more: there is nothing to lift.");
    Problem::new(ProblemKind::Conflict, "NOT_BANNED", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn the_banned_are_told_why_and_until_when() {
        let ban = |ends_at| {
            let reason = "Spam".to_owned();
            banned(&Ban { reason, ends_at }).detail
        };
        let ends = ban(Some(at("2026-12-01T18:30:00Z")));
        assert!(ends.contains("until 1 December 2026, 18:30 UTC"), "{ends}");
        for told in [ends, ban(None)] {
            assert!(told.contains("'Spam'") && told.contains("To appeal"));
        }
        assert!(!ban(None).contains("until "));
    }

    #[test]
    fn a_ban_ends_ahead() {
        let now = at("2026-11-01T00:00:00Z");
        for (end, is_fine) in [
            ("2026-11-01T00:00:00.000001Z", true),
            ("2126-10-01T00:00:00Z", true),
            ("2026-11-01T00:00:00Z", false),
            ("2020-01-01T00:00:00Z", false),
            ("2227-01-01T00:00:00Z", false),
        ] {
            assert_eq!(may_end(at(end), now).is_ok(), is_fine, "{end}");
        }
    }

    #[test]
    fn ends_and_lengths_are_read() {
        for (typed, end) in [
            ("2026-12-01", "2026-12-01T00:00:00Z"),
            (" 2026-12-01T18:00:00+01:00 ", "2026-12-01T17:00:00Z"),
            (
                "2026-12-01T18:00:00.1234567Z",
                "2026-12-01T18:00:00.123456Z",
            ),
        ] {
            assert_eq!(end_named(typed), Ok(at(end)), "{typed}");
        }
        for wrong in ["", "soon", "2026-13-01", "2026-12-01 18:00"] {
            assert!(end_named(wrong).is_err(), "{wrong}");
        }
        for (typed, hours) in [("12h", 12), ("7d", 168), ("2w", 336)] {
            assert_eq!(length_named(typed), Ok(TimeDelta::hours(hours)), "{typed}");
        }
        for wrong in [
            "",
            "d",
            "7",
            "-7d",
            "7 d",
            "1.5d",
            "7m",
            "7ü",
            "99999999999d",
        ] {
            assert!(length_named(wrong).is_err(), "{wrong}");
        }
    }
}
