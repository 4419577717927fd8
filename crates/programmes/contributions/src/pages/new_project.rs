//! The page that creates a project, and the button that leads there.

use askama::Template;
use axum::{extract::State, response::Response};
use platform::{
    ActionError, Context,
    module::{PanelRequest, PanelView},
};
use serde::Deserialize;
use ui::{Filled, Form, PageError, PageResult, html, pick::MOST_CHOICES, redirect, show};

use super::rendered::Rendered;
use crate::{
    access::{ProjectCreator, may_see_form},
    actions::{NewProject, Project, create_project},
};

#[derive(Template)]
#[template(path = "new_project.html")]
struct NewProjectPage {
    /// The logins that the form offers.
    people: Vec<String>,
    /// True for an admin, who chooses the owner.
    is_admin: bool,
    form: Form,
}

/// `GET /projects/new`.
pub(super) async fn blank(
    State(context): State<Context>,
    ProjectCreator { is_admin, .. }: ProjectCreator,
) -> PageResult {
    render(&context, is_admin, Form::default()).await
}

async fn render(context: &Context, is_admin: bool, form: Form) -> PageResult {
    let people = match is_admin {
        true => identity::reads::likely_logins(&context.db, MOST_CHOICES).await?,
        false => Vec::new(),
    };
    show(&NewProjectPage { people, is_admin, form })
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
    creator: ProjectCreator,
    Filled(fields, form): Filled<ProjectFields>,
) -> Result<Response, PageError> {
    match created(&context, &creator, fields).await {
        Ok(project) => {
            let name = &project.name;
            let said =
                format!("{name} is created. Register its repository next, then start a season");
            Ok(redirect(&format!("/projects/{}", project.slug), &said))
        }
        Err(error) => {
            let again = |form| render(&context, creator.is_admin, form);
            form.refused(error, again).await
        }
    }
}

async fn created(
    context: &Context,
    creator: &ProjectCreator,
    mut fields: ProjectFields,
) -> Result<Project, ActionError> {
    fields.owner = creator.owner(Some(fields.owner))?.unwrap_or_default();
    create_project(context, creator.viewer.actor(), fields.into()).await
}

#[derive(Template)]
#[template(path = "new_project_button.html")]
struct NewProjectButton;

/// Renders the button of the cached list of projects for those who may create one. Others see nothing.
pub(super) fn own_part(request: &PanelRequest) -> Rendered {
    if request.path != "/projects" || !may_see_form(&request.extensions) {
        return Ok(None);
    }
    Ok(Some(PanelView { html: html(&NewProjectButton)?, ..PanelView::default() }))
}
