use std::{collections::HashSet, sync::LazyLock};

use super::*;

mod facts;
mod history;
mod served;
mod shares;

/// A small season, which most tests share.
static SMALL: LazyLock<Season> = LazyLock::new(|| Season::generate(7, Scale::small()));

static LARGE: LazyLock<Season> = LazyLock::new(|| Season::generate(7, Scale::default()));

#[test]
fn a_seed_and_a_scale_determine_the_season() {
    assert_eq!(*SMALL, Season::generate(7, Scale::small()));
    assert_ne!(SMALL.people, Season::generate(8, Scale::small()).people);
}

#[test]
fn another_end_moves_the_season() {
    let until = Scale::small().until + chrono::TimeDelta::days(100);
    let scale = Scale::small().ending(until);
    let moved = Season::generate(7, scale);
    assert_eq!(moved.people.len(), SMALL.people.len());
    let opened = |season: &Season| season.pull_requests[0].opened_at;
    assert!(opened(&moved) >= scale.from && opened(&SMALL) < scale.from);
}

#[test]
fn small_numbers_are_raised() {
    let tiny = Scale {
        people: 1,
        repositories: 0,
        pull_requests: 0,
        until: Scale::small().from,
        ..Scale::small()
    };
    let season = Season::generate(1, tiny);
    assert_eq!(season.people.len(), 150);
    assert_eq!(season.pull_requests.len(), 1500);
    assert!(season.scale.days() >= 60);
}

#[test]
fn logins_follow_githubs_grammar_and_are_unique() {
    let mut seen = HashSet::new();
    let owners = LARGE.repositories.iter().map(|own| &own.repo.owner);
    let owners: HashSet<&str> = owners.map(|owner| owner.login.as_str()).collect();
    for person in &LARGE.people {
        let login = person.account.login.as_str();
        assert!(seen.insert(login.to_lowercase()), "{login}");
    }
    let logins = LARGE.people.iter().map(|person| person.account.login.as_str());
    for login in logins.chain(owners) {
        let name = login.trim_end_matches("[bot]");
        let legal = |c: char| c.is_ascii_alphanumeric() || c == '-';
        assert!((1..=39).contains(&name.len()) && name.chars().all(legal), "{login}");
        assert!(!name.starts_with('-') && !name.ends_with('-'), "{login}");
        assert!(!name.contains("--"), "{login}");
    }
}

#[test]
fn names_are_unique_and_ids_reveal_the_age() {
    let names: HashSet<String> =
        LARGE.repositories.iter().map(|own| own.repo.full_name().to_lowercase()).collect();
    assert_eq!(names.len(), LARGE.repositories.len());
    let mut accounts: Vec<_> = LARGE.people.iter().collect();
    accounts.sort_by_key(|person| person.created_at);
    let ids: HashSet<i64> = accounts.iter().map(|person| person.account.id).collect();
    assert_eq!(ids.len(), accounts.len());
    // IDs within a day may be in any order.
    let pairs = accounts.windows(2);
    let unordered = pairs.filter(|pair| pair[0].account.id > pair[1].account.id + 1000);
    assert_eq!(unordered.count(), 0);
}
