use identity::model::Viewer;
use kernel::Problem;
use platform::{
    ActionError, Context,
    outbox::{
        Post,
        webhook::{self, Endpoint, NewEndpoint, Secret},
    },
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::note::note;

/// Adds a webhook of a person; returns it with its secret, which is not readable later.
///
/// # Errors
/// When the URL or the description is not allowed, or the person has too many webhooks.
pub async fn add_webhook(
    context: &Context,
    post: &Post,
    viewer: &Viewer,
    new: &NewEndpoint,
) -> Result<(Endpoint, Secret), ActionError> {
    let new = new.check(&post.receivers).await?;
    let tx = context.begin().await?;
    let added = webhook::add(&tx, context, &post.ring, viewer.user_id.0, new).await?;
    let changes = (None, Some(named(&added.0)));
    note(&tx, context, viewer, "webhook.add", changes).await?;
    tx.commit().await?;
    Ok(added)
}

/// Changes the description of a person's webhook; returns it.
///
/// # Errors
/// When the description is not allowed, or the person has no such webhook.
pub async fn describe_webhook(
    context: &Context,
    viewer: &Viewer,
    id: Uuid,
    description: &str,
) -> Result<Endpoint, ActionError> {
    let tx = context.begin().await?;
    let described = webhook::describe(&tx, viewer.user_id.0, id, description).await?;
    let described = described.ok_or_else(unknown)?;
    let changes = (None, Some(named(&described)));
    note(&tx, context, viewer, "webhook.describe", changes).await?;
    tx.commit().await?;
    Ok(described)
}

/// Replaces the secret of a person's webhook; returns the webhook and the new secret. The former one signs too for 24
/// hours.
///
/// # Errors
/// When the person has no such webhook.
pub async fn rotate_webhook(
    context: &Context,
    post: &Post,
    viewer: &Viewer,
    id: Uuid,
) -> Result<(Endpoint, Secret), ActionError> {
    let tx = context.begin().await?;
    let rotated = webhook::rotate(&tx, context, &post.ring, viewer.user_id.0, id).await?;
    let (endpoint, secret) = rotated.ok_or_else(unknown)?;
    let changes = (None, Some(named(&endpoint)));
    note(&tx, context, viewer, "webhook.rotate", changes).await?;
    tx.commit().await?;
    Ok((endpoint, secret))
}

/// Enables a person's webhook again; returns it. Repeating it changes nothing.
///
/// # Errors
/// When the person has no such webhook.
pub async fn enable_webhook(
    context: &Context,
    viewer: &Viewer,
    id: Uuid,
) -> Result<Endpoint, ActionError> {
    let tx = context.begin().await?;
    let enabled = webhook::enable(&tx, viewer.user_id.0, id).await?;
    let (endpoint, was_disabled) = enabled.ok_or_else(unknown)?;
    if was_disabled {
        let changes = (None, Some(named(&endpoint)));
        note(&tx, context, viewer, "webhook.enable", changes).await?;
    }
    tx.commit().await?;
    Ok(endpoint)
}

/// Sends a test event to a person's webhook.
///
/// # Errors
/// When the person has no such webhook or sent too many test events, or the webhook is disabled.
pub async fn test_webhook(
    context: &Context,
    post: &Post,
    viewer: &Viewer,
    id: Uuid,
) -> Result<(), ActionError> {
    let mut tx = context.begin().await?;
    let own = webhook::own(&tx, viewer.user_id.0, id).await?;
    let link = format!("{}/settings/webhooks/{id}", post.site);
    webhook::send_test(&mut tx, context, &own.ok_or_else(unknown)?, link).await?;
    Ok(tx.commit().await?)
}

/// Removes a person's webhook.
///
/// # Errors
/// When the person has no such webhook.
pub async fn remove_webhook(
    context: &Context,
    viewer: &Viewer,
    id: Uuid,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    let removed = webhook::remove(&tx, viewer.user_id.0, id).await?;
    let changes = (Some(named(&removed.ok_or_else(unknown)?)), None);
    note(&tx, context, viewer, "webhook.remove", changes).await?;
    Ok(tx.commit().await?)
}

/// Returns the problem of an unknown webhook.
pub(crate) fn unknown() -> Problem {
    Problem::not_found(
        "Unknown or deleted webhook. List your webhooks with GET /api/v1/me/webhooks, or see /settings/webhooks.",
    )
}

/// Names a webhook in the audit log, which cannot be erased. Its URL and description are the person's own text, and the
/// URL may contain a secret.
fn named(endpoint: &Endpoint) -> Value {
    json!({ "webhook": endpoint.id })
}
