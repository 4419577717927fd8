//! The facts about a pull request that scoring uses, and the window that is settled.

use std::sync::Arc;

pub use github::model::ChangedFile;
use github::model::{MOST_PATCHED_FILES, PullRequestId};
use kernel::{Month, Timestamp};
use serde::{Deserialize, Serialize};

use super::{PatchContent, ScoreOverride, VersionedRules, paths};
use crate::model::FlagEffect;

/// The most changed lines of a pull request whose patch is read.
const SMALL_PATCH: i64 = 20;

/// Everything that scoring uses of a pull request, stored as the contribution's snapshot. Absent values are left out, because
/// there is a snapshot for each pull request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullFacts {
    /// The pull request's ID here.
    pub pull_request_id: PullRequestId,
    /// GitHub's ID, the last tie-breaker of every order.
    pub github_id: i64,
    pub number: i64,
    /// When it was opened on GitHub.
    pub created_at: Timestamp,
    /// When the award for opening is earned; absent while it is a draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready_at: Option<Timestamp>,
    /// When it was merged on GitHub.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_at: Option<Timestamp>,
    /// When it was closed on GitHub; absent while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// The title when the facts were closed.
    pub title: String,
    /// The labels, as spelled on GitHub.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// GitHub's number of lines added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub additions: Option<i64>,
    /// GitHub's number of lines deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletions: Option<i64>,
    /// GitHub's number of changed files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_files: Option<i64>,
    /// The files; absent until they are fetched. GitHub's totals are used until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paths: Option<Vec<ChangedFile>>,
    /// True when the author is a bot.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub author_is_bot: bool,
    /// True when the author owned the repository at the opening.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub author_owns_repository: bool,
    /// True when the author was banned at the opening.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub author_banned_at_opening: bool,
    /// True when the author merged it without a review by another person.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub self_merged: bool,
    /// The person who requested the merge by auto-merge or the merge queue, without a review by another person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_merge: Option<RequestedMerge>,
    /// The change in its small patch; absent until GitHub's API states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch: Option<PatchContent>,
    /// When the author's GitHub account was created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_created_at: Option<Timestamp>,
    /// Maintainers' ratings, 1 to 5.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ratings: Vec<u8>,
    /// True when a maintainer marked it as spam.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub marked_spam: bool,
    /// True when a maintainer marked it as low value.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub marked_low_value: bool,
    /// The confirmed flag with the greatest effect on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flag: Option<ConfirmedFlag>,
    /// True when a moderator excluded its repository.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repository_excluded: bool,
    /// The decision that overrides its points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score_override: Option<ScoreOverride>,
}

/// A request to merge a pull request that no one but its author reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestedMerge {
    /// The author enabled auto-merge.
    AutoMerge,
    /// The author added it to the merge queue.
    Queue,
    /// Another person did either.
    Another,
}

/// A flag that a moderator confirmed, with an effect on points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmedFlag {
    /// The flag's number, as in F-12.
    pub number: i64,
    pub effect: FlagEffect,
}

impl PullFacts {
    /// Returns the time of its opening part: when it became ready or, while it is a draft, when it was
    /// opened.
    #[must_use]
    pub fn opening_at(&self) -> Timestamp {
        self.ready_at.unwrap_or(self.created_at)
    }

    /// Returns the number of lines that count. If the files are known, generated, vendored and lock
    /// files are excluded; otherwise GitHub's totals are used. Returns `None` when neither is known.
    #[must_use]
    pub fn counted_lines(&self) -> Option<i64> {
        match &self.paths {
            Some(paths) => Some(paths::counted_lines(paths)),
            None => Some(self.additions?.max(0).saturating_add(self.deletions?.max(0))),
        }
    }

    /// Returns whether it is merged and so small that its patch tells whether it has low value.
    #[must_use]
    pub fn has_small_patch(&self) -> bool {
        let lines = self.additions.unwrap_or(0).saturating_add(self.deletions.unwrap_or(0));
        let is_whole = self.changed_files.is_none_or(|files| files <= MOST_PATCHED_FILES);
        self.merged_at.is_some() && is_whole && (1..=SMALL_PATCH).contains(&lines)
    }

    /// Returns the median rating, the lower one of an even number; `None` without a valid rating.
    #[must_use]
    pub fn median_rating(&self) -> Option<u8> {
        let valid = self.ratings.iter().copied().filter(|rating| (1..=5).contains(rating));
        let mut ratings: Vec<u8> = valid.collect();
        ratings.sort_unstable();
        ratings.get(ratings.len().checked_sub(1)? / 2).copied()
    }
}

/// A pull request with the rules that apply to it.
#[derive(Clone, Debug, PartialEq)]
pub struct PullWithRules {
    pub facts: PullFacts,
    /// The rules that applied when it was opened.
    pub rules: Arc<VersionedRules>,
    /// The number of pull requests that the author opened in this repository in the 24 hours up to and
    /// including this one, in order of time and GitHub ID.
    pub openings_24h: u32,
    /// The rules that applied when the month of its opening began.
    pub frequency_rules: Arc<VersionedRules>,
    /// When its project was archived; absent while the project is not.
    pub archived_at: Option<Timestamp>,
    /// When its repository was paused or archived in the project; absent while it is not.
    pub inactive_since: Option<Timestamp>,
}

/// A contributor's pull requests in a repository and month.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    pub month: Month,
    /// The rules that applied when the month began, which determine the cap and diminishing returns.
    pub rules: Arc<VersionedRules>,
    /// All pull requests with a part in the month. Others are ignored.
    pub pulls: Vec<PullWithRules>,
}
