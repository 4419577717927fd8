use std::collections::HashMap;

use askama::Template;
use axum::{extract::State, response::Response};
use contributions::{
    actions::project_board,
    reads::{self, Contribution, ProjectView},
};
use github::reads::PullRequest;
use kernel::{Problem, ProjectId, UserId};
use platform::{Context, db::DbError, web::WebError};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    PageError,
    board::{self, Board},
    csv,
    extract::{Address, Asked},
    format::Number,
    layout::{PageResult, Section, show},
    pulls::{List, Pull, ROWS, place},
    rules::{self, Version},
};
use crate::api;

/// Projects in one list at most.
pub(super) const MOST: usize = 100;

/// A project in a list.
pub(super) struct ProjectCard {
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) tags: Vec<String>,
    pub(super) difficulty: Option<String>,
    pub(super) repositories: String,
}

impl From<ProjectView> for ProjectCard {
    fn from(view: ProjectView) -> Self {
        Self {
            slug: view.slug,
            name: view.name,
            description: view.description,
            tags: serde_json::from_str(&view.tags).unwrap_or_default(),
            difficulty: view.difficulty,
            repositories: Number(view.repositories).of("repository", "repositories"),
        }
    }
}

/// Projects after a slug: at most `limit`, and one more when there are more.
pub(super) async fn cards(
    context: &Context,
    after: &str,
    limit: usize,
) -> Result<Vec<ProjectCard>, DbError> {
    let found = reads::projects(&context.db, after, limit as i64 + 1).await?;
    Ok(found.into_iter().map(Into::into).collect())
}

/// The project with a slug.
pub(super) async fn find(context: &Context, slug: &str) -> Result<ProjectView, WebError> {
    let unknown = || Problem::not_found(format!("There is no project '{slug}'."));
    Ok(reads::project(&context.db, slug)
        .await?
        .ok_or_else(unknown)?)
}

/// What may follow the list's address.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ListQuery {
    #[serde(default)]
    cursor: String,
}

#[derive(Template)]
#[template(path = "projects.html")]
struct ProjectsPage {
    section: Section,
    projects: Vec<ProjectCard>,
    next: Option<String>,
    is_first: bool,
}

/// `GET /projects`.
pub(super) async fn projects(
    State(context): State<Context>,
    Asked(query): Asked<ListQuery>,
) -> PageResult {
    let mut projects = cards(&context, &query.cursor, MOST).await?;
    let more = projects.len() > MOST;
    projects.truncate(MOST);
    show(&ProjectsPage {
        section: Section::Projects,
        next: projects
            .last()
            .filter(|_| more)
            .map(|last| last.slug.clone()),
        is_first: query.cursor.is_empty(),
        projects,
    })
}

#[derive(Template)]
#[template(path = "project.html")]
struct ProjectPage {
    section: Section,
    project: ProjectCard,
    repositories: Vec<String>,
    rules: Option<Version>,
    /// How many versions there are.
    versions: usize,
    board: Board,
    pulls: List<Pull>,
}

/// Where the list of pull requests goes on.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ProjectQuery {
    #[serde(default)]
    pulls: String,
}

/// `GET /projects/{slug}`.
pub(super) async fn project(
    State(context): State<Context>,
    Address(slug): Address<String>,
    Asked(query): Asked<ProjectQuery>,
) -> PageResult {
    let project = find(&context, &slug).await?;
    let id = project.id.into();
    let repositories = reads::repositories(&context.db, id).await?;
    let published = reads::rules(&context.db, id).await?;
    show(&ProjectPage {
        section: Section::Projects,
        board: board::first(&context, &project_board(id), 10).await?,
        pulls: pulls(&context, id, &query.pulls).await?,
        versions: published.len(),
        rules: rules::of(&published).into_iter().next(),
        repositories: repositories
            .into_iter()
            .filter(|found| !found.is_private)
            .map(|found| found.full_name)
            .collect(),
        project: project.into(),
    })
}

/// `GET /projects/{slug}/pull-requests.csv`.
pub(super) async fn pulls_csv(
    State(context): State<Context>,
    Address(slug): Address<String>,
    Asked(query): Asked<ProjectQuery>,
) -> Result<Response, PageError> {
    let project = find(&context, &slug).await?;
    let pulls = pulls(&context, project.id.into(), &query.pulls).await?;
    let name = format!("{}-pull-requests", project.slug);
    let rows = pulls.rows.into_iter().map(Pull::cells);
    Ok(csv::file(&name, Pull::HEAD, rows))
}

async fn pulls(context: &Context, id: ProjectId, cursor: &str) -> Result<List<Pull>, PageError> {
    let rows = reads::of_project(&context.db, id, place(cursor)?, ROWS + 1).await?;
    let found = List::cut(rows, cursor, |row| (row.opened_at, row.id));
    let names = api::names(context, found.rows.iter().map(|row| row.pull_request_id)).await?;
    let logins = logins(context, &names).await?;
    Ok(found.map(|row: Contribution| Pull::of(&row, &names, &logins)))
}

async fn logins(
    context: &Context,
    pulls: &HashMap<Uuid, PullRequest>,
) -> Result<HashMap<UserId, String>, DbError> {
    let authors = pulls.values().filter_map(|pull| pull.author_id);
    identity::reads::logins(&context.db, authors.map(Into::into)).await
}
