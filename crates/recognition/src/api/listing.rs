use axum::{Json, extract::State};
use identity::access::SignedIn;
use platform::{
    Context,
    web::{Body, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{actions, reads};

/// The setting of who leaderboards list.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "is_listed": true }))]
pub(super) struct Listing {
    /// False if you opted out.
    is_listed: bool,
}

/// A change of who leaderboards list.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "is_listed": false }))]
pub(super) struct ListingInput {
    /// False to opt out.
    is_listed: bool,
}

/// Returns whether leaderboards list you.
#[utoipa::path(
    get,
    path = "/api/v1/me/listing",
    operation_id = "get_listing",
    tag = "Leaderboards",
    responses((status = 200, description = "The setting", body = Listing)),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn listing(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<Listing>, WebError> {
    let is_listed = !reads::has_opted_out(&context.db, viewer.user_id).await?;
    Ok(Json(Listing { is_listed }))
}

/// Takes you off all leaderboards that are not final, or puts you back. You keep your points.
#[utoipa::path(
    put,
    path = "/api/v1/me/listing",
    operation_id = "set_listing",
    tag = "Leaderboards",
    request_body = ListingInput,
    responses(
        (status = 200, description = "The setting", body = Listing),
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn set_listing(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Body(ListingInput { is_listed }): Body<ListingInput>,
) -> Result<Json<Listing>, WebError> {
    actions::set_listed(&context, viewer.user_id, is_listed).await?;
    Ok(Json(Listing { is_listed }))
}
