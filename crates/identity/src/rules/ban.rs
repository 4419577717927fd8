use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta};
use kernel::{Problem, ProblemKind, Timestamp, truncate_to_micros, typed::misread};

use crate::model::{Ban, BanEvent};

/// The longest ban with an end date.
const LONGEST: TimeDelta = TimeDelta::days(36_525);

/// The page that shows a banned person their ban, and how to contest it.
pub const BAN_PAGE: &str = "/me/standing";

/// The error for a banned person: the reason, the end, and how to contest it.
#[must_use]
pub fn banned(ban: &Ban) -> Problem {
    let until = match ban.ends_at {
        Some(end) => format!(" until {}", end.format("%-d %B %Y, %H:%M UTC")),
        None => String::new(),
    };
    let detail = format!(
        "This account is banned{until} and cannot make changes. Reason: '{}'. Your points stay in the \
         ledger. To contest the ban, sign in and open {BAN_PAGE}.",
        ban.reason
    );
    Problem::new(ProblemKind::Forbidden, "BANNED", detail)
}

/// Checks that a ban ends in the future, within 100 years.
///
/// # Errors
/// When it is not.
pub fn may_end(end: Timestamp, now: Timestamp) -> Result<(), Problem> {
    if end > now && end - now <= LONGEST {
        return Ok(());
    }
    let detail = "A ban must end in the future, within 100 years. Without an end, it lasts until it is lifted.";
    Err(Problem::new(ProblemKind::Invalid, "BAD_EXPIRY", detail).at("expires_at"))
}

/// Parses an end: an instant, or a day, which means its first instant in UTC.
///
/// # Errors
/// When it is neither.
pub fn end_named(typed: &str) -> Result<Timestamp, String> {
    let typed = typed.trim();
    let day = NaiveDate::parse_from_str(typed, "%Y-%m-%d");
    let day = day.map(|day| day.and_time(NaiveTime::MIN).and_utc());
    day.or_else(|_| DateTime::parse_from_rfc3339(typed).map(|end| end.to_utc()))
        .map(truncate_to_micros)
        .map_err(|_| misread(typed, "a day", ", such as 2026-12-01 or 2026-12-01T18:00:00Z"))
}

/// Parses a duration: `12h`, `7d`, `2w`.
///
/// # Errors
/// When it has none of these forms.
pub fn length_named(typed: &str) -> Result<TimeDelta, String> {
    let unreadable = || misread(typed, "a duration", ", such as 12h, 7d or 2w");
    let (number, unit) =
        typed.split_at_checked(typed.len().saturating_sub(1)).ok_or_else(unreadable)?;
    let number = number.parse::<u32>().map(i64::from);
    let number = number.map_err(|_| unreadable())?;
    match unit {
        "h" => Ok(TimeDelta::hours(number)),
        "d" => Ok(TimeDelta::days(number)),
        "w" => Ok(TimeDelta::weeks(number)),
        _ => Err(unreadable()),
    }
}

/// The error for banning oneself.
pub(crate) fn own_ban() -> Problem {
    let detail =
        "You cannot ban yourself. Ask another admin, or someone with shell access to the server.";
    Problem::new(ProblemKind::Conflict, "CANNOT_BAN_SELF", detail)
}

/// The error for removing the last admin.
pub(crate) fn last_admin(login: &str) -> Problem {
    let detail =
        format!("{login} is the last admin who is not banned. Make someone else an admin first.");
    Problem::new(ProblemKind::Conflict, "LAST_ADMIN", detail)
}

/// The error for lifting the ban of a person who is not banned.
pub(crate) fn not_banned(login: &str) -> Problem {
    let detail = format!("{login} is not banned, so there is no ban to lift.");
    Problem::new(ProblemKind::Conflict, "NOT_BANNED", detail)
}

/// Returns whether a person was banned at a time, from their bans and liftings, oldest first. Each replaces the one
/// before.
#[must_use]
pub(crate) fn was_banned(history: &[BanEvent], at: Timestamp) -> bool {
    let latest = history.iter().rfind(|event| event.at <= at);
    latest.is_some_and(|event| !event.is_lift && event.ends_at.is_none_or(|end| end > at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn the_error_names_the_reason_and_the_end() {
        let ban = |ends_at| {
            let reason = "Spam".to_owned();
            banned(&Ban { reason, ends_at }).detail
        };
        let ends = ban(Some(at("2026-12-01T18:30:00Z")));
        assert!(ends.contains("until 1 December 2026, 18:30 UTC"), "{ends}");
        for detail in [ends, ban(None)] {
            assert!(detail.contains("'Spam'") && detail.contains("To contest the ban"));
        }
        assert!(!ban(None).contains("until "));
    }

    #[test]
    fn a_ban_ends_in_the_future_within_100_years() {
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
    fn ends_and_durations_are_parsed() {
        for (typed, end) in [
            ("2026-12-01", "2026-12-01T00:00:00Z"),
            (" 2026-12-01T18:00:00+01:00 ", "2026-12-01T17:00:00Z"),
            ("2026-12-01T18:00:00.1234567Z", "2026-12-01T18:00:00.123456Z"),
        ] {
            assert_eq!(end_named(typed), Ok(at(end)), "{typed}");
        }
        for wrong in ["", "soon", "2026-13-01", "2026-12-01 18:00"] {
            assert!(end_named(wrong).is_err(), "{wrong}");
        }
        for (typed, hours) in [("12h", 12), ("7d", 168), ("2w", 336)] {
            assert_eq!(length_named(typed), Ok(TimeDelta::hours(hours)), "{typed}");
        }
        for wrong in ["", "d", "7", "-7d", "7 d", "1.5d", "7m", "7ü", "99999999999d"] {
            assert!(length_named(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_latest_ban_or_lifting_decides() {
        let event = |day: u32, is_lift, end: Option<u32>| BanEvent {
            at: at(&format!("2026-11-{day:02}T00:00:00Z")),
            is_lift,
            ends_at: end.map(|day| at(&format!("2026-11-{day:02}T00:00:00Z"))),
        };
        let history = [
            event(3, false, None),
            event(5, true, None),
            event(10, false, Some(12)),
            event(20, false, Some(28)),
            event(21, false, Some(22)),
        ];
        for (day, banned) in [
            (2, false),
            (3, true),
            (4, true),
            (5, false),
            (9, false),
            (11, true),
            (12, false),
            (20, true),
            (21, true),
            (23, false),
        ] {
            let day_at = at(&format!("2026-11-{day:02}T00:00:00Z"));
            assert_eq!(was_banned(&history, day_at), banned, "day {day}");
        }
        assert!(!was_banned(&[], at("2026-11-01T00:00:00Z")));
    }
}
