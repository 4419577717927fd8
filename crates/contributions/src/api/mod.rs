//! Projects and their boards as JSON.

use axum::{Json, Router, extract::State, routing::get};
use kernel::{Problem, ProjectId};
use platform::{
    Context,
    web::{ListQuery, Path, Query, WebError},
};
use recognition::api::{BoardPage, PageQuery, Rank};
use serde::Serialize;
use serde_json::Value;

use crate::{
    actions::project_board,
    reads::{self, ProjectView},
};

/// Routes of this room.
pub fn routes() -> Router<Context> {
    Router::new()
        .route("/api/v1/projects", get(projects))
        .route("/api/v1/projects/{slug}", get(project))
        .route("/api/v1/projects/{slug}/rules", get(rules))
        .route("/api/v1/leaderboards/projects/{slug}", get(board))
        .route(
            "/api/v1/leaderboards/projects/{slug}/ranks/{login}",
            get(rank),
        )
}

#[derive(Clone, Debug, Serialize)]
struct ProjectList {
    items: Vec<Project>,
    next_cursor: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Project {
    slug: String,
    name: String,
    description: String,
    tags: Value,
    difficulty: Option<String>,
    repositories: i64,
}

impl From<ProjectView> for Project {
    fn from(view: ProjectView) -> Self {
        Self {
            slug: view.slug,
            name: view.name,
            description: view.description,
            tags: serde_json::from_str(&view.tags).unwrap_or_default(),
            difficulty: view.difficulty,
            repositories: view.repositories,
        }
    }
}

#[derive(Clone, Debug, Serialize)]
struct ProjectDetail {
    #[serde(flatten)]
    project: Project,
    repository_names: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct RulesList {
    items: Vec<Rules>,
}

#[derive(Clone, Debug, Serialize)]
struct Rules {
    version: i64,
    published_at: kernel::Timestamp,
    document: Value,
}

async fn projects(
    State(context): State<Context>,
    Query(query): Query<ListQuery>,
) -> Result<Json<ProjectList>, WebError> {
    let limit = query.limit()?;
    let after = query.cursor.unwrap_or_default();
    let mut found = reads::projects(&context.db, &after, limit + 1).await?;
    let more = found.len() as i64 > limit;
    found.truncate(usize::try_from(limit).unwrap_or(0));
    let next_cursor = found
        .last()
        .filter(|_| more)
        .map(|project| project.slug.clone());
    Ok(Json(ProjectList {
        items: found.into_iter().map(Into::into).collect(),
        next_cursor,
    }))
}

async fn find(context: &Context, slug: &str) -> Result<ProjectView, WebError> {
    let unknown = || Problem::not_found(format!("There is no project '{slug}'."));
    Ok(reads::project(&context.db, slug)
        .await?
        .ok_or_else(unknown)?)
}

async fn project(
    State(context): State<Context>,
    Path(slug): Path<String>,
) -> Result<Json<ProjectDetail>, WebError> {
    let project = find(&context, &slug).await?;
    let repositories = reads::repositories(&context.db, project.id.into()).await?;
    Ok(Json(ProjectDetail {
        project: project.into(),
        repository_names: repositories
            .into_iter()
            .filter(|repository| !repository.is_private)
            .map(|repository| repository.full_name)
            .collect(),
    }))
}

async fn rules(
    State(context): State<Context>,
    Path(slug): Path<String>,
) -> Result<Json<RulesList>, WebError> {
    let project = find(&context, &slug).await?;
    let versions = reads::rules(&context.db, project.id.into()).await?;
    let rules = |version: reads::RulesVersion| Rules {
        version: version.version,
        published_at: version.published_at,
        document: serde_json::from_str(&version.document).unwrap_or_default(),
    };
    Ok(Json(RulesList {
        items: versions.into_iter().map(rules).collect(),
    }))
}

async fn board_key(context: &Context, slug: &str) -> Result<String, WebError> {
    let project: ProjectId = find(context, slug).await?.id.into();
    Ok(project_board(project))
}

async fn board(
    State(context): State<Context>,
    Path(slug): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Json<BoardPage>, WebError> {
    let key = board_key(&context, &slug).await?;
    recognition::api::board_page(&context, &key, &query)
        .await
        .map(Json)
}

async fn rank(
    State(context): State<Context>,
    Path((slug, login)): Path<(String, String)>,
) -> Result<Json<Rank>, WebError> {
    let key = board_key(&context, &slug).await?;
    recognition::api::rank(&context, &key, &login)
        .await
        .map(Json)
}
