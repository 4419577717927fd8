//! The life cycle of a contribution. People change its state by the table; GitHub's facts take precedence.

use serde::{Deserialize, Serialize};

platform::codes! {
    #[derive(Hash, Serialize, Deserialize)]
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    State {
        /// Waiting for a maintainer.
        Open = "OPEN";
        /// Reviewed by a maintainer, without a decision.
        UnderReview = "UNDER_REVIEW";
        ChangesRequested = "CHANGES_REQUESTED";
        /// Ready to be merged.
        Approved = "APPROVED";
        /// Merged, which is final.
        Merged = "MERGED";
        /// Closed without a merge.
        Closed = "CLOSED";
    }
}

impl State {
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
