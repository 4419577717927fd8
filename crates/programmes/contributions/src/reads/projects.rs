use std::collections::HashMap;

use crate::model::ProjectId;
use github::{
    model::RepositoryId,
    rules::{names::only_named, own_repository::Allowed},
};
use identity::{model::UserId, reads::find_named, rules::ambiguous_login};
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    ActionError,
    db::{DbError, Sql, ids, read_ids},
    folded::FoldedText,
};
use sea_orm::FromQueryResult;
use ui::Who;
use uuid::Uuid;

use super::{repositories::repositories, rules_versions::RulesVersion};
use crate::{
    rules::{ProjectTexts, review::IdleDays},
    store::projects::{idle_days, of_repositories},
};

/// A project, as shown on pages.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ProjectView {
    pub id: Uuid,
    pub slug: String,
    /// The display name.
    pub name: String,
    pub description: String,
    /// The topics, as a JSON array.
    pub tags: String,
    /// How hard it is to start contributing.
    pub difficulty: Option<String>,
    /// When it was archived; absent while it is not.
    pub archived_at: Option<Timestamp>,
    /// The number of days after which its pull requests are stale.
    pub stale_days: i64,
    /// The number of days after which its pull requests are abandoned.
    pub abandoned_days: i64,
    /// True if those are closed on GitHub.
    pub closes_abandoned: bool,
    pub repositories: i64,
    picture: Option<String>,
    picture_text: Option<String>,
}

impl ProjectView {
    /// Returns the path and the description of its own picture; `None` if it is drawn.
    #[must_use]
    pub fn picture(&self) -> Option<(String, String)> {
        let text = self.picture_text.clone().unwrap_or_default();
        self.picture.clone().map(|path| (path, text))
    }

    #[must_use]
    pub fn texts(&self) -> ProjectTexts {
        ProjectTexts {
            name: self.name.clone(),
            description: self.description.clone(),
            tags: serde_json::from_str(&self.tags).unwrap_or_default(),
            difficulty: self.difficulty.clone(),
        }
    }

    /// Returns the numbers of days after which its pull requests are idle.
    #[must_use]
    pub fn idle_days(&self) -> IdleDays {
        idle_days(self.stale_days, self.abandoned_days)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProjectPart {
    /// The projects that are not archived.
    Current,
    Archived,
    All,
}

impl ProjectPart {
    #[must_use]
    pub fn archived(is_archived: bool) -> Self {
        if is_archived { Self::Archived } else { Self::Current }
    }

    fn holds(self) -> &'static str {
        match self {
            Self::Current => "p.archived_at IS NULL AND",
            Self::Archived => "p.archived_at IS NOT NULL AND",
            Self::All => "",
        }
    }
}

const PROJECT: &str = "p.id, p.slug, p.name, p.description, p.tags, p.difficulty, p.archived_at, \
     p.stale_days, p.abandoned_days, p.closes_abandoned, p.picture, p.picture_text, \
     (SELECT count(*) FROM project_repositories r WHERE r.project_id = p.id) AS repositories";

/// Lists a part of the projects after a slug, by slug.
pub async fn projects(
    db: &impl Sql,
    part: ProjectPart,
    after: &str,
    limit: i64,
) -> Result<Vec<ProjectView>, DbError> {
    let (part, slug) = (part.holds(), collated(db, "p.slug"));
    let sql = format!(
        "SELECT {PROJECT} FROM projects p WHERE {part} {slug} > $1 ORDER BY {slug} LIMIT $2"
    );
    db.all(db.statement(&sql, [after.into(), limit.into()])).await
}

/// Returns whether any project is archived.
pub async fn has_archived(db: &impl Sql) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM projects WHERE archived_at IS NOT NULL";
    Ok(db.count(db.statement(sql, [])).await? > 0)
}

