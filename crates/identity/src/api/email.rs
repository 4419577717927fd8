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

/// Where letters reach the viewer.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "address": "wren@oak.example", "asked": null }))]
pub(super) struct EmailView {
    /// The address that is verified as theirs.
    address: Option<String>,
    /// The one to which a link was mailed.
    asked: Option<String>,
}

/// An address to be verified.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(example = json!({ "address": "wren@oak.example" }))]
pub(super) struct NewEmail {
    /// Where the link is mailed.
    #[schema(max_length = 254)]
    address: String,
}

/// A link that was mailed.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(example = json!({ "token": "guildhall_email_0123456789abcdef" }))]
pub(super) struct MailedLink {
    /// What follows `token=` in it.
    token: String,
}

/// Where letters reach one.
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

/// Mails a link to an address, by which it is verified within 15 minutes in the same session.
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
        (status = 409, description = "The address is theirs already, or this server cannot send mail"),
        (status = 422, description = "It is no address")
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

/// Takes a link that was mailed: the address is one's own from now on.
#[utoipa::path(
    post,
    path = "/api/v1/me/email/verify",
    operation_id = "verify_email",
    tag = "Me",
    request_body = MailedLink,
    responses(
        (status = 204, description = "The address is verified"),
        (status = 400, description = "The body cannot be read"),
        (status = 409, description = "The link is used, too old or another session's, or the address is somebody else's"),
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

/// Forgets one's address: no letter reaches one from now on.
#[utoipa::path(
    delete,
    path = "/api/v1/me/email",
    operation_id = "remove_email",
    tag = "Me",
    responses(
        (status = 204, description = "It is forgotten"),
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
