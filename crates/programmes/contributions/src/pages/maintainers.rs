use askama::Template;
use axum::{extract::State, response::Response};
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{Address, Filled, Form, PageError, PageResult, redirect, show};

use crate::{
    access::Maintainer,
    actions::{appoint_maintainer, dismiss_maintainer},
    reads::{self, MaintainerView, ProjectView},
};

#[derive(Template)]
#[template(path = "maintainers.html")]
struct MaintainersPage {
    slug: String,
    name: String,
    maintainers: Vec<MaintainerView>,
    form: Form,
}

/// `GET /projects/{slug}/maintainers`.
pub(super) async fn list(
    State(context): State<Context>,
    Maintainer { project, .. }: Maintainer,
) -> PageResult {
    render(&context, project, Form::default()).await
}

async fn render(context: &Context, project: ProjectView, form: Form) -> PageResult {
    let maintainers = reads::maintainers(&context.db, project.id.into()).await?;
    show(&MaintainersPage {
        slug: project.slug,
        name: project.name,
        maintainers,
        form,
    })
}

/// The fields of the form that adds a maintainer.
#[derive(Debug, Deserialize)]
pub(super) struct Appointment {
    login: String,
}

/// `POST /projects/{slug}/maintainers`.
pub(super) async fn appoint(
    State(context): State<Context>,
    Maintainer { viewer, project }: Maintainer,
    Filled(appointment, form): Filled<Appointment>,
) -> Result<Response, PageError> {
    let login = appointment.login.trim();
    match appoint_maintainer(&context, viewer.actor(), &project.slug, login).await {
        Ok(()) => Ok(back(&project.slug, &format!("{login} is now a maintainer"))),
        Err(error) => {
            let again = |form| render(&context, project, form);
            form.refused(error, again).await
        }
    }
}

/// `POST /projects/{slug}/maintainers/{person}/dismiss`.
pub(super) async fn dismiss(
    State(context): State<Context>,
    Maintainer { viewer, project }: Maintainer,
    Address((_, name)): Address<(String, String)>,
) -> Result<Response, PageError> {
    let dismissed = dismiss_maintainer(&context, viewer.actor(), &project.slug, &name);
    let person = dismissed.await.map_err(WebError::from)?;
    Ok(back(
        &project.slug,
        &format!("{} is no longer a maintainer", person.login),
    ))
}

fn back(slug: &str, said: &str) -> Response {
    redirect(&format!("/projects/{slug}/maintainers"), said)
}
