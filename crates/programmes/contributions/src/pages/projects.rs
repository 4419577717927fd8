use std::collections::HashMap;

use askama::Template;
use axum::{extract::State, response::Response};
use github::reads::PullRequest;
use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{Context, db::DbError};
use recognition::{pages::Board, reads::Start};
use serde::Deserialize;
use ui::{
    Address, PageError, PageResult, QueryString, Who, csv,
    download::{BATCH, Batch},
    format::{Instant, Number},
    paging::{List, ListPosition, ROWS, place},
    show,
};
use uuid::Uuid;

use super::{
    pulls::ListedPull,
    rule_versions::{self, Version},
};
use crate::{
    access,
    model::{ProjectId, project_board},
    reads::{self, Contribution, ContributionPart, MaintainerView, ProjectPart, ProjectView},
};

/// The number of rows of a project's board on its page.
const BOARD_ROWS: i64 = 10;

/// The number of projects per page.
pub(super) const MOST: usize = 100;

#[derive(Clone, Debug)]
pub(super) struct ProjectCard {
    pub(super) slug: String,
    /// The path and the description of its picture, its own or the drawn one.
    pub(super) picture: (String, String),
    /// The display name.
    pub(super) name: String,
    /// A short description.
    pub(super) description: String,
    pub(super) tags: Vec<String>,
    /// How hard it is to start contributing.
    pub(super) difficulty: Option<String>,
    /// The number of repositories, in words.
    pub(super) repositories: String,
    pub(super) archived: Option<Instant>,
}

impl From<ProjectView> for ProjectCard {
    fn from(view: ProjectView) -> Self {
        let drawn = || (ui::drawn("project", &view.slug), String::new());
        Self {
            picture: view.picture().unwrap_or_else(drawn),
            slug: view.slug,
            name: view.name,
            description: view.description,
            tags: serde_json::from_str(&view.tags).unwrap_or_default(),
            difficulty: view.difficulty,
            repositories: Number(view.repositories).of("repository", "repositories"),
            archived: view.archived_at.map(Instant),
        }
    }
}

/// Lists a part of the projects after a slug: at most `limit`, and one more if there are more.
pub(super) async fn cards(
    context: &Context,
    part: ProjectPart,
    after: &str,
    limit: usize,
) -> Result<Vec<ProjectCard>, DbError> {
    let found = reads::projects(&context.db, part, after, limit as i64 + 1).await?;
    Ok(found.into_iter().map(Into::into).collect())
}

/// The part of the list that a URL selects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    cursor: String,
    archived: bool,
}

#[derive(Template)]
#[template(path = "projects.html")]
struct ProjectsPage {
    projects: Vec<ProjectCard>,
    next: Option<String>,
    is_first: bool,
    /// True for the archived projects, which are not among the others.
    is_archived: bool,
    has_archived: bool,
    /// The address of the first page.
    all: &'static str,
}

impl ProjectsPage {
    /// Returns whether the button for admins is in the head: without any project, it is below the text that says so.
    fn has_own_part_in_head(&self) -> bool {
        let is_empty = self.projects.is_empty() && self.is_first;
        ui::frame::is_shared() && !is_empty && !self.is_archived
    }
}

/// `GET /projects`.
pub(super) async fn projects(
    State(context): State<Context>,
    QueryString(query): QueryString<ListQuery>,
) -> PageResult {
    let part = ProjectPart::archived(query.archived);
    let mut projects = cards(&context, part, &query.cursor, MOST).await?;
    let more = projects.len() > MOST;
    projects.truncate(MOST);
    show(&ProjectsPage {
        next: projects.last().filter(|_| more).map(|last| last.slug.clone()),
        is_first: query.cursor.is_empty(),
        is_archived: query.archived,
        all: if query.archived { "/projects?archived=true" } else { "/projects" },
        has_archived: reads::has_archived(&context.db).await?,
        projects,
    })
}

#[derive(Template)]
#[template(path = "project.html")]
struct ProjectPage {
    project: ProjectCard,
    repositories: Vec<String>,
    rules: Option<Version>,
    versions: usize,
    board: Board,
    maintainers: Vec<MaintainerView>,
    tabs: Vec<Tab>,
    /// The `state` of the current tab.
    part: &'static str,
    pulls: List<ListedPull>,
}

/// A tab of the pull requests.
struct Tab {
    label: &'static str,
    state: &'static str,
    is_current: bool,
}

