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
    access::{InPerson, SignedIn},
    actions,
    model::{Identity, SeenLogin, SignInMethods},
    reads,
};

/// The viewer's linked accounts and previous usernames.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "items": [{
        "id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "provider": "github", "name": "GitHub",
        "label": "wren-oak", "is_sign_in_method": true, "linked_at": "2026-11-01T08:00:00Z",
        "used_at": "2026-11-02T09:00:00Z"
    }],
    "logins": [{ "login": "wren-oak", "seen_at": "2026-11-01T08:00:00Z" }]
}))]
pub(super) struct IdentityList {
    /// Oldest first.
    items: Vec<IdentityView>,
    /// At most 200, newest first.
    logins: Vec<LoginView>,
}

/// A linked account.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Identity)]
struct IdentityView {
    /// Its id.
    id: Uuid,
    /// `github`, or the address of an issuer.
    provider: String,
    /// The provider's name.
    name: String,
    /// The name of the account there, as last seen.
    label: Option<String>,
    /// True when the viewer can sign in with it; an account can have points without being a sign-in method.
    is_sign_in_method: bool,
    /// When it was linked.
    #[schema(value_type = String, format = DateTime)]
    linked_at: Timestamp,
    /// When it was last used to sign in.
    #[schema(value_type = Option<String>, format = DateTime)]
    used_at: Option<Timestamp>,
}

/// A login that the viewer had.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct LoginView {
    /// The login.
    login: String,
    /// When it was first seen.
    #[schema(value_type = String, format = DateTime)]
    seen_at: Timestamp,
}

impl IdentityView {
    fn of(identity: Identity, methods: &SignInMethods) -> Self {
        Self {
            name: methods.name_of(&identity.provider).to_owned(),
            is_sign_in_method: identity.unlinked_at.is_none() && methods.has(&identity.provider),
            id: identity.id,
            provider: identity.provider,
            label: identity.label,
            linked_at: identity.created_at,
            used_at: identity.used_at,
        }
    }
}

impl From<SeenLogin> for LoginView {
    fn from(seen: SeenLogin) -> Self {
        Self {
            login: seen.login,
            seen_at: seen.created_at,
        }
    }
}

/// Returns your linked accounts and the logins that you had.
#[utoipa::path(
    get,
    path = "/api/v1/me/identities",
    operation_id = "identities",
    tag = "Me",
    responses(
        (status = 200, description = "All of them", body = IdentityList),
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

/// Removes one of your sign-in methods. This needs a sign-in of less than an hour ago, and another sign-in method.
/// The points of a GitHub account stay yours.
#[utoipa::path(
    delete,
    path = "/api/v1/me/identities/{id}",
    operation_id = "unlink_identity",
    tag = "Me",
    params(("id" = Uuid, Path, description = "The identity's id", example = "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b")),
    responses(
        (status = 204, description = "It is no longer a sign-in method"),
        (status = 400, description = "The path is malformed"),
        (status = 404, description = "You have no such linked account, or it is unlinked already"),
        (status = 409, description = "It is the last sign-in method")
    ),
    security(("session" = []))
)]
pub(super) async fn unlink(
    State(context): State<Context>,
    Extension(methods): Extension<Arc<SignInMethods>>,
    InPerson(viewer): InPerson,
    Path(id): Path<String>,
) -> Result<StatusCode, WebError> {
    // Text that is no id names no identity.
    let is_unlinked = match Uuid::try_parse(&id) {
        Ok(id) => actions::unlink_identity(&context, &viewer, &methods, id).await?,
        Err(_) => false,
    };
    if !is_unlinked {
        let detail = "This account is not linked to yours. List linked accounts with GET /api/v1/me/identities.";
        return Err(Problem::not_found(detail).into());
    }
    Ok(StatusCode::NO_CONTENT)
}
