//! Milestones of competitors, which follow from their stored solves.

use kernel::counted;

/// The numbers of solves that are milestones.
const SOLVES: [i64; 6] = [1, 10, 25, 50, 100, 200];

/// The numbers of points that are milestones.
const POINTS: [i64; 3] = [1_000, 5_000, 10_000];

const DOMAINS: i64 = 9;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Milestone {
    Solves(i64),
    Points(i64),
    FirstFlash,
    /// The first challenge of 400 points or more.
    FirstHard,
    /// A solve in each of the nine domains.
    AllDomains,
}

/// Facts about a competitor that the milestones follow from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MilestoneFacts {
    pub solves: i64,
    pub points: i64,
    /// The number of Flash CTFs in which they took part.
    pub events: i64,
    /// The number of solves of hard challenges.
    pub hard: i64,
    /// The number of the nine domains with a solve.
    pub domains: i64,
}

platform::stored!(Milestone);

impl Milestone {
    /// Returns all milestones, in the order of pages.
    pub fn all() -> impl Iterator<Item = Self> {
        let solves = SOLVES.into_iter().map(Self::Solves);
        let others = [Self::FirstFlash, Self::FirstHard, Self::AllDomains];
        solves.chain(POINTS.into_iter().map(Self::Points)).chain(others)
    }

    #[must_use]
    pub const fn is_reached(self, facts: &MilestoneFacts) -> bool {
        match self {
            Self::Solves(number) => facts.solves >= number,
            Self::Points(number) => facts.points >= number,
            Self::FirstFlash => facts.events > 0,
            Self::FirstHard => facts.hard > 0,
            Self::AllDomains => facts.domains >= DOMAINS,
        }
    }

    /// Returns the stored text.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Solves(number) => format!("solves_{number}"),
            Self::Points(number) => format!("points_{number}"),
            Self::FirstFlash => "first_flash".to_owned(),
            Self::FirstHard => "first_hard".to_owned(),
            Self::AllDomains => "all_domains".to_owned(),
        }
    }

    /// Returns the milestone with a stored text.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::all().find(|milestone| milestone.code() == text)
    }

    /// Returns the name on pages.
    #[must_use]
    pub fn heading(self) -> String {
        match self {
            Self::Solves(1) => "First solve".to_owned(),
            Self::Solves(number) => counted(number, "solve", "solves"),
            Self::Points(number) => format!("{},{:03} points", number / 1_000, number % 1_000),
            Self::FirstFlash => "First Flash CTF".to_owned(),
            Self::FirstHard => "First hard challenge".to_owned(),
            Self::AllDomains => "All nine domains".to_owned(),
        }
    }
}

/// Returns the milestones that are reached, in the order of pages.
#[must_use]
pub fn reached(facts: &MilestoneFacts) -> Vec<Milestone> {
    let all = Milestone::all();
    all.filter(|milestone| milestone.is_reached(facts)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::domains::Domain;

    #[test]
    fn each_limit_is_reached_exactly() {
        let none = MilestoneFacts::default();
        assert_eq!(reached(&none), []);
        for (facts, expected) in [
            (MilestoneFacts { solves: 9, ..none }, vec!["First solve"]),
            (MilestoneFacts { solves: 10, ..none }, vec!["First solve", "10 solves"]),
            (MilestoneFacts { points: 999, ..none }, vec![]),
            (MilestoneFacts { points: 5_000, ..none }, vec!["1,000 points", "5,000 points"]),
            (MilestoneFacts { events: 1, ..none }, vec!["First Flash CTF"]),
            (MilestoneFacts { hard: 2, ..none }, vec!["First hard challenge"]),
            (MilestoneFacts { domains: 8, ..none }, vec![]),
            (MilestoneFacts { domains: 9, ..none }, vec!["All nine domains"]),
        ] {
            let found: Vec<String> = reached(&facts).into_iter().map(Milestone::heading).collect();
            assert_eq!(found, expected, "{facts:?}");
        }
        assert_eq!(i64::try_from(Domain::ALL.len()), Ok(DOMAINS));
    }

    #[test]
    fn codes_name_their_milestones() {
        for milestone in Milestone::all() {
            assert_eq!(Milestone::named(&milestone.code()), Some(milestone));
        }
        assert_eq!(Milestone::named("solves_2"), None);
    }

    proptest! {
        #[test]
        fn more_never_loses_a_milestone(
            solves in 0_i64..300, points in 0_i64..20_000, more in 0_i64..300,
        ) {
            let facts = MilestoneFacts { solves, points, ..MilestoneFacts::default() };
            let later = MilestoneFacts { solves: solves + more, points: points + more, ..facts };
            let (before, after) = (reached(&facts), reached(&later));
            prop_assert!(before.iter().all(|milestone| after.contains(milestone)));
        }
    }
}
