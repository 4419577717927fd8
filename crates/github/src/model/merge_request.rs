use serde::{Deserialize, Serialize};

/// A request that GitHub merges a pull request as soon as it may be merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MergeRequest {
    /// GitHub's ID of the person who requested it.
    By(i64),
    /// The request ended without a merge.
    Withdrawn,
}

impl MergeRequest {
    /// Returns GitHub's ID of the person, unless the request was withdrawn.
    #[must_use]
    pub fn by(self) -> Option<i64> {
        match self {
            Self::By(person) => Some(person),
            Self::Withdrawn => None,
        }
    }
}
