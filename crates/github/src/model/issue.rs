//! Issues and descriptions of repositories, as GitHub states them.

use kernel::Timestamp;
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Issue {
    pub id: Uuid,
    pub repository_id: Uuid,
    /// The number in the repository.
    pub number: i64,
    /// The title, at most 256 characters.
    pub title: String,
    /// The description, at most 16,384 characters.
    pub body: String,
    /// The names of its labels, as a JSON array.
    pub labels: String,
    /// True when it is closed, deleted or no longer listed.
    pub is_closed: bool,
    /// Why it is closed: GitHub's reason, `deleted`, `transferred` or `unlisted`.
    pub state_reason: Option<String>,
    /// True when its conversation is locked.
    pub is_locked: bool,
    /// True when a bot opened it.
    pub author_is_bot: bool,
    /// The author's relation to the repository: `OWNER`, `MEMBER`, `COLLABORATOR`, `CONTRIBUTOR`, `NONE` …
    pub author_association: String,
    /// The number of people that it is assigned to.
    pub assignees: i64,
    /// GitHub's IDs of these people, as a JSON array.
    pub assignee_ids: String,
    /// The number of open pull requests that would close it. Deliveries do not state it.
    pub open_pulls: i64,
    /// The number of comments.
    pub comments: i64,
    /// The number of reactions.
    pub reactions: i64,
    pub opened_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
    pub closed_at: Option<Timestamp>,
}

impl Issue {
    #[must_use]
    pub fn label_names(&self) -> Vec<String> {
        serde_json::from_str(&self.labels).unwrap_or_default()
    }

    /// Returns GitHub's IDs of the people that it is assigned to.
    #[must_use]
    pub fn assigned_to(&self) -> Vec<i64> {
        serde_json::from_str(&self.assignee_ids).unwrap_or_default()
    }
}

/// A repository as GitHub describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    pub description: Option<String>,
    pub topics: Vec<String>,
    /// Its languages with their bytes, largest first.
    pub languages: Vec<(String, i64)>,
    /// The number of stars.
    pub stars: i64,
    /// The number of forks.
    pub forks: i64,
    /// The number of open issues.
    pub open_issues: i64,
    /// True for a fork.
    pub is_fork: bool,
    /// True when it has guidelines for contributors.
    pub has_contributing: bool,
    /// The SPDX identifier of its license.
    pub license: Option<String>,
    /// When something was last pushed.
    pub pushed_at: Option<Timestamp>,
    /// Its pull requests from outside that were closed last: how many were merged.
    pub outside_merged: i64,
    /// Its pull requests from outside that were closed last: how many were not merged.
    pub outside_refused: i64,
    /// For its newest issues, the minutes until a person of the repository answered; `None` without an answer.
    pub answers: Vec<Option<i64>>,
}

/// A followed repository with its description, if it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedRepository {
    pub id: Uuid,
    /// GitHub's ID.
    pub github_id: i64,
    /// `owner/name`.
    pub full_name: String,
    /// True when it is private, deleted or not visible.
    pub is_hidden: bool,
    /// True when it is archived.
    pub is_archived: bool,
    /// True when a programme follows its issues.
    pub is_followed: bool,
    /// The description, and when it was read.
    pub profile: Option<(Profile, Timestamp)>,
}
