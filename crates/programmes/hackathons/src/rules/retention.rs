//! The times after which the words of applications, decisions and judges are removed.

use chrono::TimeDelta;
use kernel::Timestamp;

use super::timeline::Steps;

/// The time after the results or the cancellation.
const KEPT: TimeDelta = TimeDelta::days(180);

/// The time after the results or the cancellation for which judges keep their private notes.
const NOTES_KEPT: TimeDelta = TimeDelta::days(90);

/// Returns the instant up to which results were published, or a hackathon canceled, whose private notes of judges are to be deleted.
#[must_use]
pub fn notes_removed_before(now: Timestamp) -> Timestamp {
    now - NOTES_KEPT
}

/// Returns the instant up to which results were published, or a hackathon canceled, whose words are to be removed.
#[must_use]
pub fn removed_before(now: Timestamp) -> Timestamp {
    now - KEPT
}

/// Returns whether a hackathon is over for so long that its words are removed, and decisions about its submissions are final.
#[must_use]
pub fn is_removed(steps: &Steps, now: Timestamp) -> bool {
    let ended = steps.canceled_at.or(steps.results_published_at);
    ended.is_some_and(|ended| ended <= removed_before(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_kept_for_180_days() {
        let at = |days: i64| Timestamp::UNIX_EPOCH + TimeDelta::days(days);
        let results = Steps { results_published_at: Some(at(10)), ..Steps::default() };
        let canceled = Steps { canceled_at: Some(at(20)), ..Steps::default() };
        for (steps, day, expected) in [
            (results, 10, false),
            (results, 189, false),
            (results, 190, true),
            (canceled, 199, false),
            (canceled, 200, true),
            (Steps::default(), 10_000, false),
        ] {
            assert_eq!(is_removed(&steps, at(day)), expected, "{steps:?} on {day}");
        }
    }
}
