//! The page that changes and archives a project.

use askama::Template;
use axum::{extract::State, response::Response};
use identity::model::{Role, Viewer};
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{
    Confirmation, Filled, Form, PageError, PageResult,
    format::{Instant, tame},
    redirect, show,
};

use crate::{
    access::{Maintainer, ProjectAdmin},
    actions::{ProjectChange, change_project},
    reads::ProjectView,
    rules::ProjectTexts,
};

#[derive(Template)]
#[template(path = "edit_project.html")]
struct EditPage {
    slug: String,
    name: String,
    texts: ProjectTexts,
    /// The tags, separated by commas.
    tags: String,
    /// The difficulty; empty when there is none.
    difficulty: String,
    stale_days: String,
    abandoned_days: String,
    archived: Option<Instant>,
    is_admin: bool,
    form: Form,
}

impl EditPage {
    fn of(project: &ProjectView, viewer: &Viewer, form: Form) -> Self {
        let texts = project.texts();
        Self {
            slug: project.slug.clone(),
            name: project.name.clone(),
            tags: texts.tags.join(", "),
            difficulty: texts.difficulty.clone().unwrap_or_default(),
            texts,
            stale_days: project.stale_days.to_string(),
            abandoned_days: project.abandoned_days.to_string(),
            archived: project.archived_at.map(Instant),
            is_admin: viewer.acts_as(Role::Admin),
            form,
        }
    }
}

/// `GET /projects/{slug}/edit`.
pub(super) async fn edit(Maintainer { viewer, project }: Maintainer) -> PageResult {
    show(&EditPage::of(&project, &viewer, Form::default()))
}

/// The fields of the form, with the tags separated by commas.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Texts {
    name: String,
    description: String,
    tags: String,
    difficulty: String,
    stale_days: Option<String>,
    abandoned_days: Option<String>,
}

/// Reads a number of days as typed. Anything but a number is refused like 0.
fn days(typed: Option<&String>) -> Option<i64> {
    typed.map(|typed| typed.trim().parse().unwrap_or(0))
}

/// `POST /projects/{slug}/edit`.
pub(super) async fn save(
    State(context): State<Context>,
    Maintainer { viewer, project }: Maintainer,
    Filled(texts, form): Filled<Texts>,
) -> Result<Response, PageError> {
    let change = ProjectChange {
        name: Some(texts.name),
        description: Some(texts.description),
        tags: Some(texts.tags.split(',').map(str::to_owned).collect()),
        difficulty: Some(texts.difficulty),
        stale_days: days(texts.stale_days.as_ref()),
        abandoned_days: days(texts.abandoned_days.as_ref()),
        archived: None,
    };
    match change_project(&context, viewer.actor(), &project.slug, change).await {
        Ok(_) => Ok(back(&project.slug, "The changes are saved")),
        Err(error) => {
            let again = async |form| show(&EditPage::of(&project, &viewer, form));
            form.refused(error, again).await
        }
    }
}

/// `GET /projects/{slug}/archive`: asks before a project is archived.
pub(super) async fn ask_to_archive(ProjectAdmin { project, .. }: ProjectAdmin) -> PageResult {
    show(&Confirmation {
        question: format!("Archive {}?", tame(&project.name)),
        consequence: "Pull requests that are opened from now on earn no points in it, and it leaves the list of projects. Its points, leaderboards and pages stay. You can end this at any time.".to_owned(),
        action: format!("/projects/{}/archive", project.slug),
        fields: Vec::new(),
        button: "Archive project".to_owned(),
        back: format!("/projects/{}/edit", project.slug),
    })
}

/// `POST /projects/{slug}/archive`.
pub(super) async fn archive(
    state: State<Context>,
    admin: ProjectAdmin,
) -> Result<Response, PageError> {
    move_to(state, admin, true).await
}

/// `POST /projects/{slug}/unarchive`.
pub(super) async fn unarchive(
    state: State<Context>,
    admin: ProjectAdmin,
) -> Result<Response, PageError> {
    move_to(state, admin, false).await
}

/// Archives a project, or ends that.
async fn move_to(
    State(context): State<Context>,
    ProjectAdmin { viewer, project }: ProjectAdmin,
    archived: bool,
) -> Result<Response, PageError> {
    let change = ProjectChange {
        archived: Some(archived),
        ..ProjectChange::default()
    };
    let changed = change_project(&context, viewer.actor(), &project.slug, change).await;
    let name = changed.map_err(WebError::from)?.project.name;
    let said = match archived {
        true => format!("{name} is archived"),
        false => format!("{name} is no longer archived"),
    };
    Ok(back(&project.slug, &said))
}

fn back(slug: &str, said: &str) -> Response {
    redirect(&format!("/projects/{slug}/edit"), said)
}
