use github::{
    actions::{serialize_watches, unwatch_repositories},
    model::RepositoryId,
};
use platform::{
    Context,
    db::{DbError, Tx},
};

use crate::{model::HackathonId, reads};

/// Ends the watch of those of the repositories that no submission needs anymore, in the caller's transaction.
///
/// # Errors
/// When the database fails.
pub(super) async fn unwatch_unneeded(
    tx: &Tx,
    context: &Context,
    repositories: Vec<RepositoryId>,
) -> Result<(), DbError> {
    if repositories.is_empty() {
        return Ok(());
    }
    // Another submission may just begin to need one of them.
    serialize_watches(tx).await?;
    let unneeded = reads::unneeded_repositories(tx, repositories).await?;
    unwatch_repositories(tx, context, unneeded).await
}

/// Ends the watch of the repositories of a hackathon that is over, in the caller's transaction.
///
/// # Errors
/// When the database fails.
pub(super) async fn unwatch_all(
    tx: &Tx,
    context: &Context,
    hackathon: HackathonId,
) -> Result<(), DbError> {
    let repositories = reads::repositories_of(tx, hackathon).await?;
    unwatch_unneeded(tx, context, repositories).await
}
