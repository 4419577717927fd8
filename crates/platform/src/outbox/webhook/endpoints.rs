use kernel::{Problem, ProblemKind};
use reqwest::Url;
use uuid::Uuid;

use super::{
    Endpoint, MOST, NewEndpoint, Receivers, Secret,
    rules::{described, rotation_ends},
    store,
};
use crate::{
    ActionError, Context,
    crypto::KeyRing,
    db::{DbError, Sql, Tx},
};

/// A webhook whose URL and description are valid.
#[derive(Clone, Debug)]
pub struct CheckedEndpoint {
    url: Url,
    description: String,
}

impl NewEndpoint {
    /// Validates the webhook. Called outside any transaction, because the host is looked up.
    ///
    /// # Errors
    /// When the URL or the description is not allowed.
    pub async fn check(&self, receivers: &Receivers) -> Result<CheckedEndpoint, Problem> {
        match (receivers.check(&self.url).await, described(&self.description)) {
            (Ok(url), Ok(description)) => Ok(CheckedEndpoint { url, description }),
            (Err(problem), description) => Err(problem.with(description)),
            (_, Err(problem)) => Err(problem),
        }
    }
}

/// Adds a webhook of a person in the caller's transaction. Returns it with its secret, which is not readable later.
///
/// # Errors
/// When the person has too many, or the operating system provides no random bytes.
pub async fn add(
    tx: &Tx,
    context: &Context,
    ring: &KeyRing,
    person: Uuid,
    new: CheckedEndpoint,
) -> Result<(Endpoint, Secret), ActionError> {
    tx.serialize(store::LOCK).await?;
    if store::of_person(tx, person).await?.len() >= MOST {
        let detail =
            format!("You can have at most {MOST} webhooks. Delete one at /settings/webhooks.");
        return Err(Problem::new(ProblemKind::Conflict, "TOO_MANY_WEBHOOKS", detail).into());
    }
    let endpoint = Endpoint {
        id: context.ids.next(),
        created_at: context.now(),
        person_id: person,
        url: new.url.into(),
        description: new.description,
        previous_until: None,
        disabled_at: None,
        disabled_reason: None,
        last_success_at: None,
        failing_since: None,
    };
    let secret = Secret::fresh()?;
    store::insert(tx, &endpoint, ring.seal(secret.bytes())?).await?;
    Ok((endpoint, secret))
}

/// Changes the description of a person's webhook in the caller's transaction. Returns the webhook, or `None` if they have
/// no such one.
///
/// # Errors
/// When the description is not allowed.
pub async fn describe(
    tx: &Tx,
    person: Uuid,
    id: Uuid,
    description: &str,
) -> Result<Option<Endpoint>, ActionError> {
    let description = described(description)?;
    store::describe(tx, person, id, &description).await?;
    Ok(own(tx, person, id).await?)
}

/// Replaces the secret of a person's webhook in the caller's transaction. The former one signs too for 24 hours.
/// Returns the webhook and its new secret, or `None` if they have no such webhook.
///
/// # Errors
/// When the operating system provides no random bytes.
pub async fn rotate(
    tx: &Tx,
    context: &Context,
    ring: &KeyRing,
    person: Uuid,
    id: Uuid,
) -> Result<Option<(Endpoint, Secret)>, ActionError> {
    tx.serialize(store::LOCK).await?;
    let secret = Secret::fresh()?;
    let (sealed, until) = (ring.seal(secret.bytes())?, rotation_ends(context.now()));
    store::replace_secret(tx, person, id, sealed, until).await?;
    Ok(own(tx, person, id).await?.map(|own| (own, secret)))
}

/// Enables a person's webhook again in the caller's transaction. Returns it and whether it was disabled, or `None` if
/// they have no such webhook.
pub async fn enable(tx: &Tx, person: Uuid, id: Uuid) -> Result<Option<(Endpoint, bool)>, DbError> {
    let was_disabled = store::enable(tx, person, id).await?;
    Ok(own(tx, person, id).await?.map(|own| (own, was_disabled)))
}

/// Removes a person's webhook in the caller's transaction. Returns the removed one.
pub async fn remove(tx: &Tx, person: Uuid, id: Uuid) -> Result<Option<Endpoint>, DbError> {
    let own = own(tx, person, id).await?;
    if own.is_some() {
        store::remove(tx, person, id).await?;
    }
    Ok(own)
}

/// Finds a webhook of a person.
pub async fn own(db: &impl Sql, person: Uuid, id: Uuid) -> Result<Option<Endpoint>, DbError> {
    let found = store::find(db, id).await?;
    Ok(found.filter(|endpoint| endpoint.person_id == person))
}
