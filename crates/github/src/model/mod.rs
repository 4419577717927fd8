//! Data types for data from GitHub.

mod closing;
pub mod code;
mod failures;
mod ids;
mod issue;
mod merge_request;
mod patch;
mod topics;

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use closing::{ClosingPull, LinkedPull};
pub(crate) use failures::Failures;
pub use ids::{IssueId, PullRequestId, RepositoryId, marker};
pub use issue::{DescribedRepository, Issue, Profile};
pub use merge_request::MergeRequest;
pub use patch::{MOST_PATCHED_FILES, PatchedFile};
pub use topics::{
    AUTHORIZATION_ENDED, CLOSING_PULL_CHANGED, DELIVERED, HOOK_TASKS, ISSUE_SYNCS, ISSUES_CHANGED,
    MEMBER_CHECKS, PATCHES, PULL_REQUEST_CHANGED, REPOSITORY_LEFT_APP, REPOSITORY_PUSHED,
    ROLE_LOST, SYNC_REQUESTED,
};

/// The facts that one payload states about a pull request. Absent fields were not in the payload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// The title, as sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// True when it is closed, merged or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<bool>,
    /// True for a draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draft: Option<bool>,
    /// The names of its labels, sorted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<String>>,
    /// GitHub's ID of the author, which is also absent for a deleted account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author_id: Option<i64>,
    /// True when the author is a bot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author_is_bot: Option<bool>,
    /// When it was opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_at: Option<Timestamp>,
    /// GitHub's ID of the person who merged it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_by_id: Option<i64>,
    /// The person who enabled auto-merge, or that it was disabled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_merge: Option<MergeRequest>,
    /// The person who added it to the merge queue, or that it was removed without a merge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merge_queue: Option<MergeRequest>,
    /// Lines added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additions: Option<i64>,
    /// Lines deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletions: Option<i64>,
    /// The number of changed files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_files: Option<i64>,
    /// The number of commits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commits: Option<i64>,
    /// The target branch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_ref: Option<String>,
    /// GitHub's ID of the owner of the target repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_owner_id: Option<i64>,
    /// The source branch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_ref: Option<String>,
    /// The source commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_sha: Option<String>,
    /// The first half of the description's SHA-256, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_digest: Option<String>,
    /// The issues that it closes when it is merged: `#12`, or `owner/name#12` in another repository. Statements with a target
    /// branch state all of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub closes: Vec<String>,
    /// The origin, which decides between contradicting statements of one second.
    #[serde(skip_serializing_if = "Origin::is_delivery")]
    pub origin: Origin,
}

/// The origin of a statement, from the weakest to the strongest.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// An earlier state, which follows from the events that GitHub's API returns. What has no event, such as a label that
    /// was deleted from the repository, is wrong in it.
    Events,
    #[default]
    Delivery,
    /// The present state, by GitHub's API.
    Api,
}

impl Origin {
    fn is_delivery(&self) -> bool {
        *self == Self::Delivery
    }
}

/// A file that a pull request changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedFile {
    /// The path in the repository.
    pub path: String,
    /// Lines added.
    pub additions: i64,
    /// Lines deleted.
    pub deletions: i64,
}

/// Facts and when GitHub stated them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// GitHub's `updated_at`.
    pub instant: Timestamp,
    /// The digest of the facts, which breaks ties.
    pub digest: Vec<u8>,
    pub facts: Facts,
}

/// The state of a pull request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PullState {
    Open,
    /// Closed without a merge.
    Closed,
    /// Merged, which is final.
    Merged,
}

impl PullState {
    /// Returns the stored name.
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
    /// GitHub's ID.
    pub github_id: i64,
    pub pull_request_id: Uuid,
    /// GitHub's ID of the reviewer; absent for a deleted account.
    pub reviewer_github_id: Option<i64>,
    /// `approved`, `changes_requested`, `commented` or `dismissed`.
    pub state: String,
    pub submitted_at: Timestamp,
    /// The reviewer's relation to the repository: `OWNER`, `MEMBER`, `COLLABORATOR`, `CONTRIBUTOR`, `NONE` …
    pub author_association: Option<String>,
    /// True when the reviewer is a bot; absent if no payload states it.
    pub reviewer_is_bot: Option<bool>,
    pub dismissed_at: Option<Timestamp>,
}

pub const DISMISSED: &str = "dismissed";

/// A review, from one statement or several.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub(crate) struct StatedReview {
    pub(crate) github_id: i64,
    pub(crate) pull_request_id: Uuid,
    pub(crate) reviewer_id: Option<Uuid>,
    pub(crate) reviewer_github_id: Option<i64>,
    pub(crate) reviewer_is_bot: Option<bool>,
    pub(crate) state: String,
    pub(crate) submitted_at: Timestamp,
    pub(crate) author_association: Option<String>,
    pub(crate) seen_at: Timestamp,
    pub(crate) dismissed_at: Option<Timestamp>,
}

/// A registered or watched repository.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct Repository {
    pub id: Uuid,
    /// GitHub's ID.
    pub github_id: i64,
    /// `owner/name`.
    pub full_name: String,
    /// When GitHub stated the name.
    pub name_seen_at: Timestamp,
    /// When GitHub stated the visibility and whether it is archived.
    pub settings_seen_at: Timestamp,
    /// The reason that it is disabled, if it is: it is private, deleted or not visible.
    pub disabled_reason: Option<String>,
    /// True when it is private.
    pub is_private: bool,
    /// GitHub's ID of its own webhook.
    pub hook_id: Option<i64>,
    /// The person who registered it, whose token created the webhook and reads it. Absent if an operator did.
    pub registered_by_id: Option<Uuid>,
    /// True when a programme watches its code.
    pub is_watched: bool,
    /// True when it is not registered, but only watched.
    pub only_watched: bool,
    /// True when a programme follows its issues.
    pub follows_issues: bool,
}

/// The full known history of a pull request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    pub id: crate::model::PullRequestId,
    /// GitHub's ID.
    pub github_id: i64,
    pub repository_id: crate::model::RepositoryId,
    /// The number in the repository.
    pub number: i64,
    /// The author, unless the account is deleted.
    pub author: Option<identity::model::PersonIdentity>,
    /// All distinct statements.
    pub versions: Vec<Version>,
    /// Reviews on GitHub.
    pub reviews: Vec<Review>,
    /// The files that its newest commit changes; absent until they are fetched.
    pub files: Option<Vec<ChangedFile>>,
    /// The patch of its newest commit; absent unless it was requested, and GitHub shows it.
    pub patch: Option<Vec<PatchedFile>>,
}

/// The progress of reading a repository from GitHub's API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncProgress {
    /// It was requested.
    Waiting,
    /// Some pages were read.
    Reading,
    /// Everything was read.
    Complete,
    /// It is not tried again before someone requests it.
    Failed,
}

impl SyncProgress {
    /// Returns the name of the state.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Reading => "reading",
            Self::Complete => "complete",
            Self::Failed => "failed",
        }
    }
}
