//! The claims of issues in the repositories of a project. Another module renders them.

use askama::Template;
use axum::{Extension, extract::State};
use platform::{
    Context,
    module::{Modules, PanelPlace, PanelRequest, PanelView},
};
use ui::{PageResult, show};

use crate::{access::Maintainer, reads};

#[derive(Template)]
#[template(path = "project_claims.html")]
struct ProjectClaims {
    slug: String,
    name: String,
    panels: Vec<PanelView>,
}

/// `GET /projects/{slug}/claims`.
pub(super) async fn list(
    State(context): State<Context>,
    Extension(modules): Extension<Modules>,
    Maintainer { project, .. }: Maintainer,
) -> PageResult {
    let repositories = reads::repositories(&context.db, project.id.into()).await?;
    let request = PanelRequest {
        repositories: repositories.into_iter().map(|own| own.id).collect(),
        ..PanelRequest::default()
    };
    let panels = modules.panels(&context, PanelPlace::ProjectClaims, &request);
    show(&ProjectClaims { panels: panels.await?, slug: project.slug, name: project.name })
}
