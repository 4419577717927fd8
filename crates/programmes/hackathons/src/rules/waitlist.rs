//! Places and the waitlist. Capacity counts people.

use std::collections::BTreeMap;

use kernel::{Problem, ProblemKind};
use uuid::Uuid;

use crate::model::{ApplicationStatus, Places};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitingApplication {
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

/// Returns the status of a new application in late registration, which takes people only while places are free for them.
///
/// # Errors
/// When all places are taken, or the free ones are for the waitlist.
pub fn late_status(
    places: Places,
    free: Option<i64>,
    is_list_empty: bool,
) -> Result<ApplicationStatus, Problem> {
    if has_place(free) && is_list_empty {
        Ok(first_status(places, free, is_list_empty))
    } else {
        let detail = "All places are taken, and late registration has no waitlist. Try again later: a place may become free.";
        Err(Problem::new(ProblemKind::Conflict, "PLACES_TAKEN", detail))
    }
}

/// Returns the status of an application that an organizer approves: a place, or the end of the waitlist. Once the waitlist no
/// longer moves, only a free place remains.
///
/// # Errors
/// When the waitlist no longer moves, and all places are taken.
pub fn approved_status(
    free: Option<i64>,
    is_list_empty: bool,
    is_moving: bool,
) -> Result<ApplicationStatus, Problem> {
    match (is_moving, has_place(free)) {
        (true, true) if is_list_empty => Ok(ApplicationStatus::Approved),
        (true, _) => Ok(ApplicationStatus::Waitlisted),
        (false, true) => Ok(ApplicationStatus::Approved),
        (false, false) => {
            let detail = "All places are taken, and the waitlist no longer moves because submissions are closed. \
                          Raise the number of places first.";
            let problem = Problem::new(ProblemKind::Conflict, "PLACES_TAKEN", detail);
            Err(problem.at("applications"))
        }
    }
}

fn has_place(free: Option<i64>) -> bool {
    free.is_none_or(|free| free > 0)
}

/// Returns the groups of the waitlist in strict order of rank: the waiting members of a team are one group with the rank of the
/// first of them, and everyone else is alone.
fn groups(waiting: &[WaitingApplication]) -> Vec<Vec<Uuid>> {
    let mut in_order: Vec<&WaitingApplication> = waiting.iter().collect();
    in_order.sort_by_key(|entry| (entry.rank, entry.application));
    let mut groups: Vec<Vec<Uuid>> = Vec::new();
    let mut of_team = BTreeMap::new();
    for entry in in_order {
        let alone = groups.len();
        let index = match entry.team {
            Some(team) => *of_team.entry(team).or_insert(alone),
            None => alone,
        };
        match groups.get_mut(index) {
            Some(group) => group.push(entry.application),
            None => groups.push(vec![entry.application]),
        }
    }
    groups
}

/// Returns the applications that get places: the groups in their order, up to the first that does not fit.
#[must_use]
pub fn promoted(free: Option<i64>, waiting: &[WaitingApplication]) -> Vec<Uuid> {
    let mut left = free.unwrap_or(i64::MAX);
    let mut promoted = Vec::new();
    for group in groups(waiting) {
        let size = i64::try_from(group.len()).unwrap_or(i64::MAX);
        if size > left {
            break;
        }
        left -= size;
        promoted.extend(group);
    }
    promoted
}

/// Returns the place of an application on the waitlist, from 1: the people in the groups ahead of its own, and one. The waiting
/// members of a team have the same place.
#[must_use]
pub fn place(waiting: &[WaitingApplication], application: Uuid) -> Option<i64> {
    let mut ahead = 0;
    for group in groups(waiting) {
        if group.contains(&application) {
            return Some(ahead + 1);
        }
        ahead += i64::try_from(group.len()).unwrap_or(i64::MAX);
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry(number: u128, team: Option<u128>) -> WaitingApplication {
        WaitingApplication {
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
        for (free, is_empty, is_moving, expected) in [
            (Some(1), true, true, Some(Approved)),
            (Some(1), false, true, Some(Waitlisted)),
            (Some(0), true, true, Some(Waitlisted)),
            (Some(1), false, false, Some(Approved)),
            (None, false, false, Some(Approved)),
            (Some(0), true, false, None),
        ] {
            let status = approved_status(free, is_empty, is_moving);
            assert_eq!(status.ok(), expected, "{free:?} {is_empty} {is_moving}");
        }
        assert_eq!(free_places(Some(3), 5), Some(0));
    }

    #[test]
    fn the_first_group_that_does_not_fit_stops_the_list() {
        let waiting = [entry(1, None), entry(2, Some(9)), entry(3, None), entry(4, Some(9))];
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
        for (application, expected) in
            [(1, Some(1)), (2, Some(2)), (4, Some(2)), (3, Some(4)), (5, None)]
        {
            let place = place(&waiting, Uuid::from_u128(application));
            assert_eq!(place, expected, "{application}");
        }
    }

    proptest! {
        /// No one gets a place before a person ahead of them who is not in their team, and there are never too many.
        #[test]
        fn places_are_given_in_order(
            teams in prop::collection::vec(prop::option::of(0_u128..4), 0..20),
            free in 0_i64..20,
        ) {
            let waiting: Vec<WaitingApplication> = teams
                .iter()
                .zip(1..)
                .map(|(team, number)| entry(number, *team))
                .collect();
            let chosen = promoted(Some(free), &waiting);
            prop_assert!(chosen.len() <= usize::try_from(free).unwrap_or(0));
            let is_chosen = |entry: &WaitingApplication| chosen.contains(&entry.application);
            let is_with_chosen = |entry: &WaitingApplication| {
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
            // The shown places say who is promoted before whom.
            let places: Vec<i64> = promoted(None, &waiting).into_iter().filter_map(|id| place(&waiting, id)).collect();
            prop_assert_eq!(places.len(), waiting.len());
            prop_assert!(places.is_sorted(), "{places:?}");
        }
    }
}
