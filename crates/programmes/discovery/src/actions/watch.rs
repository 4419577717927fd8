use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::{DbError, Tx},
};
use serde_json::json;
use uuid::Uuid;

use super::review_follows::{review_all, review_search, wake_review};
use crate::{
    model::{
        REPOSITORY_NAMED, SEARCH_DUE, SEARCH_UNWANTED, SearchKind, WATCH_PERIOD, WatchKind,
        WatchTarget,
    },
    reads::{self, OwnWatch},
    rules::watches::permit_watch,
    store::{followed, searches, watches},
};

/// Watches a repository or a topic for a person: its repositories are followed from now on.
///
/// # Errors
/// When the person watches it already, or a limit is reached.
pub async fn watch(
    context: &Context,
    person: UserId,
    of: &WatchTarget,
) -> Result<OwnWatch, ActionError> {
    let mut tx = context.begin().await?;
    watches::lock(&tx).await?;
    // An account may have been erased since the request was authenticated.
    if !identity::reads::has_profile(&tx, person).await? {
        let detail = "This account is closed. Restore it before you watch repositories.";
        return Err(Problem::new(ProblemKind::Forbidden, "ACCOUNT_CLOSED", detail).into());
    }
    let (id, now) = (context.ids.next(), context.now());
    let begun = watches::begun(&tx, person).await?;
    let open = begun.iter().filter(|own| own.ended_at.is_none());
    let key = of.key();
    let is_same = |own: &&watches::OwnedWatch| own.kind == of.kind && own.name_key == key;
    if open.clone().any(|own| is_same(&own)) {
        let detail = format!("You watch {} already.", of.name);
        return Err(Problem::new(ProblemKind::Conflict, "ALREADY_WATCHED", detail).into());
    }
    let since = now - WATCH_PERIOD;
    let earlier: Vec<_> = begun.iter().map(|own| own.created_at).filter(|at| *at > since).collect();
    permit_watch(open.count() as i64, &earlier, now)?;
    watches::insert(&tx, id, person, of, now).await?;
    follow_watched(&mut tx, context, of).await?;
    audit::record(&tx, context, act_of(person, "watch.create", of.kind.as_str(), &of.name)).await?;
    let watched = reads::own_watch(&tx, person, id).await?;
    tx.commit().await?;
    watched.ok_or_else(|| unknown().into())
}

/// Requests what a watch needs, unless it is there already.
async fn follow_watched(tx: &mut Tx, context: &Context, of: &WatchTarget) -> Result<(), DbError> {
    let (ids, now) = (context.ids.as_ref(), context.now());
    match of.kind {
        WatchKind::Repository => {
            let name = [of.name.clone()];
            if followed::request(tx, ids, &name, false, now).await? > 0 {
                tx.raise(REPOSITORY_NAMED);
            }
        }
        WatchKind::Topic => {
            if searches::request(tx, ids.next(), SearchKind::Topic, of.name.as_str(), false, now)
                .await?
            {
                tx.raise(SEARCH_DUE);
            }
        }
    }
    Ok(())
}

/// Ends a watch of a person. What is followed for no other reason is no longer followed soon.
///
/// # Errors
/// When the person has no such watch.
pub async fn unwatch(context: &Context, person: UserId, id: Uuid) -> Result<(), ActionError> {
    let mut tx = context.begin().await?;
    watches::lock(&tx).await?;
    let begun = watches::begun(&tx, person).await?;
    let own = begun.iter().find(|own| own.id == id && own.ended_at.is_none());
    let own = own.ok_or_else(unknown)?;
    watches::end(&tx, id, context.now()).await?;
    wake_review_of(&mut tx, context, own).await?;
    audit::record(&tx, context, act_of(person, "watch.end", own.kind.as_str(), &own.name_key))
        .await?;
    Ok(tx.commit().await?)
}

/// Removes the watches of a person in the caller's transaction. What was followed for them alone ends when the schedule runs next.
///
/// # Errors
/// When the database fails.
pub(crate) async fn erase_watches(tx: &Tx, person: UserId) -> Result<(), DbError> {
    watches::remove_all(tx, person).await
}

/// Removes the watches that ended so long ago that they no longer count, ends what is searched and followed for no reason, and
/// requests the other searches again. Returns the number of these.
///
/// # Errors
/// When the database fails.
pub(crate) async fn search_again(context: &Context) -> Result<u64, DbError> {
    let mut tx = context.begin().await?;
    let now = context.now();
    watches::lock(&tx).await?;
    watches::prune(&tx, now).await?;
    for search in searches::unwanted(&tx).await? {
        review_search(&mut tx, context, search).await?;
    }
    review_all(&mut tx, context).await?;
    let requested = searches::request_all(&tx, now).await?;
    if requested > 0 {
        tx.raise(SEARCH_DUE);
    }
    tx.commit().await?;
    Ok(requested)
}

/// Wakes the review of what an ended watch was a reason for. This is separate work, since it needs locks that the caller's
/// transaction must not wait for.
async fn wake_review_of(
    tx: &mut Tx,
    context: &Context,
    ended: &watches::OwnedWatch,
) -> Result<(), DbError> {
    if ended.kind == WatchKind::Repository {
        return wake_review(tx, context, std::slice::from_ref(&ended.name_key)).await;
    }
    let search = searches::id_of(tx, SearchKind::Topic, &ended.name_key).await?;
    let (ids, now) = (context.ids.as_ref(), context.now());
    tx.wake(SEARCH_UNWANTED, search, ids, now).await
}

/// Ends a search that an operator requested. Returns true if there was one.
///
/// # Errors
/// When the database fails.
pub async fn unfollow_search(tx: &mut Tx, context: &Context, query: &str) -> Result<bool, DbError> {
    watches::lock(tx).await?;
    let Some(id) = searches::release(tx, query).await? else {
        return Ok(false);
    };
    review_search(tx, context, id).await?;
    Ok(true)
}

/// Follows the repositories of the issues that a search on GitHub finds. Returns true if it is new. The query was checked.
///
/// # Errors
/// When the database fails.
pub async fn follow_search(tx: &mut Tx, context: &Context, query: &str) -> Result<bool, DbError> {
    watches::lock(tx).await?;
    let is_new =
        searches::request(tx, context.ids.next(), SearchKind::Issues, query, true, context.now())
            .await?;
    if is_new {
        tx.raise(SEARCH_DUE);
    }
    Ok(is_new)
}

fn unknown() -> Problem {
    Problem::not_found("You have no such watch. See yours at /discover/watching.")
}

fn act_of(person: UserId, action: &'static str, kind: &str, name: &str) -> Act<'static> {
    Act {
        actor: Actor::Person(person.0),
        action,
        target_kind: "user",
        target_id: person.0,
        before: None,
        after: Some(json!({ kind: name })),
        reason: None,
    }
}
