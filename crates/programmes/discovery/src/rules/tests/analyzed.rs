//! Properties of the numbers of generated issues, and examples.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::{
    generated::{cases, now},
    long::long_issue,
};
use crate::{
    model::{Analysis, IssueFacts, Reason, RepositoryFacts, ScorePart, WorkKind},
    rules::{
        analysis::{analyze, summary},
        health::health,
        skills,
    },
};

fn analysis(issue: &IssueFacts, repository: &RepositoryFacts) -> Analysis {
    analyze(issue, repository, &health(repository, now()), now())
}

/// Returns the sum of the contributions to a part. It is the same in every order, except for the weighted sum.
fn sum(reasons: &[Reason], part: ScorePart) -> f64 {
    let values = reasons.iter().filter(|reason| reason.part == part).map(|reason| reason.value);
    let values: Vec<f64> = values.collect();
    let sum: f64 = values.iter().sum();
    if part != ScorePart::Overall {
        assert_eq!(sum, values.iter().rev().sum::<f64>(), "{part:?} {values:?}");
        assert!(values.iter().all(|value| (value * 64.0).fract() == 0.0), "{part:?} {values:?}");
    }
    sum
}

fn check(issue: &IssueFacts, repository: &RepositoryFacts) {
    let health = health(repository, now());
    for (part, number) in [
        (ScorePart::Health, health.total),
        (ScorePart::Activity, health.activity),
        (ScorePart::Community, health.community),
        (ScorePart::Documentation, health.documentation),
    ] {
        assert!(number <= 100);
        assert_eq!(sum(&health.reasons, part), f64::from(number), "{part:?} {:?}", health.reasons);
    }
    let found = analyze(issue, repository, &health, now());
    for (part, number, most) in [
        (ScorePart::Complexity, found.complexity, 10.0),
        (ScorePart::Impact, found.impact, 10.0),
        (ScorePart::Confidence, found.confidence, 1.0),
        (ScorePart::Urgency, found.urgency, 10.0),
        (ScorePart::Overall, found.overall, 10.0),
        (ScorePart::HoursLeast, found.hours.0, 60.0),
        (ScorePart::HoursMost, found.hours.1, 60.0),
    ] {
        assert!((0.0..=most).contains(&number), "{part:?} is {number}");
        assert_eq!(sum(&found.reasons, part), number, "{part:?} {:?}", found.reasons);
    }
    assert!(found.reasons.iter().all(|reason| !reason.words.is_empty()));
    let Analysis { impact, complexity, confidence, urgency, overall, .. } = found;
    let formula =
        0.3 * impact + 0.2 * (10.0 - complexity) + 0.25 * 10.0 * confidence + 0.25 * urgency;
    assert!((overall - formula).abs() < 1e-9);
    assert!(found.hours.0 < found.hours.1, "{:?}", found.hours);
    assert!(found.skills.len() <= 8);
    assert!(found.skills.iter().all(|skill| skills::all().contains(&skill.as_str())));
}

#[test]
fn the_numbers_of_generated_issues_are_explained() {
    for case in cases(3, 12) {
        check(&case.issue, &case.repository);
    }
    check(&long_issue(16_384), &RepositoryFacts::default());
    check(&long_issue(200_000), &RepositoryFacts::default());
}

fn issues() -> impl Strategy<Value = IssueFacts> {
    let labels = vec![
        "easy",
        "hard",
        "bug",
        "docs",
        "E-hard",
        "p1",
        "nice to have",
        "help wanted",
        "🦀",
        "lang: go",
        "testing",
    ];
    let labels = proptest::collection::vec(proptest::sample::select(labels), 0..5);
    let pieces = vec![
        "### Steps to reproduce\n",
        "1. open it\n2. wait\n",
        "```\ncode\n",
        "<!-- note",
        "-->\n",
        "- [ ] task\n",
        "src/a.rs:12 ",
        "race condition ",
        "typo ",
        "rewrite ",
        "data loss ",
        "https://x.example ",
        "**Expected**\n",
        "ééé ",
        "> quoted\n",
        "日本語のテキスト。",
        "security ",
        "~~~\n",
    ];
    let body = proptest::collection::vec(proptest::sample::select(pieces), 0..30)
        .prop_map(|pieces| pieces.concat());
    let counts = (-5..100_i64, -5..1_000_000_i64, -100..4_000_i64, -100..4_000_i64);
    ("\\PC{0,60}", body, labels, counts, any::<bool>()).prop_map(
        |(title, body, labels, counts, is_of_maintainer)| {
            let (comments, reactions, opened, active) = counts;
            IssueFacts {
                title,
                body,
                labels: labels.into_iter().map(str::to_owned).collect(),
                comments,
                reactions,
                is_of_maintainer,
                opened_at: now() - TimeDelta::days(opened),
                active_at: now() - TimeDelta::days(active),
                ..IssueFacts::default()
            }
        },
    )
}

fn repositories() -> impl Strategy<Value = RepositoryFacts> {
    let minutes = proptest::collection::vec(proptest::option::of(-10..5_000_000_i64), 0..9);
    let counts = (any::<i64>(), -5..100_000_i64, -5..i64::MAX, -5..60_i64);
    let known =
        (any::<bool>(), proptest::option::of(any::<bool>()), proptest::option::of(-100..4_000_i64));
    (minutes, counts, known).prop_map(
        |(answers, (stars, forks, merged, closed), (is_archived, has_contributing, pushed))| {
            let describes = has_contributing.unwrap_or(is_archived);
            RepositoryFacts {
                is_archived,
                stars,
                forks,
                has_contributing,
                answers,
                description: describes.then(|| "A map".to_owned()),
                languages: vec![("Rust".to_owned(), stars)],
                pushed_at: pushed.map(|days| now() - TimeDelta::days(days)),
                outside_pulls: (merged, closed),
                ..RepositoryFacts::default()
            }
        },
    )
}

