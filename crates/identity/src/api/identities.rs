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

/// The accounts by which the viewer is known, and what they were called.
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
    /// The first linked first.
    items: Vec<IdentityView>,
    /// At most 200, the latest first.
    logins: Vec<LoginView>,
}

/// An account elsewhere.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Identity)]
struct IdentityView {
    /// Its id.
    id: Uuid,
    /// `github`, or the address of an issuer.
    provider: String,
    /// What people call the provider.
    name: String,
    /// What the viewer is called there, as last seen.
    label: Option<String>,
    /// Whether they can sign in by it; points may belong to one by which they cannot.
    is_sign_in_method: bool,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    linked_at: Timestamp,
    /// When they last came in by it.
    #[schema(value_type = Option<String>, format = DateTime)]
    used_at: Option<Timestamp>,
}

/// A login by which the viewer was seen.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct LoginView {
    /// The login.
    login: String,
    /// When it was first seen.
    #[schema(value_type = String, format = DateTime)]
    seen_at: Timestamp,
}

impl IdentityView {
    fn of(identity: Identity, ways: &SignInMethods) -> Self {
        Self {
            name: ways.name_of(&identity.provider).to_owned(),
            is_sign_in_method: identity.unlinked_at.is_none() && ways.has(&identity.provider),
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

/// The accounts elsewhere by which one is known, and the logins by which one was seen.
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
    Extension(ways): Extension<Arc<SignInMethods>>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<IdentityList>, WebError> {
    let items = reads::identities(&context.db, viewer.user_id).await?;
    let items = items.into_iter();
    let logins = reads::seen_logins(&context.db, viewer.user_id).await?;
    Ok(Json(IdentityList {
        items: items.map(|item| IdentityView::of(item, &ways)).collect(),
        logins: logins.into_iter().map(Into::into).collect(),
    }))
}

/// Takes a way in from oneself. It takes a sign-in of less than an hour ago, and another way in. What an
/// account at GitHub earns stays one's own.
#[utoipa::path(
    delete,
    path = "/api/v1/me/identities/{id}",
    operation_id = "unlink_identity",
    tag = "Me",
    params(("id" = Uuid, Path, description = "The identity's id", example = "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b")),
    responses(
        (status = 204, description = "It is no way in any more"),
        (status = 400, description = "The address cannot be read"),
        (status = 404, description = "They have no such identity, or it is no way in already"),
        (status = 409, description = "It is the last way in")
    ),
    security(("session" = []))
)]
pub(super) async fn unlink(
    State(context): State<Context>,
    Extension(ways): Extension<Arc<SignInMethods>>,
    InPerson(viewer): InPerson,
    Path(id): Path<String>,
) -> Result<StatusCode, WebError> {
    // What is no id is no identity's.
    let is_unlinked = match Uuid::try_parse(&id) {
        Ok(id) => actions::unlink_identity(&context, &viewer, &ways, id).await?,
        Err(_) => false,
    };
    if !is_unlinked {
        let detail = "You have no such way in. GET /api/v1/me/identities lists yours.";
        return Err(Problem::not_found(detail).into());
    }
    Ok(StatusCode::NO_CONTENT)
}
