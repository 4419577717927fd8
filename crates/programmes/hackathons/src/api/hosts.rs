use axum::{Json, extract::State, http::StatusCode};
use identity::access::Admin;
use kernel::Timestamp;
use platform::{
    Context,
    web::{All, Path, WebError},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    actions::{add_host, remove_host},
    reads,
};

/// A person who may hold hackathons.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "login": "ada-lovelace", "added_at": "2026-10-01T08:00:00Z" }))]
pub(super) struct Host {
    /// The login.
    login: String,
    /// When they got the right.
    #[schema(value_type = String, format = DateTime)]
    added_at: Timestamp,
}

/// Lists the people who may hold hackathons, at most 1,000.
#[utoipa::path(
    get,
    path = "/api/v1/admin/hackathon-hosts",
    operation_id = "list_hackathon_hosts",
    tag = "Hackathons",
    responses((status = 200, description = "The hosts, in the order in which they got the right", body = All<Host>)),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn list(
    State(context): State<Context>,
    _: Admin,
) -> Result<Json<All<Host>>, WebError> {
    let hosts = reads::hosts(&context.db).await?.into_iter();
    let items = hosts.map(|host| Host { login: host.login, added_at: host.added_at });
    Ok(Json(All::of(items)))
}

/// Lets a person hold hackathons.
#[utoipa::path(
    put,
    path = "/api/v1/admin/hackathon-hosts/{login}",
    operation_id = "add_hackathon_host",
    tag = "Hackathons",
    responses(
        (status = 204, description = "The person may hold hackathons"),
        (status = 409, description = "Several accounts have the login")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn add(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Path(login): Path<String>,
) -> Result<StatusCode, WebError> {
    add_host(&context, viewer.actor(), &login).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes the right of a person to hold hackathons. Those that they organize stay theirs.
#[utoipa::path(
    delete,
    path = "/api/v1/admin/hackathon-hosts/{login}",
    operation_id = "remove_hackathon_host",
    tag = "Hackathons",
    responses(
        (status = 204, description = "The person may not hold hackathons"),
        (status = 409, description = "Several accounts have the login")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn remove(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Path(login): Path<String>,
) -> Result<StatusCode, WebError> {
    remove_host(&context, viewer.actor(), &login).await?;
    Ok(StatusCode::NO_CONTENT)
}
