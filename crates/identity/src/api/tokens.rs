use axum::{Json, extract::State, http::StatusCode};
use kernel::{Problem, Timestamp};
use platform::{
    Context,
    idempotency::IdempotencyKey,
    web::{All, Body, Created, Path, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::{InPerson, ProvenInPerson, SignedIn},
    actions::{self, NewToken},
    model::{Scope, Token},
    reads, rules,
};

/// A personal token, without its secret.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Token, example = json!({
    "id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "name": "Nightly report", "scopes": ["read"],
    "created_at": "2026-11-01T08:00:00Z", "expires_at": "2026-12-01T08:00:00Z",
    "last_used_at": null
}))]
pub(super) struct TokenView {
    /// The token's ID.
    id: Uuid,
    /// The purpose of the token.
    name: String,
    /// The token's scopes.
    #[schema(value_type = Vec<Scope>)]
    scopes: Vec<String>,
    /// When the token was created.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When the token expires.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// When the token was last used, to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
}

impl From<Token> for TokenView {
    fn from(token: Token) -> Self {
        Self {
            id: token.id,
            name: token.name,
            scopes: token.scopes.split(' ').map(str::to_owned).collect(),
            created_at: token.created_at,
            expires_at: token.expires_at,
            last_used_at: token.last_used_at,
        }
    }
}

/// The token to create.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewToken, example = json!({
    "name": "Nightly report", "scopes": ["read"], "expires_in_days": 30
}))]
pub(super) struct TokenInput {
    /// The purpose of the token.
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// The token's scopes.
    #[schema(value_type = Vec<Scope>, min_items = 1)]
    scopes: Vec<String>,
    /// The token's lifetime in days.
    #[schema(minimum = 1, maximum = 366)]
    expires_in_days: i64,
}

/// A new token with its secret.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct CreatedToken {
    /// The secret to send as the bearer token. It is shown only once.
    #[schema(example = "glh_pat_0Qm7ZkV3xT9bR2nL5wYc8dFh1JpSg4uAeKtXvC6zNqM2aB1cD")]
    secret: String,
    #[serde(flatten)]
    token: TokenView,
}

/// Lists your tokens, newest first. Revoked tokens are not included.
#[utoipa::path(
    get,
    path = "/api/v1/me/tokens",
    operation_id = "list_tokens",
    tag = "Your account",
    responses(
        (status = 200, description = "Your tokens, at most 200", body = All<TokenView>),
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn tokens(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<All<TokenView>>, WebError> {
    let found = reads::tokens(&context.db, viewer.user_id).await?;
    Ok(Json(All::of(found)))
}

/// Creates a token. Only this response contains its secret.
#[utoipa::path(
    post,
    path = "/api/v1/me/tokens",
    operation_id = "create_token",
    tag = "Your account",
    params(IdempotencyKey),
    request_body = TokenInput,
    responses(
        (status = 201, description = "The new token", body = CreatedToken),
        (status = 409, description = "You already have 50 tokens"),
        (status = 422, description = "The name, scopes or lifetime is invalid")
    ),
    security(("session" = []))
)]
pub(super) async fn create(
    State(context): State<Context>,
    ProvenInPerson(viewer): ProvenInPerson,
    Body(input): Body<TokenInput>,
) -> Result<Created<CreatedToken>, WebError> {
    let new = NewToken {
        name: &input.name,
        scopes: rules::scopes_named(input.scopes.iter().map(String::as_str))?,
        days: input.expires_in_days,
    };
    let (token, secret) = actions::create_token(&context, &viewer, new).await?;
    Ok(Created {
        location: format!("/api/v1/me/tokens/{}", token.id),
        body: CreatedToken { secret, token: token.into() },
    })
}

/// Revokes one of your tokens. It stops working immediately.
#[utoipa::path(
    delete,
    path = "/api/v1/me/tokens/{id}",
    operation_id = "revoke_token",
    tag = "Your account",
    responses((status = 204, description = "The token is revoked")),
    security(("session" = []))
)]
pub(super) async fn revoke(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Path(id): Path<String>,
) -> Result<StatusCode, WebError> {
    // Text that is not a UUID matches no token.
    let is_revoked = match Uuid::try_parse(&id) {
        Ok(id) => actions::revoke_token(&context, &viewer, id).await?,
        Err(_) => false,
    };
    if !is_revoked {
        let detail = "Unknown or revoked token. List your tokens with GET /api/v1/me/tokens.";
        return Err(Problem::not_found(detail).into());
    }
    Ok(StatusCode::NO_CONTENT)
}
