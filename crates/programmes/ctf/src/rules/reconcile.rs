//! Differences between what is stored here and what the game platform states.

use kernel::{Timestamp, counted};
use uuid::Uuid;

use super::{plan::OVERLAP, reconcile_kinds::DifferenceKind};
use crate::model::{AccountStatus, CoachId, CompetitorId, TeamId};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DifferenceSubject {
    Competitor(CompetitorId),
    Coach(CoachId),
    Team(TeamId),
    /// An account that is unknown here, by its ID on the platform.
    Account(String),
    /// A team that is unknown here, by its ID on the platform.
    ForeignTeam(String),
}

impl DifferenceSubject {
    /// Returns the key by which the subject is stored.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Competitor(id) => format!("competitor:{id}"),
            Self::Coach(id) => format!("coach:{id}"),
            Self::Team(id) => format!("team:{id}"),
            Self::Account(id) => format!("account:{id}"),
            Self::ForeignTeam(id) => format!("foreign_team:{id}"),
        }
    }

    #[must_use]
    pub fn competitor(&self) -> Option<CompetitorId> {
        match self {
            Self::Competitor(id) => Some(*id),
            _ => None,
        }
    }
}

/// A difference: its kind, and both sides in words that name no person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundDifference {
    pub kind: DifferenceKind,
    /// The side of this server.
    pub here: String,
    /// The side of the platform.
    pub there: String,
}

impl FoundDifference {
    #[must_use]
    pub fn new(kind: DifferenceKind, here: impl Into<String>, there: impl Into<String>) -> Self {
        Self { kind, here: here.into(), there: there.into() }
    }
}

/// An account as it is stored here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountHere {
    /// True if the platform confirmed the account.
    pub is_on_platform: bool,
    /// The platform's number of the account.
    pub number: Option<i64>,
    pub username: Option<String>,
    /// The stored state of the account.
    pub status: Option<String>,
}

/// An account as the platform states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountThere {
    /// The platform's number of the account.
    pub number: i64,
    /// The name of the account, if it is stated.
    pub username: Option<String>,
    pub status: String,
}

/// Compares an account with the platform's; `None` there if the platform does not know the ID.
#[must_use]
pub fn account(here: &AccountHere, there: Option<&AccountThere>) -> Option<FoundDifference> {
    const UNKNOWN: &str = "Unknown";
    match (here.is_on_platform, there) {
        (true, None) => {
            Some(FoundDifference::new(DifferenceKind::AccountMissing, "On the platform", UNKNOWN))
        }
        (false, None) => Some(FoundDifference::new(
            DifferenceKind::AccountUnsent,
            "Ready for the platform",
            UNKNOWN,
        )),
        (false, Some(there)) => Some(FoundDifference::new(
            DifferenceKind::AccountUnrecorded,
            "Not on the platform",
            format!("Account {}, {}", there.number, status(&there.status)),
        )),
        (true, Some(there)) => known_account(here, there),
    }
}

fn known_account(here: &AccountHere, there: &AccountThere) -> Option<FoundDifference> {
    if let Some(number) = here.number.filter(|number| *number != there.number) {
        return Some(FoundDifference::new(
            DifferenceKind::AccountReplaced,
            format!("Account {number}"),
            format!("Account {}", there.number),
        ));
    }
    let has_other_name = there.username.is_some() && here.username != there.username;
    let stored = here.status.as_deref().unwrap_or_default();
    let mut sides = (Vec::new(), Vec::new());
    if has_other_name {
        sides.0.push("The stored username".to_owned());
        sides.1.push("Another username".to_owned());
    }
    if stored != there.status {
        sides.0.push(status(stored));
        sides.1.push(status(&there.status));
    }
    let is_same = sides.0.is_empty();
    (!is_same).then(|| {
        let (here, there) = (sides.0.join(", "), sides.1.join(", "));
        FoundDifference::new(DifferenceKind::AccountChanged, here, there)
    })
}

/// Returns the state of an account in words. The platform's unknown states are shown as they are.
fn status(stored: &str) -> String {
    match AccountStatus::named(stored) {
        Some(status) => status.heading().to_lowercase(),
        None if stored.is_empty() => "no state".to_owned(),
        None => stored.to_owned(),
    }
}