/// Lists projects whose name or slug contains a text, in any case, by slug.
pub async fn projects_named(
    db: &impl Sql,
    part: &str,
    limit: i64,
) -> Result<Vec<ProjectView>, DbError> {
    let mut query = db.query();
    let part = FoldedText::of(part);
    let [named, spelled] = ["p.name_folded", "p.slug"].map(|it| query.contains(it, &part));
    let limit = query.bind(limit);
    let sql = format!(
        "SELECT {PROJECT} FROM projects p WHERE p.archived_at IS NULL AND ({named} OR {spelled}) \
         ORDER BY p.slug LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// Returns a text column that sorts in byte order on both engines.
fn collated(db: &impl Sql, column: &str) -> String {
    match db.engine() {
        platform::db::Engine::Sqlite => column.to_owned(),
        platform::db::Engine::Postgres => format!("{column} COLLATE \"C\""),
    }
}

pub async fn project(db: &impl Sql, slug: &str) -> Result<Option<ProjectView>, DbError> {
    let sql = format!("SELECT {PROJECT} FROM projects p WHERE p.slug = $1");
    db.one(db.statement(&sql, [slug.into()])).await
}

pub async fn project_by_id(db: &impl Sql, id: ProjectId) -> Result<Option<ProjectView>, DbError> {
    let sql = format!("SELECT {PROJECT} FROM projects p WHERE p.id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

#[derive(FromQueryResult)]
struct IdAndSlug {
    id: Uuid,
    slug: String,
}

/// Finds a project's ID by its slug.
pub async fn project_id(db: &impl Sql, slug: &str) -> Result<Option<ProjectId>, DbError> {
    let sql = "SELECT id, slug FROM projects WHERE slug = $1";
    let found: Option<IdAndSlug> = db.one(db.statement(sql, [slug.into()])).await?;
    Ok(found.map(|project| project.id.into()))
}

pub async fn slugs(db: &impl Sql) -> Result<HashMap<ProjectId, String>, DbError> {
    let projects: Vec<IdAndSlug> =
        db.all(db.statement("SELECT id, slug FROM projects", [])).await?;
    Ok(projects.into_iter().map(|project| (project.id.into(), project.slug)).collect())
}

/// Returns the names of all projects, by ID.
pub(super) async fn names(db: &impl Sql) -> Result<HashMap<Uuid, String>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        name: String,
    }
    let sql = "SELECT id, name FROM projects";
    let rows: Vec<Row> = db.all(db.statement(sql, [])).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Finds the slugs of projects by their IDs.
pub async fn slugs_of(
    db: &impl Sql,
    projects: impl IntoIterator<Item = ProjectId>,
) -> Result<HashMap<ProjectId, String>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(projects), "r");
    let sql = format!("SELECT p.id, p.slug FROM {rows} JOIN projects p ON p.id = r.id");
    let found: Vec<IdAndSlug> = db.all(query.statement(sql)).await?;
    let slug = |project: IdAndSlug| (project.id.into(), project.slug);
    Ok(found.into_iter().map(slug).collect())
}

/// Returns the slug of the project that a repository belongs to.
pub async fn project_of_repository(
    db: &impl Sql,
    repository: RepositoryId,
) -> Result<Option<String>, DbError> {
    let sql = "SELECT p.id, p.slug FROM project_repositories r JOIN projects p ON p.id = r.project_id \
               WHERE r.repository_id = $1";
    let found: Option<IdAndSlug> = db.one(db.statement(sql, [repository.into()])).await?;
    Ok(found.map(|project| project.slug))
}

/// Returns the slugs of the projects that repositories belong to, by their GitHub IDs. Others are absent.
pub async fn projects_of_github(
    db: &impl Sql,
    github_ids: &[i64],
) -> Result<HashMap<i64, String>, DbError> {
    let known = github::reads::repository_ids(db, github_ids).await?;
    let owners = of_repositories(db, known.values().copied()).await?;
    let slugs = slugs_of(db, owners.values().copied()).await?;
    let slug = |(github_id, id): (i64, RepositoryId)| {
        let owner = owners.get(&id)?;
        Some((github_id, slugs.get(owner)?.clone()))
    };
    Ok(known.into_iter().filter_map(slug).collect())
}

/// Returns the kinds of repositories that a project allows.
pub async fn allowed(db: &impl Sql, project: ProjectId) -> Result<Allowed, DbError> {
    Ok(allowed_and_season(db, project).await?.0)
}

/// Returns the kinds of repositories that a project allows, and whether the community has a season, also one that is not
/// published.
pub async fn allowed_and_season(
    db: &impl Sql,
    project: ProjectId,
) -> Result<(Allowed, bool), DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        allows_forks: bool,
        allows_private: bool,
        seasons: i64,
    }
    let sql = "SELECT allows_forks, allows_private, (SELECT count(*) FROM (SELECT 1 FROM seasons LIMIT 1) AS found) AS seasons \
               FROM projects WHERE id = $1";
    let row: Option<Row> = db.one(db.statement(sql, [project.into()])).await?;
    Ok(row.map_or_else(Default::default, |row| {
        (Allowed { forks: row.allows_forks, private: row.allows_private }, row.seasons > 0)
    }))
}

