use std::collections::{BTreeMap, HashSet};

use chrono::TimeDelta;

use super::*;

fn count<T: Ord>(values: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    values.fold(BTreeMap::new(), |mut counts, value| {
        *counts.entry(value).or_default() += 1;
        counts
    })
}

#[test]
fn every_label_occurs() {
    for season in [&*SMALL, &*LARGE] {
        let kinds = count(season.people.iter().map(|person| person.kind.name()));
        assert_eq!(kinds.len(), 8, "{kinds:?}");
        let scenes = count(season.pull_requests.iter().map(|pull| pull.scene));
        assert_eq!(scenes.len(), 25, "{scenes:?}");
        let cares = count(season.people.iter().filter_map(|person| person.care));
        assert!(cares.values().all(|number| *number > 4), "{cares:?}");
    }
}

#[test]
fn groups_have_two_to_five_members() {
    for season in [&*SMALL, &*LARGE] {
        let groups = count(season.people.iter().map(|person| person.kind));
        for (kind, members) in groups {
            if let PersonKind::RingMember(_) | PersonKind::Alternate(_) = kind {
                assert!((2..=5).contains(&members), "{kind:?}: {members}");
            }
        }
    }
}

#[test]
fn shares_are_realistic() {
    for season in [&*SMALL, &*LARGE] {
        let (people, pulls) = (season.people.len(), season.pull_requests.len());
        let gamers = season.people.iter().filter(|one| one.kind != PersonKind::Honest);
        let gamers = gamers.count() * 100 / people;
        assert!((10..=17).contains(&gamers), "{gamers} % of people");
        let gaming = season.pull_requests.iter().filter(|one| one.is_gaming());
        let gaming = gaming.count() * 100 / pulls;
        assert!((9..=20).contains(&gaming), "{gaming} % of pull requests");
        let junk = season.repositories.iter().filter(|one| one.is_junk());
        let junk = junk.count() * 100 / season.repositories.len();
        assert!((7..=15).contains(&junk), "{junk} % of repositories");
        let merged = season.pull_requests.iter();
        let merged = merged.filter(|one| one.merged_at.is_some()).count() * 100 / pulls;
        assert!((60..=85).contains(&merged), "{merged} % merged");
    }
}

#[test]
fn the_default_has_its_size() {
    assert_eq!(LARGE.people.len(), 600);
    assert_eq!(LARGE.repositories.len(), 80);
    assert_eq!(LARGE.pull_requests.len(), 6000);
}

#[test]
fn no_habit_of_honest_people_is_rare() {
    let scenes = count(LARGE.pull_requests.iter().map(|pull| pull.scene));
    for (scene, least) in [
        (PullScene::Everyday, 1500),
        (PullScene::Team, 200),
        (PullScene::Fast, 150),
        (PullScene::Docs, 90),
        (PullScene::Translation, 90),
        (PullScene::Sprint, 80),
        (PullScene::Course, 60),
        (PullScene::Bump, 400),
        (PullScene::Migration, 30),
        (PullScene::FirstTypo, 50),
        (PullScene::Solo, 150),
        (PullScene::ListEntry, 60),
        (PullScene::Series, 30),
        (PullScene::Backport, 25),
        (PullScene::Duplicate, 8),
        (PullScene::Cover, 120),
    ] {
        let number = scenes.get(&scene).copied().unwrap_or_default();
        assert!(number >= least, "{scene:?}: {number}, {scenes:?}");
    }
}

#[test]
fn a_sprint_day_has_fifteen_pull_requests() {
    let sprint = LARGE.pull_requests.iter();
    let sprint = sprint.filter(|pull| pull.scene == PullScene::Sprint);
    let by_author = count(sprint.map(|pull| (pull.author, pull.repository)));
    assert!(by_author.values().any(|number| *number == 15), "{by_author:?}");
}

#[test]
fn students_and_alternates_are_new_together() {
    let days = |kind: &dyn Fn(&Person) -> bool| {
        let people = LARGE.people.iter().filter(|person| kind(person));
        let mut days: Vec<_> = people.map(|person| person.created_at).collect();
        days.sort_unstable();
        days
    };
    let students = days(&|person| person.habit == Some(Habit::Student(0)));
    let week = |days: &[kernel::Timestamp], size: usize| {
        let mut windows = days.windows(size);
        windows.any(|some| some[size - 1] - some[0] <= TimeDelta::days(7))
    };
    assert!(week(&students, 8), "{students:?}");
    let alternates = days(&|person| {
        matches!(person.kind, PersonKind::Alternate(_)) && person.care == Some(Care::Sloppy)
    });
    assert!(week(&alternates, 3), "{alternates:?}");
}

#[test]
fn ring_members_approve_and_merge_each_other() {
    let trades = LARGE.pull_requests.iter();
    for pull in trades.filter(|pull| pull.scene == PullScene::RingTrade) {
        let ring = LARGE.people[pull.author].kind;
        let approves = |review: &Review| LARGE.people[review.reviewer].kind == ring;
        let recent = pull.opened_at > LARGE.scale.until - TimeDelta::days(20);
        assert!(recent || pull.reviews.iter().any(approves), "{pull:?}");
        assert_ne!(pull.merged_by, Some(pull.author));
    }
}

#[test]
fn copies_have_the_same_files_in_several_repositories() {
    let copies = LARGE.pull_requests.iter();
    let copies = copies.filter(|pull| {
        pull.scene == PullScene::Copy && LARGE.people[pull.author].care == Some(Care::Sloppy)
    });
    let mut by_author: BTreeMap<usize, Vec<&PullRequest>> = BTreeMap::new();
    for pull in copies {
        by_author.entry(pull.author).or_default().push(pull);
    }
    assert!(!by_author.is_empty());
    for pulls in by_author.values() {
        let repositories: HashSet<usize> = pulls.iter().map(|pull| pull.repository).collect();
        assert!(repositories.len() > 3);
        assert!(pulls.iter().all(|pull| pull.files == pulls[0].files));
    }
}

#[test]
fn stolen_changes_follow_an_open_original() {
    let stolen = LARGE.pull_requests.iter();
    for copy in stolen.filter(|pull| pull.scene == PullScene::Stolen) {
        let paths = |pull: &PullRequest| -> Vec<String> {
            pull.files.iter().map(|file| file.filename.clone()).collect()
        };
        let is_original = |pull: &&PullRequest| {
            pull.repository == copy.repository
                && pull.opened_at < copy.opened_at
                && pull.closed_at.is_none_or(|closed| closed > copy.opened_at)
                && paths(pull) == paths(copy)
        };
        assert!(LARGE.pull_requests.iter().any(|pull| is_original(&pull)), "{copy:?}");
    }
}
