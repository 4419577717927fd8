//! Followed repositories and their health.

use axum::{Json, extract::State, http::HeaderName};
use platform::{
    Context,
    web::{self, List, Paged, Path, Query, WebError},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{opportunities::kept, views::RepositoryHealth};
use crate::{
    access::{self, RepositoryQuery},
    reads::{self, RepositoryOrder, RepositoryView},
    rules::{
        health::{AnswerTime, first_answer, merge_rate},
        listing::numbered_cursor,
    },
};

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(search))
        .routes(routes!(trending))
        .routes(routes!(health))
}

/// A followed repository.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01931b6e-6c00-7000-8000-000000000022", "repository": "octo-org/lantern",
    "url": "https://github.com/octo-org/lantern", "description": "Tide tables for everyone", "topics": ["cli"],
    "languages": ["Rust"], "license": "MIT", "has_contributing": true, "stars": 48, "forks": 7, "health": 82,
    "response_minutes": 1440, "merge_rate": 0.63, "opportunities": 5, "last_scanned_at": "2026-11-20T10:12:00Z"
}))]
pub(super) struct Repository {
    /// Its ID.
    id: Uuid,
    /// The name, `owner/name`.
    repository: String,
    /// The address on GitHub.
    url: String,
    /// The description.
    description: Option<String>,
    /// Its topics.
    topics: Vec<String>,
    /// Its languages, the largest part first.
    languages: Vec<String>,
    /// The SPDX identifier of its license. Null if GitHub knows none.
    license: Option<String>,
    /// True when it has guidelines for contributors. Null before it was read.
    has_contributing: Option<bool>,
    /// The number of stars.
    stars: i64,
    /// The number of forks.
    forks: i64,
    /// The health, 0 to 100.
    health: i64,
    /// The usual minutes until a maintainer answers a new issue. Null if it is unknown, or most have no answer.
    response_minutes: Option<i64>,
    /// The share of the last pull requests from outside that was merged, 0 to 1. Null if it is unknown.
    merge_rate: Option<f64>,
    /// The number of its issues that can be done.
    opportunities: i64,
    /// When it was last read.
    #[schema(value_type = String, format = DateTime)]
    last_scanned_at: kernel::Timestamp,
}

/// A repository with the reasons for its health.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct RepositoryDetail {
    #[serde(flatten)]
    summary: Repository,
    /// The health with its three parts.
    repository_health: RepositoryHealth,
}

impl Repository {
    fn of(own: &RepositoryView) -> Self {
        let facts = &own.facts;
        Self {
            id: own.id,
            repository: own.full_name.clone(),
            url: format!("https://github.com/{}", own.full_name),
            description: facts.description.clone(),
            topics: facts.topics.clone(),
            languages: facts.languages.iter().map(|(name, _)| name.clone()).collect(),
            license: facts.license.clone(),
            has_contributing: facts.has_contributing,
            stars: facts.stars,
            forks: facts.forks,
            health: own.health.health,
            response_minutes: match first_answer(facts) {
                AnswerTime::Minutes(minutes) => Some(minutes),
                AnswerTime::Unknown | AnswerTime::Rare => None,
            },
            merge_rate: merge_rate(facts).map(|rate| (rate * 1_000.0).round() / 1_000.0),
            opportunities: own.opportunities,
            last_scanned_at: own.health.last_scanned_at,
        }
    }
}

/// A page of repositories that caches may keep.
type CachedPage = ([(HeaderName, &'static str); 1], Paged<List<Repository>>);

async fn page(
    context: &Context,
    query: &RepositoryQuery,
    order: RepositoryOrder,
) -> Result<CachedPage, WebError> {
    let limit = web::limit(query.limit)?;
    let filter = query.filter(order)?;
    let (found, next) = reads::repositories(&context.db, &filter, limit).await?;
    let list = List {
        items: found.iter().map(Repository::of).collect(),
        next_cursor: next.map(numbered_cursor),
    };
    Ok((kept(false), Paged(list)))
}

/// Lists followed repositories by name, language and topic, the healthiest first.
#[utoipa::path(
    get,
    path = "/api/v1/repositories/search",
    operation_id = "list_repositories",
    tag = "Discovery",
    params(RepositoryQuery),
    responses(
        (status = 200, description = "A page of repositories", body = List<Repository>),
    )
)]
async fn search(
    State(context): State<Context>,
    Query(query): Query<RepositoryQuery>,
) -> Result<CachedPage, WebError> {
    page(&context, &query, RepositoryOrder::Health).await
}

/// Lists followed repositories with issues that can be done, those first whose issues gain the most attention.
#[utoipa::path(
    get,
    path = "/api/v1/repositories/trending",
    operation_id = "list_trending_repositories",
    tag = "Discovery",
    params(RepositoryQuery),
    responses(
        (status = 200, description = "A page of repositories", body = List<Repository>),
    )
)]
async fn trending(
    State(context): State<Context>,
    Query(query): Query<RepositoryQuery>,
) -> Result<CachedPage, WebError> {
    page(&context, &query, RepositoryOrder::Trend).await
}

/// Returns the health of a repository with its reasons.
#[utoipa::path(
    get,
    path = "/api/v1/repositories/{id}/health",
    operation_id = "get_repository_health",
    tag = "Discovery",
    responses((status = 200, description = "The repository", body = RepositoryDetail))
)]
async fn health(
    State(context): State<Context>,
    Path(id): Path<Uuid>,
) -> Result<([(HeaderName, &'static str); 1], Json<RepositoryDetail>), WebError> {
    let found = access::repository(&context, id).await?;
    let detail = RepositoryDetail {
        summary: Repository::of(&found),
        repository_health: RepositoryHealth::of(&found.health),
    };
    Ok((kept(false), Json(detail)))
}
