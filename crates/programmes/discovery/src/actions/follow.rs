use std::collections::BTreeMap;

use github::rules::names::is_full_name;
use platform::{
    Context,
    db::{DbError, Tx},
};

use super::review_follows::end_unwanted;
use crate::{
    model::REPOSITORY_NAMED,
    store::{followed, watches},
};

/// The outcome of a request to follow repositories.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// The number of repositories that are followed now and were not before.
    pub requested: u64,
    /// The number of those that were followed already.
    pub known: u64,
    /// The names that no repository on GitHub can have.
    pub invalid: Vec<String>,
}

/// Follows repositories by their names `owner/name`: they are found on GitHub, and their issues are read. Repeated names count
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
    let distinct: BTreeMap<String, String> =
        valid.into_iter().map(|name| (name.to_lowercase(), name)).collect();
    let names: Vec<String> = distinct.into_values().collect();
    watches::lock(tx).await?;
    let requested =
        followed::request(tx, context.ids.as_ref(), &names, true, context.now()).await?;
    if requested > 0 {
        tx.raise(REPOSITORY_NAMED);
    }
    Ok(Followed { requested, known: names.len() as u64 - requested, invalid })
}

/// The outcome of a request to follow repositories no longer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unfollowed {
    /// The number of names that are no longer followed.
    pub ended: usize,
    /// The number of those that stay, because a person watches them, or a search finds them.
    pub wanted: usize,
}

/// Ends that operators are a reason to follow repositories with these names. Those without another reason are no longer followed.
/// Their opportunities stay until their issues are looked at again, which this requests.
///
/// # Errors
/// When the database fails.
pub async fn unfollow(
    tx: &mut Tx,
    context: &Context,
    names: &[String],
) -> Result<Unfollowed, DbError> {
    watches::lock(tx).await?;
    let known = followed::ids_of(tx, names).await?.len();
    followed::note_operator(tx, names, false).await?;
    let ended = end_unwanted(tx, context, names).await?;
    Ok(Unfollowed { ended, wanted: known.saturating_sub(ended) })
}
