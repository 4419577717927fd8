use askama::Template;
use axum::extract::State;
use contributions::{
    actions::project_board,
    reads::{self, ProjectView, RulesVersion},
};
use kernel::Problem;
use platform::{Context, db::DbError, web::WebError};
use serde::Deserialize;

use super::{
    board::{self, Board},
    extract::{Address, Asked},
    format::{Instant, Number},
    layout::{PageResult, Section, show},
    words::{self, Stated},
};

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
    rules: Option<Rules>,
    board: Board,
}

/// The rules in force.
struct Rules {
    version: Number,
    published: Instant,
    stated: Vec<Stated>,
    /// Earlier versions, newest first.
    earlier: Vec<(Number, Instant)>,
}

/// `GET /projects/{slug}`.
pub(super) async fn project(
    State(context): State<Context>,
    Address(slug): Address<String>,
) -> PageResult {
    let project = find(&context, &slug).await?;
    let id = project.id.into();
    let repositories = reads::repositories(&context.db, id).await?;
    let rules = reads::rules(&context.db, id).await?;
    show(&ProjectPage {
        section: Section::Projects,
        board: board::first(&context, &project_board(id), 10).await?,
        rules: in_force(&rules),
        repositories: repositories
            .into_iter()
            .filter(|found| !found.is_private)
            .map(|found| found.full_name)
            .collect(),
        project: project.into(),
    })
}

fn in_force(versions: &[RulesVersion]) -> Option<Rules> {
    let (last, earlier) = versions.split_last()?;
    let document = serde_json::from_str(&last.document).unwrap_or_default();
    let dated = |version: &RulesVersion| (Number(version.version), Instant(version.published_at));
    Some(Rules {
        version: Number(last.version),
        published: Instant(last.published_at),
        stated: words::rules(&document),
        earlier: earlier.iter().rev().map(dated).collect(),
    })
}
