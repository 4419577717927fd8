use axum::{Json, extract::State, http::StatusCode};
use identity::access::Moderator;
use kernel::Timestamp;
use platform::{
    Context,
    web::{Body, List, ListQuery, Paged, Path, Query, WebError, cursor_after},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::moderated_repository,
    actions::{exclude_repository, include_repository},
    reads::{self, ExcludedRepository, ExclusionView, ModeratedRepository},
};

/// An excluded repository, in the list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ExcludedRepository, example = json!({
    "github_id": 1296269, "repository": "octo-org/lantern", "reason": "Made to be farmed",
    "excluded_at": "2026-11-01T03:20:00Z", "excluded_by": "wren-oak"
}))]
pub(super) struct Excluded {
    /// The repository's GitHub ID.
    github_id: i64,
    /// The repository, as `owner/name`.
    repository: String,
    /// The reason, which everyone can read on the pages of its pull requests.
    reason: String,
    /// When it was excluded.
    #[schema(value_type = String, format = DateTime)]
    excluded_at: Timestamp,
    /// The login of the person who decided. Null if an operator did.
    excluded_by: Option<String>,
}

impl From<ExcludedRepository> for Excluded {
    fn from(excluded: ExcludedRepository) -> Self {
        Self {
            github_id: excluded.repository.github_id,
            repository: excluded.repository.full_name,
            reason: excluded.exclusion.reason,
            excluded_at: excluded.exclusion.excluded_at,
            excluded_by: excluded.exclusion.excluded_by,
        }
    }
}

/// Lists excluded repositories, latest first. Private ones are left out.
#[utoipa::path(
    get,
    path = "/api/v1/admin/repositories/excluded",
    operation_id = "list_excluded_repositories",
    tag = "Fair play",
    params(ListQuery),
    responses(
        (status = 200, description = "A page of repositories", body = List<Excluded>),
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn list(
    State(context): State<Context>,
    _: Moderator,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<Excluded>>, WebError> {
    let (limit, place) = (query.limit()?, query.place()?);
    let found = reads::excluded_repositories(&context.db, place, limit + 1).await?;
    let mut found =
        List::cut(found, limit, |it| cursor_after((it.exclusion.excluded_at, it.exclusion.id)));
    found.items.retain(|it| !it.repository.is_private);
    Ok(Paged(found.map(Into::into)))
}

/// The decisions about a repository, and the points that an exclusion reverses.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RepositoryExclusion, example = json!({
    "repository": "octo-org/lantern", "project": "lantern", "is_excluded": false, "pull_requests": 37,
    "people": 12, "points": 1240, "decisions": []
}))]
pub(super) struct Exclusion {
    /// The repository, as `owner/name`.
    repository: String,
    /// The slug of its project.
    project: String,
    /// True if it is excluded.
    is_excluded: bool,
    /// The number of its pull requests.
    pull_requests: i64,
    /// The number of their authors.
    people: i64,
    /// Their points in the ledger, which an exclusion reverses.
    points: i64,
    /// The decisions, latest first, at most 50.
    decisions: Vec<Decision>,
}

/// A decision to exclude a repository.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RepositoryExclusionDecision)]
struct Decision {
    /// The reason.
    reason: String,
    /// When it was decided.
    #[schema(value_type = String, format = DateTime)]
    excluded_at: Timestamp,
    /// The login of the person who decided. Null if an operator did.
    excluded_by: Option<String>,
    /// When it was lifted. Null while the repository is excluded.
    #[schema(value_type = Option<String>, format = DateTime)]
    lifted_at: Option<Timestamp>,
    /// The login of the person who lifted it. Null if an operator did.
    lifted_by: Option<String>,
    /// The reason for lifting it.
    lift_reason: Option<String>,
}

impl From<ExclusionView> for Decision {
    fn from(view: ExclusionView) -> Self {
        Self {
            reason: view.reason,
            excluded_at: view.excluded_at,
            excluded_by: view.excluded_by,
            lifted_at: view.lifted_at,
            lifted_by: view.lifted_by,
            lift_reason: view.lift_reason,
        }
    }
}

impl From<ModeratedRepository> for Exclusion {
    fn from(found: ModeratedRepository) -> Self {
        Self {
            is_excluded: found.current().is_some(),
            repository: found.repository.full_name,
            project: found.project.slug,
            pull_requests: found.effect.pull_requests,
            people: found.effect.people,
            points: found.effect.points,
            decisions: found.exclusions.into_iter().map(Into::into).collect(),
        }
    }
}

/// Returns the decisions about a repository, and the points that an exclusion reverses.
#[utoipa::path(
    get,
    path = "/api/v1/admin/repositories/{github_id}/exclusion",
    operation_id = "get_repository_exclusion",
    tag = "Fair play",
    responses((status = 200, description = "The repository", body = Exclusion)),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn one(
    State(context): State<Context>,
    Moderator(viewer): Moderator,
    Path(github_id): Path<i64>,
) -> Result<Json<Exclusion>, WebError> {
    let found = moderated_repository(&context, &viewer, github_id).await?;
    Ok(Json(found.into()))
}

/// The reason for excluding a repository.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RepositoryExclusionInput, example = json!({ "reason": "Made to be farmed" }))]
pub(super) struct Input {
    /// The reason, which everyone can read on the pages of its pull requests.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

/// Excludes a repository. The points of its pull requests are reversed, and new ones earn none.
#[utoipa::path(
    put,
    path = "/api/v1/admin/repositories/{github_id}/exclusion",
    operation_id = "exclude_repository",
    tag = "Fair play",
    request_body = Input,
    responses(
        (status = 204, description = "The repository is excluded"),
        (status = 409, description = "The repository is excluded already"),
        (status = 422, description = "The reason is empty or too long")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn exclude(
    State(context): State<Context>,
    Moderator(viewer): Moderator,
    Path(github_id): Path<i64>,
    Body(input): Body<Input>,
) -> Result<StatusCode, WebError> {
    moderated_repository(&context, &viewer, github_id).await?;
    exclude_repository(&context, viewer.actor(), github_id, &input.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The reason for lifting an exclusion.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Lift {
    /// The reason.
    #[serde(default)]
    #[param(required = true, min_length = 1, example = "The owner explained it")]
    reason: String,
}

/// Lifts the exclusion of a repository. Its pull requests earn their points again.
#[utoipa::path(
    delete,
    path = "/api/v1/admin/repositories/{github_id}/exclusion",
    operation_id = "include_repository",
    tag = "Fair play",
    params(Lift),
    responses(
        (status = 204, description = "The repository is no longer excluded"),
        (status = 409, description = "The repository is not excluded"),
        (status = 422, description = "The reason is empty or too long")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn include(
    State(context): State<Context>,
    Moderator(viewer): Moderator,
    Path(github_id): Path<i64>,
    Query(lift): Query<Lift>,
) -> Result<StatusCode, WebError> {
    moderated_repository(&context, &viewer, github_id).await?;
    include_repository(&context, viewer.actor(), github_id, &lift.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