fn with_label(issue: &IssueFacts, label: &str) -> IssueFacts {
    let mut issue = issue.clone();
    issue.labels.push(label.to_owned());
    issue
}

proptest! {
    #[test]
    fn every_number_is_explained(issue in issues(), repository in repositories()) {
        check(&issue, &repository);
    }

    #[test]
    fn a_good_first_label_never_makes_it_harder(issue in issues(), repository in repositories()) {
        let (before, after) = (analysis(&issue, &repository), analysis(&with_label(&issue, "good first issue"), &repository));
        prop_assert!(after.complexity <= before.complexity);
        prop_assert!(after.confidence >= before.confidence);
        prop_assert!(after.is_good_first);
    }

    #[test]
    fn more_reactions_never_lower_the_impact(issue in issues(), repository in repositories(), more in 1..1_000_i64) {
        let mut popular = issue.clone();
        popular.reactions += more;
        let (before, after) = (analysis(&issue, &repository), analysis(&popular, &repository));
        prop_assert!(after.impact >= before.impact);
        prop_assert!(after.urgency >= before.urgency);
        prop_assert!(after.overall >= before.overall);
    }

    #[test]
    fn a_priority_never_makes_it_less_urgent(issue in issues(), repository in repositories()) {
        let (before, after) = (analysis(&issue, &repository), analysis(&with_label(&issue, "P1"), &repository));
        prop_assert!(after.urgency >= before.urgency && after.impact >= before.impact);
    }

    #[test]
    fn better_facts_never_make_a_repository_less_healthy(repository in repositories(), days in 0..900_i64) {
        let before = health(&RepositoryFacts { pushed_at: Some(now() - TimeDelta::days(days + 1)), ..repository.clone() }, now());
        let mut better = repository.clone();
        better.pushed_at = Some(now() - TimeDelta::days(days));
        better.license = Some("mit".to_owned());
        better.outside_pulls.0 = better.outside_pulls.0.saturating_add(1);
        better.stars = better.stars.saturating_add(10);
        let after = health(&better, now());
        prop_assert!(after.total >= before.total, "{:?} {:?}", before, after);
    }
}

fn issue(title: &str, body: &str, labels: &[&str]) -> IssueFacts {
    IssueFacts {
        title: title.to_owned(),
        body: body.to_owned(),
        labels: labels.iter().map(|&label| label.to_owned()).collect(),
        opened_at: now() - TimeDelta::days(11),
        active_at: now() - TimeDelta::days(3),
        ..IssueFacts::default()
    }
}

#[test]
fn levels_are_as_a_reader_expects() {
    let repository = RepositoryFacts {
        languages: vec![("Rust".to_owned(), 90_000), ("Shell".to_owned(), 100)],
        pushed_at: Some(now()),
        stars: 900,
        outside_pulls: (7, 3),
        answers: vec![Some(300)],
        ..RepositoryFacts::default()
    };
    let steps = "## Steps to reproduce\n1. Open an empty file\n2. Press save\n\n## Expected\nIt is saved. See `src/save.rs`.";
    let long = "The whole storage layer should be rewritten, so that readers never wait. The architecture allows one writer only, and there are race \
                conditions and deadlocks between the compaction and the readers.";
    for (issue, kind, complexity, hours, language) in [
        (issue("Fix typo in README", "", &[]), WorkKind::Documentation, 0.0..=2.5, 2.0, "Rust"),
        (
            issue("Saving an empty file crashes", steps, &["good first issue"]),
            WorkKind::Bug,
            2.0..=3.5,
            4.0,
            "Rust",
        ),
        (issue("Saving an empty file crashes", steps, &[]), WorkKind::Bug, 3.5..=5.0, 5.0, "Rust"),
        (
            issue("Rewrite the storage engine", long, &["lang: c++"]),
            WorkKind::Feature,
            7.5..=10.0,
            40.0,
            "C++",
        ),
        (
            issue("Add an option for the color", "", &["E-easy"]),
            WorkKind::Feature,
            1.5..=3.0,
            5.0,
            "Rust",
        ),
        (issue("Something", "", &["type::docs"]), WorkKind::Documentation, 3.0..=4.0, 7.0, "Rust"),
    ] {
        let found = analysis(&issue, &repository);
        assert_eq!(found.kind, kind, "{}", issue.title);
        assert!(complexity.contains(&found.complexity), "{} {:?}", found.complexity, found.reasons);
        assert!(found.hours.1 <= hours, "{} {:?}", issue.title, found.hours);
        assert_eq!(found.language.as_deref(), Some(language));
    }
    let (clear, vague) =
        (issue("Saving fails", steps, &["bug"]), issue("Saving fails", "", &["bug"]));
    let (clear, vague) = (analysis(&clear, &repository), analysis(&vague, &repository));
    assert!(
        clear.confidence >= 0.6 && vague.confidence < 0.5,
        "{} {}",
        clear.confidence,
        vague.confidence
    );
}

#[test]
fn a_summary_is_the_first_paragraph_that_says_something() {
    let body = "### Describe the bug\n<!-- text -->\n\nHi!\n\n```\nlet readings = read()?;\n\nprint(readings)\n```\n\n\
                When a station has no readings,\nthe `command` prints an empty table.\n\nMore.";
    assert_eq!(
        summary(body, 200),
        "When a station has no readings, the command prints an empty table."
    );
    assert_eq!(summary(body, 32), "When a station has no readings…");
    assert_eq!(summary("", 32), "");
}
