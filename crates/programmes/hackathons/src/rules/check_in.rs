//! Checking people in on site, and walk-ins.

use chrono::TimeDelta;
use kernel::{Problem, ProblemKind, Timestamp};

use super::timeline::Timeline;
use crate::model::{ApplicationStatus, Phase};

/// The time before submissions open at which people can be checked in.
const BEFORE: TimeDelta = TimeDelta::days(1);

/// Refuses to check people in at an instant: it is possible from the day before submissions open until the hackathon is archived.
///
/// # Errors
/// When it is too early, or the hackathon is a draft, archived or canceled.
pub fn may_check_in(
    title: &str,
    phase: Phase,
    timeline: &Timeline,
    now: Timestamp,
) -> Result<(), Problem> {
    let detail = match phase {
        Phase::Draft => format!("{title} is a draft. Publish it first."),
        Phase::Archived | Phase::Canceled => format!(
            "{title} is {}, so people can no longer be checked in.",
            phase.heading().to_lowercase()
        ),
        _ if now < timeline.submission_opens_at - BEFORE => {
            format!("People of {title} can be checked in from the day before submissions open.")
        }
        _ => return Ok(()),
    };
    Err(Problem::new(ProblemKind::Conflict, "HACKATHON_PHASE", detail))
}

/// Refuses to check in a person without a place, and one who is checked in.
///
/// # Errors
/// When they are one of these. The problem says since when they are checked in.
pub fn admit(
    login: &str,
    status: ApplicationStatus,
    checked_in: Option<&str>,
) -> Result<(), Problem> {
    if !status.holds_place() {
        let detail = format!(
            "{login} has no place: {}. Add them as a walk-in if you let them in.",
            status.heading().to_lowercase()
        );
        let problem = Problem::new(ProblemKind::Conflict, "CHECK_IN_WITHOUT_PLACE", detail);
        return Err(problem.at("who"));
    }
    match checked_in {
        None => Ok(()),
        Some(since) => {
            let detail = format!("{login} has been checked in since {since}. Nothing is changed.");
            let problem = Problem::new(ProblemKind::Conflict, "ALREADY_CHECKED_IN", detail);
            Err(problem.at("who"))
        }
    }
}

/// Returns the error for a code or login that no person of the hackathon has.
#[must_use]
pub fn unknown_person(title: &str) -> Problem {
    let detail = format!(
        "No person of {title} has this code or login. Search for their login, or add them as a walk-in."
    );
    Problem::not_found(detail).at("who")
}

/// Refuses a walk-in whose application was rejected, or for whom no place is free, unless the organizer lets them exceed the number of
/// places. Places that the waitlist waits for are not free.
///
/// # Errors
/// When they are one of these.
pub fn admit_walk_in(
    login: &str,
    before: Option<ApplicationStatus>,
    free: Option<i64>,
    is_list_empty: bool,
    exceeds: bool,
) -> Result<(), Problem> {
    if before == Some(ApplicationStatus::Rejected) {
        let detail = format!(
            "The application of {login} was rejected. Approve it first, under Applications."
        );
        let problem = Problem::new(ProblemKind::Conflict, "APPLICATION_REJECTED", detail);
        return Err(problem.at("login"));
    }
    let is_free = free.is_none_or(|free| free > 0 && is_list_empty);
    if is_free || exceeds {
        return Ok(());
    }
    let detail = match free {
        Some(0) => "All places are taken. Confirm that the walk-in exceeds the number of places.",
        _ => {
            "The free places wait for the first team of the waitlist. Confirm that the walk-in exceeds the number of places."
        }
    };
    let problem = Problem::new(ProblemKind::Conflict, "WALK_IN_WITHOUT_PLACE", detail);
    Err(problem.at("exceeds_capacity"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ApplicationStatus::{
        Approved, AutoAccepted, PendingReview, Rejected, Waitlisted, Withdrawn,
    };

    fn at(hours: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + TimeDelta::hours(hours)
    }

    #[test]
    fn people_are_checked_in_from_the_day_before_until_the_archive() {
        let timeline = Timeline {
            application_opens_at: at(0),
            application_closes_at: at(10),
            submission_opens_at: at(100),
            submission_closes_at: at(200),
            judging_opens_at: at(200),
            judging_closes_at: at(200),
        };
        for (phase, hour, may) in [
            (Phase::ApplicationsClosed, 75, false),
            (Phase::ApplicationsClosed, 76, true),
            (Phase::Submission, 100, true),
            (Phase::JudgingClosed, 300, true),
            (Phase::Completed, 400, true),
            (Phase::Archived, 500, false),
            (Phase::Canceled, 100, false),
            (Phase::Draft, 100, false),
        ] {
            let admitted = may_check_in("Low Tide", phase, &timeline, at(hour));
            assert_eq!(admitted.is_ok(), may, "{phase:?} at {hour}");
        }
    }

    #[test]
    fn people_with_a_place_are_checked_in_once() {
        for status in ApplicationStatus::ALL {
            let admitted = admit("ada", status, None);
            assert_eq!(admitted.is_ok(), status.holds_place(), "{status:?}");
        }
        let again = admit("ada", Approved, Some("14 Nov 2026, 09:00")).expect_err("again");
        assert_eq!(again.code, "ALREADY_CHECKED_IN");
        assert!(again.detail.contains("14 Nov 2026, 09:00"), "{again:?}");
    }

    #[test]
    fn a_walk_in_exceeds_the_places_only_if_an_organizer_says_so() {
        for (before, free, is_list_empty, exceeds, expected) in [
            (None, None, true, false, None),
            (None, Some(1), true, false, None),
            (Some(Withdrawn), Some(1), true, false, None),
            (Some(Waitlisted), None, false, false, None),
            (None, Some(0), true, false, Some("WALK_IN_WITHOUT_PLACE")),
            (None, Some(2), false, false, Some("WALK_IN_WITHOUT_PLACE")),
            (Some(PendingReview), Some(0), false, true, None),
            (Some(AutoAccepted), Some(0), false, true, None),
            (Some(Rejected), None, true, true, Some("APPLICATION_REJECTED")),
        ] {
            let admitted = admit_walk_in("ada", before, free, is_list_empty, exceeds);
            let refused = admitted.err().map(|problem| problem.code);
            assert_eq!(refused, expected, "{before:?} {free:?} {is_list_empty} {exceeds}");
        }
    }
}
