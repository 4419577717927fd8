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

/// A person, as flags see them. Without a person there is no value: what concerns no single person asks whether a flag is on for
/// everyone, or for anyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlagViewer {
    person: Uuid,
    role: Option<&'static str>,
}

impl FlagViewer {
    /// Creates the person with an ID and their platform-wide role. Without one, roles that have a flag do not count.
    #[must_use]
    pub fn new(person: Uuid, role: Option<&'static str>) -> Self {
        Self { person, role }
    }

    #[must_use]
    pub fn person(&self) -> Uuid {
        self.person
    }
}

impl Setting {
    /// Returns true if it turns `flag` on for a person.
    #[must_use]
    pub fn is_on(&self, flag: &str, who: FlagViewer) -> bool {
        let is_named = self.people.contains(&who.person)
            || who.role.is_some_and(|role| self.roles.contains(role));
        self.enabled && (is_named || place(flag, who.person) < self.rollout_percent)
    }

    /// Returns true if it turns a flag on for everyone, also for visitors who are not signed in.
    #[must_use]
    pub fn is_on_for_everyone(&self) -> bool {
        self.enabled && self.rollout_percent >= 100
    }

    /// Returns true if it can turn a flag on for a person.
    #[must_use]
    pub fn is_on_for_anyone(&self) -> bool {
        let is_for_some =
            self.rollout_percent > 0 || !self.people.is_empty() || !self.roles.is_empty();
        self.enabled && is_for_some
    }
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
        FlagViewer::new(Uuid::from_u128(number), Some("user"))
    }

    fn rolled_out(rollout_percent: i64) -> Setting {
        Setting { enabled: true, rollout_percent, ..Setting::default() }
    }

    #[test]
    fn everyone_and_anyone_follow_from_the_setting() {
        let listed = Setting { people: [Uuid::from_u128(1)].into(), ..rolled_out(0) };
        let admins = Setting { roles: ["admin".to_owned()].into(), ..rolled_out(0) };
        // Each setting with whether it is on for the listed person, for everyone and for anyone.
        for (setting, expected) in [
            (Setting::default(), [false, false, false]),
            (rolled_out(-5), [false, false, false]),
            (rolled_out(0), [false, false, false]),
            (rolled_out(1), [false, false, true]),
            (rolled_out(99), [true, false, true]),
            (rolled_out(100), [true, true, true]),
            (rolled_out(1_000), [true, true, true]),
            (listed.clone(), [true, false, true]),
            (admins, [false, false, true]),
            (Setting { enabled: false, rollout_percent: 100, ..listed }, [false, false, false]),
        ] {
            let found = [
                setting.is_on("f", person(1)),
                setting.is_on_for_everyone(),
                setting.is_on_for_anyone(),
            ];
            assert_eq!(found, expected, "{setting:?}");
        }
    }

    #[test]
    fn listed_people_and_roles_see_it_at_zero_percent() {
        let mut setting = rolled_out(0);
        setting.people.insert(Uuid::from_u128(1));
        setting.roles.insert("admin".to_owned());
        let admin = FlagViewer { role: Some("admin"), ..person(2) };
        assert!(setting.is_on("f", person(1)));
        assert!(setting.is_on("f", admin));
        assert!(!setting.is_on("f", person(2)));
    }

    #[test]
    fn raising_the_percentage_only_adds_people() {
        let people: Vec<FlagViewer> = (0..2_000).map(|number| person(number << 64)).collect();
        let among = |percent: i64| -> Vec<bool> {
            let setting = rolled_out(percent);
            let on = |who: &FlagViewer| setting.is_on("f", *who);
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
            (0..500).filter(|number| setting.is_on(flag, person(*number))).collect::<Vec<_>>()
        };
        assert_ne!(first("one"), first("two"));
        assert_eq!(first("one"), first("one"));
    }
}
