//! Extractors that authorize changes to a project.

mod analytics;
mod create;
mod disputes;
mod ownership;
mod pulls;
mod queue;
mod report;

use std::fmt::Display;

use axum::{extract::FromRequestParts, http::request::Parts};
use github::reads::{PullRequest, RepositoryNames};
use identity::{
    access::{Admin, signed_in},
    model::{Role, Viewer},
};
use kernel::{Problem, ProblemKind};
use platform::{
    Context,
    web::{Path, WebError},
};
use serde::Deserialize;

use crate::{
    actions::ReviewingMaintainer,
    model::ProjectId,
    reads::{self, ExplainedPull, ModeratedRepository, ProjectDetail, ProjectView, SeasonView},
};

pub(crate) use analytics::{AnalyticsAsked, people_beginning};
pub use create::ProjectCreator;
pub(crate) use create::may_see_form;
pub use disputes::{DisputeParty, OwnDispute, PullAdmin};
pub(crate) use disputes::{may_contest, party};
pub use ownership::{ProjectArchiver, ProjectOwner};
pub(crate) use ownership::{archive_bar, may_archive};
pub(crate) use pulls::PullsAsked;
pub(crate) use queue::QueueAsked;
pub use report::ReportedSeason;
pub(crate) use report::season_report;

/// A maintainer of the project with the `{slug}` of the path, or an admin.
#[derive(Clone, Debug)]
pub struct Maintainer {
    pub viewer: Viewer,
    pub project: ProjectView,
}

/// An admin, with the project with the `{slug}` of the path.
#[derive(Clone, Debug)]
pub struct ProjectAdmin {
    pub viewer: Viewer,
    pub project: ProjectView,
}

/// A maintainer of the project of the pull request with the `{owner}`, `{repository}` and `{number}` of the path, or an
/// admin.
#[derive(Clone, Debug)]
pub struct PullMaintainer {
    pub viewer: Viewer,
    pub pull: PullRequest,
    /// True for an owner of the project and for admins, who decide conflicts of reviews.
    pub may_override: bool,
}

impl PullMaintainer {
    /// Returns the person as a reviewer.
    #[must_use]
    pub fn reviewing(&self) -> ReviewingMaintainer {
        ReviewingMaintainer { person: self.viewer.user_id, may_override: self.may_override }
    }
}

#[derive(Deserialize)]
struct PullPath {
    owner: String,
    repository: String,
    number: String,
}

/// An organizer of the season with the `{slug}` of the path, or an admin.
#[derive(Clone, Debug)]
pub struct Organizer {
    pub viewer: Viewer,
    pub season: SeasonView,
}

/// An admin, with the season with the `{slug}` of the path.
#[derive(Clone, Debug)]
pub struct SeasonAdmin {
    pub viewer: Viewer,
    pub season: SeasonView,
}

/// The published season with the `{slug}` of the path.
#[derive(Clone, Debug)]
pub struct PublicSeason(pub SeasonView);

#[derive(Deserialize)]
struct Slug {
    slug: String,
}

impl FromRequestParts<Context> for Maintainer {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let Path(Slug { slug }) = Path::from_request_parts(parts, context).await?;
        let viewer = signed_in(parts)?.clone();
        enter(context, viewer, &slug).await
    }
}

impl FromRequestParts<Context> for ProjectAdmin {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let Path(Slug { slug }) = Path::from_request_parts(parts, context).await?;
        let Admin(viewer) = Admin::from_request_parts(parts, context).await?;
        let project = project(context, &slug).await?;
        Ok(Self { viewer, project })
    }
}

impl FromRequestParts<Context> for PullMaintainer {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let Path(path): Path<PullPath> = Path::from_request_parts(parts, context).await?;
        let viewer = signed_in(parts)?.clone();
        let full_name = format!("{}/{}", path.owner, path.repository);
        let found = pull_request(context, &full_name, &path.number).await?;
        let (pull, project) = found;
        pull_maintainer(context, viewer, pull, project)
            .await?
            .ok_or_else(|| required("this project").into())
    }
}

/// Finds a pull request of a project by `owner/name` and number, and its project.
///
/// # Errors
/// When it belongs to no project.
pub async fn pull_request(
    context: &Context,
    full_name: &str,
    number: &str,
) -> Result<(PullRequest, ProjectId), WebError> {
    let unknown = || not_followed(full_name, number);
    let parsed = number.parse().map_err(|_| unknown())?;
    let pull = github::reads::pull_request(&context.db, full_name, parsed).await?;
    let pull = pull.ok_or_else(unknown)?;
    let contribution = reads::of_pull_request(&context.db, pull.id.into()).await?;
    let project = contribution.ok_or_else(unknown)?.project_id;
    Ok((pull, project.into()))
}

/// Returns a person as a maintainer of a pull request's project; `None` if they are neither one nor an admin.
pub(crate) async fn pull_maintainer(
    context: &Context,
    viewer: Viewer,
    pull: PullRequest,
    project: ProjectId,
) -> Result<Option<PullMaintainer>, WebError> {
    let (db, person) = (&context.db, viewer.user_id);
    let is_admin = viewer.acts_as(Role::Admin);
    if !is_admin && !reads::maintains(db, project, person).await? {
        return Ok(None);
    }
    let may_override = is_admin || reads::owns(db, project, person).await?;
    Ok(Some(PullMaintainer { viewer, pull, may_override }))
}

/// Returns the error for people who do not maintain a project.
pub(crate) fn required(project: &str) -> Problem {
    let detail = format!("Only maintainers of {project} can do this. Ask one of them.");
    Problem::new(ProblemKind::Forbidden, "MAINTAINER_REQUIRED", detail)
}

