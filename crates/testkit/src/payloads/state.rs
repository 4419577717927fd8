use std::sync::Arc;

use kernel::Timestamp;

use super::model::{Account, Label, Repo};

/// The state of a pull request at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct PullState {
    /// The target repository.
    pub repo: Arc<Repo>,
    /// The source repository; `None` when it was deleted.
    pub head_repo: Option<Arc<Repo>>,
    pub number: i64,
    /// GitHub's id.
    pub id: i64,
    /// Its author; `None` for a deleted account, which GitHub sends as null.
    pub author: Option<Account>,
    /// The author's association with the repository, such as `CONTRIBUTOR`.
    pub association: &'static str,
    pub title: String,
    /// The description.
    pub body: Option<String>,
    /// Labels in the order in which they were added.
    pub labels: Vec<Label>,
    /// True when it is not ready for review.
    pub draft: bool,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When anything last changed.
    pub updated_at: Timestamp,
    /// When it was closed or merged; `None` while it is open.
    pub closed_at: Option<Timestamp>,
    pub merged_at: Option<Timestamp>,
    pub merged_by: Option<Account>,
    /// The person who enabled auto-merge; `None` while it is disabled.
    pub auto_merge: Option<Account>,
    /// True while it is in the merge queue.
    pub is_queued: bool,
    pub additions: i64,
    /// Lines removed.
    pub deletions: i64,
    pub changed_files: i64,
    pub commits: i64,
    /// Number of comments on the pull request.
    pub comments: i64,
    /// Number of comments on lines.
    pub review_comments: i64,
    /// The source branch.
    pub head_ref: String,
    /// The newest commit of the source branch.
    pub head_sha: String,
    /// The target branch.
    pub base_ref: String,
    /// The commit that it is compared with.
    pub base_sha: String,
}

/// A description of typical length.
const DESCRIPTION: &str = "## Problem\r\nOn a cold start, the first request waited until the index \
    was read, although it was not needed yet.\r\n\r\n## Solution\r\nReads the index on the first \
    search and keeps the reader open. Startup no longer reads it. The search module already knows \
    when the first search arrives, so it decides when to load the index.\r\n\r\n## Testing\r\n- [x] \
    unit tests\r\n- [x] startup without an index\r\n- [x] startup with an index from an older \
    version\r\n- [ ] Windows";

impl PullState {
    /// Creates a newly opened pull request with one small commit in the author's fork.
    pub fn opened(repo: Arc<Repo>, number: i64, id: i64, author: Account, at: Timestamp) -> Self {
        let mut shas = crate::rng::Rng::new(id.unsigned_abs());
        Self {
            head_repo: Some(Arc::new(repo.forked_by(author.clone()))),
            base_ref: repo.default_branch.clone(),
            repo,
            number,
            id,
            author: Some(author),
            association: "CONTRIBUTOR",
            title: format!("fix: Close gap {number}"),
            body: Some(String::from(DESCRIPTION)),
            labels: Vec::new(),
            draft: false,
            created_at: at,
            updated_at: at,
            closed_at: None,
            merged_at: None,
            merged_by: None,
            auto_merge: None,
            is_queued: false,
            additions: 12,
            deletions: 3,
            changed_files: 2,
            commits: 1,
            comments: 0,
            review_comments: 0,
            head_ref: format!("patch-{number}"),
            head_sha: shas.sha(),
            base_sha: shas.sha(),
        }
    }

    /// Returns GitHub's `state`: a merged pull request is closed.
    #[must_use]
    pub fn state(&self) -> &'static str {
        if self.closed_at.is_some() { "closed" } else { "open" }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Approved,
    /// Changes are needed before merging.
    ChangesRequested,
    Commented,
    /// Dismissed: no longer counts.
    Dismissed,
}

impl Verdict {
    /// Returns the verdict as webhooks write it; the API writes it in capitals.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::ChangesRequested => "changes_requested",
            Self::Commented => "commented",
            Self::Dismissed => "dismissed",
        }
    }
}

/// One review of a pull request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewState {
    /// GitHub's id.
    pub id: i64,
    /// Its author; `None` for a deleted account.
    pub user: Option<Account>,
    pub verdict: Verdict,
    /// The text.
    pub body: Option<String>,
    pub submitted_at: Timestamp,
    pub commit_id: String,
    /// The reviewer's association with the repository.
    pub association: &'static str,
    /// True when the pull request in the payload has GitHub's old format without `draft`.
    pub bare: bool,
}
