//! The time by which people confirm their places.

use chrono::TimeDelta;
use kernel::{Problem, ProblemKind, Timestamp};

use super::{invalid, timeline::Timeline};
use crate::model::ApplicationStatus;

/// The time that people have to confirm. Those who get their place later need not.
pub const NOTICE: TimeDelta = TimeDelta::hours(24);
/// The reminders, in minutes before the time: 3 days and 24 hours.
pub const REMINDERS: [i64; 2] = [3 * 24 * 60, 24 * 60];
/// The reason that people read whose place went to the waitlist.
pub const UNCONFIRMED: &str = "You did not confirm your place in time.";

/// Returns the instant up to which people got the places that they have to confirm.
#[must_use]
pub fn placed_before(confirm_by: Timestamp) -> Timestamp {
    confirm_by - NOTICE
}

/// Refuses a time that lies outside the days between applications and submissions, or a hackathon without a number of places.
///
/// # Errors
/// When it is one of these.
pub fn check(
    confirm_by: Timestamp,
    timeline: &Timeline,
    capacity: Option<i64>,
) -> Result<(), Problem> {
    let is_between =
        (timeline.application_closes_at..=timeline.submission_opens_at).contains(&confirm_by);
    let detail = match (is_between, capacity) {
        (true, Some(_)) => return Ok(()),
        (false, _) => {
            "People confirm their places between the end of applications and the opening of submissions. Choose a time between them."
        }
        (true, None) => {
            "Without a limit of places, no one waits for them. Set the number of places, or leave this empty."
        }
    };
    Err(invalid("confirm_by", detail.to_owned()))
}

/// Refuses a new time that leaves people less than [`NOTICE`].
///
/// # Errors
/// When it does.
pub fn admit_change(
    before: Option<Timestamp>,
    after: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), Problem> {
    match after.filter(|after| Some(*after) != before && *after < now + NOTICE) {
        None => Ok(()),
        Some(_) => {
            let detail = "Leave people at least 24 hours from now to confirm their places.";
            Err(invalid("confirm_by", detail.to_owned()))
        }
    }
}

/// Refuses to confirm a place that a person does not have, or at another time.
///
/// # Errors
/// When the person has no place, or places are not confirmed now.
pub fn admit(
    title: &str,
    status: ApplicationStatus,
    confirm_by: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), Problem> {
    if !status.holds_place() {
        let detail = format!("You have no place at {title} that you could confirm.");
        return Err(Problem::new(ProblemKind::Forbidden, "NO_PLACE", detail));
    }
    let detail = match confirm_by {
        Some(confirm_by) if now < confirm_by => return Ok(()),
        Some(_) => format!("The time to confirm places at {title} is over."),
        None => format!("Places at {title} need no confirmation."),
    };
    Err(Problem::new(ProblemKind::Conflict, "NO_CONFIRMATION", detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + TimeDelta::hours(hours)
    }

    #[test]
    fn the_time_is_between_applications_and_submissions() {
        let timeline = Timeline {
            application_opens_at: at(0),
            application_closes_at: at(10),
            submission_opens_at: at(100),
            submission_closes_at: at(200),
            judging_opens_at: at(200),
            judging_closes_at: at(200),
        };
        for (hour, capacity, expected) in [
            (9, Some(1), false),
            (10, Some(1), true),
            (100, Some(1), true),
            (101, Some(1), false),
            (50, None, false),
        ] {
            let checked = check(at(hour), &timeline, capacity);
            assert_eq!(checked.is_ok(), expected, "{hour} {capacity:?}");
            if let Err(problem) = checked {
                assert_eq!(problem.field, Some("confirm_by"));
            }
        }
    }

    #[test]
    fn a_new_time_leaves_a_day() {
        for (before, after, expected) in [
            (None, None, true),
            (None, Some(23), false),
            (None, Some(24), true),
            (Some(23), Some(23), true),
            (Some(50), Some(23), false),
            (Some(-5), None, true),
            (Some(-5), Some(30), true),
        ] {
            let admitted = admit_change(before.map(at), after.map(at), at(0));
            assert_eq!(admitted.is_ok(), expected, "{before:?} {after:?}");
        }
    }

    #[test]
    fn people_with_a_place_confirm_it_before_the_time() {
        for status in ApplicationStatus::ALL {
            let admitted = admit("Low Tide", status, Some(at(10)), at(9));
            assert_eq!(admitted.is_ok(), status.holds_place(), "{status:?}");
        }
        let status = ApplicationStatus::Approved;
        for (confirm_by, hour) in [(Some(10), 10), (Some(10), 11), (None, 9)] {
            let refused = admit("Low Tide", status, confirm_by.map(at), at(hour));
            assert_eq!(refused.expect_err("refused").code, "NO_CONFIRMATION");
        }
        assert_eq!(placed_before(at(48)), at(24));
    }
}
