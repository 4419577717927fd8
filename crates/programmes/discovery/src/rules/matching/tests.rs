use chrono::TimeDelta;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    model::{Dismissal, DismissalReason, WorkKind},
    rules::tests::now,
};

fn lantern() -> Uuid {
    Uuid::from_u128(1)
}

/// The first result of the design.
fn checksum() -> Opportunity {
    Opportunity {
        repository: lantern(),
        repository_name: "lantern".to_owned(),
        kind: WorkKind::Bug,
        skills: vec!["databases".to_owned(), "error handling".to_owned()],
        language: Some("Rust".to_owned()),
        topics: vec!["databases".to_owned()],
        labels: vec!["bug".to_owned()],
        complexity: 4.0,
        impact: 6.0,
        confidence: 0.8,
        hours: (3.0, 5.0),
        is_good_first: true,
        health: 88,
    }
}

fn ines() -> Person {
    let of = |name: &str, count: i64| (name.to_owned(), count);
    Person {
        skills: [of("databases", 9), of("error handling", 4)].into(),
        languages: [of("Rust", 31), of("Go", 3)].into(),
        merged: 34,
        merged_in: [(lantern(), 4)].into(),
        recent_complexities: vec![3.0, 5.0, 4.0, 4.0, 3.0, 9.0],
        interests: vec!["databases".to_owned()],
        hours_a_week: Some(6.0),
        ..Person::default()
    }
}

#[test]
fn each_part_has_its_evidence() {
    let found = fit(&ines(), &checksum(), now());
    let parts: Vec<_> = found
        .parts
        .iter()
        .map(|part| (part.part.title(), part.value, part.evidence.as_str()))
        .collect();
    let expected = [
        ("Skill", 1.0, "Databases and error handling: 9 merged pull requests"),
        ("Language", 1.0, "Rust, in 31 of your 34 pull requests"),
        ("Interest", 0.9, "You follow “databases”"),
        ("Difficulty", 1.0, "4 of 10; your last five were 3 to 5"),
        ("Time", 0.8, "3–5 h; you set 6 h a week"),
        ("Experience", 0.7, "4 merges in lantern"),
    ];
    assert_eq!(parts, expected);
    assert!((found.total - 0.925).abs() < 1e-9, "{}", found.total);
    assert_eq!(
        found.reasons(2),
        [
            "Databases and error handling: 9 merged pull requests",
            "Rust, in 31 of your 34 pull requests"
        ]
    );
}

#[test]
fn evidence_is_said_in_sentences() {
    let found = fit(&ines(), &checksum(), now());
    let says: Vec<&str> = found.parts.iter().map(|part| part.says.as_str()).collect();
    let expected = [
        "You merged 9 changes with databases and error handling before.",
        "It is in Rust, like 31 of your pull requests.",
        "You follow databases.",
        "It is about as hard as your last ones.",
        "It fits into your 6 hours a week.",
        "You merged 4 changes in lantern before.",
    ];
    assert_eq!(says, expected);
    assert_eq!(found.says(), Some(expected[0]));
    let stated = Person {
        skills: [("databases".to_owned(), 0)].into(),
        level: Some(Level::Intermediate),
        ..Person::default()
    };
    let found = fit(&stated, &checksum(), now());
    assert_eq!(found.parts[0].says, "It needs databases, which you chose.");
    assert_eq!(found.parts[3].says, "It is in Rust, at your level.");
    assert_eq!(fit(&Person::default(), &checksum(), now()).says(), None);
}

#[test]
fn unknown_parts_count_half_and_say_so() {
    let found = fit(&Person::default(), &checksum(), now());
    assert_eq!(found.total, 0.5);
    for part in &found.parts {
        assert!(
            !part.is_known && part.evidence.ends_with("Unknown parts count half."),
            "{}",
            part.evidence
        );
    }
    let one = Person { skills: [("databases".to_owned(), 1)].into(), ..Person::default() };
    let found = fit(&one, &checksum(), now());
    let words = "Databases: 1 merged pull request. Skills unknown: error handling. Unknown parts count half.";
    assert_eq!(found.parts[0].evidence, words);
}

#[test]
fn limits_are_respected() {
    let excluded = Person { excluded: vec!["Databases".to_owned()], ..ines() };
    assert_eq!(fit(&excluded, &checksum(), now()).parts[2].value, 0.0);
    assert_eq!(refusal(&excluded, &checksum()), Some(Refusal::Excluded("Databases".to_owned())));
    let hard = Opportunity { complexity: 7.5, ..checksum() };
    assert_eq!(fit(&ines(), &hard, now()).parts[3].value, 0.0);
    assert_eq!(fit(&ines(), &hard, now()).parts[3].evidence, "7.5 of 10; you set 7 at most");
    assert_eq!(refusal(&ines(), &hard), Some(Refusal::TooHard(7.0)));
    assert_eq!(refusal(&ines(), &checksum()), None);
    let writer = Person { types: vec![WorkKind::Documentation], ..ines() };
    assert_eq!(refusal(&writer, &checksum()), Some(Refusal::Type));
    assert_eq!(
        refusal(&ines(), &Opportunity { impact: 4.0, ..checksum() }),
        Some(Refusal::LowImpact(5.0))
    );
}

