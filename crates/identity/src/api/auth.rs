use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use platform::{
    Context,
    web::{Body, Client, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::InPerson,
    actions::{self, Pair, REFRESH_LASTS},
    model::Device,
    rules::{ACCESS_LASTS, Signer, address_prefix, device},
};

/// An app's access token and refresh token.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "token_type": "Bearer", "access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.c2ln",
    "expires_in": 1800, "refresh_token": "glh_refresh_0123456789abcdef",
    "refresh_expires_in": 604_800
}))]
pub(super) struct TokenPair {
    /// The token type: always `Bearer`.
    token_type: &'static str,
    /// The access token, a JSON Web Token. Send it with each request.
    access_token: String,
    /// The lifetime of the access token in seconds.
    expires_in: i64,
    /// The refresh token. Exchange it once for the next pair.
    refresh_token: String,
    /// The lifetime of the refresh token in seconds.
    refresh_expires_in: i64,
}

/// Responds with tokens, which must not be cached.
fn handed_out(pair: Pair) -> Response {
    let pair = TokenPair {
        token_type: "Bearer",
        access_token: pair.access,
        expires_in: ACCESS_LASTS.num_seconds(),
        refresh_token: pair.refresh,
        refresh_expires_in: REFRESH_LASTS.num_seconds(),
    };
    ([(header::CACHE_CONTROL, "no-store")], Json(pair)).into_response()
}

/// The refresh token to exchange or revoke.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "refresh_token": "glh_refresh_0123456789abcdef" }))]
pub(super) struct RefreshToken {
    /// The refresh token.
    refresh_token: String,
}

/// Creates an access token and a refresh token for an app, based on your browser session. The app appears in your list
/// of sessions, where you can sign it out.
#[utoipa::path(
    post,
    path = "/api/v1/auth/token",
    operation_id = "create_app_tokens",
    tag = "Your account",
    responses(
        (status = 200, description = "The tokens", body = TokenPair),
        (status = 409, description = "You already have 50 apps signed in"),
    ),
    security(("session" = []))
)]
pub(super) async fn token(
    State(context): State<Context>,
    Extension(signer): Extension<Arc<Signer>>,
    client: Option<Extension<Client>>,
    InPerson(viewer): InPerson,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let agent = headers.get(header::USER_AGENT);
    let agent = agent.and_then(|agent| agent.to_str().ok());
    let device = Device {
        user_agent: agent.map(device),
        address_prefix: client.map(|Extension(client)| address_prefix(client.0)),
    };
    let pair = actions::begin_family(&context, &signer, &viewer, &device).await?;
    Ok(handed_out(pair))
}

/// Exchanges a refresh token for a new pair of tokens. Each refresh token works once; using it again signs the app out.
#[utoipa::path(
    post,
    path = "/api/v1/auth/refresh",
    operation_id = "refresh_tokens",
    tag = "Your account",
    request_body = RefreshToken,
    responses(
        (status = 200, description = "The new tokens", body = TokenPair),
        (status = 401, description = "The refresh token is unknown, expired or already used, or the app was signed out"),
        (status = 403, description = "The person is banned"),
    )
)]
pub(super) async fn refresh(
    State(context): State<Context>,
    Extension(signer): Extension<Arc<Signer>>,
    Body(shown): Body<RefreshToken>,
) -> Result<Response, WebError> {
    let pair = actions::refresh(&context, &signer, &shown.refresh_token).await?;
    Ok(handed_out(pair))
}

/// Signs out the app that a refresh token belongs to. Unknown tokens are ignored.
#[utoipa::path(
    post,
    path = "/api/v1/auth/logout",
    operation_id = "revoke_app_tokens",
    tag = "Your account",
    request_body = RefreshToken,
    responses(
        (status = 204, description = "The app is signed out"),
    )
)]
pub(super) async fn logout(
    State(context): State<Context>,
    Body(shown): Body<RefreshToken>,
) -> Result<StatusCode, WebError> {
    actions::log_out(&context, &shown.refresh_token).await?;
    Ok(StatusCode::NO_CONTENT)
}
