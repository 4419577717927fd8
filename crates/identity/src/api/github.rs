use axum::{Extension, Json, extract::State, http::StatusCode};
use kernel::{Problem, Timestamp};
use platform::{Context, web::WebError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    access::{InPerson, SignedIn},
    actions,
    gateway::OauthApp,
    reads,
};

/// Your connection to GitHub, with which this server creates the webhooks of your repositories.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = GithubConnection, example = json!({
    "login": "wren-oak", "scopes": ["admin:repo_hook"], "connected_at": "2026-11-01T08:00:00Z",
    "revoked_at": null
}))]
pub(super) struct ConnectionView {
    /// The GitHub account's login when it was connected.
    login: String,
    /// The OAuth scopes that GitHub granted.
    scopes: Vec<String>,
    /// When the account was connected.
    #[schema(value_type = String, format = DateTime)]
    connected_at: Timestamp,
    /// When GitHub no longer accepted the token. Connect GitHub again at `/settings/identities`. Null while it is valid.
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<Timestamp>,
}

/// Returns your connection to GitHub. You connect GitHub with a browser at `/settings/identities`.
#[utoipa::path(
    get,
    path = "/api/v1/me/github-connection",
    operation_id = "get_github_connection",
    tag = "Your account",
    responses(
        (status = 200, description = "Your connection", body = ConnectionView),
        (status = 404, description = "You have not connected GitHub")
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn connection(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<ConnectionView>, WebError> {
    let found = reads::github_connection(&context.db, viewer.user_id).await?;
    let found = found.ok_or_else(not_connected)?;
    Ok(Json(ConnectionView {
        login: found.login,
        scopes: found.scopes,
        connected_at: found.connected_at,
        revoked_at: found.revoked_at,
    }))
}

/// Ends your connection to GitHub: revokes the token there, and deletes it here. Webhooks stay.
#[utoipa::path(
    delete,
    path = "/api/v1/me/github-connection",
    operation_id = "delete_github_connection",
    tag = "Your account",
    responses(
        (status = 204, description = "GitHub is no longer connected"),
        (status = 404, description = "You have not connected GitHub")
    ),
    security(("session" = []))
)]
pub(super) async fn disconnect(
    State(context): State<Context>,
    Extension(app): Extension<OauthApp>,
    InPerson(viewer): InPerson,
) -> Result<StatusCode, WebError> {
    match actions::disconnect_github(&context, &app, &viewer).await? {
        Some(_) => Ok(StatusCode::NO_CONTENT),
        None => Err(not_connected().into()),
    }
}

fn not_connected() -> Problem {
    Problem::not_found("You have not connected GitHub. Connect it at /settings/identities.")
}
