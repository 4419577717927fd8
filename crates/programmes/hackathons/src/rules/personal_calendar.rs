//! Hackathons in the personal calendar of a person.

use chrono::TimeDelta;
use kernel::Timestamp;

use crate::model::ApplicationStatus;

/// The time for which a hackathon is shown as canceled after the person left it, so that calendars learn of it.
const KEPT: TimeDelta = TimeDelta::days(30);

/// The maximum number of hackathons in a personal calendar; later ones come first.
pub const MOST: i64 = 200;

/// The instant from which seconds are counted, 1 January 2025: the number of changes has 31 bits.
const START: i64 = 1_735_689_600;

/// The part that a person has in a hackathon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CalendarPart {
    /// Their application, with the instant of its status.
    pub application: Option<(ApplicationStatus, Timestamp)>,
    /// Since when they have been in the staff.
    pub staff_since: Option<Timestamp>,
}

/// How a personal calendar shows a hackathon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CalendarListing {
    /// Since when it has been shown like this.
    pub since: Timestamp,
    /// True if the person left it.
    pub is_left: bool,
}

/// Returns how the calendar shows a hackathon: as usual while the person takes part or is in the staff, and as canceled for 30 days
/// after their application was withdrawn or rejected; else `None`.
#[must_use]
pub fn shown(part: CalendarPart, now: Timestamp) -> Option<CalendarListing> {
    let (status, applied) = part.application.unzip();
    let since = applied.max(part.staff_since)?;
    let takes_part = status.is_some_and(ApplicationStatus::is_open) || part.staff_since.is_some();
    let is_left = !takes_part;
    (takes_part || now < since + KEPT).then_some(CalendarListing { since, is_left })
}

/// Returns the number of changes of an entry: it rises with each change of the hackathon, and with each of the person's part in it.
#[must_use]
pub fn sequence(changes: i64, shown: CalendarListing) -> i64 {
    changes.saturating_add((shown.since.timestamp() - START).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + TimeDelta::days(day)
    }

    #[test]
    fn what_a_person_left_is_canceled_for_30_days() {
        use ApplicationStatus::{Approved, PendingReview, Rejected, Waitlisted, Withdrawn};
        let since = at(10);
        for (status, staff_since, day, expected) in [
            (Some(Approved), None, 500, Some(false)),
            (Some(PendingReview), None, 500, Some(false)),
            (Some(Waitlisted), None, 500, Some(false)),
            (Some(Withdrawn), None, 10, Some(true)),
            (Some(Rejected), None, 39, Some(true)),
            (Some(Withdrawn), None, 40, None),
            (Some(Withdrawn), Some(at(11)), 500, Some(false)),
            (None, Some(at(11)), 500, Some(false)),
            (None, None, 10, None),
        ] {
            let part =
                CalendarPart { application: status.map(|status| (status, since)), staff_since };
            let is_left = shown(part, at(day)).map(|shown| shown.is_left);
            assert_eq!(is_left, expected, "{part:?} on {day}");
        }
    }

    #[test]
    fn the_number_of_changes_rises_with_each_of_them() {
        let of = |changes, since| {
            let shown = CalendarListing { since, is_left: false };
            sequence(changes, shown)
        };
        let second = TimeDelta::seconds(1);
        let rising = [
            of(1, at(21_000)),
            of(2, at(21_000)),
            of(2, at(21_000) + second),
            of(3, at(21_000) + second),
            of(3, at(21_001)),
        ];
        assert!(rising.is_sorted_by(|one, next| one < next), "{rising:?}");
        assert_eq!(of(1, at(1)), 1);
    }
}
