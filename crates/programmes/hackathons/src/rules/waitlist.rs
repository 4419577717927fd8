//! Places and the waitlist. Capacity counts people.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::model::{ApplicationStatus, Places};

/// An application on the waitlist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The application.
    pub application: Uuid,
    /// The team of its person, all of whose waiting members get places together.
    pub team: Option<Uuid>,
    /// Its rank, which rises with each that joins the waitlist.
    pub rank: i64,
}

/// Returns the number of free places; `None` without a limit.
#[must_use]
pub fn free_places(capacity: Option<i64>, taken: i64) -> Option<i64> {
    capacity.map(|capacity| (capacity - taken).max(0))
}

/// Returns the status of a new application.
///
/// If organizers review applications, it is pending. Otherwise it gets a place if one is free and no one is on the waitlist. While
/// the first team on the waitlist is too large for the free places, they are kept for the waitlist.
#[must_use]
pub fn first_status(places: Places, free: Option<i64>, is_list_empty: bool) -> ApplicationStatus {
    match (places, has_place(free) && is_list_empty) {
        (Places::Review, _) => ApplicationStatus::PendingReview,
        (Places::Automatic, true) => ApplicationStatus::AutoAccepted,
        (Places::Automatic, false) => ApplicationStatus::Waitlisted,
    }
}

/// Returns the status of an application that an organizer approves: a place, or the end of the waitlist.
#[must_use]
pub fn approved_status(free: Option<i64>, is_list_empty: bool) -> ApplicationStatus {
    match has_place(free) && is_list_empty {
        true => ApplicationStatus::Approved,
        false => ApplicationStatus::Waitlisted,
    }
}

fn has_place(free: Option<i64>) -> bool {
    free.is_none_or(|free| free > 0)
}

/// Returns the applications that get places, in strict order of rank. The waiting members of a team are one group with the rank
/// of the first of them; the list stops at the first group that does not fit.
#[must_use]
pub fn promoted(free: Option<i64>, waiting: &[Waiting]) -> Vec<Uuid> {
    let mut in_order: Vec<&Waiting> = waiting.iter().collect();
    in_order.sort_by_key(|entry| (entry.rank, entry.application));
    let mut left = free.unwrap_or(i64::MAX);
    let mut seen = BTreeSet::new();
    let mut promoted = Vec::new();
    for first in &in_order {
        if !seen.insert(first.application) {
            continue;
        }
        let is_with = |entry: &&&Waiting| {
            entry.application == first.application
                || (first.team.is_some() && entry.team == first.team)
        };
        let group: Vec<Uuid> = in_order
            .iter()
            .filter(is_with)
            .map(|entry| entry.application)
            .collect();
        let size = i64::try_from(group.len()).unwrap_or(i64::MAX);
        if size > left {
            break;
        }
        left -= size;
        seen.extend(group.iter().copied());
        promoted.extend(group);
    }
    promoted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry(number: u128, team: Option<u128>) -> Waiting {
        Waiting {
            application: Uuid::from_u128(number),
            team: team.map(Uuid::from_u128),
            rank: i64::try_from(number).expect("a small number"),
        }
    }

    fn numbers(promoted: &[Uuid]) -> Vec<u128> {
        promoted.iter().map(Uuid::as_u128).collect()
    }

    #[test]
    fn a_place_must_be_free_and_the_waitlist_empty() {
        use ApplicationStatus::{Approved, AutoAccepted, PendingReview, Waitlisted};
        for (places, free, is_empty, expected) in [
            (Places::Automatic, None, true, AutoAccepted),
            (Places::Automatic, Some(1), true, AutoAccepted),
            (Places::Automatic, Some(1), false, Waitlisted),
            (Places::Automatic, Some(0), true, Waitlisted),
            (Places::Review, Some(0), false, PendingReview),
        ] {
            assert_eq!(first_status(places, free, is_empty), expected);
        }
        assert_eq!(approved_status(Some(1), true), Approved);
        assert_eq!(approved_status(Some(1), false), Waitlisted);
        assert_eq!(approved_status(Some(0), true), Waitlisted);
        assert_eq!(free_places(Some(3), 5), Some(0));
    }

    #[test]
    fn the_first_group_that_does_not_fit_stops_the_list() {
        let waiting = [
            entry(1, None),
            entry(2, Some(9)),
            entry(3, None),
            entry(4, Some(9)),
        ];
        for (free, expected) in [
            (Some(0), vec![]),
            (Some(1), vec![1]),
            (Some(2), vec![1]),
            (Some(3), vec![1, 2, 4]),
            (Some(4), vec![1, 2, 4, 3]),
            (None, vec![1, 2, 4, 3]),
        ] {
            assert_eq!(numbers(&promoted(free, &waiting)), expected, "{free:?}");
        }
    }

    proptest! {
        /// No one gets a place before a person ahead of them who is not in their team, and there are never too many.
        #[test]
        fn places_are_given_in_order(
            teams in prop::collection::vec(prop::option::of(0_u128..4), 0..20),
            free in 0_i64..20,
        ) {
            let waiting: Vec<Waiting> = teams
                .iter()
                .zip(1..)
                .map(|(team, number)| entry(number, *team))
                .collect();
            let chosen = promoted(Some(free), &waiting);
            prop_assert!(chosen.len() <= usize::try_from(free).unwrap_or(0));
            let is_chosen = |entry: &Waiting| chosen.contains(&entry.application);
            let is_with_chosen = |entry: &Waiting| {
                is_chosen(entry) || waiting.iter().any(|other| other.team.is_some() && other.team == entry.team && is_chosen(other))
            };
            let first_left = waiting.iter().find(|entry| !is_chosen(entry));
            if let Some(left) = first_left {
                for entry in waiting.iter().filter(|entry| entry.rank > left.rank && is_chosen(entry)) {
                    let earlier_mate = waiting.iter().any(|other| other.team.is_some() && other.team == entry.team && other.rank < left.rank);
                    prop_assert!(earlier_mate, "{entry:?} before {left:?}");
                }
                let group = waiting.iter().filter(|entry| entry.application == left.application || (left.team.is_some() && entry.team == left.team)).count();
                prop_assert!(chosen.len() + group > usize::try_from(free).unwrap_or(0));
            }
            for entry in &waiting {
                prop_assert_eq!(is_chosen(entry), is_with_chosen(entry));
            }
        }
    }
}
