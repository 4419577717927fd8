//! The API of projects and their leaderboards.

mod analytics;
mod change;
mod create;
mod disputes;
mod exclusions;
mod figures;
mod flags;
mod held;
mod leaderboards;
mod maintainers;
mod overrides;
mod people;
mod pull_requests;
mod queue;
mod registration;
mod reports;
mod repositories;
mod reviews;
mod rules;
mod seasons;

use axum::{Json, extract::State, middleware::from_fn_with_state};
use platform::{
    Context,
    flags::hide,
    web::{List, ListQuery, Paged, Path, Query, WebError},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

pub use disputes::DisputeSearch;
pub use flags::FlagSearch;

use crate::{
    FLAG, access,
    reads::{self, ProjectPart, ProjectView},
};

pub fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(projects, create::create))
        .routes(routes!(project, change::change))
        .routes(routes!(pull_requests::pull_request))
        .routes(routes!(people::pull_requests))
        .routes(routes!(maintainers::maintainers))
        .routes(routes!(maintainers::add, maintainers::remove))
        .routes(routes!(maintainers::transfer))
        .routes(routes!(repositories::repositories, registration::register))
        .routes(routes!(registration::available))
        .routes(routes!(registration::settings, registration::allow))
        .routes(routes!(repositories::change, repositories::remove))
        .routes(routes!(repositories::sync))
        .routes(routes!(reviews::reviews, reviews::give))
        .routes(routes!(reviews::internal_reviews))
        .routes(routes!(analytics::analytics))
        .routes(routes!(analytics::contributors))
        .routes(routes!(queue::of_project))
        .routes(routes!(queue::own))
        .routes(routes!(flags::list))
        .routes(routes!(flags::one))
        .routes(routes!(flags::decide))
        .routes(routes!(flags::reopen))
        .routes(routes!(reports::create))
        .routes(routes!(reports::one))
        .routes(routes!(exclusions::list))
        .routes(routes!(exclusions::one, exclusions::exclude, exclusions::include))
        .routes(routes!(overrides::decide, overrides::lift))
        .merge(rules::routes())
        .merge(leaderboards::routes())
        .merge(seasons::routes())
        .layer(from_fn_with_state(FLAG, hide))
        .routes(routes!(held::held))
        .merge(disputes::routes())
}

/// A project.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "slug": "lantern", "name": "Lantern", "description": "A build tool.", "tags": ["rust"],
    "difficulty": "beginner", "repository_count": 2, "stale_days": 30, "abandoned_days": 60, "closes_abandoned": false,
    "archived_at": null
}))]
struct Project {
    /// The project's slug.
    slug: String,
    /// The project's display name.
    name: String,
    /// The project's description.
    description: String,
    /// The project's topics.
    tags: Vec<String>,
    /// How hard it is to start contributing.
    difficulty: Option<String>,
    /// The number of repositories.
    repository_count: i64,
    /// The number of days without activity after which a pull request is stale.
    stale_days: i64,
    /// The number of days without activity after which a pull request is abandoned and leaves the queue of reviews.
    abandoned_days: i64,
    /// True if abandoned pull requests are closed on GitHub.
    closes_abandoned: bool,
    /// When the project was archived. Pull requests that are opened later earn no points. Null while it is not archived.
    #[schema(value_type = Option<String>, format = DateTime)]
    archived_at: Option<kernel::Timestamp>,
}

impl From<ProjectView> for Project {
    fn from(view: ProjectView) -> Self {
        Self {
            slug: view.slug,
            name: view.name,
            description: view.description,
            tags: serde_json::from_str(&view.tags).unwrap_or_default(),
            difficulty: view.difficulty,
            repository_count: view.repositories,
            stale_days: view.stale_days,
            abandoned_days: view.abandoned_days,
            closes_abandoned: view.closes_abandoned,
            archived_at: view.archived_at,
        }
    }
}

/// A project with its repositories and the versions of its rules.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "slug": "lantern", "name": "Lantern", "description": "A build tool.", "tags": ["rust"],
    "difficulty": "beginner", "repository_count": 1, "stale_days": 30, "abandoned_days": 60, "closes_abandoned": false,
    "archived_at": null, "repositories": ["octo-org/lantern"],
    "rules_versions": [{ "version": 1, "published_at": "2026-10-01T00:00:00Z" }]
}))]
struct ProjectDetail {
    #[serde(flatten)]
    project: Project,
    /// The public repositories, as `owner/name`.
    repositories: Vec<String>,
    /// All versions of the rules, oldest first. The last one is current.
    rules_versions: Vec<Version>,
}

/// A version of the rules and when it was published.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Version {
    /// The version number, starting at 1.
    version: i64,
    /// When the version was published and became current.
    #[schema(value_type = String, format = DateTime)]
    published_at: kernel::Timestamp,
}

/// A version of a project's rules.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "version": 1, "published_at": "2026-10-01T00:00:00Z", "document": { "merged": 60 } }))]
struct Rules {
    /// The version number, starting at 1.
    version: i64,
    /// When the version was published and became current.
    #[schema(value_type = String, format = DateTime)]
    published_at: kernel::Timestamp,
    /// The rules that differ from the defaults.
    #[schema(value_type = Object)]
    document: Value,
}

/// A filter of projects.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ProjectFilter {
    /// If true, only archived projects. They are left out otherwise.
    #[serde(default)]
    #[param(value_type = bool, required = false, example = false)]
    archived: bool,
}

/// Lists projects, by slug.
#[utoipa::path(
    get,
    path = "/api/v1/projects",
    operation_id = "list_projects",
    tag = "Projects",
    params(ProjectFilter, ListQuery),
    responses(
        (status = 200, description = "A page of projects", body = List<Project>),
    )
)]
async fn projects(
    State(context): State<Context>,
    Query(filter): Query<ProjectFilter>,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<Project>>, WebError> {
    let limit = query.limit()?;
    let after = query.cursor.unwrap_or_default();
    let part = ProjectPart::archived(filter.archived);
    let found = reads::projects(&context.db, part, &after, limit + 1).await?;
    let found = List::cut(found, limit, |project| project.slug.clone());
    Ok(Paged(found.map(Into::into)))
}

/// Returns a project with its repositories and the versions of its rules.
#[utoipa::path(
    get,
    path = "/api/v1/projects/{slug}",
    operation_id = "get_project",
    tag = "Projects",
    responses((status = 200, description = "The project", body = ProjectDetail))
)]
async fn project(
    State(context): State<Context>,
    Path(slug): Path<String>,
) -> Result<Json<ProjectDetail>, WebError> {
    detail(&context, &slug).await.map(Json)
}

/// Reads a project with its repositories and the versions of its rules.
async fn detail(context: &Context, slug: &str) -> Result<ProjectDetail, WebError> {
    let detail = access::project_detail(context, slug).await?;
    let repositories = github::reads::named(&context.db, detail.repositories).await?;
    Ok(ProjectDetail {
        project: detail.project.into(),
        repositories: repositories
            .into_iter()
            .filter(|repository| !repository.is_private)
            .map(|repository| repository.full_name)
            .collect(),
        rules_versions: detail
            .rules
            .into_iter()
            .map(|rules| Version { version: rules.version, published_at: rules.published_at })
            .collect(),
    })
}
