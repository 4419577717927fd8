use std::sync::Arc;

use axum::{Extension, Json, extract::State, http::StatusCode};
use github::{actions::Registrar, rules::own_repository::Allowed};
use kernel::{Problem, ProblemKind};
use platform::{
    Context,
    web::{Body, Created, Query, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::Maintainer,
    actions::{CandidateSearch, allow_repositories, find_candidates, register_repository},
    model::{Candidate, CandidateState},
    reads,
};

/// The repositories that you maintain on GitHub, by name.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "items": [{
        "github_id": 1296269, "full_name": "octo-org/lantern", "is_private": false, "is_fork": false,
        "is_archived": false, "can_register": true, "project": null, "reason": null
    }],
    "next_page": null
}))]
pub(super) struct OwnRepositoryList {
    items: Vec<OwnRepositoryView>,
    /// Pass it as `page` to get the next page. Null on the last page. A page can be empty although there is a next one.
    next_page: Option<u32>,
}

/// A repository that you maintain on GitHub.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OwnRepository)]
struct OwnRepositoryView {
    /// The repository's ID on GitHub.
    github_id: i64,
    /// The repository, as `owner/name`.
    full_name: String,
    /// True for a private repository.
    is_private: bool,
    /// True for a fork.
    is_fork: bool,
    /// True for an archived repository.
    is_archived: bool,
    /// True if you can register it with the project.
    can_register: bool,
    /// The slug of the project that it belongs to. Null if it belongs to none.
    project: Option<String>,
    /// The reason that you cannot register it. Null if you can, or if it belongs to a project.
    #[schema(value_type = Option<String>)]
    reason: Option<&'static str>,
}

impl From<Candidate> for OwnRepositoryView {
    fn from(candidate: Candidate) -> Self {
        let Candidate { repository, state } = candidate;
        let (project, reason) = match &state {
            CandidateState::Free => (None, None),
            CandidateState::Registered(slug) => (Some(slug.clone()), None),
            CandidateState::Refused(obstacle) => (None, Some(obstacle.brief())),
        };
        Self {
            github_id: repository.id,
            full_name: repository.full_name,
            is_private: repository.private,
            is_fork: repository.fork,
            is_archived: repository.archived,
            can_register: state == CandidateState::Free,
            project,
            reason,
        }
    }
}

/// The part of the repositories to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OwnSearch {
    /// A part of the name, in any case, or the full name
    #[param(max_length = 140, example = "lantern")]
    q: Option<String>,
    /// The number of repositories of a page on GitHub, 1 to 100; 100 by default
    #[param(minimum = 1, maximum = 100, example = 50)]
    page_size: Option<u32>,
    /// The number of the page on GitHub, from 1
    #[param(minimum = 1, maximum = 100_000, example = 2)]
    page: Option<u32>,
}

impl OwnSearch {
    fn search(&self) -> Result<CandidateSearch, Problem> {
        Ok(CandidateSearch {
            text: self.q.clone().unwrap_or_default(),
            page: within(self.page, 1, "page", 100_000)?,
            size: within(self.page_size, 100, "page_size", 100)?,
        })
    }
}

/// Returns a parameter from 1 to a maximum.
fn within(given: Option<u32>, default: u32, name: &str, most: u32) -> Result<u32, Problem> {
    match given.unwrap_or(default) {
        number if (1..=most).contains(&number) => Ok(number),
        number => {
            let detail = format!("{name} is {number}. Use a number from 1 to {most}.");
            Err(Problem::new(ProblemKind::Malformed, "BAD_QUERY", detail))
        }
    }
}

