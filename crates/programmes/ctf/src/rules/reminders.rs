//! Reminders of competitors who are inactive or never signed in.

use chrono::TimeDelta;
use kernel::{Timestamp, counted};

use super::support::{SupportFacts, has_never_logged_in, inactive_since};

/// How long a competitor is not reminded again.
pub const PAUSE: TimeDelta = TimeDelta::days(7);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReminderCause {
    /// They have an account on the platform and never signed in.
    NeverSignedIn,
    /// No activity for 14 days or more.
    Inactive,
}

/// Returns the reason to remind a competitor; `None` if there is none.
#[must_use]
pub fn cause(facts: &SupportFacts, now: Timestamp) -> Option<ReminderCause> {
    match (has_never_logged_in(facts), inactive_since(facts, now).is_some()) {
        (true, _) => Some(ReminderCause::NeverSignedIn),
        (false, true) => Some(ReminderCause::Inactive),
        (false, false) => None,
    }
}

/// Returns whether a competitor was reminded within the last 7 days.
#[must_use]
pub fn is_recent(reminded_at: Option<Timestamp>, now: Timestamp) -> bool {
    reminded_at.is_some_and(|at| now - at < PAUSE)
}

/// The result for the competitors of a roster who are inactive or never signed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reminded {
    /// The number of reminded competitors.
    pub sent: i64,
    /// Skipped, because they were reminded within the last 7 days.
    pub recent: i64,
    /// Skipped, because the consent is missing.
    pub without_consent: i64,
    /// Skipped, because no message reaches them: without an account here and without an address.
    pub unreachable: i64,
}

impl Reminded {
    /// Returns the number of skipped competitors.
    #[must_use]
    pub const fn skipped(&self) -> i64 {
        self.recent + self.without_consent + self.unreachable
    }

    /// Says how many were reminded, how many were skipped, and why.
    #[must_use]
    pub fn sentence(&self) -> String {
        if self.sent + self.skipped() == 0 {
            return "No competitor is inactive, and everyone has signed in".to_owned();
        }
        let sent = match self.sent {
            0 => "No competitor was reminded".to_owned(),
            sent => format!("Reminded {}", counted(sent, "competitor", "competitors")),
        };
        let reasons = [
            (self.recent, "reminded in the last 7 days"),
            (self.without_consent, "without consent"),
            (self.unreachable, "without an account or an email address"),
        ];
        let reasons: Vec<String> = reasons
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, why)| format!("{number} {why}"))
            .collect();
        if reasons.is_empty() { sent } else { format!("{sent}; skipped {}", reasons.join(", ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-20T10:00:00Z".parse().expect("an instant")
    }

    #[test]
    fn inactive_competitors_and_those_who_never_signed_in_have_a_cause() {
        let facts = |is_on_platform, days: Option<i64>| SupportFacts {
            is_on_platform,
            last_activity: days.map(|days| now() - TimeDelta::days(days)),
            ..SupportFacts::default()
        };
        for (facts, expected) in [
            (facts(true, None), Some(ReminderCause::NeverSignedIn)),
            (facts(false, None), None),
            (facts(true, Some(13)), None),
            (facts(true, Some(14)), Some(ReminderCause::Inactive)),
        ] {
            assert_eq!(cause(&facts, now()), expected, "{facts:?}");
        }
    }

    #[test]
    fn a_reminder_pauses_for_seven_days() {
        for (hours, expected) in [(0, true), (167, true), (168, false)] {
            let at = now() - TimeDelta::hours(hours);
            assert_eq!(is_recent(Some(at), now()), expected, "{hours}");
        }
        assert!(!is_recent(None, now()));
    }

    #[test]
    fn the_result_says_why_competitors_are_skipped() {
        let none = Reminded::default();
        assert!(none.sentence().starts_with("No competitor is inactive"));
        let one = Reminded { sent: 1, ..none };
        assert_eq!(one.sentence(), "Reminded 1 competitor");
        let some = Reminded { sent: 2, recent: 1, without_consent: 3, unreachable: 0 };
        assert_eq!(
            some.sentence(),
            "Reminded 2 competitors; skipped 1 reminded in the last 7 days, 3 without consent"
        );
        let skipped = Reminded { unreachable: 1, ..none };
        assert_eq!(
            skipped.sentence(),
            "No competitor was reminded; skipped 1 without an account or an email address"
        );
    }
}
