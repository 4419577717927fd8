//! Tests of the generator itself.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use kernel::Timestamp;
use testkit::{
    clock::FakeClock,
    fake_github::{FakeGithub, Options, code::CommitStory},
};

use super::{Case, DISHONEST, Truth, submissions};

fn window() -> (Timestamp, Timestamp) {
    let at = |text: &str| text.parse().expect("an instant");
    (at("2026-11-06T17:00:00Z"), at("2026-11-10T17:00:00Z"))
}

fn of(all: &[Case], truth: Truth) -> Vec<&Case> {
    all.iter().filter(|case| case.truth == truth).collect()
}

fn commits(case: &Case) -> Vec<&CommitStory> {
    let pushes = case.story.pushes.iter();
    pushes.flat_map(|push| &push.commits).collect()
}

/// Returns the contents of all files as they are in the end.
fn contents(case: &Case) -> BTreeSet<&str> {
    let all = commits(case).into_iter().flat_map(|commit| &commit.files);
    let files: std::collections::BTreeMap<_, _> = all.collect();
    files.into_values().map(String::as_str).collect()
}

fn last_push(case: &Case) -> Timestamp {
    let times = case.story.pushes.iter().filter_map(|push| push.at);
    times.max().expect("a push")
}

#[test]
fn a_seed_gives_the_same_submissions_and_another_gives_others() {
    let one = submissions(7, 20, window());
    assert_eq!(one, submissions(7, 20, window()));
    assert_ne!(one, submissions(8, 20, window()));
}

#[test]
fn half_are_honest_and_the_other_kinds_have_equal_shares() {
    for count in [0, 1, 2, 20, 60, 101] {
        let all = submissions(3, count, window());
        assert_eq!(all.len(), count);
        assert_eq!(of(&all, Truth::Honest).len(), count - count / 2);
        for truth in DISHONEST {
            assert!(of(&all, truth).len().abs_diff(count / 10) <= 1, "{truth:?}");
        }
    }
}

#[test]
fn sizes_are_realistic_and_names_are_unique() {
    let all = submissions(5, 60, window());
    let mut repositories = BTreeSet::new();
    let mut members = BTreeSet::new();
    for case in &all {
        let name = &case.story.repository;
        assert!(repositories.insert(name));
        assert!((1..=4).contains(&case.members.len()));
        assert!(case.members.iter().all(|login| members.insert(login)));
        assert!(
            (5..=130).contains(&commits(case).len()),
            "{name}: {} commits",
            commits(case).len()
        );
        let files = contents(case);
        assert!((6..=90).contains(&files.len()), "{name}: {} files", files.len());
        let pushes: Vec<_> = case.story.pushes.iter().map(|push| push.at).collect();
        assert!(pushes.is_sorted(), "{name}: {pushes:?}");
        assert!(pushes[0] >= Some(case.story.created_at), "{name}");
    }
}

#[test]
fn honest_work_is_pushed_in_the_window() {
    let (opens, closes) = window();
    for seed in 0..3 {
        let all = submissions(seed, 60, window());
        for case in of(&all, Truth::Honest) {
            let name = &case.story.repository;
            assert!(last_push(case) < closes, "{name}");
            let early = case.story.pushes.iter().filter(|push| push.at < Some(opens));
            assert!(early.count() <= 1, "{name}");
            for commit in commits(case) {
                let at = commit.committed_at.expect("a time");
                assert!(at < closes + TimeDelta::minutes(5), "{name} at {at}");
            }
            let outside = commits(case).into_iter().filter(|commit| {
                let people: Vec<_> = commit.co_authors.iter().chain([&commit.author]).collect();
                !people.iter().any(|person| case.members.contains(person))
                    && !commit.author.contains("[bot]")
            });
            assert_eq!(outside.count(), 0, "{name}");
        }
    }
}

#[test]
fn most_of_the_work_before_is_early_or_comes_at_once() {
    let (opens, closes) = window();
    for case in of(&submissions(11, 60, window()), Truth::WorkBefore) {
        let soon = Some(opens + TimeDelta::hours(6));
        let own = commits(case).into_iter().map(|commit| commit.files.len());
        let all: usize = own.sum();
        let early = case.story.pushes.iter().filter(|push| push.at < soon);
        let early = early.flat_map(|push| &push.commits);
        let early: usize = early.map(|commit| commit.files.len()).sum();
        assert!(early * 2 > all, "{}: {early} of {all}", case.story.repository);
        assert!(last_push(case) < closes);
    }
}

#[test]
fn work_after_is_pushed_after_the_end_and_some_of_it_is_dated_before() {
    let (_, closes) = window();
    let all = submissions(12, 60, window());
    let mut dated = 0;
    for case in of(&all, Truth::WorkAfter) {
        let late = case.story.pushes.iter().filter(|push| push.at > Some(closes));
        let late: Vec<_> = late.flat_map(|push| &push.commits).collect();
        assert!(!late.is_empty(), "{}", case.story.repository);
        dated += usize::from(late.iter().all(|commit| commit.at < closes));
    }
    assert!((1..6).contains(&dated), "{dated}");
}

#[test]
fn a_rewritten_history_replaces_what_was_pushed() {
    let (opens, closes) = window();
    for case in of(&submissions(13, 60, window()), Truth::RewrittenHistory) {
        let replaced = |push: &&testkit::fake_github::code::PushStory| push.keeps == Some(0);
        let push = case.story.pushes.iter().rfind(replaced).expect("a forced push");
        let at = push.at.expect("a time");
        assert!(at > opens + (closes - opens) * 3 / 4 && at < closes, "{at}");
        let before = case.story.pushes.iter().filter(|push| push.at < Some(at));
        assert!(before.count() > 1, "{}", case.story.repository);
    }
}

#[test]
fn borrowed_commits_name_no_member() {
    for case in of(&submissions(14, 60, window()), Truth::BorrowedAuthors) {
        let all = commits(case);
        let foreign = all.iter().filter(|commit| {
            let mut people = commit.co_authors.iter().chain([&commit.author]);
            !people.any(|person| case.members.contains(person))
        });
        assert!(foreign.count() * 5 > all.len(), "{}", case.story.repository);
    }
}

#[test]
fn a_copy_shares_files_with_an_earlier_honest_submission() {
    let all = submissions(15, 60, window());
    for (place, case) in all.iter().enumerate() {
        let own = contents(case);
        let earlier = all[..place].iter().filter(|other| other.truth == Truth::Honest);
        let shared = earlier.map(|other| own.intersection(&contents(other)).count());
        let most = shared.max().unwrap_or_default();
        let name = &case.story.repository;
        if case.truth == Truth::Copy {
            assert!(most * 4 > own.len(), "{name}: {most} of {}", own.len());
        }
    }
}

#[tokio::test]
async fn the_fake_accepts_all_stories() {
    let (_, closes) = window();
    let clock = FakeClock::new(closes + TimeDelta::days(5));
    let github = FakeGithub::start(Options::new(clock)).await.expect("started");
    for case in submissions(21, 60, window()) {
        for login in case.people() {
            github.add_user(&login);
        }
        assert!(last_push(&case) < closes + TimeDelta::days(5));
        let name = &case.story.repository;
        github.add_code(&case.story).unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
        let branch = &case.story.default_branch;
        assert!(github.head(name, branch).expect("known").is_some(), "{name}");
    }
}
