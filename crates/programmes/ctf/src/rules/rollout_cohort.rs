//! The rosters for which the game platform is on at a step of the rollout.

use std::collections::BTreeSet;

use platform::flags::{FlagViewer, Setting};
use uuid::Uuid;

/// Returns whether a roster is in: the flag is on for everyone, or for one of its approved coaches. Whether the row of the flag is
/// on does not matter, so that the result also says who would be in.
#[must_use]
pub fn is_in(flag: &str, setting: &Setting, coaches: &[Uuid]) -> bool {
    let setting = Setting { enabled: true, ..setting.clone() };
    let has = |coach: &Uuid| setting.is_on(flag, FlagViewer::new(*coach, None));
    setting.is_on_for_everyone() || coaches.iter().any(has)
}

/// The facts about a roster that the page of the rollout adds up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RosterCounts {
    /// The number of confirmed competitors.
    pub competitors: i64,
    /// The number of those on the platform.
    pub on_platform: i64,
    /// The number of those who are ready for it, but not on it.
    pub pending: i64,
    /// The number of those on the platform for whom a wrong number was reported in the last 30 days.
    pub reported: i64,
}

impl RosterCounts {
    #[must_use]
    pub fn sum(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().fold(Self::default(), |sum, one| Self {
            competitors: sum.competitors + one.competitors,
            on_platform: sum.on_platform + one.on_platform,
            pending: sum.pending + one.pending,
            reported: sum.reported + one.reported,
        })
    }
}

/// Returns each item once by its ID, in the order of the first.
pub fn distinct<T>(items: impl IntoIterator<Item = T>, id: impl Fn(&T) -> Uuid) -> Vec<T> {
    let mut known = BTreeSet::new();
    let is_new = |item: &T| known.insert(id(item));
    items.into_iter().filter(is_new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLAG: &str = "game_platform_integration";

    fn person(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    #[test]
    fn a_roster_is_in_with_one_of_its_coaches() {
        let listed = Setting { people: BTreeSet::from([person(1)]), ..Setting::default() };
        assert!(is_in(FLAG, &listed, &[person(2), person(1)]));
        assert!(!is_in(FLAG, &listed, &[person(2)]));
        assert!(!is_in(FLAG, &listed, &[]));
        let everyone = Setting { rollout_percent: 100, ..Setting::default() };
        assert!(is_in(FLAG, &everyone, &[]));
    }

    #[test]
    fn raising_the_percentage_only_adds_rosters() {
        let at = |rollout_percent: i64| {
            let setting = Setting { rollout_percent, ..Setting::default() };
            let rosters = (0..200_u128).map(|number| [person(number << 64)]);
            let rosters = rosters.map(|coaches| is_in(FLAG, &setting, &coaches));
            rosters.collect::<Vec<bool>>()
        };
        let (tenth, half) = (at(10), at(50));
        assert!(tenth.contains(&true) && half.contains(&false));
        assert!(tenth.iter().zip(&half).all(|(was, is)| !was || *is));
        assert!(!at(100).contains(&false));
    }

    #[test]
    fn numbers_are_added_and_coaches_counted_once() {
        let one = RosterCounts { competitors: 5, on_platform: 4, pending: 1, reported: 2 };
        let sum = RosterCounts::sum([one, one]);
        assert_eq!((sum.competitors, sum.on_platform), (10, 8));
        assert_eq!((sum.pending, sum.reported), (2, 4));
        let once = distinct([(1, 'a'), (2, 'b'), (1, 'c')], |(id, _)| person(*id));
        assert_eq!(once, [(1, 'a'), (2, 'b')]);
    }
}
