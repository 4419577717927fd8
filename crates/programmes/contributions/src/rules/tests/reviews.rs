//! Reviews: who may give which, the state that they lead to, ratings, marks, and deadlines.

use github::model::{Facts, Version};
use identity::model::UserId;
use proptest::{collection::vec, prelude::*, sample::select};

use super::*;
use crate::model::{ReviewAction, ReviewAction::*, ReviewVerdict};
use review::{
    Deadlines, IdleDays, LONGEST_COMMENT, OwnReview, PullEnd, ReviewChange, ReviewFact, ReviewMark,
    ReviewRequest, ReviewState, ReviewWords, Reviewer, derive, has_new_commits, is_marked, permit,
    ratings, reopened_at, typed_days,
};

type ReviewStep = (u128, ReviewAction);

fn hour(place: i64) -> Timestamp {
    at("2026-05-01T00:00:00Z") + chrono::Duration::hours(place)
}

fn someone(number: u128) -> UserId {
    UserId::new(Uuid::from_u128(number))
}

/// Returns the n-th review, an hour after the previous one.
fn own(place: i64, reviewer: u128, action: ReviewAction) -> OwnReview {
    OwnReview {
        id: Uuid::from_u128(place.unsigned_abs().into()),
        reviewer: someone(reviewer),
        action,
        rating: None,
        decision: (action == Overrode).then_some(ReviewVerdict::Approved),
        is_automatic: false,
        at: hour(place),
    }
}

fn review_state(given: &[(u128, ReviewAction)]) -> ReviewState {
    let reviews: Vec<ReviewFact> =
        (1..).zip(given).map(|(place, (who, action))| own(place, *who, *action).fact()).collect();
    derive(PullEnd::default(), &reviews)
}

#[test]
fn reviews_lead_to_a_state() {
    use State::{Approved as A, ChangesRequested as C, Closed, Open as O, UnderReview as U};
    let cases: [(&[ReviewStep], State); 18] = [
        (&[(1, Started)], U),
        (&[(1, Started), (1, Approved)], A),
        (&[(1, Started), (1, RequestedChanges)], C),
        (&[(1, RequestedChanges), (1, Started)], U),
        (&[(1, Approved), (2, Started)], A),
        (&[(1, Started), (1, Released)], O),
        (&[(1, Started), (2, Started), (1, Released)], U),
        (&[(1, Started), (1, RequestedChanges), (1, Released)], O),
        (&[(1, RequestedChanges), (2, Started), (2, Released)], C),
        (&[(1, Approved), (2, Started), (3, Started), (2, Released)], A),
        (&[(1, Approved), (2, RequestedChanges)], C),
        (&[(1, Approved), (2, RequestedChanges), (3, Approved)], A),
        (&[(1, Approved), (2, RequestedChanges), (3, Overrode)], A),
        (&[(1, Approved), (2, RequestedChanges), (3, Overrode), (2, RequestedChanges)], C),
        (&[(1, Approved), (2, Rejected)], Closed),
        (&[(1, Approved), (2, Rejected), (3, Approved)], Closed),
        (&[(1, Approved), (2, Rejected), (3, Released)], O),
        (&[(1, Commented), (1, Rated), (1, MarkedSpam)], O),
    ];
    for (given, state) in cases {
        assert_eq!(review_state(given).state, state, "{given:?}");
    }
}

#[test]
fn an_idle_review_is_released_without_its_votes() {
    let released = |given: &[(u128, ReviewAction)]| {
        let mut reviews: Vec<OwnReview> =
            (1..).zip(given).map(|(place, (who, action))| own(place, *who, *action)).collect();
        let mut last = own(90, 1, Released);
        last.is_automatic = true;
        reviews.push(last);
        let facts: Vec<_> = reviews.iter().map(OwnReview::fact).collect();
        derive(PullEnd::default(), &facts)
    };
    let idle = released(&[(1, Started)]);
    assert_eq!((idle.state, idle.under_review.len()), (State::Open, 0));
    let idle = released(&[(1, RequestedChanges), (1, Started)]);
    assert_eq!((idle.state, idle.votes.len()), (State::ChangesRequested, 1));
}

