//! Reports of pictures, and what moderators decide about them.

use askama::Template;
use axum::{
    Extension, Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use platform::{Context, media, module::Modules};
use serde::Deserialize;
use ui::{Address, Filled, Form, PageError, PageResult, Who, format::Instant, redirect, show};
use uuid::Uuid;

use crate::{
    access::{InPerson, Moderator},
    actions,
    model::UserId,
    reads,
};

const PAGE: &str = "/admin/pictures";

struct Row {
    id: Uuid,
    address: String,
    used: &'static str,
    /// The kind of thing that has it; absent for a picture of a person.
    thing: Option<String>,
    description: String,
    words: String,
    reported: Instant,
    owner: Who,
}

#[derive(Template)]
#[template(path = "admin_pictures.html")]
struct ReportedPage {
    rows: Vec<Row>,
    form: Form,
}

#[derive(Template)]
#[template(path = "picture_report.html")]
struct ReportPage {
    file: String,
    form: Form,
}

/// Routes of reports of pictures.
pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route("/report/picture/{file}", get(ask).post(report))
        .route("/admin/pictures", get(list))
        .route("/admin/pictures/{id}/remove", post(remove))
        .route("/admin/pictures/{id}/keep", post(keep))
}

/// `GET /report/picture/{file}`.
async fn ask(_: InPerson, Address(file): Address<String>) -> PageResult {
    show(&ReportPage { file, form: Form::default() })
}

/// Why a picture is reported.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Words {
    words: String,
}

/// `POST /report/picture/{file}`.
async fn report(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Address(file): Address<String>,
    Filled(said, form): Filled<Words>,
) -> Result<Response, PageError> {
    let hash = file.split('.').next().unwrap_or_default();
    match actions::report_picture(&context, viewer.user_id, hash, &said.words).await {
        Ok(()) => Ok(redirect("/", "Picture reported. The moderators will review it.")),
        Err(error) => {
            let page = async |form| show(&ReportPage { file, form });
            form.refused(error, page).await
        }
    }
}

/// `GET /admin/pictures`.
async fn list(State(context): State<Context>, _: Moderator) -> PageResult {
    render(&context, Form::default()).await
}

async fn render(context: &Context, form: Form) -> PageResult {
    let found = media::reported(&context.db).await?;
    let owners = found.iter().map(|row| UserId::from(row.owner_id));
    let who = reads::who(&context.db, owners).await?;
    let row = |row: media::ReportedPicture| {
        let owner = who.get(&UserId::from(row.owner_id)).cloned();
        Row {
            id: row.id,
            address: media::address(&row.hash, &row.extension),
            used: row.used_for.heading(),
            thing: row
                .subject
                .split(':')
                .next()
                .filter(|kind| !matches!(*kind, "person" | "texts"))
                .map(str::to_owned),
            description: row.description,
            words: row.words,
            reported: Instant(row.created_at),
            owner: owner.unwrap_or_else(|| Who::of("unknown")),
        }
    };
    show(&ReportedPage { rows: found.into_iter().map(row).collect(), form })
}

/// The reason for a decision.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Decision {
    reason: String,
}

/// `POST /admin/pictures/{id}/remove`.
async fn remove(
    State(context): State<Context>,
    Extension(modules): Extension<Modules>,
    Moderator(viewer): Moderator,
    Address(id): Address<Uuid>,
    Filled(decision, form): Filled<Decision>,
) -> Result<Response, PageError> {
    let reason = &decision.reason;
    match actions::take_down_picture(&context, modules, viewer.actor(), id, reason).await {
        Ok(()) => Ok(redirect(PAGE, "Picture removed")),
        Err(error) => form.refused(error, async |form| render(&context, form).await).await,
    }
}

/// `POST /admin/pictures/{id}/keep`.
async fn keep(
    State(context): State<Context>,
    Moderator(viewer): Moderator,
    Address(id): Address<Uuid>,
    Filled(decision, form): Filled<Decision>,
) -> Result<Response, PageError> {
    let reason = &decision.reason;
    match actions::keep_picture(&context, viewer.actor(), id, reason).await {
        Ok(()) => Ok(redirect(PAGE, "Picture kept. Its reports are closed.")),
        Err(error) => form.refused(error, async |form| render(&context, form).await).await,
    }
}
