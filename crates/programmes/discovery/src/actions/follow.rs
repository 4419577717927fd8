use std::collections::BTreeMap;

use github::rules::names::is_full_name;
use platform::{
    Context,
    db::{DbError, Tx},
};

use crate::{model::REPOSITORY_NAMED, store::followed};

/// The outcome of a request to follow repositories.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// The number of repositories that are followed now and were not before.
    pub requested: u64,
    /// The number of those that were followed already.
    pub known: u64,
    /// The names that no repository at GitHub can have.
    pub invalid: Vec<String>,
}

/// Follows repositories by their names `owner/name`: they are found at GitHub, and their issues are read. Repeated names count
/// once.
///
/// # Errors
/// When the database fails.
pub async fn follow(
    tx: &mut Tx,
    context: &Context,
    names: impl IntoIterator<Item = String>,
) -> Result<Followed, DbError> {
    let (valid, invalid): (Vec<String>, Vec<String>) =
        names.into_iter().partition(|name| is_full_name(name));
    let distinct: BTreeMap<String, String> = valid
        .into_iter()
        .map(|name| (name.to_lowercase(), name))
        .collect();
    let names: Vec<String> = distinct.into_values().collect();
    let requested = followed::request(tx, context.ids.as_ref(), &names, context.now()).await?;
    if requested > 0 {
        tx.raise(REPOSITORY_NAMED);
    }
    Ok(Followed {
        requested,
        known: names.len() as u64 - requested,
        invalid,
    })
}

/// Ends that repositories with these names are followed. Their opportunities stay until their issues are looked at again,
/// which this requests. Returns the number of repositories that are no longer followed.
///
/// # Errors
/// When the database fails.
pub async fn unfollow(tx: &mut Tx, context: &Context, names: &[String]) -> Result<usize, DbError> {
    let (ids, now) = (context.ids.as_ref(), context.now());
    let ended = followed::end(tx, names, now).await?;
    let repositories = ended.iter().map(|id| (*id).into());
    github::actions::unfollow_issues(tx, context, repositories).await?;
    tx.wake(
        github::model::ISSUES_CHANGED,
        ended.iter().copied(),
        ids,
        now,
    )
    .await?;
    Ok(ended.len())
}
