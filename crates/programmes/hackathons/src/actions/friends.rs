use identity::{actions::lock_people, model::UserId};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
};
use serde_json::json;

use super::person_named;
use crate::{
    model::{FRIEND_ACCEPTED, FRIEND_REQUESTED, FriendList, FriendshipId},
    reads::{self, FriendshipView},
    rules::friends::{Bond, REQUESTS_PERIOD, Verb, changed, may_request, own_friendship},
    store::friends::{self, Row},
};

/// The audited action of each change.
const REQUEST: &str = "friend.request";

/// Another person, as a person sees them after an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Friend {
    pub login: String,
    /// The list in which the person sees them.
    pub list: Option<FriendList>,
}

/// Changes the friendship of a person with the one who has a login: requests, accepts, declines or cancels it, removes a friend,
/// blocks or unblocks. Repeating it changes nothing. A request towards a person who asked first accepts theirs.
///
/// # Errors
/// When the login is unknown or the person's own, there is no request to answer, the request to cancel was accepted, the person
/// blocks the one whom they ask, or sent too many requests.
pub async fn change_friendship(
    context: &Context,
    person: UserId,
    login: &str,
    verb: Verb,
) -> Result<Friend, ActionError> {
    let mut tx = context.begin().await?;
    let (other, login) = locked_pair(&tx, person, login).await?;
    let found = reads::friendship(&tx, person, other).await?;
    let before = found.as_ref().map(|found| Bond::of(found.of(person)));
    let before = before.unwrap_or(Bond::Strangers);
    let after = changed(before, verb)?;
    if after == before {
        return Ok(Friend { login, list: after.list() });
    }
    let action = audited(verb, after);
    if action == REQUEST {
        within_limit(&tx, context, person).await?;
    }
    let id = write(&tx, context, person, other, found.as_ref(), after).await?;
    let act = Act {
        actor: Actor::Person(person.0),
        action,
        target_kind: "user",
        // The act is on the person's own account: whom it concerns must not find it in their data.
        target_id: person.0,
        before: None,
        after: Some(json!({ "person": other.0 })),
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    notify_of(&mut tx, context, id, after).await?;
    tx.commit().await?;
    Ok(Friend { login, list: after.list() })
}

/// Finds the other person and locks both: their requests and blocks wait for each other.
async fn locked_pair(
    tx: &Tx,
    person: UserId,
    login: &str,
) -> Result<(UserId, String), ActionError> {
    let (other, _) = person_named(tx, login).await?;
    if other == person {
        return Err(own_friendship().into());
    }
    lock_people(tx, [person, other]).await?;
    // The account can be closed until it is locked.
    person_named(tx, login).await
}

/// Returns the audited action of a change.
fn audited(verb: Verb, after: Bond) -> &'static str {
    match verb {
        Verb::Request if after != Bond::Friends => REQUEST,
        Verb::Request | Verb::Accept => "friend.accept",
        Verb::Decline => "friend.decline",
        Verb::Cancel => "friend.cancel",
        Verb::Remove => "friend.remove",
        Verb::Block => "friend.block",
        Verb::Unblock => "friend.unblock",
    }
}

/// Refuses a request of a person who sent as many as they can. The caller holds the lock of the person's row.
async fn within_limit(tx: &Tx, context: &Context, person: UserId) -> Result<(), ActionError> {
    let now = context.now();
    let since = now - REQUESTS_PERIOD;
    let sent = audit::acts(tx, REQUEST, ("user", person.0), since).await?;
    let sent: Vec<_> = sent.into_iter().map(|act| act.created_at).collect();
    Ok(may_request(&sent, now)?)
}

/// Writes a relation; a request that waits keeps its instant.
async fn write(
    tx: &Tx,
    context: &Context,
    person: UserId,
    other: UserId,
    found: Option<&FriendshipView>,
    after: Bond,
) -> Result<Option<FriendshipId>, ActionError> {
    let now = context.now();
    let Some(stored) = after.stored() else {
        if let Some(found) = found {
            friends::delete(tx, found.key()).await?;
        }
        return Ok(None);
    };
    let waited = found.filter(|found| found.of(person).is_requester == stored.is_requester);
    let requested_at = waited.and_then(|found| found.requested_at).unwrap_or(now);
    let id = found.map_or_else(|| context.ids.next().into(), FriendshipView::key);
    let row = Row {
        id,
        people: (person, other),
        stored,
        status_at: now,
        requested_at: stored.is_waiting.then_some(requested_at),
    };
    friends::write(tx, &row, now).await?;
    Ok(Some(id))
}

/// Wakes the worker that notifies the other person of a request, or of an accepted one.
async fn notify_of(
    tx: &mut Tx,
    context: &Context,
    id: Option<FriendshipId>,
    after: Bond,
) -> Result<(), ActionError> {
    let topic = match after {
        Bond::Sent => FRIEND_REQUESTED,
        Bond::Friends => FRIEND_ACCEPTED,
        _ => return Ok(()),
    };
    let id = id.map(|id| id.0);
    let (ids, now) = (context.ids.as_ref(), context.now());
    Ok(tx.wake(topic, id, ids, now).await?)
}
