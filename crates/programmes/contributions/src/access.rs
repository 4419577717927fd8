//! Extractors that authorize changes to a project.

use std::fmt::Display;

use axum::{extract::FromRequestParts, http::request::Parts};
use github::reads::Named;
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

use crate::reads::{self, ExplainedPull, ProjectDetail, ProjectView};

/// A maintainer of the project with the `{slug}` of the path, or an admin.
#[derive(Clone, Debug)]
pub struct Maintainer {
    /// The person.
    pub viewer: Viewer,
    /// The project.
    pub project: ProjectView,
}

/// An admin, with the project with the `{slug}` of the path.
#[derive(Clone, Debug)]
pub struct ProjectAdmin {
    /// The admin.
    pub viewer: Viewer,
    /// The project.
    pub project: ProjectView,
}

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
) -> Result<Named, WebError> {
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
        let detail = format!(
            "Only maintainers of {} can do this. Ask one of them.",
            project.name
        );
        return Err(Problem::new(ProblemKind::Forbidden, "MAINTAINER_REQUIRED", detail).into());
    }
    Ok(Maintainer { viewer, project })
}