/// Results in on-demand learning as they are stored here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ResultsHere {
    /// The stored numbers of challenges and points, from the last answer without a cursor.
    pub totals: Option<(i64, i64)>,
    /// The number of stored solves.
    pub solves: i64,
    /// When the platform was last asked with success.
    pub synced_at: Option<Timestamp>,
}

/// Results in on-demand learning as the platform states them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResultsThere {
    /// The numbers of challenges and points.
    pub totals: (i64, i64),
    /// The instants and points of the listed solves. There can be fewer than the platform counts.
    pub solves: Vec<(Timestamp, i64)>,
}

/// Compares results. Those that the last sync could not see yet, with its overlap, are no difference.
#[must_use]
pub fn results(here: &ResultsHere, there: &ResultsThere) -> Option<FoundDifference> {
    let since = here.synced_at.map(|at| at - OVERLAP);
    let recent = there.solves.iter().filter(|(at, _)| since.is_none_or(|since| *at >= since));
    let recent = recent.fold((0, 0), |(solves, points), (_, worth)| (solves + 1, points + worth));
    let listed = i64::try_from(there.solves.len()).unwrap_or(i64::MAX);
    let (challenges, points) = here.totals.unwrap_or_default();
    let has_same_totals = is_between(challenges, there.totals.0 - recent.0, there.totals.0)
        && is_between(points, there.totals.1 - recent.1, there.totals.1)
        && (challenges != there.totals.0 || points == there.totals.1);
    let is_whole = listed == there.totals.0;
    let has_same_solves = !is_whole || is_between(here.solves, listed - recent.0, listed);
    (!(has_same_totals && has_same_solves)).then(|| {
        let stored = match here.totals {
            Some(totals) => said(totals),
            None => "No totals".to_owned(),
        };
        let stored = if has_same_solves {
            stored
        } else {
            format!("{stored}, {} stored", counted(here.solves, "solve", "solves"))
        };
        FoundDifference::new(DifferenceKind::Totals, stored, said(there.totals))
    })
}

fn is_between(number: i64, one: i64, other: i64) -> bool {
    (one.min(other)..=one.max(other)).contains(&number)
}

fn said((challenges, points): (i64, i64)) -> String {
    format!(
        "{}, {}",
        counted(challenges, "challenge", "challenges"),
        counted(points, "point", "points")
    )
}

/// Chooses a number of competitors at random, as the seed says.
#[must_use]
pub fn sample(everyone: &[Uuid], seed: Uuid, number: usize) -> Vec<Uuid> {
    let mut places: Vec<(u64, Uuid)> = everyone.iter().map(|id| (place(seed, *id), *id)).collect();
    places.sort_unstable();
    places.into_iter().take(number).map(|(_, id)| id).collect()
}

