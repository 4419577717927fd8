use axum::{Json, extract::State, http::StatusCode};
use platform::{
    Context,
    web::{All, Body, Path, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::{Maintainer, ProjectOwner},
    actions::{TransferInput, add_maintainer, remove_maintainer, transfer_project},
    reads,
};

/// A maintainer of a project.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Maintainer, example = json!({ "login": "wren-oak", "role": "owner" }))]
pub(super) struct MaintainerView {
    /// The maintainer's login.
    login: String,
    /// The maintainer's role.
    role: MaintainerRole,
}

/// The role of a maintainer in a project.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum MaintainerRole {
    /// Can also transfer the project and decide conflicts of reviews. A project has at most one owner.
    Owner,
    /// Manages the project.
    Maintainer,
}

/// Lists a project's maintainers.
#[utoipa::path(
    get,
    path = "/api/v1/projects/{slug}/maintainers",
    operation_id = "list_maintainers",
    tag = "Projects",
    responses((status = 200, description = "The project's maintainers", body = All<MaintainerView>)),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn maintainers(
    State(context): State<Context>,
    Maintainer { project, .. }: Maintainer,
) -> Result<Json<All<MaintainerView>>, WebError> {
    let maintainers = reads::maintainers(&context.db, project.id.into()).await?;
    let view = |maintainer: reads::MaintainerView| MaintainerView {
        login: maintainer.login,
        role: if maintainer.is_owner { MaintainerRole::Owner } else { MaintainerRole::Maintainer },
    };
    Ok(Json(All::of(maintainers.into_iter().map(view))))
}

/// Makes a person a maintainer of a project. Does nothing if they already are one.
#[utoipa::path(
    put,
    path = "/api/v1/projects/{slug}/maintainers/{login}",
    operation_id = "add_maintainer",
    tag = "Projects",
    responses((status = 204, description = "The person is a maintainer of the project")),
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
    responses(
        (status = 204, description = "The person is no longer a maintainer of the project"),
        (status = 409, description = "The person is not a maintainer of the project or owns it, or you are its last maintainer")
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

/// The new owner of a project.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProjectTransfer, example = json!({
    "login": "wren-oak", "reason": "I no longer have time for it."
}))]
pub(super) struct Transfer {
    /// The login of the maintainer who becomes the owner (case-insensitive).
    #[schema(min_length = 1, max_length = 64)]
    login: String,
    /// The reason, for the audit log. Owners can leave it out.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2000)]
    reason: Option<String>,
}

/// Transfers a project to one of its maintainers. The former owner stays a maintainer. Admins can do this if the project
/// has no owner, or the owner's account is closed or banned, with a reason.
#[utoipa::path(
    put,
    path = "/api/v1/projects/{slug}/owner",
    operation_id = "transfer_project",
    tag = "Projects",
    request_body = Transfer,
    responses(
        (status = 204, description = "The person owns the project"),
        (status = 404, description = "The project or the login is unknown"),
        (status = 409, description = "The person is not a maintainer of the project, already owns it, or has a closed or \
         banned account; or you are an admin, and the owner can transfer it"),
        (status = 422, description = "The reason is missing or too long")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn transfer(
    State(context): State<Context>,
    owner: ProjectOwner,
    Body(input): Body<Transfer>,
) -> Result<StatusCode, WebError> {
    let input = TransferInput { login: input.login, reason: input.reason.unwrap_or_default() };
    let actor = owner.viewer.actor();
    transfer_project(&context, actor, owner.is_admin, &owner.project.slug, &input).await?;
    Ok(StatusCode::NO_CONTENT)
}
