//! The goals of the rollout, and what people enter for them.

use chrono::TimeDelta;
use kernel::{Month, Problem, ProblemKind, Timestamp};

/// The least share of coaches who are active, in percent.
pub const ACTIVE: i64 = 80;

/// How long a coach who opened a dashboard is active.
pub const ACTIVE_FOR: TimeDelta = TimeDelta::days(7);

/// The highest share of competitors with a reported difference, in percent.
pub const REPORTED: i64 = 5;

/// How long a report counts.
pub const REPORTED_FOR: TimeDelta = TimeDelta::days(30);

/// The most support tickets in a month.
pub const TICKETS: i64 = 10;

/// The least mean rating.
pub const RATING: i64 = 4;

/// The most tickets that can be entered.
pub const MOST_TICKETS: i64 = 9_999;

/// The number of months before the present one for which tickets can be entered.
const MONTHS: usize = 24;

/// How long after a visit the next one is not stored.
const VISITS_EVERY: TimeDelta = TimeDelta::hours(1);

/// The levels of the rating.
pub const LEVELS: [(i64, &str); 5] =
    [(1, "Not at all"), (2, "A little"), (3, "Partly"), (4, "Mostly"), (5, "Very well")];

/// The present state of a goal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    /// The value in words; "–" if nothing is known.
    pub value: String,
    /// True if it is reached; `None` if nothing is known.
    pub is_met: Option<bool>,
}

impl Goal {
    fn unknown() -> Self {
        Self { value: "–".to_owned(), is_met: None }
    }

    fn known(value: String, is_met: bool) -> Self {
        Self { value, is_met: Some(is_met) }
    }

    /// Returns the class of the color of the state, and its word.
    #[must_use]
    pub const fn state(&self) -> (&'static str, &'static str) {
        match self.is_met {
            Some(true) => ("t-vert", "Reached"),
            Some(false) => ("t-or", "Not reached"),
            None => ("t-argent", "Not known"),
        }
    }
}

/// Compares the share of coaches who are active with the goal. It is rounded down.
#[must_use]
pub fn active(active: i64, coaches: i64) -> Goal {
    if coaches <= 0 {
        return Goal::unknown();
    }
    let percent = active * 100 / coaches;
    Goal::known(format!("{percent} %"), active * 100 >= coaches * ACTIVE)
}

/// Compares the share of competitors with a reported difference with the goal. It is rounded up.
#[must_use]
pub fn reported(reported: i64, competitors: i64) -> Goal {
    if competitors <= 0 {
        return Goal::unknown();
    }
    let percent = (reported * 100 + competitors - 1) / competitors;
    let is_met = reported * 100 <= competitors * REPORTED;
    Goal::known(format!("{percent} %"), is_met)
}

/// Compares the tickets of the latest month with the goal.
#[must_use]
pub fn tickets(latest: Option<i64>) -> Goal {
    latest
        .map_or_else(Goal::unknown, |tickets| Goal::known(tickets.to_string(), tickets <= TICKETS))
}

/// Compares the mean of ratings with the goal. It has one decimal, rounded down.
#[must_use]
pub fn rating(ratings: &[i64]) -> Goal {
    let answers = i64::try_from(ratings.len()).unwrap_or(i64::MAX);
    if answers == 0 {
        return Goal::unknown();
    }
    let sum: i64 = ratings.iter().sum();
    let tenths = sum * 10 / answers;
    let mean = format!("{}.{}", tenths / 10, tenths % 10);
    Goal::known(mean, sum >= answers * RATING)
}

/// Returns whether a visit is stored: the last one was an hour ago or earlier.
#[must_use]
pub fn is_visit_due(last: Option<Timestamp>, now: Timestamp) -> bool {
    last.is_none_or(|last| now - last >= VISITS_EVERY)
}

/// Returns whether a coach who last opened a dashboard then is active.
#[must_use]
pub fn is_active(last: Option<Timestamp>, now: Timestamp) -> bool {
    last.is_some_and(|last| now - last < ACTIVE_FOR)
}

/// Reads a rating.
///
/// # Errors
/// When it is not a number from 1 to 5.
pub fn chosen_level(text: &str) -> Result<i64, Problem> {
    let level: Option<i64> = text.trim().parse().ok();
    level.filter(|level| (1..=5).contains(level)).ok_or_else(|| {
        let detail = "Choose a number from 1 to 5.";
        Problem::new(ProblemKind::Invalid, "BAD_DASHBOARD_RATING", detail).at("rating")
    })
}

