use std::sync::Arc;

use axum::{Extension, Json, extract::State, http::StatusCode};
use github::{actions::Registrar, model::RepositoryId, reads::SyncState};
use identity::model::Role;
use kernel::{Problem, ProblemKind};
use platform::{
    Context,
    web::{Body, List, ListQuery, Paged, Path, Query, WebError, bad_cursor},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::{self, Maintainer, ProjectAdmin},
    actions::{remove_repository, set_repository_state, sync_repository},
    model::{Inactive, InactiveState},
    reads::{self, ListedRepository},
};

/// A repository of a project.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ProjectRepository, example = json!({
    "github_id": 1296269, "full_name": "octo-org/lantern", "is_private": false,
    "pull_request_count": 3, "points": 180, "state": "active", "inactive_since": null,
    "sync": {
        "state": "complete", "requested_at": "2026-10-01T00:00:00Z", "pull_requests_read": 3,
        "pull_requests_total": 3, "requests": 2, "error": null
    },
    "github_app": "active"
}))]
pub(super) struct Repository {
    /// The repository's ID on GitHub.
    github_id: i64,
    /// The repository, as `owner/name`.
    full_name: String,
    /// True for a private repository, which only admins see.
    is_private: bool,
    /// The number of pull requests.
    pull_request_count: i64,
    /// The points that its pull requests earned, without pending ones.
    points: i64,
    /// The state in the project: `active`, `paused` or `archived`.
    state: &'static str,
    /// When it was paused or archived. Pull requests that are opened later earn no points. Null while it is active.
    #[schema(value_type = Option<String>, format = DateTime)]
    inactive_since: Option<kernel::Timestamp>,
    /// The progress of reading the repository from GitHub's API. Null if it was never requested.
    sync: Option<Sync>,
    /// The relation to the server's GitHub App: `active` if it delivers the repository's events; or `suspended`,
    /// `uninstalled` or `removed` if it did. Null if it never did.
    #[schema(value_type = Option<String>, example = "active")]
    github_app: Option<&'static str>,
}

/// The progress of reading a repository from GitHub's API.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RepositorySync)]
struct Sync {
    /// `waiting`, `reading`, `complete` or `failed`.
    #[schema(value_type = String, example = "complete")]
    state: &'static str,
    /// When it was requested.
    #[schema(value_type = String, format = DateTime)]
    requested_at: kernel::Timestamp,
    /// The number of pull requests that were read.
    pull_requests_read: i64,
    /// The number of all pull requests of the repository. Null before the first response.
    pull_requests_total: Option<i64>,
    /// The number of requests that it took.
    requests: i64,
    /// The error of the last attempt, and what to do. Null without an error.
    error: Option<String>,
}

impl From<&SyncState> for Sync {
    fn from(state: &SyncState) -> Self {
        Self {
            state: state.progress().as_str(),
            requested_at: state.requested_at,
            pull_requests_read: state.pulls_read,
            pull_requests_total: state.pulls_total,
            requests: state.calls,
            error: state.last_error.clone(),
        }
    }
}

/// Returns the code of the state of a repository in its project.
fn state_of(inactive: Option<Inactive>) -> &'static str {
    inactive.map_or(ACTIVE, |it| it.state.as_str())
}

/// The state of a repository that is neither paused nor archived.
const ACTIVE: &str = "active";

/// A change of a repository in its project.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProjectRepositoryPatch, example = json!({ "state": "paused" }))]
pub(super) struct RepositoryPatch {
    /// The state in the project: `active`, `paused` or `archived`.
    #[schema(pattern = "^(active|paused|archived)$")]
    state: String,
}

impl RepositoryPatch {
    fn inactive_state(&self) -> Result<Option<InactiveState>, Problem> {
        if self.state == ACTIVE {
            return Ok(None);
        }
        let unknown = || {
            let detail = "The state is active, paused or archived.";
            Problem::new(ProblemKind::Invalid, "BAD_REPOSITORY_STATE", detail).at("state")
        };
        InactiveState::named(&self.state).map(Some).ok_or_else(unknown)
    }
}

/// The state of a repository in its project.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ProjectRepositoryState, example = json!({
    "github_id": 1296269, "full_name": "octo-org/lantern", "state": "paused"
}))]
pub(super) struct RepositoryState {
    /// The repository's ID on GitHub.
    github_id: i64,
    /// The repository, as `owner/name`.
    full_name: String,
    /// The state in the project: `active`, `paused` or `archived`.
    state: &'static str,
}

/// The part of a repository to read.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRepositorySync, example = json!({ "whole": true }))]
pub(super) struct NewSync {
    /// True to read everything again instead of what changed since the last time.
    #[serde(default)]
    whole: bool,
}

/// The beginning of a cursor, before the GitHub ID of the last repository of its page.
const AFTER: &str = "after-";

fn position(cursor: &str) -> Option<i64> {
    cursor.strip_prefix(AFTER)?.parse().ok()
}

