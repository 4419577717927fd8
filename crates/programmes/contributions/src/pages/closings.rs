//! Automatic closings of abandoned pull requests, in words.

use platform::{Context, db::DbError};
use ui::format::Instant;

use super::pulls::PullLink;
use crate::{
    model::ProjectId,
    reads::{self, ClosingResult, ClosingView},
};

/// The number of closings that the page of a project's settings lists.
const LISTED: i64 = 5;

/// An automatic closing in the words of a page.
pub(super) struct Closing {
    /// The class of its banner.
    pub(super) class: &'static str,
    /// The words before its time.
    pub(super) words: &'static str,
    pub(super) at: Instant,
    /// The sentences after it; may be empty.
    pub(super) next: &'static str,
    /// True if the GitHub App lacks the permission.
    pub(super) is_refused: bool,
    /// True if the pull request was closed and is open again.
    pub(super) is_reopened: bool,
}

impl From<&ClosingView> for Closing {
    fn from(view: &ClosingView) -> Self {
        let (class, words, next) = match view.result {
            ClosingResult::Waiting => (
                "t-azure",
                "Abandoned. This server closes it on GitHub after",
                "Any activity before that keeps it open.",
            ),
            ClosingResult::Closed => ("t-azure", CLOSED, ""),
            ClosingResult::ClosedSilently => ("t-azure", CLOSED, "GitHub refused the comment."),
            ClosingResult::CommentUnknown => ("t-azure", CLOSED, "The comment may be missing."),
            ClosingResult::Refused => (
                "t-or",
                "Abandoned, but GitHub refused to let this server close it on",
                "The GitHub App is not installed on the repository, or may not write to its pull requests.",
            ),
            ClosingResult::Failed => (
                "t-or",
                "Abandoned, but closing it on GitHub failed on",
                "Close it on GitHub, or ask an admin to repeat it on the page of jobs.",
            ),
        };
        Self {
            class,
            words,
            at: Instant(view.at),
            next,
            is_refused: view.result == ClosingResult::Refused,
            is_reopened: words == CLOSED && view.is_open,
        }
    }
}

/// The words of a pull request that was closed.
const CLOSED: &str = "Abandoned, and closed by this server on";

/// Returns the latest automatic closings in a project, with their pull requests. Those in private repositories are left
/// out.
pub(super) async fn latest(
    context: &Context,
    project: ProjectId,
) -> Result<Vec<(PullLink, Closing)>, DbError> {
    let found = reads::closings_in(&context.db, project, LISTED).await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let pulls = found.iter().map(|view| view.pull_request_id.into());
    let pulls = github::reads::pull_requests(&context.db, pulls).await?;
    let listed = found.iter().filter_map(|view| {
        let pull = pulls.get(&view.pull_request_id)?;
        Some((PullLink::of(pull), Closing::from(view)))
    });
    Ok(listed.collect())
}
