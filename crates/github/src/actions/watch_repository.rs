use platform::{
    Context,
    db::{DbError, Tx},
};

use super::{FACTS, follow_settings::follow_newer};
use crate::{
    model::{DELIVERED, RepositoryId, code::CodeRepository},
    store::{
        deliveries,
        repositories::{self, NewRepositoryRow, RepositorySettings},
    },
};

/// Watches a repository for a programme, in the caller's transaction: pushes to it and results of its checks that GitHub
/// delivers are recorded from now on, and each push wakes [`REPOSITORY_PUSHED`](crate::model::REPOSITORY_PUSHED). Deliveries that were received before and are still stored are
/// recorded too. Other deliveries about a repository that no project registered are not recorded. Watching a watched repository follows
/// its present name and settings.
///
/// `stated` is what GitHub's API just stated; who may have it watched is the caller's decision.
///
/// # Errors
/// When the database fails.
pub async fn watch_repository(
    tx: &mut Tx,
    context: &Context,
    stated: &CodeRepository,
) -> Result<RepositoryId, DbError> {
    // A delivery that is being applied must either find the repository or be revived below.
    tx.serialize(FACTS).await?;
    let now = context.now();
    let known = repositories::by_github_ids(tx, [stated.github_id]).await?;
    let known = known.into_iter().next();
    let id: RepositoryId = match &known {
        Some(known) => known.id.into(),
        None => insert_unregistered(tx, context, stated.github_id, &stated.full_name).await?,
    };
    if known.as_ref().is_some_and(|known| known.full_name != stated.full_name) {
        repositories::rename(tx, &[(id, now, stated.full_name.clone())], now).await?;
    }
    let settings = RepositorySettings {
        is_deleted: false,
        seen_at: now,
        is_private: stated.is_private,
        is_archived: stated.is_archived,
    };
    follow_newer(tx, id, &settings, now).await?;
    repositories::set_watched(tx, [id], true, now).await?;
    if deliveries::revive_unregistered(tx, stated.github_id, now).await? > 0 {
        tx.raise(DELIVERED);
    }
    Ok(id)
}

/// Inserts a repository that no project registered, with GitHub's ID and its full name.
pub(super) async fn insert_unregistered(
    tx: &Tx,
    context: &Context,
    github_id: i64,
    full_name: &str,
) -> Result<RepositoryId, DbError> {
    let (id, now) = (context.ids.next().into(), context.now());
    let (hook_id, hook_secret) = (None, None);
    let row = NewRepositoryRow { id, github_id, full_name, hook_id, hook_secret, seen_at: now };
    repositories::insert(tx, row, now).await?;
    repositories::set_only_watched(tx, id, true, now).await?;
    Ok(id)
}

/// Lets one transaction at a time watch repositories, or end it, from here until the caller's ends. A programme that reads which
/// repositories it still needs does so afterwards.
///
/// # Errors
/// When the database fails.
pub async fn serialize_watches(tx: &Tx) -> Result<(), DbError> {
    tx.serialize(FACTS).await
}

/// Ends that repositories are watched, in the caller's transaction. What was recorded stays.
///
/// # Errors
/// When the database fails.
pub async fn unwatch_repositories(
    tx: &Tx,
    context: &Context,
    repositories: impl IntoIterator<Item = RepositoryId>,
) -> Result<(), DbError> {
    let ended: Vec<RepositoryId> = repositories.into_iter().collect();
    if ended.is_empty() {
        return Ok(());
    }
    serialize_watches(tx).await?;
    repositories::set_watched(tx, ended, false, context.now()).await
}