/// Finds a repository of a project by its GitHub ID.
///
/// # Errors
/// When no repository of the project has the ID.
pub async fn repository(
    db: &impl Sql,
    (project, slug): (ProjectId, &str),
    github_id: i64,
) -> Result<github::reads::RepositoryNames, ActionError> {
    let mut listed = repositories(db, project).await?.into_iter();
    let found = listed.find(|repository| repository.github_id == github_id);
    Ok(found.ok_or_else(|| no_repository(slug, github_id))?)
}

/// Returns the error for a GitHub ID of no repository of a project.
pub(crate) fn no_repository(slug: &str, github_id: i64) -> Problem {
    Problem::not_found(format!(
        "The project '{slug}' has no repository with the GitHub ID {github_id}. See /projects/{slug}/repositories."
    ))
}

/// Finds the repository with a full name that belongs to a project, and the project's slug.
///
/// # Errors
/// When none has the name, or several have it and no GitHub ID selects one.
pub async fn repository_named(
    db: &impl Sql,
    full_name: &str,
    github_id: Option<i64>,
) -> Result<(github::reads::RepositoryNames, String), ActionError> {
    let mut found = Vec::new();
    for repository in github::reads::with_name(db, full_name).await? {
        if github_id.is_none_or(|id| repository.github_id == id)
            && let Some(slug) = project_of_repository(db, repository.id.into()).await?
        {
            found.push((repository, slug));
        }
    }
    let missing =
        format!("No project has the repository {full_name}. List them with `guildhall repo list`.");
    let github_id =
        |(repository, _): &(github::reads::RepositoryNames, String)| repository.github_id;
    Ok(only_named(found, full_name, github_id, missing)?)
}

pub async fn maintains(db: &impl Sql, project: ProjectId, person: UserId) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM project_maintainers WHERE project_id = $1 AND user_id = $2";
    let found = db.count(db.statement(sql, [project.into(), person.into()]));
    Ok(found.await? > 0)
}

pub async fn owns(db: &impl Sql, project: ProjectId, person: UserId) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM project_maintainers \
               WHERE project_id = $1 AND user_id = $2 AND role = 'owner'";
    let found = db.count(db.statement(sql, [project.into(), person.into()]));
    Ok(found.await? > 0)
}

/// Lists the projects that a person maintains, by slug.
pub async fn maintained_by(db: &impl Sql, person: UserId) -> Result<Vec<ProjectView>, DbError> {
    let sql = format!(
        "SELECT {PROJECT} FROM project_maintainers m JOIN projects p ON p.id = m.project_id \
         WHERE m.user_id = $1 ORDER BY {}",
        collated(db, "p.slug")
    );
    db.all(db.statement(&sql, [person.into()])).await
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaintainerView {
    /// The login, or the placeholder of a closed account.
    pub login: String,
    /// The person as lists show them.
    pub who: Who,
    pub id: UserId,
    /// True for the owner of the project, who is one of its maintainers.
    pub is_owner: bool,
}

/// Lists a project's maintainers by login.
pub async fn maintainers(
    db: &impl Sql,
    project: ProjectId,
) -> Result<Vec<MaintainerView>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
        role: String,
    }
    let sql = "SELECT user_id, role FROM project_maintainers WHERE project_id = $1";
    let rows: Vec<Row> = db.all(db.statement(sql, [project.into()])).await?;
    let owner = rows.iter().find(|row| row.role == "owner");
    let owner = owner.map(|row| row.user_id);
    let people: Vec<UserId> = rows.into_iter().map(|row| row.user_id.into()).collect();
    let known = identity::reads::who(db, people.iter().copied()).await?;
    let mut maintainers = maintainers_of(people, &known);
    for maintainer in &mut maintainers {
        maintainer.is_owner = owner == Some(maintainer.id.0);
    }
    Ok(maintainers)
}

