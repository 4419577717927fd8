//! The page that changes and archives a project.

use askama::Template;
use axum::{extract::State, response::Response};
use identity::model::Viewer;
use kernel::Checks;
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{
    Confirmation, Filled, Form, PageError, PageResult, Undo,
    format::{Instant, tame},
    redirect, redirect_with_undo, show,
};

use super::{
    closings::{self, Closing},
    pulls::PullLink,
};
use crate::{
    access::{Maintainer, ProjectArchiver, may_archive},
    actions::{ProjectChange, change_project},
    reads::ProjectView,
    rules::{ProjectTexts, review::typed_days},
};

#[derive(Template)]
#[template(path = "edit_project.html")]
struct EditPage {
    id: uuid::Uuid,
    slug: String,
    /// The path and the description of its picture, its own or the drawn one.
    picture: (String, String),
    name: String,
    texts: ProjectTexts,
    /// The tags, separated by commas.
    tags: String,
    /// The difficulty; empty when there is none.
    difficulty: String,
    stale_days: String,
    abandoned_days: String,
    closes_abandoned: bool,
    /// The latest automatic closings of abandoned pull requests.
    closings: Vec<(PullLink, Closing)>,
    archived: Option<Instant>,
    /// True for those who may archive it.
    may_archive: bool,
    form: Form,
}

impl EditPage {
    fn closes(&self) -> bool {
        self.form.has("closes_abandoned", "yes", self.closes_abandoned)
    }

    fn idle_set(&self) -> String {
        let stale = self.form.value_or("stale_days", &self.stale_days);
        let abandoned = self.form.value_or("abandoned_days", &self.abandoned_days);
        let closed = if self.closes() { ", then closed on GitHub" } else { "" };
        format!("stale after {stale} days, abandoned after {abandoned}{closed}")
    }

    /// Returns true if GitHub refused one of the closings that are listed.
    fn is_refused(&self) -> bool {
        self.closings.iter().any(|(_, closing)| closing.is_refused)
    }

    fn of(
        project: &ProjectView,
        closings: Vec<(PullLink, Closing)>,
        may_archive: bool,
        form: Form,
    ) -> Self {
        let texts = project.texts();
        Self {
            id: project.id,
            picture: project
                .picture()
                .unwrap_or_else(|| (ui::drawn("project", &project.slug), String::new())),
            slug: project.slug.clone(),
            name: project.name.clone(),
            tags: texts.tags.join(", "),
            difficulty: texts.difficulty.clone().unwrap_or_default(),
            texts,
            stale_days: project.stale_days.to_string(),
            abandoned_days: project.abandoned_days.to_string(),
            closes_abandoned: project.closes_abandoned,
            closings,
            archived: project.archived_at.map(Instant),
            may_archive,
            form,
        }
    }
}

/// `GET /projects/{slug}/edit`.
pub(super) async fn edit(
    State(context): State<Context>,
    Maintainer { viewer, project }: Maintainer,
) -> PageResult {
    render(&context, &viewer, &project, Form::default()).await
}

async fn render(
    context: &Context,
    viewer: &Viewer,
    project: &ProjectView,
    form: Form,
) -> PageResult {
    let may_archive = may_archive(context, viewer, project).await?;
    let closings = closings::latest(context, project.id.into()).await?;
    show(&EditPage::of(project, closings, may_archive, form))
}

/// The fields of the form, with the tags separated by commas.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ProjectTextFields {
    name: String,
    description: String,
    tags: String,
    difficulty: String,
    stale_days: Option<String>,
    abandoned_days: Option<String>,
    /// Absent while its box is not checked.
    closes_abandoned: Option<String>,
}

impl ProjectTextFields {
    fn change(self) -> ProjectChange {
        let mut checks = Checks::default();
        let mut days = |field, typed: Option<String>| {
            let read = typed.map(|typed| typed_days(field, &typed));
            checks.read(read.transpose())
        };
        let stale_days = days("stale_days", self.stale_days);
        let abandoned_days = days("abandoned_days", self.abandoned_days);
        ProjectChange {
            name: Some(self.name),
            description: Some(self.description),
            tags: Some(self.tags.split(',').map(str::to_owned).collect()),
            difficulty: Some(self.difficulty),
            stale_days,
            abandoned_days,
            closes_abandoned: Some(self.closes_abandoned.is_some()),
            archived: None,
            unread: checks.problem(),
        }
    }
}

/// `POST /projects/{slug}/edit`.
pub(super) async fn save(
    State(context): State<Context>,
    Maintainer { viewer, project }: Maintainer,
    Filled(texts, form): Filled<ProjectTextFields>,
) -> Result<Response, PageError> {
    match change_project(&context, viewer.actor(), &project.slug, texts.change()).await {
        Ok(_) => Ok(back(&project.slug, "The changes are saved")),
        Err(error) => {
            let again = async |form| render(&context, &viewer, &project, form).await;
            form.refused(error, again).await
        }
    }
}

/// `GET /projects/{slug}/archive`: asks before a project is archived.
pub(super) async fn ask_to_archive(ProjectArchiver { project, .. }: ProjectArchiver) -> PageResult {
    show(&Confirmation {
        question: format!("Archive {}?", tame(&project.name)),
        consequence: "Pull requests that are opened from now on earn no points in it, and it leaves the list of projects. Its points, leaderboards and pages stay. You can end this at any time.".to_owned(),
        facts: vec![
            ("Repositories", project.repositories.to_string()),
            ("Tags", project.texts().tags.join(", ")),
        ],
        action: format!("/projects/{}/archive", project.slug),
        fields: Vec::new(),
        button: "Archive project".to_owned(),
        is_ending: true,
        back: format!("/projects/{}/edit", project.slug),
    })
}

/// `POST /projects/{slug}/archive`.
pub(super) async fn archive(
    state: State<Context>,
    archiver: ProjectArchiver,
) -> Result<Response, PageError> {
    move_to(state, archiver, true).await
}

/// `POST /projects/{slug}/unarchive`.
pub(super) async fn unarchive(
    state: State<Context>,
    archiver: ProjectArchiver,
) -> Result<Response, PageError> {
    move_to(state, archiver, false).await
}

/// Archives a project, or ends that.
async fn move_to(
    State(context): State<Context>,
    ProjectArchiver { viewer, project }: ProjectArchiver,
    archived: bool,
) -> Result<Response, PageError> {
    let change = ProjectChange { archived: Some(archived), ..ProjectChange::default() };
    let changed = change_project(&context, viewer.actor(), &project.slug, change).await;
    let name = changed.map_err(WebError::from)?.project.name;
    if archived {
        let path = format!("/projects/{}", project.slug);
        let undo = Undo::by(format!("{path}/unarchive"));
        let said = format!("{name} is archived");
        return Ok(redirect_with_undo(&format!("{path}/edit"), &said, &undo));
    }
    Ok(back(&project.slug, &format!("{name} is no longer archived")))
}

fn back(slug: &str, said: &str) -> Response {
    redirect(&format!("/projects/{slug}/edit"), said)
}
