use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// The setting of a flag.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Setting {
    /// False turns the flag off for everyone.
    pub enabled: bool,
    /// The percentage of people who have it. Raising it only adds people.
    pub rollout_percent: i64,
    /// People who have it regardless of the percentage.
    pub people: BTreeSet<Uuid>,
    /// Roles whose holders have it regardless of the percentage.
    pub roles: BTreeSet<String>,
}

/// The viewer of a page, as flags see them. By default a visitor who is not signed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FlagViewer {
    pub person: Option<Uuid>,
    /// Their platform-wide role, if any.
    pub role: Option<&'static str>,
}

/// Returns true if `flag` is on for a viewer. Visitors who are not signed in have it only at 100 percent.
#[must_use]
pub fn is_on(flag: &str, is_permitted: bool, setting: &Setting, who: FlagViewer) -> bool {
    let is_named = who.person.is_some_and(|id| setting.people.contains(&id))
        || who.role.is_some_and(|role| setting.roles.contains(role));
    let is_among = setting.rollout_percent >= 100
        || who.person.is_some_and(|id| place(flag, id) < setting.rollout_percent);
    is_permitted && setting.enabled && (is_named || is_among)
}

/// Returns a person's position in the rollout from 0 to 99. It differs by flag, so that the first to get a
/// feature are not always the same.
fn place(flag: &str, person: Uuid) -> i64 {
    let digest = Sha256::new().chain_update(flag).chain_update([0]).chain_update(person).finalize();
    let beginning = [digest[0], digest[1], digest[2], digest[3]];
    (i64::from(u32::from_be_bytes(beginning)) * 100) >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(number: u128) -> FlagViewer {
        FlagViewer { person: Some(Uuid::from_u128(number)), role: Some("user") }
    }

    fn rolled_out(rollout_percent: i64) -> Setting {
        Setting { enabled: true, rollout_percent, ..Setting::default() }
    }

    #[test]
    fn turning_a_flag_off_anywhere_turns_it_off() {
        let mut setting = rolled_out(100);
        setting.people.insert(Uuid::from_u128(1));
        assert!(is_on("f", true, &setting, person(1)));
        assert!(is_on("f", true, &setting, FlagViewer::default()));
        assert!(!is_on("f", false, &setting, person(1)));
        setting.enabled = false;
        assert!(!is_on("f", true, &setting, person(1)));
        assert!(!is_on("f", true, &Setting::default(), person(1)));
    }

    #[test]
    fn listed_people_and_roles_see_it_at_zero_percent() {
        let mut setting = rolled_out(0);
        setting.people.insert(Uuid::from_u128(1));
        setting.roles.insert("admin".to_owned());
        let admin = FlagViewer { role: Some("admin"), ..person(2) };
        assert!(is_on("f", true, &setting, person(1)));
        assert!(is_on("f", true, &setting, admin));
        assert!(!is_on("f", true, &setting, person(2)));
        assert!(!is_on("f", true, &setting, FlagViewer::default()));
    }

    #[test]
    fn raising_the_percentage_only_adds_people() {
        let people: Vec<FlagViewer> = (0..2_000).map(|number| person(number << 64)).collect();
        let among = |percent: i64| -> Vec<bool> {
            let setting = rolled_out(percent);
            let on = |who: &FlagViewer| is_on("f", true, &setting, *who);
            people.iter().map(on).collect()
        };
        let mut before = among(0);
        assert!(!before.contains(&true));
        for percent in 1..=100 {
            let now = among(percent);
            assert!(before.iter().zip(&now).all(|(was, is)| !was || *is));
            let count = now.iter().filter(|is| **is).count();
            let share = i64::try_from(count).expect("a count") * 100 / 2_000;
            assert!((share - percent).abs() <= 4, "{percent} % are {count}");
            before = now;
        }
        assert!(!before.contains(&false));
    }

    #[test]
    fn each_flag_starts_with_different_people() {
        let setting = rolled_out(10);
        let first = |flag: &str| {
            (0..500)
                .filter(|number| is_on(flag, true, &setting, person(*number)))
                .collect::<Vec<_>>()
        };
        assert_ne!(first("one"), first("two"));
        assert_eq!(first("one"), first("one"));
    }

    #[test]
    fn percentages_out_of_range_are_clamped() {
        assert!(is_on("f", true, &rolled_out(1_000), FlagViewer::default()));
        assert!(!is_on("f", true, &rolled_out(-5), person(3)));
    }
}
