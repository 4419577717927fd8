//! The pictures that a person uploads for texts.

use askama::Template;
use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use platform::{
    Context,
    media::{self, Crop, OwnPicture, PictureUse},
    web::WebError,
};
use serde::Deserialize;
use ui::{Address, Filled, Form, PageError, PageResult, Upload, format::Instant, redirect, show};
use uuid::Uuid;

use crate::{
    access::{InPerson, SignedIn},
    actions,
    model::Viewer,
    reads, rules,
};

const PAGE: &str = "/settings/pictures";

struct Row {
    id: Uuid,
    address: String,
    used: &'static str,
    /// The text that shows it in Markdown.
    markdown: Option<String>,
    description: String,
    added: Instant,
}

impl From<OwnPicture> for Row {
    fn from(picture: OwnPicture) -> Self {
        let alt = picture.description.replace(['[', ']', '\\'], "");
        let is_for_texts = picture.used == PictureUse::Gallery;
        Self {
            id: picture.id,
            used: picture.used.heading(),
            markdown: is_for_texts.then(|| format!("![{alt}]({})", picture.address)),
            address: picture.address,
            description: picture.description,
            added: Instant(picture.created_at),
        }
    }
}

#[derive(Template)]
#[template(path = "settings_pictures.html")]
struct PicturesPage {
    is_minor: bool,
    rows: Vec<Row>,
    form: Form,
}

/// Routes of a person's pictures.
pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route("/settings/pictures", get(page).merge(post(upload).layer(Upload::limit())))
        .route("/settings/pictures/{id}", post(describe))
        .route("/settings/pictures/{id}/remove", post(remove))
}

/// `GET /settings/pictures`.
async fn page(State(context): State<Context>, SignedIn(viewer): SignedIn) -> PageResult {
    render(&context, &viewer, Form::default()).await
}

async fn render(context: &Context, viewer: &Viewer, form: Form) -> PageResult {
    let found = media::own(&context.db, viewer.user_id.0).await?;
    show(&PicturesPage {
        is_minor: reads::is_minor(&context.db, viewer.user_id).await?,
        rows: found.into_iter().map(Into::into).collect(),
        form,
    })
}

/// `POST /settings/pictures`.
async fn upload(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    upload: Upload,
) -> Result<Response, PageError> {
    let form = &upload.form;
    let crop = Crop::read(form.value("x"), form.value("y"), form.value("size"));
    let added = async {
        if reads::is_minor(&context.db, viewer.user_id).await? {
            return Err(rules::not_for_minors().into());
        }
        media::count_upload(&context, viewer.user_id.0).await?;
        let made = media::prepared(upload.file()?, PictureUse::Gallery, crop).await?;
        actions::add_picture(&context, viewer.user_id, form.value("description"), &made).await
    };
    match added.await {
        Ok(()) => Ok(redirect(PAGE, "Picture uploaded")),
        Err(error) => {
            let page = async |form| render(&context, &viewer, form).await;
            upload.form.clone().refused(error, page).await
        }
    }
}

/// The description of a picture.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Description {
    description: String,
}

/// `POST /settings/pictures/{id}`.
async fn describe(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Address(id): Address<Uuid>,
    Filled(new, form): Filled<Description>,
) -> Result<Response, PageError> {
    match actions::describe_picture(&context, viewer.user_id, id, &new.description).await {
        Ok(()) => Ok(redirect(PAGE, "Description saved")),
        Err(error) => {
            let page = async |form| render(&context, &viewer, form).await;
            form.refused(error, page).await
        }
    }
}

/// `POST /settings/pictures/{id}/remove`.
async fn remove(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Address(id): Address<Uuid>,
) -> Result<Response, PageError> {
    let removed = actions::remove_picture(&context, viewer.user_id, id).await;
    removed.map_err(WebError::from)?;
    Ok(redirect(PAGE, "Picture removed"))
}
