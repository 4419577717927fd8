use std::fmt;

use identity::model::UserId;
use kernel::{Points, Timestamp};
use uuid::Uuid;

use super::{RatingCounts, merge_rate};

/// The record of a person in a project or in several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contributor {
    pub user_id: UserId,
    /// The number of pull requests.
    pub opened: i64,
    /// The number of those that were merged.
    pub merged: i64,
    /// The number of those that were closed without a merge.
    pub closed: i64,
    /// The latest opening, merge or close.
    pub last_active_at: Timestamp,
    /// The points in the ledger.
    pub points: Points,
    /// The ratings of pull requests that were merged or closed, of which each reviewer's latest of each counts.
    pub ratings: RatingCounts,
}

impl Contributor {
    /// Returns the share of merges among the pull requests that ended, in percent; `None` if none ended.
    #[must_use]
    pub fn merge_rate(&self) -> Option<f64> {
        merge_rate(self.merged, self.closed)
    }

    /// Returns the person's place in the list.
    #[must_use]
    pub fn place(&self) -> ContributorPlace {
        ContributorPlace { merged: self.merged, user_id: self.user_id }
    }
}

/// A place in the list of contributors, which is ordered by merges, the most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContributorPlace {
    /// The number of merged pull requests.
    pub merged: i64,
    /// The person, which orders those with equal numbers.
    pub user_id: UserId,
}

impl fmt::Display for ContributorPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.merged, self.user_id.0.simple())
    }
}

impl ContributorPlace {
    /// Parses a place in the format of [`Display`](fmt::Display); `None` if it is not one.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (merged, person) = text.split_once('.')?;
        let merged: i64 = merged.parse().ok()?;
        Some(Self {
            merged: (merged >= 0).then_some(merged)?,
            user_id: Uuid::try_parse(person).ok()?.into(),
        })
    }
}