#[test]
fn a_person_has_one_vote_here_and_on_github() {
    let on_github = |place: i64, reviewer, change| ReviewFact {
        reviewer,
        change,
        submitted_at: hour(place),
        id: place.unsigned_abs().into(),
        counts: true,
    };
    let me = Reviewer::Person(someone(1));
    let reviews = [on_github(1, me, ReviewChange::Approved), own(2, 1, RequestedChanges).fact()];
    let same = derive(PullEnd::default(), &reviews);
    assert_eq!((same.state, same.has_conflict()), (State::ChangesRequested, false));
    let reviews = [
        on_github(1, Reviewer::Github(7), ReviewChange::Approved),
        own(2, 1, RequestedChanges).fact(),
    ];
    let other = derive(PullEnd::default(), &reviews);
    assert_eq!((other.state, other.has_conflict()), (State::ChangesRequested, true));
}

#[test]
fn github_reopens_what_was_rejected_here() {
    let rejected = [own(1, 1, Approved).fact(), own(2, 1, Rejected).fact()];
    let reopened = |place| PullEnd { reopened_at: Some(hour(place)), ..PullEnd::default() };
    assert_eq!(derive(reopened(1), &rejected).state, State::Closed, "before");
    assert_eq!(derive(reopened(3), &rejected).state, State::Open, "after");
    let merged = PullEnd { merged_at: Some(hour(9)), ..PullEnd::default() };
    assert_eq!(derive(merged, &rejected).state, State::Merged);
}

/// Returns the words of a refusal, or `None` if the action is permitted.
fn refusal(asked: &ReviewRequest<'_>) -> Option<String> {
    permit(asked, hour(1_000)).err().map(|problem| problem.detail)
}

fn asked(review_state: &ReviewState, action: ReviewAction) -> ReviewRequest<'_> {
    ReviewRequest {
        action,
        by: Reviewer::Person(someone(1)),
        review_state,
        ended: PullEnd::default(),
        is_spam: false,
        is_low_value: false,
        closes_at: None,
    }
}

#[test]
fn the_state_permits_actions_by_the_table() {
    let states: [(&[ReviewStep], &[ReviewAction]); 9] = [
        (&[], &[Started, Rejected]),
        (&[(1, Started)], &[Started, RequestedChanges, Approved, Rejected, Released]),
        (&[(2, Started)], &[Started, RequestedChanges, Approved, Rejected]),
        (&[(1, RequestedChanges)], &[Started, RequestedChanges, Rejected, Released]),
        (&[(2, RequestedChanges)], &[Started, RequestedChanges, Rejected]),
        // A person whose own review is in progress decides, whatever others decided.
        (
            &[(1, Started), (2, RequestedChanges)],
            &[Started, RequestedChanges, Approved, Rejected, Released],
        ),
        (&[(2, Approved)], &[RequestedChanges, Approved, Rejected]),
        (&[(2, Approved), (3, RequestedChanges)], &[Started, RequestedChanges, Rejected, Overrode]),
        (&[(2, Rejected)], &[Rejected, Released]),
    ];
    let moves = [Started, RequestedChanges, Approved, Rejected, Released, Overrode];
    for (given, permitted) in states {
        let review_state = review_state(given);
        for action in moves {
            let refused = refusal(&asked(&review_state, action));
            assert_eq!(
                refused.is_none(),
                permitted.contains(&action),
                "{action:?} after {given:?}: {refused:?}"
            );
        }
        for action in [Commented, Rated, MarkedSpam] {
            assert_eq!(refusal(&asked(&review_state, action)), None, "{given:?}");
        }
    }
}

