//! Doors of a project: what a handler asks for to be sure that who is looking looks after it.

use axum::{extract::FromRequestParts, http::request::Parts};
use identity::{
    access::signed_in,
    model::{Role, Viewer},
};
use kernel::{Problem, ProblemKind};
use platform::{
    Context,
    web::{Path, WebError},
};
use serde::Deserialize;

use crate::reads::{self, ProjectDetail, ProjectView};

/// Somebody who looks after the project whose `{slug}` stands in the path: one of its maintainers, or
/// an admin of the server.
#[derive(Clone, Debug)]
pub struct Maintainer {
    /// Who is looking.
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

/// That no project has this slug.
pub(crate) fn unknown(slug: &str) -> Problem {
    Problem::not_found(format!("There is no project '{slug}'."))
}

/// The project with a slug.
///
/// # Errors
/// Not found when no project has it; or the database fails.
pub async fn project(context: &Context, slug: &str) -> Result<ProjectView, WebError> {
    let found = reads::project(&context.db, slug).await?;
    Ok(found.ok_or_else(|| unknown(slug))?)
}

/// The project with a slug, its repositories and its rules.
///
/// # Errors
/// Not found when no project has it; or the database fails.
pub async fn project_detail(context: &Context, slug: &str) -> Result<ProjectDetail, WebError> {
    let found = reads::project_detail(&context.db, slug).await?;
    Ok(found.ok_or_else(|| unknown(slug))?)
}

async fn enter(context: &Context, viewer: Viewer, slug: &str) -> Result<Maintainer, WebError> {
    let project = project(context, slug).await?;
    let id = project.id.into();
    if !viewer.acts_as(Role::Admin) && !reads::maintains(&context.db, id, viewer.user_id).await? {
        let detail = format!(
            "This is open to the maintainers of {}. Ask one of them.",
            project.name
        );
        return Err(Problem::new(ProblemKind::Forbidden, "MAINTAINER_REQUIRED", detail).into());
    }
    Ok(Maintainer { viewer, project })
}
