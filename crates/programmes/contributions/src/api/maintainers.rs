use axum::{Json, extract::State, http::StatusCode};
use platform::{
    Context,
    web::{Path, WebError},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    access::Maintainer,
    actions::{appoint_maintainer, dismiss_maintainer},
    reads,
};

/// A project's maintainers.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "items": [{ "login": "finch-ash" }, { "login": "wren-oak" }] }))]
pub(super) struct MaintainerList {
    /// By login.
    items: Vec<MaintainerView>,
}

/// A maintainer of a project.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Maintainer)]
struct MaintainerView {
    /// The name in addresses.
    login: String,
}

/// Lists a project's maintainers.
#[utoipa::path(
    get,
    path = "/api/v1/projects/{slug}/maintainers",
    operation_id = "maintainers",
    tag = "Projects",
    params(("slug" = String, Path, description = "The project's name in addresses", example = "lantern")),
    responses(
        (status = 200, description = "All of them", body = MaintainerList),
        (status = 400, description = "The path is malformed"),
        (status = 404, description = "There is no such project")
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn maintainers(
    State(context): State<Context>,
    Maintainer { project, .. }: Maintainer,
) -> Result<Json<MaintainerList>, WebError> {
    let logins = reads::maintainers(&context.db, project.id.into()).await?;
    let view = |login| MaintainerView { login };
    Ok(Json(MaintainerList {
        items: logins.into_iter().map(view).collect(),
    }))
}

/// Makes a person a maintainer of a project; one who is one already stays one.
#[utoipa::path(
    put,
    path = "/api/v1/projects/{slug}/maintainers/{login}",
    operation_id = "appoint_maintainer",
    tag = "Projects",
    params(
        ("slug" = String, Path, description = "The project's name in addresses", example = "lantern"),
        ("login" = String, Path, description = "A login, in whatever case", example = "wren-oak")
    ),
    responses(
        (status = 204, description = "They maintain it"),
        (status = 400, description = "The path is malformed"),
        (status = 404, description = "Unknown project or login")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn appoint(
    State(context): State<Context>,
    Maintainer { viewer, project }: Maintainer,
    Path((_, login)): Path<(String, String)>,
) -> Result<StatusCode, WebError> {
    let actor = viewer.actor();
    appoint_maintainer(&context, actor, &project.slug, &login).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a project from a maintainer.
#[utoipa::path(
    delete,
    path = "/api/v1/projects/{slug}/maintainers/{login}",
    operation_id = "dismiss_maintainer",
    tag = "Projects",
    params(
        ("slug" = String, Path, description = "The project's name in addresses", example = "lantern"),
        ("login" = String, Path, description = "A login, in whatever case", example = "wren-oak")
    ),
    responses(
        (status = 204, description = "They no longer maintain it"),
        (status = 400, description = "The path is malformed"),
        (status = 404, description = "Unknown project or login"),
        (status = 409, description = "They do not maintain it")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn dismiss(
    State(context): State<Context>,
    Maintainer { viewer, project }: Maintainer,
    Path((_, login)): Path<(String, String)>,
) -> Result<StatusCode, WebError> {
    let actor = viewer.actor();
    dismiss_maintainer(&context, actor, &project.slug, &login).await?;
    Ok(StatusCode::NO_CONTENT)
}
