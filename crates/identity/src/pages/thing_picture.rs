//! The picture of a project, a hackathon or another thing, which its own people set.

use askama::Template;
use axum::{
    Extension, Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use platform::{
    ActionError, Context,
    media::{self, Crop},
    module::{Modules, Pictured},
    web::{WebError, not_found},
};
use serde::Deserialize;
use ui::{Address, Filled, Form, PageError, PageResult, Upload, redirect, show};
use uuid::Uuid;

use crate::{
    access::InPerson,
    actions::{self, ThingPicture},
    model::Viewer,
    reads,
};

#[derive(Template)]
#[template(path = "thing_picture.html")]
struct ThingPage {
    shown: ThingPicture,
    kind: &'static str,
    id: Uuid,
    width: u32,
    height: u32,
    form: Form,
}

/// Routes of pictures of things.
pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route("/picture-of/{kind}/{id}", get(page).merge(post(upload).layer(Upload::limit())))
        .route("/picture-of/{kind}/{id}/describe", post(describe))
        .route("/picture-of/{kind}/{id}/remove", post(remove))
}

/// Finds a kind of things with pictures whose feature is on for a person.
async fn kind_of(
    context: &Context,
    modules: Modules,
    viewer: &Viewer,
    name: &str,
) -> Result<&'static Pictured, WebError> {
    let kind = modules.pictured(name).ok_or_else(not_found)?;
    let who = reads::flag_viewer(&context.db, viewer.user_id).await?;
    let is_on = kind.flag.is_none_or(|flag| context.flags.is_on(flag, who));
    if is_on { Ok(kind) } else { Err(not_found().into()) }
}

/// `GET /picture-of/{kind}/{id}`.
async fn page(
    State(context): State<Context>,
    Extension(modules): Extension<Modules>,
    InPerson(viewer): InPerson,
    Address((kind, id)): Address<(String, Uuid)>,
) -> PageResult {
    let kind = kind_of(&context, modules, &viewer, &kind).await?;
    render(&context, &viewer, (kind, id), Form::default()).await
}

async fn render(
    context: &Context,
    viewer: &Viewer,
    (kind, id): (&'static Pictured, Uuid),
    form: Form,
) -> PageResult {
    let shown = actions::picture_of_thing(context, viewer.picture_setter(), kind, id).await;
    let (width, height) = kind.used.size();
    let shown = shown.map_err(WebError::from)?;
    show(&ThingPage { shown, kind: kind.kind, id, width, height, form })
}

fn address(kind: &Pictured, id: Uuid) -> String {
    format!("/picture-of/{}/{id}", kind.kind)
}

/// `POST /picture-of/{kind}/{id}`.
async fn upload(
    State(context): State<Context>,
    Extension(modules): Extension<Modules>,
    InPerson(viewer): InPerson,
    Address((kind, id)): Address<(String, Uuid)>,
    upload: Upload,
) -> Result<Response, PageError> {
    let kind = kind_of(&context, modules, &viewer, &kind).await?;
    match keep(&context, &viewer, (kind, id), &upload).await {
        Ok(()) => Ok(redirect(&address(kind, id), "Picture uploaded")),
        Err(error) => {
            let page = async |form| render(&context, &viewer, (kind, id), form).await;
            upload.form.clone().refused(error, page).await
        }
    }
}

async fn keep(
    context: &Context,
    viewer: &Viewer,
    (kind, id): (&'static Pictured, Uuid),
    upload: &Upload,
) -> Result<(), ActionError> {
    let form = &upload.form;
    // Refuses who may not set it, and what has no description, before a file is decoded.
    actions::picture_of_thing(context, viewer.picture_setter(), kind, id).await?;
    let description = form.value("description");
    media::checked_text(description)?;
    media::count_upload(context, viewer.user_id.0).await?;
    let crop = Crop::read(form.value("x"), form.value("y"), form.value("size"));
    let made = media::prepared(upload.file()?, kind.used, crop).await?;
    let setter = viewer.picture_setter();
    actions::set_thing_picture(context, setter, kind, id, (&made, description)).await
}

/// The description of a picture.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Description {
    description: String,
}

/// `POST /picture-of/{kind}/{id}/describe`.
async fn describe(
    State(context): State<Context>,
    Extension(modules): Extension<Modules>,
    InPerson(viewer): InPerson,
    Address((kind, id)): Address<(String, Uuid)>,
    Filled(new, form): Filled<Description>,
) -> Result<Response, PageError> {
    let kind = kind_of(&context, modules, &viewer, &kind).await?;
    let (setter, text) = (viewer.picture_setter(), &new.description);
    match actions::describe_thing_picture(&context, setter, kind, id, text).await {
        Ok(()) => Ok(redirect(&address(kind, id), "Description saved")),
        Err(error) => {
            let page = async |form| render(&context, &viewer, (kind, id), form).await;
            form.refused(error, page).await
        }
    }
}

/// `POST /picture-of/{kind}/{id}/remove`.
async fn remove(
    State(context): State<Context>,
    Extension(modules): Extension<Modules>,
    InPerson(viewer): InPerson,
    Address((kind, id)): Address<(String, Uuid)>,
) -> Result<Response, PageError> {
    let kind = kind_of(&context, modules, &viewer, &kind).await?;
    let setter = viewer.picture_setter();
    let removed = actions::remove_thing_picture(&context, setter, kind, id).await;
    removed.map_err(WebError::from)?;
    Ok(redirect(&address(kind, id), "Picture removed. The drawn one is shown again."))
}
