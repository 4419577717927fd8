use kernel::Timestamp;
use platform::db::{DbError, Tx};

use crate::{model::IssueId, store::closing};

/// Watches the pull requests that would close an issue, at least until an instant, in the caller's transaction: they are read
/// from GitHub's API with the issues of its repository, whether or not the repository is registered.
///
/// # Errors
/// When the database fails.
pub async fn watch_issue(tx: &Tx, issue: IssueId, until: Timestamp) -> Result<(), DbError> {
    closing::watch(tx, issue, until).await
}
