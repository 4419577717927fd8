use axum::{Extension, Json, extract::State, http::StatusCode};
use platform::{
    Context,
    idempotency::IdempotencyKey,
    outbox::Post,
    web::{Body, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::{ProvenInPerson, SignedIn},
    actions, reads,
};

/// Your email addresses.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "address": "wren@oak.example", "pending_address": null }))]
pub(super) struct EmailView {
    /// The verified address that your email goes to.
    address: Option<String>,
    /// The address that is waiting to be verified. A link was sent to it.
    pending_address: Option<String>,
}

/// The address to verify.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "address": "wren@oak.example" }))]
pub(super) struct NewEmail {
    /// The email address that the link is sent to.
    #[schema(max_length = 254)]
    address: String,
}

/// The token from a verification link.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "token": "guildhall_email_0123456789abcdef" }))]
pub(super) struct EmailVerification {
    /// The value of `token` in the link.
    token: String,
}

/// Returns your email addresses.
#[utoipa::path(
    get,
    path = "/api/v1/me/email",
    operation_id = "get_email",
    tag = "Your account",
    responses(
        (status = 200, description = "Your email addresses", body = EmailView),
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn email(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<EmailView>, WebError> {
    let email = reads::email(&context.db, viewer.user_id).await?;
    Ok(Json(EmailView { address: email.verified, pending_address: email.asked }))
}

/// Sends a verification link to an address. The link is valid for 15 minutes, in the same session. Requires that you
/// signed in within the last hour.
#[utoipa::path(
    put,
    path = "/api/v1/me/email",
    operation_id = "request_email_verification",
    tag = "Your account",
    params(IdempotencyKey),
    request_body = NewEmail,
    responses(
        (status = 202, description = "The link was sent"),
        (status = 409, description = "You have already verified the address, or this server cannot send email"),
        (status = 422, description = "The email address is invalid")
    ),
    security(("session" = []))
)]
pub(super) async fn ask(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    ProvenInPerson(viewer): ProvenInPerson,
    Body(new): Body<NewEmail>,
) -> Result<StatusCode, WebError> {
    actions::ask_to_verify(&context, &post, &viewer, &new.address).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Verifies an address with the token from a verification link. Requires that you signed in within the last hour.
#[utoipa::path(
    post,
    path = "/api/v1/me/email/verify",
    operation_id = "verify_email",
    tag = "Your account",
    request_body = EmailVerification,
    responses(
        (status = 204, description = "The address is verified"),
        (status = 409, description = "The link was already used, has expired or belongs to another session, or another person has verified the address"),
    ),
    security(("session" = []))
)]
pub(super) async fn verify(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    ProvenInPerson(viewer): ProvenInPerson,
    Body(link): Body<EmailVerification>,
) -> Result<StatusCode, WebError> {
    actions::verify_email(&context, &post, &viewer, &link.token).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes your email address. You no longer receive email. Requires that you signed in within the last hour.
#[utoipa::path(
    delete,
    path = "/api/v1/me/email",
    operation_id = "remove_email",
    tag = "Your account",
    responses(
        (status = 204, description = "The address is deleted"),
        (status = 409, description = "The address is your last sign-in method"),
    ),
    security(("session" = []))
)]
pub(super) async fn remove(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    ProvenInPerson(viewer): ProvenInPerson,
) -> Result<StatusCode, WebError> {
    actions::remove_email(&context, &post, &viewer).await?;
    Ok(StatusCode::NO_CONTENT)
}