/// Returns the place of an ID in the order of a seed, by the function FNV-1a.
fn place(seed: Uuid, id: Uuid) -> u64 {
    let bytes = seed.as_bytes().iter().chain(id.as_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::TimeDelta;

    use super::*;

    fn here() -> AccountHere {
        AccountHere {
            is_on_platform: true,
            number: Some(5001),
            username: Some("ada.quill".to_owned()),
            status: Some("approved".to_owned()),
        }
    }

    fn there() -> AccountThere {
        AccountThere {
            number: 5001,
            username: Some("ada.quill".to_owned()),
            status: "approved".to_owned(),
        }
    }

    #[test]
    fn accounts_are_compared() {
        let absent = AccountHere::default();
        let denied = AccountThere {
            username: Some("ada".to_owned()),
            status: "denied".to_owned(),
            ..there()
        };
        let unnamed = AccountThere { username: None, ..there() };
        let other = AccountThere { number: 6000, ..denied.clone() };
        let unnumbered = AccountHere { number: None, ..here() };
        for (here, there, expected) in [
            (here(), Some(there()), None),
            (here(), Some(unnamed), None),
            (unnumbered, Some(there()), None),
            (here(), None, Some(DifferenceKind::AccountMissing)),
            (absent.clone(), None, Some(DifferenceKind::AccountUnsent)),
            (absent, Some(there()), Some(DifferenceKind::AccountUnrecorded)),
            (here(), Some(denied), Some(DifferenceKind::AccountChanged)),
            (here(), Some(other), Some(DifferenceKind::AccountReplaced)),
        ] {
            let found = account(&here, there.as_ref());
            assert_eq!(found.map(|it| it.kind), expected, "{here:?} {there:?}");
        }
    }

    #[test]
    fn a_difference_names_no_one() {
        let denied = AccountThere {
            username: Some("ada.secret".to_owned()),
            status: "denied".to_owned(),
            ..there()
        };
        let found = account(&here(), Some(&denied)).expect("a difference");
        assert_eq!(found.here, "The stored username, approved");
        assert_eq!(found.there, "Another username, denied");
    }

    fn at(minutes: i64) -> Timestamp {
        let start: Timestamp = "2026-11-20T10:00:00Z".parse().expect("an instant");
        start + TimeDelta::minutes(minutes)
    }

    fn three() -> ResultsThere {
        ResultsThere {
            totals: (3, 600),
            solves: vec![(at(-500), 100), (at(-400), 200), (at(10), 300)],
        }
    }

    #[test]
    fn results_are_compared_with_the_lag_of_the_sync() {
        let stored = |totals, solves| ResultsHere { totals, solves, synced_at: Some(at(0)) };
        for (here, differs) in [
            (stored(Some((3, 600)), 3), false),
            (stored(Some((2, 300)), 2), false),
            (stored(Some((2, 300)), 3), false),
            (stored(Some((3, 500)), 3), true),
            (stored(Some((2, 200)), 2), true),
            (stored(Some((1, 100)), 1), true),
            (stored(Some((4, 700)), 4), true),
            (stored(Some((3, 600)), 1), true),
            (stored(None, 0), true),
            (ResultsHere::default(), false),
        ] {
            let found = results(&here, &three());
            assert_eq!(found.is_some(), differs, "{here:?} {found:?}");
        }
        let found = results(&stored(Some((3, 600)), 1), &three()).expect("a difference");
        assert_eq!(found.here, "3 challenges, 600 points, 1 solve stored");
        assert_eq!(found.there, "3 challenges, 600 points");
    }

    #[test]
    fn a_list_that_is_not_whole_says_nothing_about_solves() {
        let there = ResultsThere { totals: (900, 90_000), ..three() };
        let here = ResultsHere { totals: Some((900, 90_000)), solves: 12, synced_at: Some(at(0)) };
        assert_eq!(results(&here, &there), None);
    }

    #[test]
    fn what_is_equal_is_never_a_difference() {
        for seed in 0..200_i64 {
            let solves: Vec<_> = (0..seed % 7).map(|n| (at(n * 37 - seed), n * 50)).collect();
            let points = solves.iter().map(|(_, points)| points).sum();
            let there = ResultsThere { totals: (seed % 7, points), solves };
            let here = ResultsHere {
                totals: Some(there.totals),
                solves: there.totals.0,
                synced_at: (seed % 3 > 0).then(|| at(seed)),
            };
            assert_eq!(results(&here, &there), None, "{here:?} {there:?}");
        }
    }

    #[test]
    fn a_sample_has_no_one_twice_and_differs_by_seed() {
        let everyone: Vec<Uuid> = (1..=1_000).map(Uuid::from_u128).collect();
        let one = sample(&everyone, Uuid::from_u128(1), 20);
        let distinct: BTreeSet<_> = one.iter().collect();
        assert_eq!(distinct.len(), 20);
        assert_eq!(one, sample(&everyone, Uuid::from_u128(1), 20));
        assert_ne!(one, sample(&everyone, Uuid::from_u128(2), 20));
        assert_eq!(sample(&everyone[..3], Uuid::from_u128(1), 20).len(), 3);
        let mean: u128 = one.iter().map(Uuid::as_u128).sum::<u128>() / 20;
        assert!((200..800).contains(&mean), "{mean}");
    }
}
