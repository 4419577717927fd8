use platform::{
    Context,
    db::{DbError, Tx},
};
use uuid::Uuid;

use super::request_sync::request_sync;
use crate::{
    model::{REPOSITORY_LEFT_APP, RepositoryId},
    rules::installation::StatedInstallations,
    store::{installations, repositories},
};

/// Records statements about installations, in the caller's transaction, which holds the lock of facts. Registered
/// repositories that an installation includes from now on are read from GitHub; for those that none includes any more, their
/// maintainers are notified.
pub(super) async fn record_installations(
    tx: &mut Tx,
    context: &Context,
    stated: &StatedInstallations,
) -> Result<(), DbError> {
    if stated.states.is_empty() {
        return Ok(());
    }
    let (ids, now) = (context.ids.as_ref(), context.now());
    let concerned = || stated.states.keys().copied();
    let before = installations::covered_of(tx, concerned()).await?;
    installations::record(tx, ids, stated, now).await?;
    let after = installations::covered_of(tx, concerned()).await?;
    let gained = registered(tx, after.difference(&before).copied()).await?;
    let gained = gained.into_iter().map(RepositoryId::from);
    request_sync(tx, context, gained, false).await?;
    let lost = registered(tx, before.difference(&after).copied()).await?;
    tx.wake(REPOSITORY_LEFT_APP, lost, ids, now).await
}

async fn registered(tx: &Tx, github_ids: impl Iterator<Item = i64>) -> Result<Vec<Uuid>, DbError> {
    let found = repositories::by_github_ids(tx, github_ids).await?;
    let registered = found.into_iter().filter(|known| !known.only_watched);
    Ok(registered.map(|repository| repository.id).collect())
}
