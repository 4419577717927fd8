use axum::{extract::FromRequestParts, http::request::Parts};
use identity::{
    access::signed_in,
    model::{Role, Viewer},
};
use kernel::{Problem, ProblemKind};
use platform::{
    Context,
    db::DbError,
    web::{Path, WebError},
};

use super::{Slug, project};
use crate::{
    reads::{self, ProjectView},
    rules::ownership::TransferBar,
};

/// The owner of the project with the `{slug}` of the path, or an admin.
#[derive(Clone, Debug)]
pub struct ProjectOwner {
    pub viewer: Viewer,
    pub project: ProjectView,
    pub is_admin: bool,
}

impl FromRequestParts<Context> for ProjectOwner {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let Path(Slug { slug }) = Path::from_request_parts(parts, context).await?;
        let viewer = signed_in(parts)?.clone();
        let project = project(context, &slug).await?;
        let is_admin = viewer.acts_as(Role::Admin);
        let id = project.id.into();
        if !is_admin && !reads::owns(&context.db, id, viewer.user_id).await? {
            return Err(TransferBar::NotOwner.problem(&project.name).into());
        }
        Ok(Self { viewer, project, is_admin })
    }
}

/// A person who may archive the project with the `{slug}` of the path: its owner, or an admin.
#[derive(Clone, Debug)]
pub struct ProjectArchiver {
    pub viewer: Viewer,
    pub project: ProjectView,
}

/// Returns whether a person may archive a project and end that: as its owner or as an admin.
pub(crate) async fn may_archive(
    context: &Context,
    viewer: &Viewer,
    project: &ProjectView,
) -> Result<bool, DbError> {
    let id = project.id.into();
    Ok(viewer.acts_as(Role::Admin) || reads::owns(&context.db, id, viewer.user_id).await?)
}

/// Returns the error for others.
pub(crate) fn archive_bar(project: &str) -> Problem {
    let detail = format!(
        "Only the owner of {project} or an admin can archive or unarchive it. Ask the owner."
    );
    Problem::new(ProblemKind::Forbidden, "OWNER_REQUIRED", detail)
}

impl FromRequestParts<Context> for ProjectArchiver {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let Path(Slug { slug }) = Path::from_request_parts(parts, context).await?;
        let viewer = signed_in(parts)?.clone();
        let project = project(context, &slug).await?;
        if !may_archive(context, &viewer, &project).await? {
            return Err(archive_bar(&project.name).into());
        }
        Ok(Self { viewer, project })
    }
}