impl FromRequestParts<Context> for Organizer {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let Path(Slug { slug }) = Path::from_request_parts(parts, context).await?;
        let viewer = signed_in(parts)?.clone();
        let season = reads::season(&context.db, &slug).await?;
        let season = season.ok_or_else(|| unknown_season(&slug))?;
        let id = season.id.into();
        if viewer.acts_as(Role::Admin)
            || reads::is_organizer(&context.db, id, viewer.user_id).await?
        {
            return Ok(Self { viewer, season });
        }
        // The name of a draft is for organizers only.
        let detail =
            format!("Only organizers of the season '{slug}' can do this. Ask one of them.");
        Err(Problem::new(ProblemKind::Forbidden, "ORGANIZER_REQUIRED", detail).into())
    }
}

impl FromRequestParts<Context> for SeasonAdmin {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let Path(Slug { slug }) = Path::from_request_parts(parts, context).await?;
        let Admin(viewer) = Admin::from_request_parts(parts, context).await?;
        let season = reads::season(&context.db, &slug).await?;
        let season = season.ok_or_else(|| unknown_season(&slug))?;
        Ok(Self { viewer, season })
    }
}

impl FromRequestParts<Context> for PublicSeason {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let Path(Slug { slug }) = Path::from_request_parts(parts, context).await?;
        let season = reads::season(&context.db, &slug).await?;
        let now = context.now();
        let public = season.filter(|season| season.state(now).is_public());
        Ok(Self(public.ok_or_else(|| unknown_season(&slug))?))
    }
}

/// Returns the error for an unknown slug of a season.
pub(crate) fn unknown_season(slug: &str) -> Problem {
    Problem::not_found(format!("Unknown season '{slug}'. See /seasons."))
}

/// Returns the error for an unknown slug.
pub(crate) fn unknown(slug: &str) -> Problem {
    Problem::not_found(format!(
        "Unknown project '{slug}'. See /projects, or run `guildhall project list`."
    ))
}

/// Finds a project by its slug.
///
/// # Errors
/// When no project has the slug.
pub async fn project(context: &Context, slug: &str) -> Result<ProjectView, WebError> {
    let found = reads::project(&context.db, slug).await?;
    Ok(found.ok_or_else(|| unknown(slug))?)
}

/// Finds a project by its slug, with its repositories and rules.
///
/// # Errors
/// When no project has the slug.
pub async fn project_detail(context: &Context, slug: &str) -> Result<ProjectDetail, WebError> {
    let found = reads::project_detail(&context.db, slug).await?;
    Ok(found.ok_or_else(|| unknown(slug))?)
}

/// Finds a repository of a project for someone who manages it. Private repositories are found only for admins.
///
/// # Errors
/// When the project has no such repository.
pub async fn repository(
    context: &Context,
    viewer: &Viewer,
    project: &ProjectView,
    github_id: i64,
) -> Result<RepositoryNames, WebError> {
    let slug = project.slug.as_str();
    let key = (project.id.into(), slug);
    let found = reads::repository(&context.db, key, github_id).await?;
    if found.is_private && !viewer.acts_as(Role::Admin) {
        return Err(reads::no_repository(slug, github_id).into());
    }
    Ok(found)
}

/// Finds a pull request by `owner/name` and number, with the explanation of its points.
///
/// # Errors
/// When it belongs to no project.
pub async fn explained(
    context: &Context,
    full_name: &str,
    number: i64,
) -> Result<ExplainedPull, WebError> {
    let found = reads::explained(&context.db, full_name, number).await?;
    Ok(found.ok_or_else(|| not_followed(full_name, number))?)
}

/// Returns the error for an unknown number of a flag.
pub(crate) fn unknown_flag(number: i64) -> Problem {
    Problem::not_found(format!("Unknown flag F-{number}. See /admin/fair-play."))
}

/// Finds a repository of a project for a moderator. Private repositories are found only for admins.
///
/// # Errors
/// When no project has such a repository.
pub async fn moderated_repository(
    context: &Context,
    viewer: &Viewer,
    github_id: i64,
) -> Result<ModeratedRepository, WebError> {
    let found = reads::moderated_repository(&context.db, github_id).await?;
    let found = found.filter(|found| !found.repository.is_private || viewer.acts_as(Role::Admin));
    Ok(found.ok_or_else(|| unknown_repository(github_id))?)
}

/// Returns the error for a GitHub ID of a repository that belongs to no project.
pub(crate) fn unknown_repository(github_id: i64) -> Problem {
    Problem::not_found(format!(
        "No project has a repository with the GitHub ID {github_id}. See the projects at /projects, or ask an admin."
    ))
}

/// Returns the error for a name of a repository that belongs to no project.
pub(crate) fn no_project_has(full_name: &str) -> Problem {
    Problem::not_found(format!("No project has the repository {full_name}. See /projects."))
}

/// Returns the error for an unknown number of a dispute.
pub(crate) fn unknown_dispute(number: impl Display) -> Problem {
    Problem::not_found(format!("Unknown dispute D-{number}. See /me/standing."))
}

/// Returns the error for a pull request that belongs to no project.
pub(crate) fn not_followed(full_name: &str, number: impl Display) -> Problem {
    Problem::not_found(format!(
        "{full_name}#{number} does not belong to any project on this server."
    ))
}

async fn enter(context: &Context, viewer: Viewer, slug: &str) -> Result<Maintainer, WebError> {
    let project = project(context, slug).await?;
    let id = project.id.into();
    if !viewer.acts_as(Role::Admin) && !reads::maintains(&context.db, id, viewer.user_id).await? {
        return Err(required(&project.name).into());
    }
    Ok(Maintainer { viewer, project })
}
