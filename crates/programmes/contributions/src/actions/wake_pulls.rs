use github::model::{PULL_REQUEST_CHANGED, RepositoryId};
use kernel::Timestamp;
use platform::{
    Context,
    db::{DbError, Tx},
};

use super::settle::LOCK;

/// The lock of the projects that repositories belong to: one transaction changes them at a time.
pub(super) const REPOSITORIES: &str = "contributions.repositories";

/// Takes the locks under which the projects of repositories, and what their pull requests earn there, are changed.
///
/// The lock of settlement is one of them: a pull request that GitHub opens meanwhile is either among those that
/// [`wake_pulls`] finds, or is settled after the change.
pub(super) async fn lock_repositories(tx: &Tx) -> Result<(), DbError> {
    tx.serialize(REPOSITORIES).await?;
    tx.serialize(LOCK).await
}

/// Has the pull requests of repositories settled again after the commit, optionally only those opened since an instant.
/// The caller holds the locks of [`lock_repositories`].
pub(super) async fn wake_pulls(
    tx: &mut Tx,
    context: &Context,
    repositories: impl IntoIterator<Item = RepositoryId>,
    since: Option<Timestamp>,
) -> Result<(), DbError> {
    let pulls = github::reads::pulls_of(tx, repositories, since).await?;
    let pulls = pulls.into_iter().map(|pull| pull.0);
    let (ids, now) = (context.ids.as_ref(), context.now());
    tx.wake(PULL_REQUEST_CHANGED, pulls, ids, now).await
}
