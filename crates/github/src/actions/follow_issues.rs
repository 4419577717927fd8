use std::collections::HashMap;

use platform::{
    Context,
    db::{DbError, Tx},
};

use super::{
    FACTS,
    request_sync::{AFTER_FAILURE, OVERLAP},
    watch_repository::insert_unregistered,
};
use crate::{
    model::{ISSUE_SYNCS, RepositoryId},
    store::{issue_syncs, repositories},
};

/// Follows the issues of repositories for a programme, in the caller's transaction: what deliveries and GitHub's API state
/// about them is recorded from now on, and the open ones are read. Each repository is given by GitHub's ID and its full name.
/// Returns their IDs, in the same order.
///
/// # Errors
/// When the database fails.
pub async fn follow_issues(
    tx: &mut Tx,
    context: &Context,
    stated: &[(i64, String)],
) -> Result<Vec<RepositoryId>, DbError> {
    tx.serialize(FACTS).await?;
    let known = repositories::by_github_ids(tx, stated.iter().map(|(id, _)| *id)).await?;
    let mut known: HashMap<i64, RepositoryId> =
        known.iter().map(|own| (own.github_id, own.id.into())).collect();
    let mut followed = Vec::with_capacity(stated.len());
    for (github_id, full_name) in stated {
        let id = match known.get(github_id) {
            Some(id) => *id,
            None => insert_unregistered(tx, context, *github_id, full_name).await?,
        };
        known.insert(*github_id, id);
        followed.push(id);
    }
    let now = context.now();
    repositories::set_follows_issues(tx, followed.iter().copied(), true, now).await?;
    request_issues(tx, context, followed.iter().copied(), false).await?;
    Ok(followed)
}

/// Ends that the issues of repositories are followed, in the caller's transaction. What was recorded stays.
///
/// # Errors
/// When the database fails.
pub async fn unfollow_issues(
    tx: &Tx,
    context: &Context,
    repositories: impl IntoIterator<Item = RepositoryId>,
) -> Result<(), DbError> {
    tx.serialize(FACTS).await?;
    repositories::set_follows_issues(tx, repositories, false, context.now()).await
}

/// Requests that the issues of repositories are read from GitHub's API: those that changed since the last time, or all open
/// ones the first time and if `whole`. Repositories that are being read, or wait for it, are left out. Returns the number of
/// requested ones.
///
/// # Errors
/// When the database fails.
pub async fn request_issues(
    tx: &mut Tx,
    context: &Context,
    repositories: impl IntoIterator<Item = RepositoryId>,
    whole: bool,
) -> Result<u64, DbError> {
    let wanted = repositories.into_iter().map(|repository| (context.ids.next(), repository));
    let requested = issue_syncs::request(tx, wanted, (whole, OVERLAP), context.now()).await?;
    if requested > 0 {
        tx.raise(ISSUE_SYNCS);
    }
    Ok(requested)
}

/// Requests that the issues of all followed repositories are read, except those that failed recently.
pub(crate) async fn request_all_issues(context: &Context) -> Result<u64, DbError> {
    let mut tx = context.begin().await?;
    let failed_since = context.now() - AFTER_FAILURE;
    let followed = issue_syncs::to_read(&tx, failed_since).await?;
    let requested = request_issues(&mut tx, context, followed, false).await?;
    tx.commit().await?;
    Ok(requested)
}