/// Lists maintainers by login, without saying who is the owner.
#[must_use]
pub fn maintainers_of(people: Vec<UserId>, known: &HashMap<UserId, Who>) -> Vec<MaintainerView> {
    let view = |id: UserId| {
        let who = known.get(&id)?.clone();
        Some(MaintainerView { login: who.login.clone(), who, id, is_owner: false })
    };
    let mut maintainers: Vec<_> = people.into_iter().filter_map(view).collect();
    maintainers.sort_unstable_by(|a, b| (&a.login, a.id).cmp(&(&b.login, b.id)));
    maintainers
}

/// Finds a maintainer by ID, or by the login that [`maintainers`] shows, also if the account is closed.
///
/// # Errors
/// When no one has the ID or login, or it is not a maintainer's, or several maintainers have the login.
pub async fn find_maintainer(
    db: &impl Sql,
    project: ProjectId,
    name: &str,
) -> Result<MaintainerView, ActionError> {
    let is_named = |maintainer: &MaintainerView| {
        maintainer.id.0.to_string() == name || maintainer.login.eq_ignore_ascii_case(name)
    };
    let listed = maintainers(db, project).await?;
    let mut named = listed.into_iter().filter(is_named);
    match (named.next(), named.next()) {
        (Some(maintainer), None) => Ok(maintainer),
        (Some(_), Some(_)) => Err(ambiguous_login(name).into()),
        (None, _) => {
            let login = find_named(db, name).await?.login;
            let detail = format!("{login} is not a maintainer of this project.");
            Err(Problem::new(ProblemKind::Conflict, "NOT_A_MAINTAINER", detail).into())
        }
    }
}

/// A project with the data of its page.
#[derive(Clone, Debug)]
pub struct ProjectDetail {
    pub project: ProjectView,
    pub repositories: Vec<RepositoryId>,
    pub maintainers: Vec<UserId>,
    /// All versions of the rules, oldest first.
    pub rules: Vec<RulesVersion>,
}

/// Finds a project by its slug, with its repositories, maintainers and rules, in one query.
pub async fn project_detail(db: &impl Sql, slug: &str) -> Result<Option<ProjectDetail>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        #[sea_orm(nested)]
        project: ProjectView,
        joined: Option<String>,
        maintained_by: Option<String>,
        #[sea_orm(nested)]
        rules: Option<RulesVersion>,
    }
    let sql = format!(
        "SELECT {PROJECT}, {} AS joined, {} AS maintained_by, v.version, v.document, v.published_at FROM projects p \
         LEFT JOIN project_rules v ON v.project_id = p.id WHERE p.slug = $1 ORDER BY v.version",
        db.joined_ids("r.repository_id", "project_repositories r WHERE r.project_id = p.id"),
        db.joined_ids("m.user_id", "project_maintainers m WHERE m.project_id = p.id")
    );
    let rows: Vec<Row> = db.all(db.statement(&sql, [slug.into()])).await?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let ids = read_ids(first.joined.as_deref());
    let maintainers = read_ids(first.maintained_by.as_deref());
    Ok(Some(ProjectDetail {
        project: first.project.clone(),
        repositories: ids.into_iter().map(Into::into).collect(),
        maintainers: maintainers.into_iter().map(Into::into).collect(),
        rules: rows.into_iter().filter_map(|row| row.rules).collect(),
    }))
}