fn dismissal(reason: DismissalReason) -> Dismissal {
    Dismissal {
        reason,
        at: now(),
        repository: lantern(),
        kind: WorkKind::Bug,
        language: Some("Rust".to_owned()),
        skills: vec!["databases".to_owned()],
        complexity: 4.0,
        hours: 5.0,
    }
}

#[test]
fn dismissals_lower_similar_issues_by_their_reason() {
    let other = Opportunity {
        repository: Uuid::from_u128(2),
        language: Some("Go".to_owned()),
        skills: Vec::new(),
        complexity: 2.0,
        hours: (1.0, 2.0),
        ..checksum()
    };
    for (reason, words) in [
        (
            DismissalReason::UnknownSkill,
            "You dismissed a similar issue for the same language or skill",
        ),
        (DismissalReason::TooHard, "You dismissed a similar issue as too hard"),
        (DismissalReason::TooLong, "You dismissed a similar issue because it takes too long"),
        (
            DismissalReason::QuietRepository,
            "You dismissed a similar issue in this repository, as too quiet",
        ),
        (DismissalReason::Other, "You dismissed a similar issue"),
    ] {
        let person = Person { dismissed: vec![dismissal(reason)], ..ines() };
        let (before, after) = (fit(&ines(), &checksum(), now()), fit(&person, &checksum(), now()));
        assert!(after.total < before.total - 0.09, "{reason:?}");
        assert_eq!(after.lowered_because.as_deref(), Some(words));
        assert!(after.reasons(9).contains(&words));
        assert_eq!(fit(&person, &other, now()).lowered, 0.0, "{reason:?}");
        let later = fit(&person, &checksum(), now() + TimeDelta::days(90));
        assert!((later.lowered * 2.0 - after.lowered).abs() < 1e-9);
    }
    let person = Person { dismissed: vec![dismissal(DismissalReason::TooHard); 30], ..ines() };
    assert_eq!(fit(&person, &checksum(), now()).lowered, 0.4);
}

fn people() -> impl Strategy<Value = Person> {
    let names = || proptest::sample::select(vec!["databases", "error handling", "Rust", "Go"]);
    let counts =
        || proptest::collection::btree_map(names().prop_map(str::to_owned), -2_i64..50, 0..4);
    let some = |of: std::ops::Range<f64>| proptest::option::of(of);
    (
        counts(),
        counts(),
        -1_i64..80,
        proptest::collection::vec(0.0..10.0, 0..7),
        some(0.0..10.0),
        some(0.0..40.0),
        proptest::option::of(proptest::sample::select(DismissalReason::ALL.to_vec())),
        proptest::collection::vec(names(), 0..3),
        proptest::option::weighted(0.2, names()),
    )
        .prop_map(
            |(
                skills,
                languages,
                merged,
                recent_complexities,
                max_complexity,
                hours_a_week,
                dismissed,
                interests,
                excluded,
            )| Person {
                skills,
                languages,
                merged,
                recent_complexities,
                max_complexity,
                hours_a_week,
                dismissed: dismissed.map(dismissal).into_iter().collect(),
                interests: interests.into_iter().map(str::to_owned).collect(),
                excluded: excluded.map(str::to_owned).into_iter().collect(),
                ..Person::default()
            },
        )
}

/// Returns the fit of an issue among many; `None` if the person set a limit that it does not meet, or it fits less than `least`.
fn at_a_glance(person: &Person, opportunity: &Opportunity, least: f64) -> Option<f64> {
    let mut dictionary = Dictionary::default();
    let compact = Compact::of(opportunity, &mut dictionary);
    PreparedPerson::of(person, &dictionary, now()).fit(&compact, least)
}

proptest! {
    #[test]
    fn every_number_is_within_its_limits(person in people(), complexity in 0.0..10.0, hours in 0.0..40.0, least in 0.0..1.0) {
        let opportunity = Opportunity { complexity, hours: (hours, hours * 1.5), ..checksum() };
        let found = fit(&person, &opportunity, now());
        prop_assert!((0.0..=1.0).contains(&found.total));
        let total = refusal(&person, &opportunity).is_none().then_some(found.total);
        prop_assert_eq!(at_a_glance(&person, &opportunity, 0.0), total);
        prop_assert_eq!(at_a_glance(&person, &opportunity, least), total.filter(|own| *own >= least));
        let sum: f64 = found.parts.iter().map(|part| part.value * part.weight).sum();
        prop_assert_eq!(found.total, (sum - found.lowered).clamp(0.0, 1.0));
        for part in &found.parts {
            prop_assert!((0.0..=1.0).contains(&part.value));
            prop_assert!(part.is_known || part.value == 0.5);
            prop_assert!(!part.evidence.is_empty());
        }
    }

    #[test]
    fn more_merges_never_lower_the_fit(person in people(), more in 1_i64..9) {
        let before = fit(&person, &checksum(), now()).total;
        let mut after = person;
        *after.skills.entry("databases".to_owned()).or_default() += more;
        // A skill that was unknown counts half, and less than one that is known.
        prop_assert!(fit(&after, &checksum(), now()).total >= before);
    }
}
