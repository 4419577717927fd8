use kernel::{Problem, ProblemKind};
use uuid::Uuid;

use super::{Browser, NewBrowser, PushServices, rules::not_allowed, store};
use crate::{
    ActionError, Context,
    db::{DbError, Tx},
    outside::Guarded,
};

/// The maximum number of browsers per person.
const MOST: usize = 20;

/// Validates a push subscription and looks up the host of its service. Called outside any transaction, because of the
/// lookup.
///
/// # Errors
/// When the subscription is invalid, or the service is not on the public internet.
pub async fn check(
    services: &PushServices,
    guarded: &Guarded,
    new: &NewBrowser,
) -> Result<NewBrowser, Problem> {
    let (new, service) = services.check(new)?;
    if !services.names(&service) {
        guarded.look_up(&service).await.map_err(not_allowed)?;
    }
    Ok(new)
}

/// Registers a push subscription in the caller's transaction, which was checked before. Returns it, and whether it is
/// new to the person. A browser that another person registered before is removed from their account.
///
/// # Errors
/// When the person has too many.
pub async fn add(
    tx: &Tx,
    context: &Context,
    person: Uuid,
    new: NewBrowser,
) -> Result<(Browser, bool), ActionError> {
    let known = store::of_person(tx, person).await?;
    let before = known.iter().find(|known| known.endpoint == new.endpoint);
    if before.is_none() && known.len() >= MOST {
        let detail = format!(
            "You can enable notifications in at most {MOST} browsers. Remove one at /settings/notifications."
        );
        return Err(Problem::new(ProblemKind::Conflict, "TOO_MANY_BROWSERS", detail).into());
    }
    let browser = Browser {
        id: before.map_or_else(|| context.ids.next(), |before| before.id),
        created_at: before.map_or_else(|| context.now(), |before| before.created_at),
        endpoint: new.endpoint,
        p256dh: new.p256dh,
        auth: new.auth,
        user_agent: new.user_agent,
    };
    store::put(tx, person, &browser).await?;
    Ok((browser, before.is_none()))
}

/// Removes a person's push subscription in the caller's transaction. Returns the removed one.
pub async fn remove(tx: &Tx, person: Uuid, id: Uuid) -> Result<Option<Browser>, DbError> {
    let all = store::of_person(tx, person).await?;
    let own = all.into_iter().find(|browser| browser.id == id);
    if own.is_some() {
        store::end(tx, id).await?;
    }
    Ok(own)
}
