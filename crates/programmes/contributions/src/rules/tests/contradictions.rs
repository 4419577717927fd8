//! Statements of one second that contradict each other.

use github::{
    model::{Facts, History, RepositoryId, Review, Version},
    rules::fold::fold,
};
use proptest::{collection::vec, prelude::*, sample::select};

use super::*;
use crate::rules::assemble::assemble;

const AUTHOR: i64 = 7;
const OTHER: i64 = 8;

fn second(second: i64) -> Timestamp {
    at("2026-05-01T12:00:00Z") + chrono::TimeDelta::seconds(second)
}

fn version(at: Timestamp, facts: Facts) -> Version {
    let json = serde_json::to_string(&facts).expect("JSON");
    Version { instant: at, digest: json.into_bytes(), facts }
}

/// Returns the statement that opened the pull request.
fn opened() -> Version {
    let facts = Facts {
        title: Some("Teach the parser to count".to_owned()),
        closed: Some(false),
        draft: Some(false),
        labels: Some(Vec::new()),
        author_id: Some(AUTHOR),
        author_is_bot: Some(false),
        created_at: Some(second(0)),
        additions: Some(120),
        deletions: Some(4),
        ..Facts::default()
    };
    version(second(0), facts)
}

fn history(versions: &[Version], reviews: Vec<Review>) -> History {
    History {
        id: PullRequestId::new(Uuid::from_u128(1)),
        github_id: 1,
        repository_id: RepositoryId::new(Uuid::from_u128(2)),
        number: 1,
        author: None,
        versions: versions.to_vec(),
        reviews,
        files: None,
        patch: None,
    }
}

fn scored(versions: &[Version], reviews: Vec<Review>, rules: &Arc<VersionedRules>) -> PullFacts {
    let present = fold(versions, None).expect("facts");
    assemble(&history(versions, reviews), &present, rules, false, &Reviews::default()).0
}

/// Returns the points of the pull request with these statements.
fn earned(versions: &[Version], rules: &Arc<VersionedRules>) -> Points {
    let pull = PullWithRules {
        facts: scored(versions, Vec::new(), rules),
        rules: Arc::clone(rules),
        openings_24h: 1,
        archived_at: None,
        inactive_since: None,
        frequency_rules: Arc::clone(rules),
    };
    let window = Window { month: may(), rules: Arc::clone(rules), pulls: vec![pull] };
    points_of(&window).iter().map(|(_, _, points)| points).sum()
}

fn merged(facts: Facts) -> Facts {
    Facts {
        closed: Some(true),
        closed_at: Some(second(60)),
        merged_at: Some(second(60)),
        merged_by_id: facts.merged_by_id.or(Some(OTHER)),
        ..facts
    }
}

fn labeled(labels: &[&str]) -> Facts {
    let labels = labels.iter().map(|&label| label.to_owned()).collect();
    merged(Facts { labels: Some(labels), ..Facts::default() })
}

#[test]
fn spam_in_one_of_two_statements_costs_nothing() {
    let rules = defaults();
    let spam = version(second(60), labeled(&["spam"]));
    let fine = version(second(60), labeled(&[]));
    let best = earned(&[opened(), fine.clone()], &rules);
    assert_eq!(earned(&[opened(), spam.clone()], &rules), -20);
    assert_eq!(earned(&[opened(), spam.clone(), fine.clone()], &rules), best);
    assert_eq!(earned(&[fine, opened(), spam], &rules), best);
}

fn statement() -> impl Strategy<Value = Facts> {
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    let titles = words(&["Fix typo", "feat: Search", "docs: Start", "Whitespace"]);
    let labels = words(&["spam", "type/docs", "type: feature", "bug"]);
    (
        select(titles),
        vec(select(labels), 0..3),
        select(vec![(2, 3), (120, 4), (1_200, 0)]),
        select(vec![AUTHOR, OTHER]),
        any::<bool>(),
    )
        .prop_map(|(title, labels, (additions, deletions), by, is_bot)| {
            merged(Facts {
                title: Some(title),
                labels: Some(labels),
                additions: Some(additions),
                deletions: Some(deletions),
                merged_by_id: Some(by),
                author_is_bot: Some(is_bot),
                ..Facts::default()
            })
        })
}

