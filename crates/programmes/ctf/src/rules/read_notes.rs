//! Reads that the audit log records.

use chrono::TimeDelta;
use kernel::Timestamp;

/// How long a recorded read covers further ones of the same person: pages with live updates reload by themselves.
pub const ONCE_IN: TimeDelta = TimeDelta::hours(1);

/// Returns whether a read is recorded, given the last recorded one of the same person.
#[must_use]
pub fn is_recorded(last: Option<Timestamp>, now: Timestamp) -> bool {
    last.is_none_or(|last| now - last >= ONCE_IN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_is_recorded_once_an_hour() {
        let now: Timestamp = "2026-11-20T10:00:00Z".parse().expect("an instant");
        for (minutes, expected) in [(0, false), (59, false), (60, true), (600, true)] {
            let last = Some(now - TimeDelta::minutes(minutes));
            assert_eq!(is_recorded(last, now), expected, "{minutes}");
        }
        assert!(is_recorded(None, now));
    }
}
