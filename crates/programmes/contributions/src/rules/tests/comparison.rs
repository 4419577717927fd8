//! Comparisons of two versions of the rules.

use std::collections::BTreeSet;

use identity::model::UserId;

use super::*;
use crate::rules::comparison::{Comparison, Earnings, LISTED, RankChange, compare, earnings};

fn id(number: u128) -> PullRequestId {
    PullRequestId::new(Uuid::from_u128(number))
}

fn user(number: u128) -> UserId {
    UserId::new(Uuid::from_u128(number))
}

/// Compares people with a pull request each: their points before and after.
fn compared(points: &[(Points, Points)], unlisted: &[u128]) -> Comparison {
    let (mut before, mut after) = (Earnings::new(), Earnings::new());
    let mut pulls = Vec::new();
    for (number, (old, new)) in (1..).zip(points) {
        pulls.push((id(number), user(number)));
        // Pull requests that earn nothing are absent.
        before.extend((*old != 0).then_some((id(number), *old)));
        after.extend((*new != 0).then_some((id(number), *new)));
    }
    let unlisted: BTreeSet<UserId> = unlisted.iter().copied().map(user).collect();
    compare(&pulls, &before, &after, &unlisted)
}

fn ranks(comparison: &Comparison) -> Vec<(u128, Option<u32>, Option<u32>)> {
    let rank = |change: &RankChange| (change.user_id.0.as_u128(), change.before, change.after);
    comparison.ranks.iter().map(rank).collect()
}

#[test]
fn points_are_added_and_differences_are_listed_by_size() {
    let comparison = compared(&[(60, 60), (10, 40), (20, -20), (5, 15)], &[]);
    assert_eq!((comparison.before, comparison.after), (95, 95));
    assert_eq!(comparison.changed, 3);
    let listed = comparison.largest.iter();
    let listed: Vec<_> = listed.map(|pull| pull.after - pull.before).collect();
    assert_eq!(listed, [-40, 30, 10]);
}

#[test]
fn equal_points_share_a_rank_and_without_points_there_is_none() {
    type Case<'a> = (&'a [(Points, Points)], &'a [(u128, Option<u32>, Option<u32>)]);
    let cases: [Case<'_>; 5] = [
        (&[(10, 20), (5, 10)], &[]),
        (&[(10, 5), (5, 10)], &[(1, Some(1), Some(2)), (2, Some(2), Some(1))]),
        // 1, 2, 2, 4 before; the last one joins the first.
        (
            &[(9, 9), (5, 5), (5, 5), (1, 9)],
            &[(4, Some(4), Some(1)), (2, Some(2), Some(3)), (3, Some(2), Some(3))],
        ),
        (&[(10, 10), (0, 5)], &[(2, None, Some(2))]),
        (&[(10, 0), (5, 5)], &[(1, Some(1), None), (2, Some(2), Some(1))]),
    ];
    for (points, expected) in cases {
        assert_eq!(ranks(&compared(points, &[])), expected, "{points:?}");
    }
}

#[test]
fn gains_and_losses_are_counted() {
    let comparison = compared(&[(10, 1), (5, 5), (3, 3), (0, 2)], &[]);
    // The first one falls to the last rank, and the others move up.
    assert_eq!((comparison.gained, comparison.lost), (3, 1));
}

#[test]
fn unlisted_people_have_no_rank_but_their_points_count() {
    let comparison = compared(&[(50, 0), (10, 20), (20, 10)], &[1]);
    assert_eq!((comparison.before, comparison.after), (80, 30));
    assert_eq!(comparison.changed, 3);
    let expected = [(2, Some(2), Some(1)), (3, Some(1), Some(2))];
    assert_eq!(ranks(&comparison), expected);
}

#[test]
fn lists_are_bounded_and_counts_are_not() {
    let points: Vec<(Points, Points)> = (1..=60).map(|points| (points, 61 - points)).collect();
    let comparison = compared(&points, &[]);
    assert_eq!((comparison.largest.len(), comparison.ranks.len()), (LISTED, LISTED));
    assert_eq!(comparison.changed, 60);
    assert_eq!(comparison.gained + comparison.lost, 60);
}

#[test]
fn earnings_are_those_of_a_settlement_with_pending_points() {
    let rules = rules(1, r#"{"maturing_days": 14, "monthly_cap": 100}"#);
    let by = |facts: PullFacts| PullWithRules {
        rules: Arc::clone(&rules),
        frequency_rules: Arc::clone(&rules),
        ..pull(facts)
    };
    let spam = PullFacts { labels: vec!["spam".to_owned()], ..facts(3) };
    let window = Window {
        month: may(),
        rules: Arc::clone(&rules),
        pulls: vec![by(facts(1)), by(facts(2)), by(spam)],
    };
    let earned = earnings(&[window]);
    let points = |number: u128| earned.get(&id(number)).copied();
    // Two openings and the first merge leave 30 of the cap for the second merge.
    assert_eq!((points(1), points(2), points(3)), (Some(60), Some(40), Some(-20)));
}
