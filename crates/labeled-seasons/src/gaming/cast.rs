//! Draws the people.

use std::collections::HashSet;

use kernel::Timestamp;

use super::{
    ages, ids,
    names::Namer,
    people::{Care, Habit, Person, PersonKind, Role},
    scale::Scale,
};
use testkit::{
    payloads::{Account, AccountKind},
    rng::Rng,
};

/// Gamers among a hundred people.
const GAMERS_PERCENT: usize = 12;

/// Offsets from UTC, the frequent ones repeated.
const OFFSETS: [i64; 16] = [-8, -7, -5, -5, -3, 0, 0, 1, 1, 2, 2, 3, 5, 5, 8, 9];

/// Draws everyone, in random order.
pub(super) fn people(rng: &mut Rng, scale: &Scale, namer: &mut Namer) -> Vec<Person> {
    let mut roles = roles(scale);
    rng.shuffle(&mut roles);
    let mut ids = HashSet::new();
    let mut cohorts = ages::Cohorts::new(rng.bits(), *scale);
    let mut logins = Vec::new();
    roles
        .into_iter()
        .map(|role| {
            let created_at = cohorts.created_at(rng, role);
            let login = login(rng, namer, role, &mut logins);
            Person {
                account: account(rng, &mut ids, role, login, created_at),
                created_at,
                utc_offset: cohorts.utc_offset(rng, role, &OFFSETS),
                kind: role.kind,
                habit: role.habit,
                care: role.care,
            }
        })
        .collect()
}

fn account(
    rng: &mut Rng,
    ids: &mut HashSet<i64>,
    role: Role,
    login: String,
    created_at: Timestamp,
) -> Account {
    let mut id = ids::account(rng, created_at);
    while !ids.insert(id) {
        id += 1;
    }
    let bot = role.habit == Some(Habit::Bot);
    Account {
        id,
        login: if bot { format!("{login}[bot]") } else { login },
        kind: if bot { AccountKind::Bot } else { AccountKind::User },
    }
}

/// Draws a login. Careless people give their accounts similar ones.
fn login(
    rng: &mut Rng,
    namer: &mut Namer,
    role: Role,
    first: &mut Vec<(PersonKind, String)>,
) -> String {
    let known = first.iter().find(|(kind, _)| *kind == role.kind);
    let similar = matches!(role.kind, PersonKind::Alternate(_)) && role.care == Some(Care::Sloppy);
    match known {
        Some((_, base)) if similar => namer.like(rng, &base.clone()),
        _ => {
            let login = namer.login(rng);
            first.push((role.kind, login.clone()));
            login
        }
    }
}

fn roles(scale: &Scale) -> Vec<Role> {
    let mut roles = gamers(scale);
    roles.extend(honest(scale).into_iter().map(|habit| Role {
        kind: PersonKind::Honest,
        habit: Some(habit),
        care: None,
    }));
    let regular = Role { kind: PersonKind::Honest, habit: Some(Habit::Regular), care: None };
    let size = roles.len().max(scale.people);
    roles.resize(size, regular);
    roles
}

/// Returns the gamers: each group is careful or sloppy as a whole, so that its members resemble each other.
fn gamers(scale: &Scale) -> Vec<Role> {
    let all = scale.people * GAMERS_PERCENT / 100;
    // Shares of 72, the number of gamers at default scale.
    let some = |share: usize| all * share / 72;
    let mut kinds = vec![PersonKind::Farmer; some(14)];
    kinds.extend(vec![PersonKind::TypoSpammer; some(9)]);
    kinds.extend(vec![PersonKind::Copycat; some(7).max(2)]);
    kinds.extend(groups(some(15).max(6), &[3, 3, 4, 5]).map(PersonKind::RingMember));
    kinds.extend(groups(some(10).max(6), &[3]).map(PersonKind::Alternate));
    let owners = groups(some(5).max(2), &[2, 1]).map(PersonKind::JunkOwner);
    let owners: Vec<PersonKind> = owners.collect();
    let clusters: HashSet<PersonKind> = owners.iter().copied().collect();
    kinds.extend((0..some(12).max(4)).map(|at| PersonKind::JunkContributor(at % clusters.len())));
    kinds.extend(owners);
    let role = |(place, kind)| Role {
        kind,
        habit: None,
        care: Some(match kind {
            PersonKind::RingMember(group)
            | PersonKind::Alternate(group)
            | PersonKind::JunkOwner(group)
            | PersonKind::JunkContributor(group) => care(group % 2 == 0),
            _ => care(place % 2 == 0),
        }),
    };
    kinds.into_iter().enumerate().map(role).collect()
}

fn care(sloppy: bool) -> Care {
    if sloppy { Care::Sloppy } else { Care::Careful }
}

/// Returns the habits of everyone honest but the regulars.
fn honest(scale: &Scale) -> Vec<Habit> {
    let mut habits = Vec::new();
    for (habit, of_default) in [
        (Habit::Maintainer, 40),
        (Habit::FastMaintainer, 3),
        (Habit::DocsWriter, 4),
        (Habit::Translator, 12),
        (Habit::Bot, 3),
        (Habit::Migrator, 3),
        (Habit::FirstTimer, 60),
        (Habit::Solo, 8),
    ] {
        habits.extend(vec![habit; scale.count(of_default)]);
    }
    habits.extend(groups(scale.count(11).max(3), &[3, 2]).map(Habit::Teammate));
    habits.extend(groups(scale.count(9).max(3), &[3]).map(Habit::Sprinter));
    habits.extend(groups(scale.count(28).max(8), &[14]).map(Habit::Student));
    habits
}

/// Divides `all` people into groups of these sizes in turn; too few for a last group join the one before.
fn groups(all: usize, sizes: &'static [usize]) -> impl Iterator<Item = usize> {
    let (mut group, mut left) = (0, sizes[0]);
    (0..all).map(move |place| {
        if left == 0 && all - place >= sizes[(group + 1) % sizes.len()] {
            group += 1;
            left = sizes[group % sizes.len()];
        }
        left = left.saturating_sub(1);
        group
    })
}

#[cfg(test)]
mod tests {
    use super::groups;

    #[test]
    fn groups_are_never_too_small() {
        let all = |number, sizes| groups(number, sizes).collect::<Vec<_>>();
        assert_eq!(all(7, &[3, 2]), [0, 0, 0, 1, 1, 1, 1]);
        assert_eq!(all(8, &[3, 2]), [0, 0, 0, 1, 1, 2, 2, 2]);
        assert_eq!(all(2, &[3]), [0, 0]);
    }
}
