use axum::{Json, extract::State};
use kernel::Points;
use platform::{Context, web::WebError};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{access::SignedIn, model::Role, reads};

/// The signed-in person.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "login": "wren-oak", "role": "user", "points": 412
}))]
pub(super) struct Me {
    /// Your ID.
    id: Uuid,
    /// Your login.
    login: String,
    /// Your role.
    #[schema(value_type = Role)]
    role: &'static str,
    /// Your all-time points.
    #[schema(value_type = i64)]
    points: Points,
}

/// Returns the signed-in person.
#[utoipa::path(
    get,
    path = "/api/v1/me",
    operation_id = "get_me",
    tag = "Your account",
    responses(
        (status = 200, description = "The signed-in person", body = Me),
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn me(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<Me>, WebError> {
    Ok(Json(Me {
        id: viewer.user_id.0,
        login: viewer.login,
        role: viewer.granted.as_str(),
        points: reads::points(&context.db, viewer.user_id).await?,
    }))
}
