use axum::{Json, extract::State, http::StatusCode};
use platform::{
    Context,
    web::{Path, WebError},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    access::Maintainer,
    actions::{add_maintainer, remove_maintainer},
    reads,
};

/// A project's maintainers.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "items": [{ "login": "finch-ash" }, { "login": "wren-oak" }] }))]
pub(super) struct MaintainerList {
    /// The maintainers, by login.
    items: Vec<MaintainerView>,
}

/// A maintainer of a project.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Maintainer)]
struct MaintainerView {
    /// The maintainer's login.
    login: String,
}

/// Lists a project's maintainers.
#[utoipa::path(
    get,
    path = "/api/v1/projects/{slug}/maintainers",
    operation_id = "list_maintainers",
    tag = "Projects",
    params(("slug" = String, Path, description = "The project's slug", example = "lantern")),
    responses(
        (status = 200, description = "The project's maintainers", body = MaintainerList),
        (status = 400, description = "The path is malformed"),
        (status = 404, description = "No project has this slug")
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn maintainers(
    State(context): State<Context>,
    Maintainer { project, .. }: Maintainer,
) -> Result<Json<MaintainerList>, WebError> {
    let maintainers = reads::maintainers(&context.db, project.id.into()).await?;
    let view = |maintainer: reads::MaintainerView| MaintainerView {
        login: maintainer.login,
    };
    Ok(Json(MaintainerList {
        items: maintainers.into_iter().map(view).collect(),
    }))
}

/// Makes a person a maintainer of a project. Does nothing if they already are one.
#[utoipa::path(
    put,
    path = "/api/v1/projects/{slug}/maintainers/{login}",
    operation_id = "add_maintainer",
    tag = "Projects",
    params(
        ("slug" = String, Path, description = "The project's slug", example = "lantern"),
        ("login" = String, Path, description = "The person's login (case-insensitive)", example = "wren-oak")
    ),
    responses(
        (status = 204, description = "The person is a maintainer of the project"),
        (status = 400, description = "The path is malformed"),
        (status = 404, description = "The project or the login is unknown")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn add(
    State(context): State<Context>,
    Maintainer { viewer, project }: Maintainer,
    Path((_, login)): Path<(String, String)>,
) -> Result<StatusCode, WebError> {
    let actor = viewer.actor();
    add_maintainer(&context, actor, &project.slug, &login).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a maintainer from a project.
#[utoipa::path(
    delete,
    path = "/api/v1/projects/{slug}/maintainers/{login}",
    operation_id = "remove_maintainer",
    tag = "Projects",
    params(
        ("slug" = String, Path, description = "The project's slug", example = "lantern"),
        ("login" = String, Path, description = "The person's login (case-insensitive)", example = "wren-oak")
    ),
    responses(
        (status = 204, description = "The person is no longer a maintainer of the project"),
        (status = 400, description = "The path is malformed"),
        (status = 404, description = "The project or the login is unknown"),
        (status = 409, description = "The person is not a maintainer of the project, or you are its last maintainer")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn remove(
    State(context): State<Context>,
    Maintainer { viewer, project }: Maintainer,
    Path((_, login)): Path<(String, String)>,
) -> Result<StatusCode, WebError> {
    let actor = viewer.actor();
    remove_maintainer(&context, actor, &project.slug, &login).await?;
    Ok(StatusCode::NO_CONTENT)
}
