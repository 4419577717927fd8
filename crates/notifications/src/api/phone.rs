use axum::{Extension, Json, extract::State, http::StatusCode};
use identity::{
    access::{ProvenInPerson, SignedIn},
    model::Viewer,
};
use kernel::{Problem, Timestamp};
use platform::{
    Context,
    outbox::{Post, SMS},
    web::{Body, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{actions, reads};

/// Your phone, which text messages are sent to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "is_available": true, "number": "+15551234567", "verified_at": "2026-11-01T08:00:00Z"
}))]
pub(super) struct PhoneState {
    /// True if this server can send text messages.
    is_available: bool,
    /// The number in international form. Null if you have not added a phone.
    number: Option<String>,
    /// When you verified the phone. Null until then: no notifications are sent to it.
    #[schema(value_type = Option<String>, format = DateTime)]
    verified_at: Option<Timestamp>,
}

/// A phone to add.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "number": "+15551234567" }))]
pub(super) struct NewPhone {
    /// The number in international form. Spaces, hyphens, dots and parentheses are ignored.
    #[schema(max_length = 40)]
    number: String,
}

/// A code from a text message.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "code": "042917" }))]
pub(super) struct PhoneCode {
    /// The six digits. Spaces and hyphens are ignored.
    #[schema(max_length = 20)]
    code: String,
}

async fn state(
    context: &Context,
    post: &Post,
    viewer: &Viewer,
) -> Result<Json<PhoneState>, WebError> {
    let phone = reads::phone(&context.db, viewer.user_id).await?;
    Ok(Json(PhoneState {
        is_available: post.channels.has(SMS),
        verified_at: phone.as_ref().and_then(|phone| phone.verified_at),
        number: phone.map(|phone| phone.number),
    }))
}

/// Returns your phone.
#[utoipa::path(
    get,
    path = "/api/v1/me/phone",
    operation_id = "get_phone",
    tag = "Your account",
    responses(
        (status = 200, description = "Your phone, if you have added one", body = PhoneState),
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn get(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<PhoneState>, WebError> {
    state(&context, &post, &viewer).await
}

/// Adds a phone in the place of an earlier one, and sends it a code.
#[utoipa::path(
    put,
    path = "/api/v1/me/phone",
    operation_id = "set_phone",
    tag = "Your account",
    request_body = NewPhone,
    responses(
        (status = 200, description = "The code is on its way", body = PhoneState),
        (status = 409, description = "The server cannot send text messages, or you have already verified the number"),
        (status = 422, description = "The number is not in international form"),
        (status = 429, description = "Three codes were sent to you within 24 hours, or other people requested codes for the number")
    ),
    security(("session" = []))
)]
pub(super) async fn set(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    ProvenInPerson(viewer): ProvenInPerson,
    Body(new): Body<NewPhone>,
) -> Result<Json<PhoneState>, WebError> {
    actions::set_phone(&context, &post, &viewer, &new.number).await?;
    state(&context, &post, &viewer).await
}

/// Verifies your phone with the code that was sent to it.
#[utoipa::path(
    post,
    path = "/api/v1/me/phone/verify",
    operation_id = "verify_phone",
    tag = "Your account",
    request_body = PhoneCode,
    responses(
        (status = 200, description = "The phone is verified", body = PhoneState),
        (status = 409, description = "The code is wrong or cannot be used any more"),
        (status = 422, description = "The code has not six digits")
    ),
    security(("session" = []))
)]
pub(super) async fn verify(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    ProvenInPerson(viewer): ProvenInPerson,
    Body(new): Body<PhoneCode>,
) -> Result<Json<PhoneState>, WebError> {
    actions::verify_phone(&context, &viewer, &new.code).await?;
    state(&context, &post, &viewer).await
}

/// Removes your phone.
#[utoipa::path(
    delete,
    path = "/api/v1/me/phone",
    operation_id = "remove_phone",
    tag = "Your account",
    responses(
        (status = 204, description = "The phone is removed"),
        (status = 404, description = "You have not added a phone")
    ),
    security(("session" = []))
)]
pub(super) async fn remove(
    State(context): State<Context>,
    ProvenInPerson(viewer): ProvenInPerson,
) -> Result<StatusCode, WebError> {
    if actions::remove_phone(&context, &viewer).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        let detail = "You have no phone. Add one with PUT /api/v1/me/phone.";
        Err(Problem::not_found(detail).into())
    }
}
