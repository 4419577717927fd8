use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use contributions::{
    access::Maintainer,
    actions::{appoint_maintainer, dismiss_maintainer},
    reads,
};
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{Address, Filled, PageError, PageResult, show};

#[derive(Template)]
#[template(path = "maintainers.html")]
struct MaintainersPage {
    slug: String,
    name: String,
    maintainers: Vec<String>,
}

/// `GET /projects/{slug}/maintainers`.
pub(super) async fn list(
    State(context): State<Context>,
    Maintainer { project, .. }: Maintainer,
) -> PageResult {
    let maintainers = reads::maintainers(&context.db, project.id.into()).await?;
    show(&MaintainersPage {
        slug: project.slug,
        name: project.name,
        maintainers,
    })
}

/// Whom to appoint.
#[derive(Debug, Deserialize)]
pub(super) struct Appointment {
    login: String,
}

/// `POST /projects/{slug}/maintainers`.
pub(super) async fn appoint(
    State(context): State<Context>,
    Maintainer { viewer, project }: Maintainer,
    Filled(whom, _): Filled<Appointment>,
) -> Result<Response, PageError> {
    let actor = viewer.actor();
    let appointed = appoint_maintainer(&context, actor, &project.slug, whom.login.trim());
    appointed.await.map_err(WebError::from)?;
    Ok(back(&project.slug))
}

/// `POST /projects/{slug}/maintainers/{login}/dismiss`.
pub(super) async fn dismiss(
    State(context): State<Context>,
    Maintainer { viewer, project }: Maintainer,
    Address((_, login)): Address<(String, String)>,
) -> Result<Response, PageError> {
    let actor = viewer.actor();
    let dismissed = dismiss_maintainer(&context, actor, &project.slug, &login);
    dismissed.await.map_err(WebError::from)?;
    Ok(back(&project.slug))
}

fn back(slug: &str) -> Response {
    Redirect::to(&format!("/projects/{slug}/maintainers")).into_response()
}
