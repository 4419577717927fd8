//! Facts that scoring reads of a pull request, and the window that it settles.

use std::sync::Arc;

use github::model::PullRequestId;
use kernel::{Month, Timestamp};
use serde::{Deserialize, Serialize};

use super::{VersionedRules, paths};

/// One file of a pull request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedPath {
    /// Path of the file in the repository.
    pub path: String,
    /// Lines added.
    pub additions: i64,
    /// Lines removed.
    pub deletions: i64,
}

/// All that scoring may look at in one pull request; stored as the contribution's snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullFacts {
    /// Our id.
    pub pull_request_id: PullRequestId,
    /// GitHub's id: the last tie-breaker of every order.
    pub github_id: i64,
    /// The number people say.
    pub number: i64,
    /// GitHub's instant of opening.
    pub created_at: Timestamp,
    /// When the award for opening is earned; none while it is a draft.
    pub ready_at: Option<Timestamp>,
    /// GitHub's instant of merging.
    pub merged_at: Option<Timestamp>,
    /// GitHub's instant of closing; none while open.
    pub closed_at: Option<Timestamp>,
    /// The title as it was when the facts closed.
    pub title: String,
    /// The labels as GitHub spells them.
    pub labels: Vec<String>,
    /// GitHub's total of lines added.
    pub additions: Option<i64>,
    /// GitHub's total of lines removed.
    pub deletions: Option<i64>,
    /// GitHub's total of files.
    pub changed_files: Option<i64>,
    /// The files; none until they are fetched: until then GitHub's totals are used.
    pub paths: Option<Vec<ChangedPath>>,
    /// The author is a bot.
    pub author_is_bot: bool,
    /// The author owned the repository when opening.
    pub author_owns_repository: bool,
    /// The author was banned when opening.
    pub author_banned_at_opening: bool,
    /// The author merged it without another person's review.
    pub self_merged: bool,
    /// When the author's GitHub account was made.
    pub account_created_at: Option<Timestamp>,
    /// Maintainers' ratings, 1 to 5.
    pub ratings: Vec<u8>,
    /// A maintainer marked it as spam.
    pub marked_spam: bool,
    /// A maintainer marked it as of low value.
    pub marked_low_value: bool,
}

impl PullFacts {
    /// Instant of its opening part: when it became ready, or its opening while a draft.
    #[must_use]
    pub fn opening_at(&self) -> Timestamp {
        self.ready_at.unwrap_or(self.created_at)
    }

    /// Lines that count: outside generated, vendored and lock files when the files are known,
    /// else GitHub's totals; none when neither is known.
    #[must_use]
    pub fn counted_lines(&self) -> Option<i64> {
        match &self.paths {
            Some(paths) => Some(paths::counted_lines(paths)),
            None => Some(
                self.additions?
                    .max(0)
                    .saturating_add(self.deletions?.max(0)),
            ),
        }
    }

    /// The median rating, the lower one of an even number; none without a valid rating.
    #[must_use]
    pub fn median_rating(&self) -> Option<u8> {
        let valid = self
            .ratings
            .iter()
            .copied()
            .filter(|rating| (1..=5).contains(rating));
        let mut ratings: Vec<u8> = valid.collect();
        ratings.sort_unstable();
        ratings.get(ratings.len().checked_sub(1)? / 2).copied()
    }
}

/// A pull request and the rules it is judged by.
#[derive(Clone, Debug, PartialEq)]
pub struct Pull {
    /// Its known facts.
    pub facts: PullFacts,
    /// The version in force when it was opened.
    pub rules: Arc<VersionedRules>,
    /// How many this person opened in this repository in the 24 hours that end with this opening,
    /// this one included, in order of (instant, GitHub id).
    pub openings_24h: u32,
    /// The version in force at the first instant of the month of its opening.
    pub frequency_rules: Arc<VersionedRules>,
}

/// One contributor in one repository and month.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// The month whose awards are asked for.
    pub month: Month,
    /// The version in force at the month's first instant: cap and diminishing returns.
    pub rules: Arc<VersionedRules>,
    /// Every pull request with a part in the month; others do no harm.
    pub pulls: Vec<Pull>,
}

/// The two events for which a pull request earns points. They may be in different months.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The pull request was opened, or became ready for review.
    Opening,
    /// The pull request was merged.
    Merge,
}
