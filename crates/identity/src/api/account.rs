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
    access::{ProvenInPerson, SignedIn},
    actions,
    gateway::OauthApp,
    reads,
};

/// The state of your data export.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "requested_at": "2026-11-01T08:00:00Z", "completed_at": "2026-11-01T08:00:01Z",
    "expires_at": "2026-11-08T08:00:00Z"
}))]
pub(super) struct Export {
    /// When you requested the export. Null if you have not requested one.
    #[schema(value_type = Option<String>, format = DateTime)]
    requested_at: Option<Timestamp>,
    /// When the export was ready. Null until then.
    #[schema(value_type = Option<String>, format = DateTime)]
    completed_at: Option<Timestamp>,
    /// When the export expires and is deleted.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// The confirmation that you want to close your account.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "login": "wren-oak" }))]
pub(super) struct AccountClosure {
    /// Your login, to prevent closing an account by mistake.
    login: String,
}

/// Returns the state of your data export.
#[utoipa::path(
    get,
    path = "/api/v1/me/export",
    operation_id = "get_export",
    tag = "Your account",
    responses(
        (status = 200, description = "The state of the export", body = Export),
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn state(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<Export>, WebError> {
    let state = reads::export_state(&context.db, viewer.user_id, context.now()).await?;
    Ok(Json(Export {
        requested_at: state.map(|state| state.asked_at),
        completed_at: state.and_then(|state| state.made_at),
        expires_at: state.map(|state| state.ends_at),
    }))
}

/// Requests an export of your data, which is prepared in the background. It replaces any earlier export.
#[utoipa::path(
    post,
    path = "/api/v1/me/export",
    operation_id = "request_export",
    tag = "Your account",
    responses(
        (status = 202, description = "The export is being prepared"),
    ),
    security(("session" = []))
)]
pub(super) async fn ask(
    State(context): State<Context>,
    ProvenInPerson(viewer): ProvenInPerson,
) -> Result<StatusCode, WebError> {
    actions::ask_for_export(&context, &viewer).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Downloads your data export: everything stored about you, grouped by module.
#[utoipa::path(
    get,
    path = "/api/v1/me/export/document",
    operation_id = "get_export_document",
    tag = "Your account",
    responses(
        (status = 200, description = "The exported data", body = Object),
        (status = 404, description = "You have not requested an export, it is not ready yet, or it has expired")
    ),
    security(("session" = []))
)]
pub(super) async fn document(
    State(context): State<Context>,
    ProvenInPerson(viewer): ProvenInPerson,
) -> Result<Response, WebError> {
    let document = reads::export_document(&context.db, viewer.user_id, context.now()).await?;
    let absent = || {
        let detail =
            "No download is ready. Request one at /settings/account, or wait until it is prepared.";
        Problem::not_found(detail)
    };
    let document = document.ok_or_else(absent)?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"guildhall-export.json\""),
    ];
    let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
    Ok((headers, document).into_response())
}

/// Closes your account: your sessions end, your tokens are revoked, and your profile is hidden. Sign in within 30 days
/// to restore the account; after that it is erased. Requires that you signed in within the last hour.
#[utoipa::path(
    post,
    path = "/api/v1/me/close",
    operation_id = "close_account",
    tag = "Your account",
    request_body = AccountClosure,
    responses(
        (status = 204, description = "Your account is closed"),
        (status = 409, description = "The server would have no admin left"),
        (status = 422, description = "The login does not match yours")
    ),
    security(("session" = []))
)]
pub(super) async fn close(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    Extension(app): Extension<OauthApp>,
    ProvenInPerson(viewer): ProvenInPerson,
    Body(closing): Body<AccountClosure>,
) -> Result<StatusCode, WebError> {
    actions::close_account(&context, &post, &app, &viewer, &closing.login).await?;
    Ok(StatusCode::NO_CONTENT)
}
