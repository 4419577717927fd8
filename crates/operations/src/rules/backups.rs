//! The names of backups, which of them are kept, and when one is missing.

use std::collections::BTreeSet;

use chrono::{NaiveDateTime, TimeDelta};
use kernel::{Timestamp, counted};
use platform::{
    alerts::{Incident, Severity},
    config::BackupSchedule,
};

/// The kind of the alert.
pub(crate) const OLD: &str = "backup_old";

/// The beginning of the names.
const PREFIX: &str = "guildhall-";
/// The instant in a name.
const STAMP: &str = "%Y%m%dT%H%M%SZ";

/// Returns the name of a backup, such as `guildhall-20261120T021700Z.db`; an encrypted one ends in `.age`.
pub(crate) fn name_of(at: Timestamp, is_sealed: bool) -> String {
    let end = if is_sealed { ".db.age" } else { ".db" };
    format!("{PREFIX}{}{end}", at.format(STAMP))
}

/// Returns the instant at which a backup with this name was made; `None` if the server did not make the file.
pub(crate) fn made_at(name: &str) -> Option<Timestamp> {
    let name = name.strip_prefix(PREFIX)?;
    let stamp = name.strip_suffix(".db.age").or_else(|| name.strip_suffix(".db"))?;
    Some(NaiveDateTime::parse_from_str(stamp, STAMP).ok()?.and_utc())
}

/// Returns true if a file is left from a backup of the server that was interrupted, not one that someone else writes there.
pub(crate) fn is_left(name: &str) -> bool {
    let own = name.strip_prefix('.').unwrap_or(name);
    let (finished, is_draft) = match own.split_once(".partial") {
        Some((finished, _)) => (finished, true),
        None => (own, name.starts_with('.')),
    };
    is_draft && made_at(finished).is_some()
}

/// Returns the instants of backups that are no longer kept. The newest one always is, and the one that was just `written`,
/// which is older if the clock went back; and for each kind of the schedule the last one of as many hours, days and weeks.
pub(crate) fn superseded(
    made: impl IntoIterator<Item = Timestamp>,
    written: Option<Timestamp>,
    schedule: BackupSchedule,
) -> BTreeSet<Timestamp> {
    let made: BTreeSet<Timestamp> = made.into_iter().collect();
    let mut kept: BTreeSet<Timestamp> = made.last().copied().into_iter().chain(written).collect();
    let hour = |at: &Timestamp| at.timestamp().div_euclid(3_600);
    let day = |at: &Timestamp| at.timestamp().div_euclid(86_400);
    // The first day of the calendar was a Thursday.
    let week = |at: &Timestamp| (day(at) + 3).div_euclid(7);
    let mut keep = |number: usize, part: &dyn Fn(&Timestamp) -> i64| {
        let mut parts = BTreeSet::new();
        for at in made.iter().rev() {
            if parts.len() == number && !parts.contains(&part(at)) {
                break;
            }
            if parts.insert(part(at)) {
                kept.insert(*at);
            }
        }
    };
    keep(schedule.hourly, &hour);
    keep(schedule.daily, &day);
    keep(schedule.weekly, &week);
    made.difference(&kept).copied().collect()
}

/// Returns when backups are made, as a cron expression; `None` if the server makes no backups.
pub(crate) fn cron(schedule: BackupSchedule) -> Option<&'static str> {
    match schedule {
        BackupSchedule { hourly: 1.., .. } => Some("17 * * * *"),
        BackupSchedule { daily: 1.., .. } => Some("17 2 * * *"),
        BackupSchedule { weekly: 1.., .. } => Some("17 2 * * 1"),
        _ => None,
    }
}

/// The instants that are known about the backups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// When the first attempt began.
    pub(crate) first_at: Option<Timestamp>,
    /// When the newest verified backup was begun: it has all changes until then.
    pub(crate) verified_at: Option<Timestamp>,
    /// When the newest backup that was copied elsewhere was begun.
    pub(crate) copied_at: Option<Timestamp>,
}

/// Returns the incidents: no verified backup, or if they are copied elsewhere no copied one, for twice the time between two
/// backups.
pub(crate) fn incidents(
    schedule: BackupSchedule,
    is_copied: bool,
    known: Known,
    now: Timestamp,
) -> Vec<Incident> {
    let Some(period) = schedule.period() else {
        return Vec::new();
    };
    let of = |subject: &str, done: &str, last: Option<Timestamp>| {
        let since = last.or(known.first_at)?;
        (now - since > period * 2).then(|| Incident {
            subject: subject.to_owned(),
            severity: Severity::High,
            title: match last {
                Some(_) => format!("The last backup was {done} {} ago", words(now - since)),
                None => format!("No backup was {done} for {}", words(now - since)),
            },
            text: "Open the page, read the error of the last attempt, fix its cause, then select Back up now. Until then, a lost \
                   database can only be restored as it was at the last backup."
                .to_owned(),
            link: "/admin/backups",
        })
    };
    let here = of("local", "verified", known.verified_at);
    let copied = is_copied.then(|| of("elsewhere", "copied elsewhere", known.copied_at)).flatten();
    here.into_iter().chain(copied).collect()
}

