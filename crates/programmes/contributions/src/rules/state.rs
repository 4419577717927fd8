//! The life cycle of a contribution. People change its state by the table; GitHub's facts take precedence.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// Waiting for a maintainer.
    Open,
    /// Reviewed by a maintainer, without a decision.
    UnderReview,
    ChangesRequested,
    /// Ready to be merged.
    Approved,
    /// Merged, which is final.
    Merged,
    /// Closed without a merge.
    Closed,
}

impl State {
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

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Returns the state in words, to end the sentence "It is …".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::UnderReview => "under review",
            Self::ChangesRequested => "waiting for changes",
            Self::Approved => "approved",
            Self::Merged => "merged",
            Self::Closed => "closed",
        }
    }

    /// Returns what happens next with it, for its author; empty when nothing does.
    #[must_use]
    pub fn next_step(self) -> &'static str {
        match self {
            Self::Open => "Waiting for a maintainer’s review.",
            Self::UnderReview => "A maintainer is reviewing it.",
            Self::ChangesRequested => "Your turn: make the requested changes and push them.",
            Self::Approved => "Waiting for a maintainer to merge it.",
            Self::Merged | Self::Closed => "",
        }
    }

    /// Returns the states that a person can change it to.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Open => &[Self::UnderReview, Self::Closed],
            Self::UnderReview => {
                &[Self::Open, Self::ChangesRequested, Self::Approved, Self::Closed]
            }
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
