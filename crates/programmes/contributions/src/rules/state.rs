//! The life of a contribution. People move it by the table; GitHub's facts always win.

use std::collections::BTreeMap;

use kernel::Timestamp;
use serde::{Deserialize, Serialize};

/// State of a contribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// Waits for a maintainer.
    Open,
    /// A maintainer looks at it.
    UnderReview,
    /// The author has to act.
    ChangesRequested,
    /// Ready to be merged.
    Approved,
    /// Merged; nothing follows.
    Merged,
    /// Closed without a merge.
    Closed,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Open,
        Self::UnderReview,
        Self::ChangesRequested,
        Self::Approved,
        Self::Merged,
        Self::Closed,
    ];

    /// The stored code.
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

    /// The state with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// States to which a person may move it from here.
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

    /// Returns true when a person may move it from here to `to`. Staying is always allowed and does nothing.
    #[must_use]
    pub fn may_become(self, to: Self) -> bool {
        self == to || self.next().contains(&to)
    }
}

/// State of a review on GitHub.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewState {
    /// In favor.
    Approved,
    /// Against, as it is.
    ChangesRequested,
    /// Neither.
    Commented,
    /// Taken back: no vote any more, nor an older one of the same person.
    Dismissed,
}

/// A review on GitHub.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewFact {
    /// GitHub's id of the reviewer.
    pub reviewer: i64,
    /// Its state.
    pub state: ReviewState,
    /// GitHub's instant.
    pub submitted_at: Timestamp,
    /// GitHub's id of the review.
    pub github_id: i64,
    /// By a maintainer who is not the author.
    pub counts: bool,
}

/// State and instants of a contribution, derived from GitHub's facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Derived {
    /// The state.
    pub state: State,
    /// The first review that counts.
    pub reviewed_at: Option<Timestamp>,
    /// When approvals came to outnumber requests for changes; none when they do not.
    pub approved_at: Option<Timestamp>,
}

/// The state that GitHub's facts give, whatever state it was in and in whatever order they came:
/// merged, then closed, then the majority of each maintainer's latest vote. A tie means changes
/// requested; a comment is no vote and takes none back.
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

/// Reads reviews in order; remembers since when they approve.
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
