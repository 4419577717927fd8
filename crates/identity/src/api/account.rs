use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use kernel::{Problem, Timestamp};
use platform::{
    Context,
    outbox::Post,
    web::{Body, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::{InPerson, SignedIn},
    actions, reads,
};

/// How what the viewer takes with them stands.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "asked_at": "2026-11-01T08:00:00Z", "made_at": "2026-11-01T08:00:01Z",
    "ends_at": "2026-11-08T08:00:00Z"
}))]
pub(super) struct Export {
    /// When they asked for it; absent when they did not.
    #[schema(value_type = Option<String>, format = DateTime)]
    asked_at: Option<Timestamp>,
    /// When it was made.
    #[schema(value_type = Option<String>, format = DateTime)]
    made_at: Option<Timestamp>,
    /// When it is forgotten.
    #[schema(value_type = Option<String>, format = DateTime)]
    ends_at: Option<Timestamp>,
}

/// The word for closing an account.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(example = json!({ "login": "wren-oak" }))]
pub(super) struct Closing {
    /// One's own login, so that nobody closes an account by a slip.
    login: String,
}

/// How what one takes with oneself stands.
#[utoipa::path(
    get,
    path = "/api/v1/me/export",
    operation_id = "export_state",
    tag = "Me",
    responses(
        (status = 200, description = "How it stands", body = Export),
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn state(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<Export>, WebError> {
    let state = reads::export_state(&context.db, viewer.user_id, context.now()).await?;
    Ok(Json(Export {
        asked_at: state.map(|state| state.asked_at),
        made_at: state.and_then(|state| state.made_at),
        ends_at: state.map(|state| state.ends_at),
    }))
}

/// Has everything that is held of one put into a document, which a job makes after a moment. One made before
/// is forgotten.
#[utoipa::path(
    post,
    path = "/api/v1/me/export",
    operation_id = "ask_for_export",
    tag = "Me",
    responses(
        (status = 202, description = "It is made after a moment"),
    ),
    security(("session" = []))
)]
pub(super) async fn ask(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
) -> Result<StatusCode, WebError> {
    actions::ask_for_export(&context, &viewer).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Everything that is held of one, as it was when it was made: the parts of the server by name.
#[utoipa::path(
    get,
    path = "/api/v1/me/export/document",
    operation_id = "export_document",
    tag = "Me",
    responses(
        (status = 200, description = "The document", body = Object),
        (status = 404, description = "None was asked for, it is not made yet, or it is forgotten")
    ),
    security(("session" = []))
)]
pub(super) async fn document(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
) -> Result<Response, WebError> {
    let document = reads::export_document(&context.db, viewer.user_id, context.now()).await?;
    let absent = || {
        let detail =
            "There is nothing to fetch: ask for it at /settings/account, or wait until it is made.";
        Problem::not_found(detail)
    };
    let document = document.ok_or_else(absent)?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"guildhall-export.json\"",
        ),
    ];
    let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
    Ok((headers, document).into_response())
}

/// Closes one's account: sessions and tokens end, and nobody is shown it. Signing in again within 30 days brings
/// it back; after that it is erased. It takes a sign-in of less than an hour ago.
#[utoipa::path(
    post,
    path = "/api/v1/me/close",
    operation_id = "close_account",
    tag = "Me",
    request_body = Closing,
    responses(
        (status = 204, description = "It is closed"),
        (status = 400, description = "The body cannot be read"),
        (status = 409, description = "The server would have no admin left"),
        (status = 413, description = "The body is too large"),
        (status = 422, description = "The login is not theirs")
    ),
    security(("session" = []))
)]
pub(super) async fn close(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    InPerson(viewer): InPerson,
    Body(closing): Body<Closing>,
) -> Result<StatusCode, WebError> {
    actions::close_account(&context, &post, &viewer, &closing.login).await?;
    Ok(StatusCode::NO_CONTENT)
}
