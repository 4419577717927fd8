//! The table of state changes, and the state derived from GitHub's facts.

use super::*;
use review::{PullEnd, ReviewChange, ReviewFact, ReviewState, Reviewer, derive};

use ReviewChange::{Approved, ChangesRequested, Commented, Dismissed};

#[test]
fn people_change_the_state_by_the_table() {
    use State::{Approved, ChangesRequested, Closed, Merged, Open, UnderReview};
    let allowed = [
        (Open, UnderReview),
        (Open, Closed),
        (UnderReview, Open),
        (UnderReview, ChangesRequested),
        (UnderReview, Approved),
        (UnderReview, Closed),
        (ChangesRequested, Open),
        (ChangesRequested, UnderReview),
        (ChangesRequested, Closed),
        (Approved, ChangesRequested),
        (Approved, Merged),
        (Approved, Closed),
        (Closed, Open),
    ];
    for from in State::ALL {
        for to in State::ALL {
            let expected = from == to || allowed.contains(&(from, to));
            assert_eq!(from.may_become(to), expected, "{from:?} to {to:?}");
        }
    }
}

/// Returns the n-th review, an hour after the previous one.
fn review(place: i64, reviewer: i64, change: ReviewChange) -> ReviewFact {
    ReviewFact {
        reviewer: Reviewer::Github(reviewer),
        change,
        submitted_at: hour(place),
        id: place.unsigned_abs().into(),
        counts: true,
    }
}

const OPEN: PullEnd = ended(None, None);

const fn ended(merged_at: Option<Timestamp>, closed_at: Option<Timestamp>) -> PullEnd {
    PullEnd { merged_at, closed_at, reopened_at: None }
}

fn hour(place: i64) -> Timestamp {
    at("2026-05-01T00:00:00Z") + chrono::Duration::hours(place)
}

fn reviewed(said: &[(i64, ReviewChange)]) -> ReviewState {
    let reviews: Vec<ReviewFact> =
        (1..).zip(said).map(|(place, (who, state))| review(place, *who, *state)).collect();
    derive(OPEN, &reviews)
}

#[test]
fn the_majority_of_latest_votes_decides() {
    let cases: [(&[(i64, ReviewChange)], State); 11] = [
        (&[], State::Open),
        (&[(1, Commented)], State::UnderReview),
        (&[(1, Approved)], State::Approved),
        (&[(1, ChangesRequested)], State::ChangesRequested),
        (&[(1, ChangesRequested), (1, Approved)], State::Approved),
        (&[(1, Approved), (1, Commented)], State::Approved),
        (&[(1, Approved), (2, ChangesRequested)], State::ChangesRequested),
        (&[(1, Approved), (2, ChangesRequested), (3, Approved)], State::Approved),
        (&[(1, Dismissed)], State::UnderReview),
        (&[(1, Approved), (1, Dismissed)], State::UnderReview),
        (&[(1, Approved), (2, Dismissed)], State::Approved),
    ];
    for (said, state) in cases {
        assert_eq!(reviewed(said).state, state, "{said:?}");
    }
}

#[test]
fn merged_wins_over_closed_and_closed_over_reviews() {
    let reviews = [review(1, 1, ChangesRequested)];
    let now = Some(hour(9));
    assert_eq!(derive(ended(now, now), &reviews).state, State::Merged);
    assert_eq!(derive(ended(None, now), &reviews).state, State::Closed);
    assert_eq!(derive(OPEN, &reviews).state, State::ChangesRequested);
}

#[test]
fn times_are_those_of_the_reviews() {
    let said = reviewed(&[
        (1, Commented),
        (1, Approved),
        (2, ChangesRequested),
        (3, Approved),
        (4, Approved),
    ]);
    assert_eq!((said.reviewed_at, said.approved_at), (Some(hour(1)), Some(hour(4))));
    let refused = reviewed(&[(1, Approved), (2, ChangesRequested)]);
    assert_eq!(refused.approved_at, None);
}

#[test]
fn only_maintainers_reviews_count_and_the_order_of_arrival_does_not_matter() {
    let mut stranger = review(1, 9, Approved);
    stranger.counts = false;
    assert_eq!(derive(OPEN, std::slice::from_ref(&stranger)).state, State::Open);
    let mut reviews = vec![stranger, review(2, 1, ChangesRequested), review(3, 1, Approved)];
    let forward = derive(OPEN, &reviews);
    reviews.reverse();
    assert_eq!(derive(OPEN, &reviews), forward);
}

#[test]
fn reviews_at_the_same_second_are_ordered_by_github_id() {
    let mut first = review(1, 1, Approved);
    let second = review(2, 1, ChangesRequested);
    first.submitted_at = second.submitted_at;
    assert_eq!(derive(OPEN, &[second, first]).state, State::ChangesRequested);
}
