//! The life cycle of a contribution. People change its state by the table; GitHub's facts take precedence.

use std::collections::BTreeMap;

use kernel::Timestamp;
use serde::{Deserialize, Serialize};

/// The state of a contribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// Waiting for a maintainer.
    Open,
    /// Reviewed by a maintainer, without a decision.
    UnderReview,
    /// The author has to make changes.
    ChangesRequested,
    /// Ready to be merged.
    Approved,
    /// Merged, which is final.
    Merged,
    /// Closed without a merge.
    Closed,
}

impl State {
    /// All states.
    pub const ALL: [Self; 6] = [
        Self::Open,
        Self::UnderReview,
        Self::ChangesRequested,
        Self::Approved,
        Self::Merged,
        Self::Closed,
    ];

    /// Returns the stored code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "OPEN",
            Self::UnderReview => "UNDER_REVIEW",
            Self::ChangesRequested => "CHANGES_REQUESTED",
            Self::Approved => "APPROVED",
            Self::Merged => "MERGED",
            Self::Closed => "CLOSED",
        }
    }

    /// Returns the state with a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Returns the states that a person can change it to.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Open => &[Self::UnderReview, Self::Closed],
            Self::UnderReview => &[
                Self::Open,
                Self::ChangesRequested,
                Self::Approved,
                Self::Closed,
            ],
            Self::ChangesRequested => &[Self::Open, Self::UnderReview, Self::Closed],
            Self::Approved => &[Self::ChangesRequested, Self::Merged, Self::Closed],
            Self::Merged => &[],
            Self::Closed => &[Self::Open],
        }
    }

    /// Returns whether a person can change it to `to`. Staying in the same state is always allowed.
    #[must_use]
    pub fn may_become(self, to: Self) -> bool {
        self == to || self.next().contains(&to)
    }
}

/// The state of a review on GitHub.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewState {
    /// A vote for the pull request.
    Approved,
    /// A vote against the pull request as it is.
    ChangesRequested,
    /// No vote.
    Commented,
    /// A withdrawn review, which also withdraws earlier votes of the same person.
    Dismissed,
}

/// A review on GitHub.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewFact {
    /// GitHub's ID of the reviewer.
    pub reviewer: i64,
    /// The state.
    pub state: ReviewState,
    /// When it was submitted on GitHub.
    pub submitted_at: Timestamp,
    /// GitHub's ID of the review.
    pub github_id: i64,
    /// True for a review by a maintainer who is not the author.
    pub counts: bool,
}

/// The state and times of a contribution, derived from GitHub's facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Derived {
    /// The state.
    pub state: State,
    /// When the first review that counts was submitted.
    pub reviewed_at: Option<Timestamp>,
    /// When approvals came to outnumber requests for changes; absent if they do not.
    pub approved_at: Option<Timestamp>,
}

/// Derives the state from GitHub's facts, whatever the previous state and the order of arrival: merged,
/// then closed, then the majority of each maintainer's latest vote. A tie means changes requested. A
/// comment is not a vote and withdraws none.
#[must_use]
pub fn derive(
    merged_at: Option<Timestamp>,
    closed_at: Option<Timestamp>,
    reviews: &[ReviewFact],
) -> Derived {
    let mut counted: Vec<&ReviewFact> = reviews.iter().filter(|review| review.counts).collect();
    counted.sort_by_key(|review| (review.submitted_at, review.github_id));
    let reviewed = reviewed_state(&counted);
    let state = if merged_at.is_some() {
        State::Merged
    } else if closed_at.is_some() {
        State::Closed
    } else {
        reviewed.0
    };
    Derived {
        state,
        reviewed_at: counted.first().map(|review| review.submitted_at),
        approved_at: reviewed.1,
    }
}

/// Applies reviews in order; returns the state, and since when they approve.
fn reviewed_state(reviews: &[&ReviewFact]) -> (State, Option<Timestamp>) {
    let mut votes: BTreeMap<i64, i32> = BTreeMap::new();
    let (mut state, mut approved_at) = (State::Open, None);
    for review in reviews {
        match review.state {
            ReviewState::Approved => _ = votes.insert(review.reviewer, 1),
            ReviewState::ChangesRequested => _ = votes.insert(review.reviewer, -1),
            ReviewState::Dismissed => _ = votes.remove(&review.reviewer),
            ReviewState::Commented => {}
        }
        state = counted_votes(&votes);
        approved_at = match state {
            State::Approved => approved_at.or(Some(review.submitted_at)),
            _ => None,
        };
    }
    (state, approved_at)
}

fn counted_votes(votes: &BTreeMap<i64, i32>) -> State {
    match votes.values().sum::<i32>() {
        _ if votes.is_empty() => State::UnderReview,
        majority if majority > 0 => State::Approved,
        _ => State::ChangesRequested,
    }
}
