//! Plain types of what GitHub states.

mod ids;
mod topics;

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use ids::{DeliveryId, PullRequestId, RepositoryId, marker};
pub use topics::{DELIVERED, PULL_REQUEST_CHANGED};

/// Facts that one payload stated of a pull request. Absent: the payload did not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// Its title, as sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// True when it is closed, merged or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<bool>,
    /// True for a draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draft: Option<bool>,
    /// Names of its labels, sorted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<String>>,
    /// GitHub's id of the author; absent also for a deleted account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author_id: Option<i64>,
    /// True when the author is a bot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author_is_bot: Option<bool>,
    /// When it was opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When it was closed, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// When it was merged, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_at: Option<Timestamp>,
    /// GitHub's id of who merged it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_by_id: Option<i64>,
    /// Lines added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additions: Option<i64>,
    /// Lines deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletions: Option<i64>,
    /// Files changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_files: Option<i64>,
    /// Commits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commits: Option<i64>,
    /// The branch it goes to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_ref: Option<String>,
    /// GitHub's id of the owner of the repository it goes to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_owner_id: Option<i64>,
    /// The branch it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_ref: Option<String>,
    /// The commit it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_sha: Option<String>,
    /// SHA-256 of the description, first half, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_digest: Option<String>,
}

/// Facts at the instant to which GitHub dates them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// GitHub's `updated_at`.
    pub instant: Timestamp,
    /// Digest of the facts: breaks ties.
    pub digest: Vec<u8>,
    /// The facts stated.
    pub facts: Facts,
}

/// Open, closed without a merge, or merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PullState {
    /// Open.
    Open,
    /// Closed without a merge.
    Closed,
    /// Merged: the end.
    Merged,
}

impl PullState {
    /// As stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Merged => "merged",
        }
    }
}

/// A review on GitHub.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct Review {
    /// GitHub's id.
    pub github_id: i64,
    /// The pull request.
    pub pull_request_id: Uuid,
    /// GitHub's id of the reviewer; absent for a deleted account.
    pub reviewer_github_id: Option<i64>,
    /// `approved`, `changes_requested`, `commented` or `dismissed`.
    pub state: String,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// The reviewer's relation to the repository: `OWNER`, `MEMBER`, `COLLABORATOR`, `CONTRIBUTOR`, `NONE` …
    pub author_association: Option<String>,
}

/// A registered repository.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct Repository {
    /// Its id.
    pub id: Uuid,
    /// GitHub's id.
    pub github_id: i64,
    /// `owner/name`.
    pub full_name: String,
    /// The instant to which the name is dated.
    pub name_seen_at: Timestamp,
    /// The instant to which visibility and archival are dated.
    pub settings_seen_at: Timestamp,
    /// Why it is not enabled: it is private or deleted, as far as GitHub told.
    pub disabled_reason: Option<String>,
}

/// All that is known of a pull request's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// Its id.
    pub id: crate::model::PullRequestId,
    /// GitHub's id.
    pub github_id: i64,
    /// Its repository.
    pub repository_id: crate::model::RepositoryId,
    /// Its number there.
    pub number: i64,
    /// The author, unless the account is deleted.
    pub author: Option<identity::model::Known>,
    /// Every distinct statement.
    pub versions: Vec<Version>,
    /// Reviews on GitHub.
    pub reviews: Vec<Review>,
}
