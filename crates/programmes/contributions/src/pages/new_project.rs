//! The page that creates a project, and the button that leads there.

use askama::Template;
use axum::{extract::State, response::Response};
use identity::{
    access::{Admin, MaybePerson},
    model::Role,
};
use platform::{
    Context,
    module::{PanelRequest, PanelView},
};
use serde::Deserialize;
use ui::{Filled, Form, PageError, PageResult, html, pick::MOST_CHOICES, redirect, show};

use super::rendered::Rendered;
use crate::actions::{NewProject, create_project};

#[derive(Template)]
#[template(path = "new_project.html")]
struct NewProjectPage {
    /// The logins that the form offers.
    people: Vec<String>,
    form: Form,
}

/// `GET /projects/new`.
pub(super) async fn blank(State(context): State<Context>, _: Admin) -> PageResult {
    render(&context, Form::default()).await
}

async fn render(context: &Context, form: Form) -> PageResult {
    let people = identity::reads::likely_logins(&context.db, MOST_CHOICES).await?;
    show(&NewProjectPage { people, form })
}

/// The fields of the form, with the tags separated by commas.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ProjectFields {
    name: String,
    slug: String,
    description: String,
    tags: String,
    difficulty: String,
    owner: String,
}

impl From<ProjectFields> for NewProject {
    fn from(fields: ProjectFields) -> Self {
        Self {
            name: fields.name,
            slug: Some(fields.slug),
            description: fields.description,
            tags: fields.tags.split(',').map(str::to_owned).collect(),
            difficulty: Some(fields.difficulty),
            owner: Some(fields.owner),
        }
    }
}

/// `POST /projects/new`.
pub(super) async fn create(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Filled(fields, form): Filled<ProjectFields>,
) -> Result<Response, PageError> {
    match create_project(&context, viewer.actor(), fields.into()).await {
        Ok(project) => {
            let name = &project.name;
            let said =
                format!("{name} is created. Register its repository next, then start a season");
            Ok(redirect(&format!("/projects/{}", project.slug), &said))
        }
        Err(error) => {
            let again = |form| render(&context, form);
            form.refused(error, again).await
        }
    }
}

#[derive(Template)]
#[template(path = "new_project_button.html")]
struct NewProjectButton;

/// Renders the button of the cached list of projects for admins. Others see nothing.
pub(super) fn own_part(request: &PanelRequest) -> Rendered {
    let MaybePerson(viewer) = MaybePerson::of(&request.extensions);
    let is_admin = viewer.is_some_and(|viewer| viewer.acts_as(Role::Admin));
    if request.path != "/projects" || !is_admin {
        return Ok(None);
    }
    Ok(Some(PanelView { html: html(&NewProjectButton)?, ..PanelView::default() }))
}
