//! Pages on which moderators exclude repositories, and undo that.

use askama::Template;
use axum::{extract::State, response::Response};
use identity::{access::Moderator, model::Viewer};
use platform::{
    Context,
    web::{List, WebError, cursor_after},
};
use serde::Deserialize;
use ui::{
    Address, Filled, Form, PageError, PageResult, QueryString,
    format::{Instant, Number, segment, tame},
    redirect, show,
};

use crate::{
    access::moderated_repository,
    actions::{exclude_repository, include_repository},
    reads::{self, ExclusionView, ModeratedRepository},
};

/// The number of repositories per page.
const ROWS: i64 = 25;

const PATH: &str = "/admin/fair-play/repositories";

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    after: String,
}

struct Row {
    github_id: i64,
    full_name: String,
    reason: String,
    by: String,
    excluded: Instant,
}

#[derive(Template)]
#[template(path = "excluded_repositories.html")]
struct ExcludedPage {
    rows: Vec<Row>,
    is_first: bool,
    next: Option<String>,
    now: Instant,
}

/// `GET /admin/fair-play/repositories`. Private repositories are left out.
pub(super) async fn list(
    State(context): State<Context>,
    _: Moderator,
    QueryString(query): QueryString<ListQuery>,
) -> PageResult {
    let before = ui::paging::place(&query.after)?;
    let found = reads::excluded_repositories(&context.db, before, ROWS + 1).await?;
    let found =
        List::cut(found, ROWS, |it| cursor_after((it.exclusion.excluded_at, it.exclusion.id)));
    let public = found.items.into_iter();
    let public = public.filter(|it| !it.repository.is_private);
    let next = found.next_cursor;
    let next = next.map(|after| format!("{PATH}?after={}", segment(&after)));
    show(&ExcludedPage {
        rows: public
            .map(|it| Row {
                github_id: it.repository.github_id,
                full_name: it.repository.full_name,
                reason: it.exclusion.reason,
                by: it.exclusion.excluded_by.unwrap_or_else(operator),
                excluded: Instant(it.exclusion.excluded_at),
            })
            .collect(),
        is_first: query.after.is_empty(),
        next,
        now: Instant(context.now()),
    })
}

fn operator() -> String {
    "an operator".to_owned()
}

/// A decision about the repository.
struct ExclusionDecision {
    excluded: Instant,
    by: String,
    reason: String,
    lifted: Option<(Instant, String, String)>,
}

impl From<ExclusionView> for ExclusionDecision {
    fn from(view: ExclusionView) -> Self {
        let by = view.lifted_by.unwrap_or_else(operator);
        let why = view.lift_reason.unwrap_or_default();
        Self {
            excluded: Instant(view.excluded_at),
            by: view.excluded_by.unwrap_or_else(operator),
            reason: view.reason,
            lifted: view.lifted_at.map(|at| (Instant(at), by, why)),
        }
    }
}

#[derive(Template)]
#[template(path = "exclusion.html")]
struct ExclusionPage {
    github_id: i64,
    full_name: String,
    is_private: bool,
    project: (String, String),
    is_excluded: bool,
    pull_requests: Number,
    people: Number,
    points: Number,
    decisions: Vec<ExclusionDecision>,
    now: Instant,
    form: Form,
}

/// `GET /admin/fair-play/repositories/{github_id}`.
pub(super) async fn one(
    State(context): State<Context>,
    Moderator(viewer): Moderator,
    Address(github_id): Address<i64>,
) -> PageResult {
    render(&context, &viewer, github_id, Form::default()).await
}

async fn render(context: &Context, viewer: &Viewer, github_id: i64, form: Form) -> PageResult {
    let found = moderated_repository(context, viewer, github_id).await?;
    let is_excluded = found.current().is_some();
    let ModeratedRepository { repository, project, effect, exclusions } = found;
    show(&ExclusionPage {
        github_id,
        full_name: repository.full_name,
        is_private: repository.is_private,
        project: (project.slug, project.name),
        is_excluded,
        pull_requests: Number(effect.pull_requests),
        people: Number(effect.people),
        points: Number(effect.points),
        decisions: exclusions.into_iter().map(Into::into).collect(),
        now: Instant(context.now()),
        form,
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ExclusionFields {
    reason: String,
}

/// `POST /admin/fair-play/repositories/{github_id}/exclude`.
pub(super) async fn exclude(
    State(context): State<Context>,
    Moderator(viewer): Moderator,
    Address(github_id): Address<i64>,
    Filled(fields, form): Filled<ExclusionFields>,
) -> Result<Response, PageError> {
    moderated_repository(&context, &viewer, github_id).await?;
    let actor = viewer.actor();
    match exclude_repository(&context, actor, github_id, &fields.reason).await {
        Ok(repository) => {
            let name = tame(&repository.full_name);
            let said = format!("{name} is excluded. Its points are being reversed");
            Ok(redirect(&format!("{PATH}/{github_id}"), &said))
        }
        Err(error) => {
            let again = |form| render(&context, &viewer, github_id, form);
            form.refused(WebError::from(error), again).await
        }
    }
}

/// `POST /admin/fair-play/repositories/{github_id}/include`.
pub(super) async fn include(
    State(context): State<Context>,
    Moderator(viewer): Moderator,
    Address(github_id): Address<i64>,
    Filled(fields, form): Filled<ExclusionFields>,
) -> Result<Response, PageError> {
    moderated_repository(&context, &viewer, github_id).await?;
    let actor = viewer.actor();
    match include_repository(&context, actor, github_id, &fields.reason).await {
        Ok(repository) => {
            let name = tame(&repository.full_name);
            let said = format!("{name} is no longer excluded. Its points return");
            Ok(redirect(&format!("{PATH}/{github_id}"), &said))
        }
        Err(error) => {
            let again = |form| render(&context, &viewer, github_id, form);
            form.refused(WebError::from(error), again).await
        }
    }
}
