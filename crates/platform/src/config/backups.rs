//! When backups are made and how many are kept.

use std::fmt;

use chrono::TimeDelta;

/// The numbers of backups to keep, by how often they are made. Nothing is made if all are 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BackupSchedule {
    /// The number of hours of which the last backup is kept.
    pub hourly: usize,
    /// The number of days (UTC) of which the last backup is kept.
    pub daily: usize,
    /// The number of weeks, which begin on Monday, of which the last backup is kept.
    pub weekly: usize,
}

/// The most backups of a kind.
const MOST: usize = 1_000;

impl BackupSchedule {
    /// Parses `off`, or parts such as `hourly=24, daily=7, weekly=5`, each at most once.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut schedule = Self::default();
        if text.trim() == "off" {
            return Some(schedule);
        }
        for part in text.split(',') {
            let (kind, number) = part.split_once('=')?;
            let number = number.trim().parse().ok().filter(|number| (1..=MOST).contains(number))?;
            let kept = match kind.trim() {
                "hourly" => &mut schedule.hourly,
                "daily" => &mut schedule.daily,
                "weekly" => &mut schedule.weekly,
                _ => return None,
            };
            if *kept > 0 {
                return None;
            }
            *kept = number;
        }
        Some(schedule)
    }

    /// Returns the time between two backups; `None` if the server makes no backups.
    #[must_use]
    pub fn period(self) -> Option<TimeDelta> {
        match self {
            Self { hourly: 1.., .. } => Some(TimeDelta::hours(1)),
            Self { daily: 1.., .. } => Some(TimeDelta::days(1)),
            Self { weekly: 1.., .. } => Some(TimeDelta::weeks(1)),
            _ => None,
        }
    }
}

impl fmt::Display for BackupSchedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = [("hourly", self.hourly), ("daily", self.daily), ("weekly", self.weekly)];
        let parts = kinds.into_iter().filter(|(_, number)| *number > 0);
        let parts: Vec<String> = parts.map(|(kind, number)| format!("{kind}={number}")).collect();
        if parts.is_empty() { f.write_str("off") } else { f.write_str(&parts.join(", ")) }
    }
}

/// Returns the public key of a recipient of encrypted files, if it has the form of one: `age1…`.
pub(super) fn recipient(text: &str) -> Option<String> {
    let is_digit = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let digits = text.strip_prefix("age1")?;
    (digits.len() == 58 && digits.bytes().all(is_digit)).then(|| text.to_owned())
}

/// Returns a command whose arguments name the file to copy.
pub(super) fn command(text: &str) -> Option<String> {
    let is_whole = text.split_whitespace().nth(1).is_some() && text.contains("{file}");
    is_whole.then(|| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_is_a_list_of_numbers() {
        let of = |hourly, daily, weekly| Some(BackupSchedule { hourly, daily, weekly });
        for (text, expected) in [
            ("off", of(0, 0, 0)),
            ("daily=7", of(0, 7, 0)),
            ("hourly=24, daily=7, weekly=5", of(24, 7, 5)),
            ("weekly = 5,hourly = 1", of(1, 0, 5)),
            ("", None),
            ("daily", None),
            ("daily=0", None),
            ("daily=1001", None),
            ("daily=7, daily=7", None),
            ("monthly=1", None),
        ] {
            assert_eq!(BackupSchedule::read(text), expected, "{text}");
        }
        for text in ["off", "hourly=24, daily=7, weekly=5"] {
            let parsed = BackupSchedule::read(text).expect("a schedule");
            assert_eq!(parsed.to_string(), text);
        }
    }

    #[test]
    fn the_most_frequent_backup_decides_the_period() {
        for (text, expected) in [
            ("off", None),
            ("weekly=1", Some(TimeDelta::weeks(1))),
            ("weekly=1, daily=1", Some(TimeDelta::days(1))),
            ("weekly=1, hourly=1", Some(TimeDelta::hours(1))),
        ] {
            let period = BackupSchedule::read(text).and_then(BackupSchedule::period);
            assert_eq!(period, expected, "{text}");
        }
    }

    #[test]
    fn recipients_and_commands_have_a_form() {
        let key = format!("age1{}", "q".repeat(58));
        assert_eq!(recipient(&key).as_deref(), Some(key.as_str()));
        for wrong in ["", "age1", "AGE-SECRET-KEY-1QQ", &format!("{key}q"), &key.to_uppercase()] {
            assert!(recipient(wrong).is_none(), "{wrong}");
        }
        assert!(command("rclone copyto {file} far:backups/{name}").is_some());
        for wrong in ["", "rclone", "rclone copy far:backups", "{file}"] {
            assert!(command(wrong).is_none(), "{wrong}");
        }
    }
}