/// The tabs, with their `state` in URLs; the first is the default.
const TABS: [(&str, &str, ContributionPart); 4] = [
    ("Open", "open", ContributionPart::Open),
    ("Needs review", "review", ContributionPart::NeedsReview),
    ("Merged", "merged", ContributionPart::Merged),
    ("All", "all", ContributionPart::All),
];

/// The part of the pull requests that a URL selects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ProjectQuery {
    pulls: String,
    state: String,
}

impl ProjectQuery {
    /// Returns the `state` and the part, or `default` if the URL names none.
    fn part(&self, default: &'static str) -> Result<(&'static str, ContributionPart), Problem> {
        let named = Some(self.state.as_str()).filter(|state| !state.is_empty());
        let named = named.unwrap_or(default);
        let found = TABS.into_iter().find(|(_, state, _)| *state == named);
        let unknown = || {
            let detail = format!("state is '{named}'. Use open, review, merged or all.");
            Problem::new(ProblemKind::Malformed, "BAD_QUERY", detail)
        };
        found.map(|(_, state, part)| (state, part)).ok_or_else(unknown)
    }
}

/// `GET /projects/{slug}`.
pub(super) async fn project(
    State(context): State<Context>,
    Address(slug): Address<String>,
    QueryString(query): QueryString<ProjectQuery>,
) -> PageResult {
    let detail = access::project_detail(&context, &slug).await?;
    let id = detail.project.id.into();
    let db = &context.db;
    let repositories = github::reads::named(db, detail.repositories).await?;
    let board = recognition::reads::page(db, &project_board(id), Start::Top, BOARD_ROWS).await?;
    let (current, part) = query.part(TABS[0].1)?;
    let pulls = Pulls::of(&context, id, part, &query.pulls, ROWS).await?;
    let people = board.rows.iter().map(|row| row.user_id);
    let known = identity::reads::who(
        db,
        people.chain(pulls.authors()).chain(detail.maintainers.iter().copied()),
    )
    .await?;
    show(&ProjectPage {
        maintainers: reads::maintainers_of(detail.maintainers, &known),
        tabs: TABS
            .into_iter()
            .map(|(label, state, _)| Tab { label, state, is_current: state == current })
            .collect(),
        part: current,
        board: Board::of(&board, &known, true),
        pulls: pulls.shown(&known),
        versions: detail.rules.len(),
        rules: rule_versions::of(&detail.rules).into_iter().next(),
        repositories: repositories
            .into_iter()
            .filter(|found| !found.is_private)
            .map(|found| found.full_name)
            .collect(),
        project: detail.project.into(),
    })
}

/// `GET /projects/{slug}/pull-requests.csv`.
pub(super) async fn pulls_csv(
    State(context): State<Context>,
    Address(slug): Address<String>,
    QueryString(query): QueryString<ProjectQuery>,
) -> Result<Response, PageError> {
    let project = access::project(&context, &slug).await?;
    let (_, part) = query.part("all")?;
    let name = format!("{}-pull-requests", project.slug);
    let first = place(&query.pulls)?;
    let id = project.id.into();
    let read = move |after| batch(context.clone(), id, part, after);
    Ok(csv::streamed(&name, &ListedPull::HEAD, first, read))
}

async fn batch(
    context: Context,
    id: ProjectId,
    part: ContributionPart,
    after: ListPosition,
) -> Batch<ListPosition> {
    let rows = reads::of_project(&context.db, id, part, after, BATCH).await?;
    ListedPull::batch(&context, &rows).await
}

/// A part of a project's pull requests, without their authors' logins.
pub(super) struct Pulls {
    found: List<Contribution>,
    names: HashMap<Uuid, PullRequest>,
}

impl Pulls {
    /// Reads the latest `limit` pull requests of a part, or those after a cursor.
    pub(super) async fn of(
        context: &Context,
        id: ProjectId,
        part: ContributionPart,
        cursor: &str,
        limit: i64,
    ) -> Result<Self, PageError> {
        let rows = reads::of_project(&context.db, id, part, place(cursor)?, limit + 1).await?;
        let found = List::cut(rows, limit, cursor, |row| (row.opened_at, row.pull_request_id));
        let names = reads::pull_requests(&context.db, &found.rows).await?;
        Ok(Self { found, names })
    }

    pub(super) fn authors(&self) -> impl Iterator<Item = UserId> {
        let authors = self.names.values().filter_map(|pull| pull.author_id);
        authors.map(Into::into)
    }

    pub(super) fn shown(self, people: &HashMap<UserId, Who>) -> List<ListedPull> {
        let Self { found, names } = self;
        found.map(|row: Contribution| ListedPull::of(&row, &names, people))
    }
}