#[test]
fn refusals_name_the_present_state_and_the_next_step() {
    let open = review_state(&[]);
    let says = |review_state: &ReviewState, action| {
        refusal(&asked(review_state, action)).expect("refused")
    };
    assert_eq!(says(&open, Approved), "It is open. Start a review first.");
    let approved = review_state(&[(2, Approved)]);
    assert_eq!(says(&approved, Started), "It is approved. Request changes, or approve it too.");
    let rejected = review_state(&[(2, Rejected)]);
    assert_eq!(says(&rejected, Started), "It is closed. Reopen it first.");
    let other = review_state(&[(2, Started)]);
    assert!(says(&other, Released).contains("no review of it to give back"));
    assert!(says(&other, Overrode).contains("no reviews contradict each other"));
    assert!(says(&open, UnmarkedSpam).contains("No maintainer marked it"));
    let spam = ReviewRequest { is_spam: true, ..asked(&open, MarkedSpam) };
    assert!(refusal(&spam).is_some_and(|words| words.contains("already marked")));
    let low = ReviewRequest { is_low_value: true, ..asked(&open, MarkedLowValue) };
    assert!(refusal(&low).is_some_and(|words| words.contains("already marked as low")));
    assert_eq!(refusal(&ReviewRequest { action: UnmarkedLowValue, ..low }), None);
}

#[test]
fn what_github_ended_can_be_rated_until_its_facts_close() {
    let merged = PullEnd { merged_at: Some(hour(900)), ..PullEnd::default() };
    let closed = PullEnd { closed_at: Some(hour(900)), ..PullEnd::default() };
    let review_state = review_state(&[(1, Started)]);
    for (ended, words) in [(merged, "merged, which is final"), (closed, "closed on GitHub")] {
        for action in [Started, Approved, RequestedChanges, Rejected, Released, Overrode] {
            let asked = ReviewRequest {
                ended,
                closes_at: Some(hour(1_000)),
                ..asked(&review_state, action)
            };
            let refused = refusal(&asked).expect("refused");
            assert!(refused.contains(words), "{action:?}: {refused}");
        }
        for action in [Commented, Rated, MarkedSpam] {
            let in_time = ReviewRequest {
                ended,
                closes_at: Some(hour(1_000)),
                ..asked(&review_state, action)
            };
            assert_eq!(refusal(&in_time), None, "{action:?}");
            let late = ReviewRequest { closes_at: Some(hour(999)), ..in_time };
            assert!(refusal(&late).is_some_and(|words| words.contains("facts are final")));
        }
    }
}

fn rated(place: i64, reviewer: u128, rating: u8) -> OwnReview {
    OwnReview { rating: Some(rating), ..own(place, reviewer, Rated) }
}

#[test]
fn each_reviewers_latest_rating_counts_until_the_closing() {
    let given = [rated(1, 1, 5), rated(2, 2, 4), rated(3, 1, 2), rated(9, 3, 1)];
    assert_eq!(ratings(&given, None), [1, 2, 4]);
    assert_eq!(ratings(&given, Some(hour(3))), [2, 4]);
    assert_eq!(ratings(&given, Some(hour(2))), [4, 5]);
    let median = |ratings: Vec<u8>| PullFacts { ratings, ..facts(1) }.median_rating();
    assert_eq!(median(ratings(&given, Some(hour(2)))), Some(4), "the lower one");
}

#[test]
fn the_latest_mark_counts_until_the_closing() {
    let given = [own(1, 1, MarkedSpam), own(2, 2, UnmarkedSpam), own(3, 1, MarkedSpam)];
    let marked = [None, Some(hour(3)), Some(hour(2)), Some(hour(1)), Some(hour(0))];
    let marked = marked.map(|until| is_marked(&given, until, ReviewMark::Spam));
    assert_eq!(marked, [true, true, false, true, false]);
    let given = [own(1, 1, MarkedLowValue), own(2, 2, MarkedSpam), own(3, 1, UnmarkedSpam)];
    assert!(is_marked(&given, None, ReviewMark::LowValue), "each mark by itself");
    let given = [own(1, 1, MarkedLowValue), own(2, 2, UnmarkedLowValue)];
    assert!(!is_marked(&given, None, ReviewMark::LowValue));
}

fn stated(place: i64, closed: Option<bool>, head: Option<&str>) -> Version {
    Version {
        instant: hour(place),
        digest: vec![0],
        facts: Facts { closed, head_sha: head.map(str::to_owned), ..Facts::default() },
    }
}

#[test]
fn commits_after_an_approval_are_noticed() {
    let versions = [stated(3, None, Some("b")), stated(1, None, Some("a")), stated(4, None, None)];
    for (since, is_new) in [(0, false), (1, true), (2, true), (3, false), (9, false)] {
        assert_eq!(has_new_commits(&versions, hour(since)), is_new, "{since}");
    }
}

