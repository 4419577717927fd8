use std::sync::Arc;

use kernel::Timestamp;

use super::model::{Account, Label, Repo};

/// Everything that GitHub says about one pull request at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct PullState {
    /// The repository it goes to.
    pub repo: Arc<Repo>,
    /// The repository it comes from; `None` when that was deleted.
    pub head_repo: Option<Arc<Repo>>,
    /// Its number in the repository.
    pub number: i64,
    /// GitHub's id.
    pub id: i64,
    /// Its author; absent is a deleted account, which GitHub states as null.
    pub author: Option<Account>,
    /// The author's standing in the repository, such as `CONTRIBUTOR`.
    pub association: &'static str,
    /// The title.
    pub title: String,
    /// The description.
    pub body: Option<String>,
    /// Labels in the order they were given.
    pub labels: Vec<Label>,
    /// Not yet ready for review.
    pub draft: bool,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When anything last changed.
    pub updated_at: Timestamp,
    /// When it was closed or merged; what is set is not open.
    pub closed_at: Option<Timestamp>,
    /// When it was merged.
    pub merged_at: Option<Timestamp>,
    /// The person who merged it.
    pub merged_by: Option<Account>,
    /// Lines added.
    pub additions: i64,
    /// Lines removed.
    pub deletions: i64,
    /// Files touched.
    pub changed_files: i64,
    /// Commits on its branch.
    pub commits: i64,
    /// Remarks on the whole.
    pub comments: i64,
    /// Remarks on lines.
    pub review_comments: i64,
    /// The branch it comes from.
    pub head_ref: String,
    /// The newest commit of that branch.
    pub head_sha: String,
    /// The branch it goes to.
    pub base_ref: String,
    /// The commit it is compared with.
    pub base_sha: String,
}

/// As long as descriptions usually are.
const DESCRIPTION: &str = "## What was wrong\r\nOn a cold start the first request waited for the \
    index to be read, although nothing of it was needed yet.\r\n\r\n## What this does\r\nReads the \
    index when the first search comes, and keeps the reader open from then on. The place that \
    knows when a search comes is the right one to decide it, so the start no longer does.\r\n\r\n\
    ## How it was tried\r\n- [x] unit tests\r\n- [x] a start without an index\r\n- [x] a start with \
    an index of an older version\r\n- [ ] Windows";

impl PullState {
    /// A freshly opened pull request of one small commit from the author's fork.
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

    /// GitHub's `state`: a merged pull request is closed.
    #[must_use]
    pub fn state(&self) -> &'static str {
        if self.closed_at.is_some() {
            "closed"
        } else {
            "open"
        }
    }
}

/// Verdict of a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Good to merge.
    Approved,
    /// Not yet.
    ChangesRequested,
    /// A remark only.
    Commented,
    /// No longer counts.
    Dismissed,
}

impl Verdict {
    /// As webhooks write it; the API writes the same in capitals.
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
    /// Its author; absent is a deleted account.
    pub user: Option<Account>,
    /// Its verdict.
    pub verdict: Verdict,
    /// In words.
    pub body: Option<String>,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// The reviewed commit.
    pub commit_id: String,
    /// The reviewer's standing in the repository.
    pub association: &'static str,
    /// GitHub's oldest shape of the pull request inside: without `draft`.
    pub bare: bool,
}
