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
    access::{InPerson, SignedIn},
    actions, reads,
};

/// The viewer's e-mail addresses.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "address": "wren@oak.example", "asked": null }))]
pub(super) struct EmailView {
    /// The verified address.
    address: Option<String>,
    /// The address that got a link and is not verified yet.
    asked: Option<String>,
}

/// An address to verify.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(example = json!({ "address": "wren@oak.example" }))]
pub(super) struct NewEmail {
    /// The address that gets the link.
    #[schema(max_length = 254)]
    address: String,
}

/// An e-mailed link.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(example = json!({ "token": "guildhall_email_0123456789abcdef" }))]
pub(super) struct MailedLink {
    /// The token in the link, after `token=`.
    token: String,
}

/// Returns your e-mail addresses.
#[utoipa::path(
    get,
    path = "/api/v1/me/email",
    operation_id = "email",
    tag = "Me",
    responses(
        (status = 200, description = "The addresses", body = EmailView),
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn email(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<EmailView>, WebError> {
    let email = reads::email(&context.db, viewer.user_id).await?;
    Ok(Json(EmailView {
        address: email.verified,
        asked: email.asked,
    }))
}

/// E-mails a link to an address, which verifies it within 15 minutes in the same session.
#[utoipa::path(
    put,
    path = "/api/v1/me/email",
    operation_id = "ask_to_verify_email",
    tag = "Me",
    params(IdempotencyKey),
    request_body = NewEmail,
    responses(
        (status = 202, description = "The link is on its way"),
        (status = 400, description = "The body cannot be read"),
        (status = 409, description = "You verified the address already, or this server cannot send e-mail"),
        (status = 422, description = "The text is not an e-mail address")
    ),
    security(("session" = []))
)]
pub(super) async fn ask(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    InPerson(viewer): InPerson,
    Body(new): Body<NewEmail>,
) -> Result<StatusCode, WebError> {
    actions::ask_to_verify(&context, &post, &viewer, &new.address).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Verifies an address by an e-mailed link.
#[utoipa::path(
    post,
    path = "/api/v1/me/email/verify",
    operation_id = "verify_email",
    tag = "Me",
    request_body = MailedLink,
    responses(
        (status = 204, description = "The address is verified"),
        (status = 400, description = "The body cannot be read"),
        (status = 409, description = "The link was used, is too old or belongs to another session, or another person verified the address"),
    ),
    security(("session" = []))
)]
pub(super) async fn verify(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    InPerson(viewer): InPerson,
    Body(link): Body<MailedLink>,
) -> Result<StatusCode, WebError> {
    actions::verify_email(&context, &post, &viewer, &link.token).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes your e-mail address: you get no e-mail from then on.
#[utoipa::path(
    delete,
    path = "/api/v1/me/email",
    operation_id = "remove_email",
    tag = "Me",
    responses(
        (status = 204, description = "It is deleted"),
    ),
    security(("session" = []))
)]
pub(super) async fn remove(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
) -> Result<StatusCode, WebError> {
    actions::remove_email(&context, &viewer).await?;
    Ok(StatusCode::NO_CONTENT)
}