#[test]
fn a_pull_request_is_reopened_by_the_first_statement_after_the_last_closing() {
    let versions = [
        stated(4, Some(false), None),
        stated(1, Some(false), None),
        stated(3, Some(true), None),
        stated(5, Some(false), None),
    ];
    assert_eq!(reopened_at(&versions), Some(hour(4)));
    assert_eq!(reopened_at(&versions[1..3]), None, "closed");
    assert_eq!(reopened_at(&versions[1..2]), None, "never closed");
}

#[test]
fn deadlines_follow_from_activity_and_reviews_in_progress() {
    let days = IdleDays::checked(10, 20).expect("valid");
    let idle = Deadlines::of(hour(0), &ReviewState::default(), days);
    assert_eq!((idle.stale_at, idle.abandoned_at), (hour(240), hour(480)));
    assert_eq!(idle.due_at, idle.abandoned_at);
    let reviewed = review_state(&[(1, Started), (2, Started)]);
    assert_eq!(Deadlines::of(hour(0), &reviewed, days).due_at, hour(14 * 24 + 1));
    let active = review_state(&[(1, Started), (1, Commented)]);
    assert_eq!(Deadlines::of(hour(0), &active, days).due_at, hour(14 * 24 + 2));
    for (stale, abandoned, field) in
        [(0, 20, "stale_days"), (10, 731, "abandoned_days"), (10, 10, "abandoned_days")]
    {
        let problem = IdleDays::checked(stale, abandoned).expect_err("invalid");
        assert_eq!(problem.field, Some(field));
    }
    assert_eq!(typed_days("stale_days", " 30 "), Ok(30));
    for (typed, words) in [
        ("", "Enter a number of days from 1 to 730."),
        ("abc", "'abc' is not a number of days. Enter one from 1 to 730."),
    ] {
        let problem = typed_days("stale_days", typed).expect_err(words);
        assert_eq!((problem.field, &*problem.detail), (Some("stale_days"), words));
    }
}

#[test]
fn some_actions_need_words() {
    let words = |public: &str, internal: &str| ReviewWords {
        public_comment: Some(public.to_owned()),
        internal_comment: Some(internal.to_owned()),
    };
    for action in ReviewAction::ALL {
        let is_optional = matches!(action, Started | Approved | Released | Rated);
        let blank = words("  ", "").checked(action);
        assert_eq!(blank.is_ok(), is_optional, "{action:?}");
        let internal = words("", "x").checked(action);
        assert_eq!(internal.is_ok(), is_optional || action == Commented, "{action:?}");
        assert!(words("x", "").checked(action).is_ok(), "{action:?}");
    }
    let long = words("", &"x".repeat(LONGEST_COMMENT + 1)).checked(Commented);
    assert_eq!(long.expect_err("too long").field, Some("internal_comment"));
    let kept = words(" a\r\nb ", " ").checked(Commented).expect("valid");
    assert_eq!(kept.public_comment.as_deref(), Some("a\nb"));
    assert_eq!(kept.internal_comment, None);
}

proptest! {
    #[test]
    fn the_order_of_arrival_does_not_matter(
        given in vec((1_u128..4, select(&ReviewAction::ALL[..]), 1_i64..6, 0_u8..6), 0..9),
        seed in any::<u64>(),
    ) {
        let reviews: Vec<OwnReview> = (1..)
            .zip(&given)
            .map(|(id, (who, action, place, rating))| OwnReview {
                id: Uuid::from_u128(id),
                rating: (*rating > 0).then_some(*rating),
                ..own(*place, *who, *action)
            })
            .collect();
        let mut shuffled = reviews.clone();
        shuffled.sort_by_key(|review| review.id.as_u128().wrapping_mul(u128::from(seed) | 1));
        let all = |reviews: &[OwnReview]| {
            let facts: Vec<_> = reviews.iter().map(OwnReview::fact).collect();
            (
                derive(PullEnd::default(), &facts),
                ratings(reviews, None),
                is_marked(reviews, None, ReviewMark::Spam),
            )
        };
        prop_assert_eq!(all(&shuffled), all(&reviews));
    }
}