/// Writes a time in words: "3 hours", "2 days".
pub(crate) fn words(time: TimeDelta) -> String {
    match time.num_hours() {
        ..1 => counted(time.num_minutes(), "minute", "minutes"),
        1..48 => counted(time.num_hours(), "hour", "hours"),
        _ => counted(time.num_days(), "day", "days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn a_name_states_when_the_backup_was_made() {
        let made = at("2026-11-20T02:17:05Z");
        for is_sealed in [true, false] {
            assert_eq!(made_at(&name_of(made, is_sealed)), Some(made));
        }
        assert_eq!(name_of(made, false), "guildhall-20261120T021705Z.db");
        for other in [
            "guildhall-before-upgrade.db",
            "guildhall-20261120T021705Z.db.partial",
            ".guildhall-20261120T021705Z.db",
            "guildhall-20261320T021705Z.db",
            "guildhall.db",
        ] {
            assert_eq!(made_at(other), None, "{other}");
        }
        for (name, expected) in [
            ("guildhall-20261120T021705Z.db.partial-wal", true),
            (".guildhall-20261120T021705Z.db", true),
            ("guildhall-20261120T021705Z.db", false),
            ("guildhall.db", false),
            ("guildhall-before-upgrade.db.partial", false),
            (".guildhall-before-upgrade.db", false),
        ] {
            assert_eq!(is_left(name), expected, "{name}");
        }
    }

    #[test]
    fn the_last_backup_of_each_part_is_kept() {
        let hours = |from: &str, number: i64| -> Vec<Timestamp> {
            (0..number).map(|hour| at(from) - TimeDelta::hours(hour)).collect()
        };
        for (schedule, made, kept) in [
            ("hourly=3", hours("2026-11-20T10:17:00Z", 10), 3),
            ("daily=2", hours("2026-11-20T10:17:00Z", 72), 2),
            // The last of Sunday is also that of its week, which ended with it; the current week has another one.
            ("daily=2, weekly=2", hours("2026-11-23T10:17:00Z", 24 * 10), 2),
            ("hourly=24, daily=7, weekly=5", hours("2026-11-20T10:17:00Z", 24 * 60), 32),
            ("off", hours("2026-11-20T10:17:00Z", 3), 1),
            ("daily=7", Vec::new(), 0),
        ] {
            let count = made.len();
            let rule = BackupSchedule::read(schedule).expect(schedule);
            let gone = superseded(made.clone(), None, rule);
            assert_eq!(count - gone.len(), kept, "{schedule}");
            assert!(made.first().is_none_or(|newest| !gone.contains(newest)), "{schedule}");
            let oldest = made.last().copied();
            let gone = superseded(made, oldest, rule);
            assert!(oldest.is_none_or(|written| !gone.contains(&written)), "{schedule}");
        }
    }

    #[test]
    fn a_backup_is_missing_after_twice_its_period() {
        let now = at("2026-11-20T10:00:00Z");
        let ago = |hours| Some(now - TimeDelta::hours(hours));
        let known = |first_at, verified_at, copied_at| Known { first_at, verified_at, copied_at };
        for (schedule, is_copied, known, expected) in [
            ("daily=7", false, known(None, None, None), vec![]),
            ("daily=7", false, known(ago(60), ago(47), None), vec![]),
            (
                "daily=7",
                false,
                known(ago(60), ago(49), None),
                vec!["The last backup was verified 2 days ago"],
            ),
            (
                "hourly=24",
                false,
                known(ago(3), None, None),
                vec!["No backup was verified for 3 hours"],
            ),
            (
                "hourly=24",
                true,
                known(ago(9), ago(1), ago(5)),
                vec!["The last backup was copied elsewhere 5 hours ago"],
            ),
            ("off", true, known(ago(900), None, None), vec![]),
        ] {
            let schedule = BackupSchedule::read(schedule).expect("a schedule");
            let found = incidents(schedule, is_copied, known, now);
            let titles: Vec<&str> = found.iter().map(|one| one.title.as_str()).collect();
            assert_eq!(titles, expected, "{schedule} {known:?}");
        }
    }
}
