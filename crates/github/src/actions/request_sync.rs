use chrono::TimeDelta;
use platform::{
    Context,
    db::{DbError, Tx},
};

use crate::{
    model::{RepositoryId, SYNC_REQUESTED},
    store::{repositories, syncs},
};

/// How long before a request changes are read again: GitHub's API may lag behind.
pub(super) const OVERLAP: TimeDelta = TimeDelta::minutes(10);

/// Requests that repositories are read from GitHub's API: those that were read before from then on, unless `whole`.
/// Repositories that are being read, or wait for it, are left out. Returns the number of requested ones.
pub async fn request_sync(
    tx: &mut Tx,
    context: &Context,
    repositories: impl IntoIterator<Item = RepositoryId>,
    whole: bool,
) -> Result<u64, DbError> {
    let mut requested = 0;
    for repository in repositories {
        let last = repositories::last_synced_at(tx, repository).await?;
        let since = last.filter(|_| !whole).map(|last| last - OVERLAP);
        let key = (context.ids.next(), repository);
        requested += syncs::request(tx, key, since, context.now()).await?;
    }
    if requested > 0 {
        tx.raise(SYNC_REQUESTED);
    }
    Ok(requested)
}

/// How long a repository is left alone that could not be read.
pub(super) const AFTER_FAILURE: TimeDelta = TimeDelta::hours(6);

/// Requests that all enabled repositories are read from GitHub's API, except those that failed recently. Without a token of
/// the server, these are the ones that people registered with their own.
pub(crate) async fn request_all(context: &Context, has_server_token: bool) -> Result<u64, DbError> {
    let mut tx = context.begin().await?;
    let failed_since = context.now() - AFTER_FAILURE;
    let enabled = repositories::to_sync(&tx, failed_since, !has_server_token).await?;
    let requested = request_sync(&mut tx, context, enabled, false).await?;
    tx.commit().await?;
    Ok(requested)
}