/// Lists the repositories in which you have the role admin or maintain on GitHub, and whether you can register them with the
/// project. Connect GitHub at `/settings/identities` first. Without a connection, `q` finds a repository in which the server's
/// GitHub App is installed by its full name.
#[utoipa::path(
    get,
    path = "/api/v1/projects/{slug}/available-repositories",
    operation_id = "list_available_repositories",
    tag = "Projects",
    params(OwnSearch),
    responses(
        (status = 200, description = "A page of your repositories on GitHub", body = OwnRepositoryList),
        (status = 409, description = "GitHub is not connected"),
        (status = 503, description = "GitHub is not responding")
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn available(
    State(context): State<Context>,
    Extension(registrar): Extension<Arc<Registrar>>,
    Maintainer { viewer, project }: Maintainer,
    Query(query): Query<OwnSearch>,
) -> Result<Json<OwnRepositoryList>, WebError> {
    let search = query.search()?;
    let (person, id) = (viewer.user_id, project.id.into());
    let found = find_candidates(&context, &registrar, person, id, &search).await?;
    Ok(Json(OwnRepositoryList {
        items: found.items.into_iter().map(Into::into).collect(),
        next_page: found.next,
    }))
}

/// A repository to register.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "github_id": 1_296_269 }))]
pub(super) struct NewProjectRepository {
    /// The repository's ID on GitHub.
    github_id: i64,
}

/// A registered repository.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "github_id": 1_296_269, "full_name": "octo-org/lantern" }))]
pub(super) struct RegisteredRepository {
    /// The repository's ID on GitHub.
    github_id: i64,
    /// The repository, as `owner/name`.
    full_name: String,
}

/// Registers a repository with the project, and requests that its pull requests are read. GitHub states at this moment whether
/// you have the role admin in it, which creates the repository's webhook: connect GitHub at `/settings/identities` first. Where
/// the server's GitHub App is installed, you need neither a connection nor a webhook, and the role maintain is enough, if you
/// signed in with GitHub or linked it.
#[utoipa::path(
    post,
    path = "/api/v1/projects/{slug}/repositories",
    operation_id = "register_project_repository",
    tag = "Projects",
    request_body = NewProjectRepository,
    responses(
        (status = 201, description = "The repository belongs to the project", body = RegisteredRepository),
        (status = 404, description = "No project has this slug, or GitHub does not show you the repository"),
        (status = 409, description = "GitHub is not connected, or the repository is registered, archived, private or a fork"),
        (status = 503, description = "GitHub is not responding")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn register(
    State(context): State<Context>,
    Extension(registrar): Extension<Arc<Registrar>>,
    Maintainer { viewer, project }: Maintainer,
    Body(new): Body<NewProjectRepository>,
) -> Result<Created<RegisteredRepository>, WebError> {
    let (slug, id) = (project.slug.as_str(), new.github_id);
    let own =
        register_repository(&context, &registrar, viewer.user_id, viewer.actor(), slug, id).await?;
    Ok(Created {
        location: format!("/api/v1/projects/{slug}/repositories"),
        body: RegisteredRepository { github_id: own.id, full_name: own.full_name },
    })
}

/// The kinds of repositories that a project allows.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "forks": false, "private": false }))]
pub(super) struct RepositorySettings {
    /// True if forks can be registered.
    forks: bool,
    /// True if private repositories can be registered.
    private: bool,
}

/// Returns the kinds of repositories that the project allows.
#[utoipa::path(
    get,
    path = "/api/v1/projects/{slug}/repository-settings",
    operation_id = "get_repository_settings",
    tag = "Projects",
    responses((status = 200, description = "The allowed kinds", body = RepositorySettings)),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn settings(
    State(context): State<Context>,
    Maintainer { project, .. }: Maintainer,
) -> Result<Json<RepositorySettings>, WebError> {
    let allowed = reads::allowed(&context.db, project.id.into()).await?;
    Ok(Json(RepositorySettings { forks: allowed.forks, private: allowed.private }))
}

/// Sets the kinds of repositories that the project allows. Registered repositories stay.
#[utoipa::path(
    put,
    path = "/api/v1/projects/{slug}/repository-settings",
    operation_id = "set_repository_settings",
    tag = "Projects",
    request_body = RepositorySettings,
    responses((status = 204, description = "The settings are saved")),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn allow(
    State(context): State<Context>,
    Maintainer { viewer, project }: Maintainer,
    Body(settings): Body<RepositorySettings>,
) -> Result<StatusCode, WebError> {
    let allowed = Allowed { forks: settings.forks, private: settings.private };
    allow_repositories(&context, viewer.actor(), &project.slug, allowed).await?;
    Ok(StatusCode::NO_CONTENT)
}