proptest! {
    #[test]
    fn the_outcome_is_never_worse_than_with_one_of_them(
        one in statement(),
        other in statement(),
        feature in select(vec!["0.5", "1", "2"]),
    ) {
        let types = format!(r#"{{"types": {{"feature": {feature}, "docs": 1.5}}}}"#);
        let rules = rules(1, &types);
        let (one, other) = (version(second(60), one), version(second(60), other));
        let both = earned(&[opened(), one.clone(), other.clone()], &rules);
        prop_assert_eq!(both, earned(&[other.clone(), opened(), one.clone(), other.clone()], &rules));
        for alone in [one, other] {
            prop_assert!(both >= earned(&[opened(), alone], &rules));
        }
    }
}

fn review(reviewer: Option<i64>, change: impl FnOnce(&mut Review)) -> Vec<Review> {
    let mut review = Review {
        github_id: 9,
        pull_request_id: Uuid::from_u128(1),
        reviewer_github_id: reviewer,
        state: "approved".to_owned(),
        submitted_at: second(30),
        author_association: Some("MEMBER".to_owned()),
        reviewer_is_bot: Some(false),
        dismissed_at: None,
    };
    change(&mut review);
    vec![review]
}

#[test]
fn a_review_by_another_person_counts_until_it_is_dismissed() {
    let days = |days| second(60) + chrono::TimeDelta::days(days);
    let own_merge =
        version(second(60), merged(Facts { merged_by_id: Some(AUTHOR), ..Facts::default() }));
    let is_self_merged = |reviews| {
        let versions = [opened(), own_merge.clone()];
        scored(&versions, reviews, &defaults()).self_merged
    };
    assert!(is_self_merged(Vec::new()));
    for (reviewer, expected) in [
        (Some(OTHER), false),
        (Some(AUTHOR), true),
        (Some(github::rules::account::GHOST), true),
        (None, true),
    ] {
        assert_eq!(is_self_merged(review(reviewer, |_| ())), expected, "{reviewer:?}");
    }
    let of_another = |change: fn(&mut Review)| review(Some(OTHER), change);
    assert!(is_self_merged(of_another(|review| review.reviewer_is_bot = Some(true))));
    assert!(!is_self_merged(of_another(|review| review.reviewer_is_bot = None)));
    for (dismissed, submitted, expected) in [
        (Some(days(7)), second(30), true),
        (Some(days(8)), second(30), false),
        (None, days(7), false),
        (None, days(8), true),
    ] {
        let reviews = review(Some(OTHER), |review| {
            review.submitted_at = submitted;
            if let Some(at) = dismissed {
                (review.state, review.dismissed_at) = ("dismissed".to_owned(), Some(at));
            }
        });
        assert_eq!(is_self_merged(reviews), expected, "{dismissed:?} {submitted}");
    }
}

#[test]
fn requests_to_merge_say_who_decided() {
    use RequestedMerge::{Another, AutoMerge, Queue};
    use github::model::MergeRequest::{By, Withdrawn};
    let cases = [
        (None, None, None),
        (Some(By(AUTHOR)), None, Some(AutoMerge)),
        (None, Some(By(AUTHOR)), Some(Queue)),
        (Some(By(OTHER)), Some(By(AUTHOR)), Some(Another)),
        (Some(Withdrawn), Some(By(AUTHOR)), Some(Queue)),
        (Some(Withdrawn), Some(Withdrawn), None),
    ];
    for (auto_merge, merge_queue, expected) in cases {
        let request = Facts { auto_merge, merge_queue, closed: Some(false), ..Facts::default() };
        let versions = [
            opened(),
            version(second(30), request.clone()),
            version(second(60), merged(Facts::default())),
        ];
        let facts = scored(&versions, Vec::new(), &defaults());
        assert_eq!(facts.requested_merge, expected, "{request:?}");
        let reviewed = scored(&versions, review(Some(OTHER), |_| ()), &defaults());
        assert_eq!(reviewed.requested_merge, None, "{request:?}");
        let open = scored(&versions[..2], Vec::new(), &defaults());
        assert_eq!(open.requested_merge, None, "{request:?}");
    }
}

#[test]
fn a_reviewer_that_the_rules_name_as_a_bot_does_not_count() {
    let own_merge =
        version(second(60), merged(Facts { merged_by_id: Some(AUTHOR), ..Facts::default() }));
    let versions = [opened(), own_merge];
    let present = fold(&versions, None).expect("facts");
    let history = history(&versions, review(Some(OTHER), |_| ()));
    for (bots, expected) in [(vec![], false), (vec![OTHER], true), (vec![AUTHOR], false)] {
        let reviews = Reviews { bots: bots.iter().copied().collect(), ..Reviews::default() };
        let (facts, _) = assemble(&history, &present, &defaults(), false, &reviews);
        assert_eq!(facts.self_merged, expected, "{bots:?}");
    }
}