/// Reads the month of tickets.
///
/// # Errors
/// When it is not a month, is in the future, or more than 24 months ago.
pub fn ticket_month(text: &str, now: Timestamp) -> Result<Month, Problem> {
    let present = Month::of(now);
    let first = (0..MONTHS).fold(present, |month, _| month.previous());
    let month: Option<Month> = text.trim().parse().ok();
    month.filter(|month| (first..=present).contains(month)).ok_or_else(|| {
        let detail = format!("Enter a month from {first} to {present}.");
        Problem::new(ProblemKind::Invalid, "BAD_TICKETS", detail).at("month")
    })
}

/// Reads the number of tickets.
///
/// # Errors
/// When it is not a number from 0 to 9,999.
pub fn ticket_count(text: &str) -> Result<i64, Problem> {
    let count: Option<i64> = text.trim().parse().ok();
    count.filter(|count| (0..=MOST_TICKETS).contains(count)).ok_or_else(|| {
        let detail = "Enter a number of tickets from 0 to 9,999.";
        Problem::new(ProblemKind::Invalid, "BAD_TICKETS", detail).at("tickets")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-20T10:00:00Z".parse().expect("an instant")
    }

    #[test]
    fn goals_are_reached_at_their_limit() {
        for (goal, value, is_met) in [
            (active(0, 0), "–", None),
            (active(4, 5), "80 %", Some(true)),
            (active(79, 100), "79 %", Some(false)),
            (active(799, 1_000), "79 %", Some(false)),
            (reported(0, 0), "–", None),
            (reported(0, 9), "0 %", Some(true)),
            (reported(1, 20), "5 %", Some(true)),
            (reported(51, 1_000), "6 %", Some(false)),
            (tickets(None), "–", None),
            (tickets(Some(10)), "10", Some(true)),
            (tickets(Some(11)), "11", Some(false)),
            (rating(&[]), "–", None),
            (rating(&[4]), "4.0", Some(true)),
            (rating(&[5, 4, 3, 3]), "3.7", Some(false)),
            (rating(&[4, 4, 4, 4, 3]), "3.8", Some(false)),
            (rating(&[5, 4]), "4.5", Some(true)),
        ] {
            assert_eq!((goal.value.as_str(), goal.is_met), (value, is_met));
        }
        assert_eq!(tickets(None).state(), ("t-argent", "Not known"));
        assert_eq!(tickets(Some(11)).state(), ("t-or", "Not reached"));
    }

    #[test]
    fn a_visit_is_stored_once_an_hour_and_counts_for_a_week() {
        let ago = |hours: i64| Some(now() - TimeDelta::hours(hours));
        assert!(is_visit_due(None, now()) && is_visit_due(ago(1), now()));
        assert!(!is_visit_due(ago(0), now()));
        assert!(is_active(ago(167), now()) && !is_active(ago(168), now()));
        assert!(!is_active(None, now()));
    }

    #[test]
    fn a_rating_is_one_of_five_levels() {
        assert_eq!(chosen_level(" 5 ").ok(), Some(5));
        for text in ["", "0", "6", "4.5", "-1", "five", "99999999999999999999"] {
            let problem = chosen_level(text).expect_err(text);
            assert_eq!((problem.code, problem.field), ("BAD_DASHBOARD_RATING", Some("rating")));
        }
        assert_eq!(LEVELS.map(|(level, _)| level), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn tickets_are_of_a_past_month_and_bounded() {
        for month in ["2026-11", "2026-10", "2024-11"] {
            assert_eq!(ticket_month(month, now()).expect(month).to_string(), month);
        }
        for month in ["", "2026-12", "2024-10", "2026-13", "November", "0001-01"] {
            let problem = ticket_month(month, now()).expect_err(month);
            assert_eq!(problem.field, Some("month"), "{month}");
            assert!(problem.detail.contains("from 2024-11 to 2026-11"));
        }
        assert_eq!(ticket_count("9999").ok(), Some(9_999));
        for count in ["", "-1", "10000", "1.5", "ten"] {
            let problem = ticket_count(count).expect_err(count);
            assert_eq!(problem.field, Some("tickets"), "{count}");
        }
    }
}
