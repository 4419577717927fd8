use std::fmt;

use github::{model::RepositoryId, reads::RepositoryNames};
use identity::model::UserId;
use kernel::{Points, Timestamp, counted};
use platform::db::{DbError, Sql};
use uuid::Uuid;

use super::{ProjectView, project_by_id};
use crate::{
    model::{Inactive, ProjectId},
    store::{
        exclusions::{self, StoredExclusion},
        projects,
    },
};

/// A decision to exclude a repository.
#[derive(Clone, Debug)]
pub struct ExclusionView {
    pub id: Uuid,
    pub repository_id: Uuid,
    /// The reason, which everyone can read.
    pub reason: String,
    /// When it was decided.
    pub excluded_at: Timestamp,
    /// The login of the person who decided; absent if an operator did.
    pub excluded_by: Option<String>,
    pub lifted_at: Option<Timestamp>,
    /// The login of the person who lifted it; absent if an operator did.
    pub lifted_by: Option<String>,
    pub lift_reason: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExclusionEffect {
    pub pull_requests: i64,
    /// The number of their authors.
    pub people: i64,
    /// Their points in the ledger.
    pub points: Points,
}

impl fmt::Display for ExclusionEffect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let points = counted(self.points, "point", "points");
        let pulls = counted(self.pull_requests, "pull request", "pull requests");
        let people = counted(self.people, "person", "people");
        write!(f, "{points} of {pulls} by {people}")
    }
}

/// A repository of a project, with the decisions of moderators about it.
#[derive(Clone, Debug)]
pub struct ModeratedRepository {
    pub repository: RepositoryNames,
    /// The project that it belongs to.
    pub project: ProjectView,
    /// The extent of an exclusion now.
    pub effect: ExclusionEffect,
    /// The decisions, latest first, at most [`ModeratedRepository::SHOWN`].
    pub exclusions: Vec<ExclusionView>,
}

impl ModeratedRepository {
    /// The maximum number of decisions that are listed.
    pub const SHOWN: i64 = 50;

    /// Returns the decision that excludes it now.
    #[must_use]
    pub fn current(&self) -> Option<&ExclusionView> {
        let mut all = self.exclusions.iter();
        all.find(|exclusion| exclusion.lifted_at.is_none())
    }
}

/// Finds a repository by its GitHub ID; `None` if it belongs to no project.
///
/// # Errors
/// When the database fails.
pub async fn moderated_repository(
    db: &impl Sql,
    github_id: i64,
) -> Result<Option<ModeratedRepository>, DbError> {
    let Some(id) = github::reads::repository_id(db, github_id).await? else {
        return Ok(None);
    };
    let Some(project) = projects::of_repositories(db, [id]).await?.remove(&id) else {
        return Ok(None);
    };
    let repository = github::reads::named(db, [id]).await?.pop();
    let view = project_by_id(db, project).await?;
    let Some((repository, view)) = repository.zip(view) else {
        return Ok(None);
    };
    let counted = exclusions::counted(db, project, id).await?;
    let stored = exclusions::of_repository(db, id, ModeratedRepository::SHOWN).await?;
    Ok(Some(ModeratedRepository {
        repository,
        project: view,
        effect: ExclusionEffect {
            pull_requests: counted.pull_requests,
            people: counted.people,
            points: counted.points,
        },
        exclusions: views(db, stored).await?,
    }))
}

#[derive(Clone, Debug)]
pub struct ExcludedRepository {
    pub repository: RepositoryNames,
    pub exclusion: ExclusionView,
}

/// Lists excluded repositories before a position (exclusive), latest first.
///
/// # Errors
/// When the database fails.
pub async fn excluded_repositories(
    db: &impl Sql,
    before: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<ExcludedRepository>, DbError> {
    let stored = exclusions::all_current(db, before, limit).await?;
    let ids = stored.iter().map(|it| RepositoryId::new(it.repository_id));
    let named = github::reads::named(db, ids).await?;
    let views = views(db, stored).await?.into_iter();
    let with_name = |exclusion: ExclusionView| {
        let mut named = named.iter();
        let repository = named.find(|it| it.id == exclusion.repository_id)?.clone();
        Some(ExcludedRepository { repository, exclusion })
    };
    Ok(views.filter_map(with_name).collect())
}

/// A repository of a project.
#[derive(Clone, Debug)]
pub struct ListedRepository {
    pub repository: RepositoryNames,
    /// The reason why a moderator excluded it, if one did.
    pub excluded: Option<String>,
    /// Its state, if it is paused or archived in the project.
    pub inactive: Option<Inactive>,
}

/// Lists the repositories of a project by name.
///
/// # Errors
/// When the database fails.
pub async fn listed_repositories(
    db: &impl Sql,
    project: ProjectId,
) -> Result<Vec<ListedRepository>, DbError> {
    let mut reasons = exclusions::repositories_in(db, project).await?;
    let named = github::reads::named(db, reasons.keys().copied()).await?;
    let with_reason = |repository: RepositoryNames| {
        let (excluded, inactive) = reasons.remove(&repository.id.into()).unwrap_or_default();
        ListedRepository { repository, excluded, inactive }
    };
    Ok(named.into_iter().map(with_reason).collect())
}

async fn views(db: &impl Sql, stored: Vec<StoredExclusion>) -> Result<Vec<ExclusionView>, DbError> {
    let people = stored.iter().flat_map(|it| [it.excluded_by_id, it.lifted_by_id]);
    let people: Vec<UserId> = people.flatten().map(UserId::from).collect();
    let logins = identity::reads::logins(db, people).await?;
    let login = |person: Option<Uuid>| logins.get(&person?.into()).cloned();
    let view = |it: StoredExclusion| ExclusionView {
        id: it.id,
        repository_id: it.repository_id,
        reason: it.reason,
        excluded_at: it.created_at,
        excluded_by: login(it.excluded_by_id),
        lifted_at: it.lifted_at,
        lifted_by: login(it.lifted_by_id),
        lift_reason: it.lift_reason,
    };
    Ok(stored.into_iter().map(view).collect())
}
