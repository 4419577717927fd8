use askama::Template;
use axum::{extract::State, response::Response};
use identity::access::Admin;
use platform::Context;
use serde::Deserialize;
use ui::{Address, Filled, Form, PageError, PageResult, format::Instant, markdown, redirect, show};

use super::{
    authors,
    edit::{named, path},
};
use crate::{
    actions::restore_text,
    model::{TextName, TextVersion},
    reads,
};

#[derive(Template)]
#[template(path = "text_version.html")]
struct VersionPage {
    name: TextName,
    version: i64,
    /// The number of the current version.
    current: i64,
    at: Instant,
    by: Option<String>,
    restored_from: Option<i64>,
    /// Sanitized HTML.
    html: String,
    body: String,
    now: Instant,
    form: Form,
}

async fn render(context: &Context, name: TextName, version: i64, form: Form) -> PageResult {
    let found = reads::version(&context.db, name, version).await?;
    let found: TextVersion = found.ok_or_else(|| reads::unknown_version(name, version))?;
    let newest = reads::versions(&context.db, name, i64::MAX).await?;
    let by = authors(context, std::iter::once(found.author_id)).await?;
    show(&VersionPage {
        name,
        version,
        current: newest.first().map_or(version, |newest| newest.version),
        at: Instant(found.created_at),
        by: by.into_iter().next().flatten(),
        restored_from: found.restored_from,
        html: markdown::text(&found.body),
        body: found.body,
        now: Instant(context.now()),
        form,
    })
}

/// `GET /admin/texts/{name}/versions/{version}`.
pub(super) async fn page(
    State(context): State<Context>,
    _: Admin,
    Address((name, version)): Address<(String, i64)>,
) -> PageResult {
    render(&context, named(&name)?, version, Form::default()).await
}

/// The fields of the form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RestoreInput {
    based_on: i64,
}

/// `POST /admin/texts/{name}/versions/{version}/restore`.
pub(super) async fn restore(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address((name, version)): Address<(String, i64)>,
    Filled(input, form): Filled<RestoreInput>,
) -> Result<Response, PageError> {
    let name = named(&name)?;
    match restore_text(&context, viewer.actor(), name, version, input.based_on).await {
        Ok(restored) => {
            let said = format!("Version {version} restored as version {}", restored.version);
            Ok(redirect(&path(name), &said))
        }
        Err(error) => {
            let again = async |form| render(&context, name, version, form).await;
            form.refused(error, again).await
        }
    }
}
