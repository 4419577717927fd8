use axum::{extract::FromRequestParts, http::request::Parts};
use identity::{
    access::signed_in,
    model::{Role, Viewer},
};
use platform::{
    Context,
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
