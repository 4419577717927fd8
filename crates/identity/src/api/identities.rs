use std::sync::Arc;

use axum::{Extension, Json, extract::State, http::StatusCode};
use kernel::{Problem, Timestamp};
use platform::{
    Context,
    web::{Path, WebError},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::{ProvenInPerson, SignedIn},
    actions,
    gateway::OauthApp,
    model::{Identity, SeenLogin, SignInMethods},
    reads,
};

/// Your linked accounts and logins.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "items": [{
        "id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "provider": "github", "provider_name": "GitHub",
        "account_name": "wren-oak", "is_sign_in_method": true, "linked_at": "2026-11-01T08:00:00Z",
        "last_used_at": "2026-11-02T09:00:00Z"
    }],
    "logins": [{ "login": "wren-oak", "first_seen_at": "2026-11-01T08:00:00Z" }]
}))]
pub(super) struct IdentityList {
    /// Linked accounts, oldest first.
    items: Vec<IdentityView>,
    /// Your current and previous logins, newest first, at most 200.
    logins: Vec<LoginView>,
}

/// A linked account.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Identity)]
struct IdentityView {
    /// The linked account's ID.
    id: Uuid,
    /// `github`, or the OpenID Connect issuer's URL.
    provider: String,
    /// The provider's display name.
    provider_name: String,
    /// The account's name at the provider, as last seen.
    account_name: Option<String>,
    /// True when you can sign in with the account. An account that was unlinked can still earn points for you.
    is_sign_in_method: bool,
    /// When the account was linked.
    #[schema(value_type = String, format = DateTime)]
    linked_at: Timestamp,
    /// When you last signed in with the account.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
}

/// A login that you have used.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct LoginView {
    /// The login.
    login: String,
    /// When the login was first seen.
    #[schema(value_type = String, format = DateTime)]
    first_seen_at: Timestamp,
}

impl IdentityView {
    fn of(identity: Identity, methods: &SignInMethods) -> Self {
        Self {
            provider_name: methods.name_of(&identity.provider).to_owned(),
            is_sign_in_method: identity.unlinked_at.is_none() && methods.has(&identity.provider),
            id: identity.id,
            provider: identity.provider,
            account_name: identity.label,
            linked_at: identity.created_at,
            last_used_at: identity.used_at,
        }
    }
}

impl From<SeenLogin> for LoginView {
    fn from(seen: SeenLogin) -> Self {
        Self { login: seen.login, first_seen_at: seen.created_at }
    }
}

/// Returns your linked accounts and logins.
#[utoipa::path(
    get,
    path = "/api/v1/me/identities",
    operation_id = "list_identities",
    tag = "Your account",
    responses(
        (status = 200, description = "Your linked accounts and logins", body = IdentityList),
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn identities(
    State(context): State<Context>,
    Extension(methods): Extension<Arc<SignInMethods>>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<IdentityList>, WebError> {
    let items = reads::identities(&context.db, viewer.user_id).await?;
    let items = items.into_iter();
    let logins = reads::seen_logins(&context.db, viewer.user_id).await?;
    Ok(Json(IdentityList {
        items: items.map(|item| IdentityView::of(item, &methods)).collect(),
        logins: logins.into_iter().map(Into::into).collect(),
    }))
}

/// Removes one of your sign-in methods. Requires that you signed in within the last hour and have another sign-in
/// method. You keep the points of a GitHub account.
#[utoipa::path(
    delete,
    path = "/api/v1/me/identities/{id}",
    operation_id = "unlink_identity",
    tag = "Your account",
    responses(
        (status = 204, description = "The account is no longer a sign-in method"),
        (status = 409, description = "The account is your only sign-in method")
    ),
    security(("session" = []))
)]
pub(super) async fn unlink(
    State(context): State<Context>,
    Extension(methods): Extension<Arc<SignInMethods>>,
    Extension(app): Extension<OauthApp>,
    ProvenInPerson(viewer): ProvenInPerson,
    Path(id): Path<String>,
) -> Result<StatusCode, WebError> {
    // Text that is not a UUID matches no identity.
    let is_unlinked = match Uuid::try_parse(&id) {
        Ok(id) => actions::unlink_identity(&context, &app, &viewer, &methods, id).await?,
        Err(_) => false,
    };
    if !is_unlinked {
        let detail = "This account is not linked to yours. List linked accounts with GET /api/v1/me/identities.";
        return Err(Problem::not_found(detail).into());
    }
    Ok(StatusCode::NO_CONTENT)
}
