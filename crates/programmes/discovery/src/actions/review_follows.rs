use platform::{
    Context,
    db::{DbError, Tx},
};
use uuid::Uuid;

use crate::{
    model::FOLLOW_UNWANTED,
    store::{followed, searches, watches},
};

/// Requests that the reasons to follow repositories are reviewed, by their names in lower case.
pub(super) async fn wake_review(
    tx: &mut Tx,
    context: &Context,
    keys: &[String],
) -> Result<(), DbError> {
    let rows = followed::ids_of(tx, keys).await?;
    let (ids, now) = (context.ids.as_ref(), context.now());
    tx.wake(FOLLOW_UNWANTED, rows, ids, now).await
}

/// Ends that a repository is followed, if neither an operator, nor a watch, nor a search is a reason for it.
///
/// # Errors
/// When the database fails.
pub(crate) async fn review_follow(tx: &mut Tx, context: &Context, id: Uuid) -> Result<(), DbError> {
    watches::lock(tx).await?;
    let keys = followed::unwanted(tx, &[id]).await?;
    end(tx, context, &keys).await?;
    Ok(())
}

/// Ends a search that no one wants, and that the repositories are followed which only it found.
///
/// # Errors
/// When the database fails.
pub(crate) async fn review_search(tx: &mut Tx, context: &Context, id: Uuid) -> Result<(), DbError> {
    watches::lock(tx).await?;
    if !searches::end_unwanted(tx, id, context.now()).await? {
        return Ok(());
    }
    let keys = searches::forget(tx, id).await?;
    end_unwanted(tx, context, &keys).await?;
    Ok(())
}

/// Ends that all repositories are followed for which there is no reason. The caller holds the lock of watches.
pub(super) async fn review_all(tx: &mut Tx, context: &Context) -> Result<usize, DbError> {
    let rows = followed::without_operator(tx).await?;
    let keys = followed::unwanted(tx, &rows).await?;
    end(tx, context, &keys).await
}

/// Ends that repositories are followed for which there is no reason, by their names in lower case. The caller holds the lock of
/// watches. Returns their number.
pub(super) async fn end_unwanted(
    tx: &mut Tx,
    context: &Context,
    keys: &[String],
) -> Result<usize, DbError> {
    let rows = followed::ids_of(tx, keys).await?;
    let keys = followed::unwanted(tx, &rows).await?;
    end(tx, context, &keys).await
}

async fn end(tx: &mut Tx, context: &Context, keys: &[String]) -> Result<usize, DbError> {
    if keys.is_empty() {
        return Ok(0);
    }
    let (ids, now) = (context.ids.as_ref(), context.now());
    let ended = followed::end(tx, keys, now).await?;
    let repositories = ended.iter().map(|id| (*id).into());
    github::actions::unfollow_issues(tx, context, repositories).await?;
    let changed = ended.iter().copied();
    tx.wake(github::model::ISSUES_CHANGED, changed, ids, now).await?;
    Ok(keys.len())
}
