use askama::Template;
use axum::{Extension, extract::State, response::Response};
use identity::access::Admin;
use kernel::ProblemKind;
use platform::{ActionError, Context, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Filled, Form, PageError, PageResult, QueryString, format::Instant, markdown, redirect,
    show,
};

use super::authors;
use crate::{
    actions::{NewText, save_text},
    model::{Facts, TextName},
    reads::{self, ListedVersion},
    rules::LONGEST,
};

#[derive(Template)]
#[template(path = "edit_text.html")]
struct EditPage {
    name: TextName,
    /// The current text, which the form begins with.
    body: String,
    /// The version that the form is based on; 0 for the proposed text.
    based_on: i64,
    /// The number of the current version.
    current: i64,
    /// The typed text as its page would show it.
    preview: Option<String>,
    versions: Vec<Row>,
    /// The number before the last of the list, if there are earlier versions.
    earlier: Option<i64>,
    now: Instant,
    form: Form,
}

impl EditPage {
    fn longest() -> i64 {
        i64::try_from(LONGEST).unwrap_or(i64::MAX)
    }
}

/// A version in the list.
struct Row {
    version: i64,
    at: Instant,
    by: Option<String>,
    restored_from: Option<i64>,
}

/// The part of the list of versions.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct VersionsQuery {
    /// Only versions below this number.
    below: Option<i64>,
}

/// The fields of the form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TextInput {
    body: String,
    based_on: i64,
}

/// Returns the text with a name in a path.
pub(super) fn named(name: &str) -> Result<TextName, WebError> {
    Ok(TextName::named(name).ok_or_else(|| reads::unknown(name))?)
}

async fn render(
    context: &Context,
    facts: &Facts,
    name: TextName,
    below: Option<i64>,
    (based_on, preview, form): (Option<i64>, Option<String>, Form),
) -> PageResult {
    let shown = reads::shown(&context.db, facts, name).await?;
    let found = reads::versions(&context.db, name, below.unwrap_or(i64::MAX)).await?;
    let earlier = found.last().map(|last| last.version).filter(|last| *last > 1);
    let by = authors(context, found.iter().map(|version| version.author_id)).await?;
    let row = |(found, by): (ListedVersion, Option<String>)| Row {
        version: found.version,
        at: Instant(found.created_at),
        by,
        restored_from: found.restored_from,
    };
    let current = shown.version();
    show(&EditPage {
        name,
        based_on: based_on.unwrap_or(current),
        current,
        body: shown.body,
        preview,
        versions: found.into_iter().zip(by).map(row).collect(),
        earlier,
        now: Instant(context.now()),
        form,
    })
}

/// `GET /admin/texts/{name}`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(facts): Extension<Facts>,
    _: Admin,
    Address(name): Address<String>,
    QueryString(query): QueryString<VersionsQuery>,
) -> PageResult {
    let name = named(&name)?;
    render(&context, &facts, name, query.below, (None, None, Form::default())).await
}

/// `POST /admin/texts/{name}/preview`: shows the typed text as its page would, and saves nothing.
pub(super) async fn preview(
    State(context): State<Context>,
    Extension(facts): Extension<Facts>,
    _: Admin,
    Address(name): Address<String>,
    Filled(input, form): Filled<TextInput>,
) -> PageResult {
    let name = named(&name)?;
    let html = markdown::text(&input.body);
    render(&context, &facts, name, None, (Some(input.based_on), Some(html), form)).await
}

/// `POST /admin/texts/{name}`.
pub(super) async fn save(
    State(context): State<Context>,
    Extension(facts): Extension<Facts>,
    Admin(viewer): Admin,
    Address(name): Address<String>,
    Filled(input, form): Filled<TextInput>,
) -> Result<Response, PageError> {
    let name = named(&name)?;
    let new = NewText { body: &input.body, based_on: input.based_on };
    match save_text(&context, viewer.actor(), name, new).await {
        Ok(_) => Ok(redirect(&path(name), &format!("{} saved", name.heading()))),
        Err(error) => {
            // After a conflict, the next attempt replaces the version that the page then shows.
            let based_on = if is_conflict(&error) { None } else { Some(input.based_on) };
            let again =
                async |form| render(&context, &facts, name, None, (based_on, None, form)).await;
            form.refused(error, again).await
        }
    }
}

fn is_conflict(error: &ActionError) -> bool {
    matches!(error, ActionError::Refused(problem) if problem.kind == ProblemKind::Conflict)
}

/// Returns the path of the page on which a text is edited.
pub(super) fn path(name: TextName) -> String {
    format!("/admin/texts/{}", name.as_str())
}
