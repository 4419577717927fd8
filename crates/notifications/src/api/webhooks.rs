use axum::{Extension, Json, extract::State, http::StatusCode};
use identity::{
    access::{InPerson, ProvenInPerson, SignedIn},
    model::Viewer,
};
use platform::{
    Context,
    idempotency::IdempotencyKey,
    outbox::{
        Post,
        webhook::{self, Endpoint, NewEndpoint},
    },
    web::{All, Body, Created, Path, WebError},
};
use uuid::Uuid;

use super::webhook_views::{
    AttemptView, NewWebhook, WebhookPatch, WebhookSecret, WebhookView, WebhookWithSecret,
};
use crate::actions::{self, unknown_webhook};

/// The number of attempts that are listed.
pub(crate) const ATTEMPTS: i64 = 20;

/// Returns an ID; text that is not a UUID matches no webhook.
fn read(id: &str) -> Uuid {
    Uuid::try_parse(id).unwrap_or_default()
}

async fn own(context: &Context, viewer: &Viewer, id: &str) -> Result<Endpoint, WebError> {
    let own = webhook::own(&context.db, viewer.user_id.0, read(id)).await?;
    Ok(own.ok_or_else(unknown_webhook)?)
}

/// Lists your webhooks, oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/me/webhooks",
    operation_id = "list_webhooks",
    tag = "Your account",
    responses(
        (status = 200, description = "Your webhooks, at most 5", body = All<WebhookView>),
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn list(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<All<WebhookView>>, WebError> {
    let found = webhook::of_person(&context.db, viewer.user_id.0).await?;
    Ok(Json(All::of(found)))
}

/// Adds a webhook: a URL that receives your notifications. Only this response contains the secret that signs them.
#[utoipa::path(
    post,
    path = "/api/v1/me/webhooks",
    operation_id = "add_webhook",
    tag = "Your account",
    params(IdempotencyKey),
    request_body = NewWebhook,
    responses(
        (status = 201, description = "The new webhook", body = WebhookWithSecret),
        (status = 409, description = "You already have 5 webhooks"),
        (status = 422, description = "The URL or the description is not allowed")
    ),
    security(("session" = []))
)]
pub(super) async fn add(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    ProvenInPerson(viewer): ProvenInPerson,
    Body(new): Body<NewWebhook>,
) -> Result<Created<WebhookWithSecret>, WebError> {
    let new = NewEndpoint { url: new.url, description: new.description };
    let (endpoint, secret) = actions::add_webhook(&context, &post, &viewer, &new).await?;
    Ok(Created {
        location: format!("/api/v1/me/webhooks/{}", endpoint.id),
        body: WebhookWithSecret::of(endpoint, &secret),
    })
}

/// Returns one of your webhooks.
#[utoipa::path(
    get,
    path = "/api/v1/me/webhooks/{id}",
    operation_id = "get_webhook",
    tag = "Your account",
    responses((status = 200, description = "The webhook", body = WebhookView)),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn get(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(id): Path<String>,
) -> Result<Json<WebhookView>, WebError> {
    Ok(Json(own(&context, &viewer, &id).await?.into()))
}

/// Changes the description of one of your webhooks.
#[utoipa::path(
    patch,
    path = "/api/v1/me/webhooks/{id}",
    operation_id = "update_webhook",
    tag = "Your account",
    request_body = WebhookPatch,
    responses(
        (status = 200, description = "The changed webhook", body = WebhookView),
        (status = 400, description = "The path or the request body is malformed"),
        (status = 422, description = "The description is not allowed")
    ),
    security(("session" = []))
)]
pub(super) async fn update(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Path(id): Path<String>,
    Body(patch): Body<WebhookPatch>,
) -> Result<Json<WebhookView>, WebError> {
    let changed = actions::describe_webhook(&context, &viewer, read(&id), &patch.description);
    Ok(Json(changed.await?.into()))
}

/// Deletes one of your webhooks. Notifications that wait for it are not sent.
#[utoipa::path(
    delete,
    path = "/api/v1/me/webhooks/{id}",
    operation_id = "delete_webhook",
    tag = "Your account",
    responses((status = 204, description = "The webhook is deleted")),
    security(("session" = []))
)]
pub(super) async fn delete(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Path(id): Path<String>,
) -> Result<StatusCode, WebError> {
    actions::remove_webhook(&context, &viewer, read(&id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Replaces the secret of one of your webhooks. The former secret signs too for 24 hours. Only this response contains
/// the new secret.
#[utoipa::path(
    post,
    path = "/api/v1/me/webhooks/{id}/rotate",
    operation_id = "rotate_webhook_secret",
    tag = "Your account",
    params(IdempotencyKey),
    responses((status = 200, description = "The new secret", body = WebhookSecret)),
    security(("session" = []))
)]
pub(super) async fn rotate(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    ProvenInPerson(viewer): ProvenInPerson,
    Path(id): Path<String>,
) -> Result<Json<WebhookSecret>, WebError> {
    let (endpoint, secret) = actions::rotate_webhook(&context, &post, &viewer, read(&id)).await?;
    Ok(Json(WebhookSecret::of(&endpoint, &secret)))
}

/// Enables one of your webhooks that was disabled because it failed.
#[utoipa::path(
    post,
    path = "/api/v1/me/webhooks/{id}/enable",
    operation_id = "enable_webhook",
    tag = "Your account",
    responses((status = 200, description = "The enabled webhook", body = WebhookView)),
    security(("session" = []))
)]
pub(super) async fn enable(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Path(id): Path<String>,
) -> Result<Json<WebhookView>, WebError> {
    let enabled = actions::enable_webhook(&context, &viewer, read(&id)).await?;
    Ok(Json(enabled.into()))
}

/// Sends a test event to one of your webhooks, with the type `webhook.test`. You can send 10 per hour.
#[utoipa::path(
    post,
    path = "/api/v1/me/webhooks/{id}/test",
    operation_id = "test_webhook",
    tag = "Your account",
    params(IdempotencyKey),
    responses(
        (status = 202, description = "The test event will be sent. Its attempts list the result."),
        (status = 409, description = "The webhook is disabled")
    ),
    security(("session" = []))
)]
pub(super) async fn test(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    InPerson(viewer): InPerson,
    Path(id): Path<String>,
) -> Result<StatusCode, WebError> {
    actions::test_webhook(&context, &post, &viewer, read(&id)).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Lists the last attempts to send to one of your webhooks, latest first. They are kept for 30 days.
#[utoipa::path(
    get,
    path = "/api/v1/me/webhooks/{id}/attempts",
    operation_id = "list_webhook_attempts",
    tag = "Your account",
    responses((status = 200, description = "The last 20 attempts", body = All<AttemptView>)),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn attempts(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(id): Path<String>,
) -> Result<Json<All<AttemptView>>, WebError> {
    let endpoint = own(&context, &viewer, &id).await?;
    let found = webhook::attempts(&context.db, endpoint.id, ATTEMPTS).await?;
    Ok(Json(All::of(found)))
}