/// Lists a project's repositories, by GitHub ID. Private repositories are listed only for admins.
#[utoipa::path(
    get,
    path = "/api/v1/projects/{slug}/repositories",
    operation_id = "list_project_repositories",
    tag = "Projects",
    params(ListQuery),
    responses((status = 200, description = "A page of the project's repositories", body = List<Repository>)),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn repositories(
    State(context): State<Context>,
    Extension(registrar): Extension<Arc<Registrar>>,
    Maintainer { viewer, project }: Maintainer,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<Repository>>, WebError> {
    let limit = query.limit()?;
    let after = query.cursor.map(|cursor| position(&cursor));
    let after = after.map(|after| after.ok_or_else(bad_cursor)).transpose()?;
    let id = project.id.into();
    let mut found = reads::listed_repositories(&context.db, id).await?;
    let is_admin = viewer.acts_as(Role::Admin);
    found.retain(|it| is_admin || !it.repository.is_private);
    found.retain(|it| after.is_none_or(|after| it.repository.github_id > after));
    found.sort_unstable_by_key(|it| it.repository.github_id);
    let found = List::cut(found, limit, |it| format!("{AFTER}{}", it.repository.github_id));
    let earned = reads::earned(&context.db, id).await?;
    let listed = found.items.iter().map(|it| it.repository.id);
    let syncs = github::reads::sync_states(&context.db, listed).await?;
    let listed = found.items.iter();
    let listed: Vec<_> = listed.map(|it| RepositoryId::from(it.repository.id)).collect();
    let apps = registrar.app_covers(&context.db, listed).await?;
    let view = |ListedRepository { repository, inactive, .. }: ListedRepository| {
        let earned = earned.get(&repository.id).copied().unwrap_or_default();
        Repository {
            github_id: repository.github_id,
            full_name: repository.full_name,
            is_private: repository.is_private,
            pull_request_count: earned.pull_requests,
            points: earned.points,
            state: state_of(inactive),
            inactive_since: inactive.map(|it| it.since),
            sync: syncs.get(&repository.id).map(Sync::from),
            github_app: apps.get(&repository.id).map(|app| app.state.as_str()),
        }
    };
    Ok(Paged(found.map(view)))
}

/// Pauses, archives or resumes a repository in its project. Pull requests that are opened while it is paused or archived are
/// recorded and earn no points; they earn theirs when it is active again.
#[utoipa::path(
    patch,
    path = "/api/v1/projects/{slug}/repositories/{github_id}",
    operation_id = "change_project_repository",
    tag = "Projects",
    request_body = RepositoryPatch,
    responses(
        (status = 200, description = "The state of the repository", body = RepositoryState),
        (status = 422, description = "The state is unknown")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn change(
    State(context): State<Context>,
    Maintainer { viewer, project }: Maintainer,
    Path((_, github_id)): Path<(String, i64)>,
    Body(patch): Body<RepositoryPatch>,
) -> Result<Json<RepositoryState>, WebError> {
    access::repository(&context, &viewer, &project, github_id).await?;
    let new = patch.inactive_state()?;
    let slug = project.slug.as_str();
    let actor = viewer.actor();
    let (repository, _) = set_repository_state(&context, actor, slug, github_id, new).await?;
    Ok(Json(RepositoryState {
        github_id,
        full_name: repository.full_name,
        state: new.map_or(ACTIVE, InactiveState::as_str),
    }))
}

/// Removes a repository from a project. The points of its pull requests are reversed. They return when an operator adds the
/// repository again.
#[utoipa::path(
    delete,
    path = "/api/v1/projects/{slug}/repositories/{github_id}",
    operation_id = "remove_project_repository",
    tag = "Projects",
    responses((status = 204, description = "The repository no longer belongs to the project")),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn remove(
    State(context): State<Context>,
    ProjectAdmin { viewer, project }: ProjectAdmin,
    Path((_, github_id)): Path<(String, i64)>,
) -> Result<StatusCode, WebError> {
    remove_repository(&context, viewer.actor(), &project.slug, github_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Requests that a repository is read from GitHub's API: the pull requests that changed since the last time, or all. The
/// list of repositories shows the progress.
#[utoipa::path(
    post,
    path = "/api/v1/projects/{slug}/repositories/{github_id}/sync",
    operation_id = "sync_project_repository",
    tag = "Projects",
    request_body = NewSync,
    responses(
        (status = 202, description = "The repository will be read"),
        (status = 409, description = "The repository is already being read"),
        (status = 422, description = "The body has an unknown or invalid field")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn sync(
    State(context): State<Context>,
    Maintainer { viewer, project }: Maintainer,
    Path((_, github_id)): Path<(String, i64)>,
    Body(NewSync { whole }): Body<NewSync>,
) -> Result<StatusCode, WebError> {
    access::repository(&context, &viewer, &project, github_id).await?;
    sync_repository(&context, viewer.actor(), &project.slug, github_id, whole).await?;
    Ok(StatusCode::ACCEPTED)
}
