use askama::Template;
use axum::{Extension, extract::State, response::Response};
use identity::{
    access::{ProvenInPerson, SignedIn},
    model::{Role, Viewer},
};
use kernel::Problem;
use platform::{
    Context,
    outbox::{Post, SMS},
};
use serde::Deserialize;
use ui::{Filled, Form, PageError, PageResult, format::Instant, redirect, show};

use crate::{actions, reads};

const PATH: &str = "/settings/notifications/phone";

#[derive(Template)]
#[template(path = "phone.html")]
struct PhonePage {
    can_send: bool,
    is_admin: bool,
    number: Option<String>,
    verified: Option<Instant>,
    form: Form,
}

/// `GET /settings/notifications/phone`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    SignedIn(viewer): SignedIn,
) -> PageResult {
    render(&context, &post, &viewer, Form::default()).await
}

async fn render(context: &Context, post: &Post, viewer: &Viewer, form: Form) -> PageResult {
    let phone = reads::phone(&context.db, viewer.user_id).await?;
    show(&PhonePage {
        can_send: post.channels.has(SMS),
        is_admin: viewer.acts_as(Role::Admin),
        verified: phone.as_ref().and_then(|phone| phone.verified_at).map(Instant),
        number: phone.map(|phone| phone.number),
        form,
    })
}

#[derive(Debug, Deserialize)]
pub(super) struct NewPhone {
    #[serde(default)]
    number: String,
}

/// `POST /settings/notifications/phone`.
pub(super) async fn set(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    ProvenInPerson(viewer): ProvenInPerson,
    Filled(new, form): Filled<NewPhone>,
) -> Result<Response, PageError> {
    match actions::set_phone(&context, &post, &viewer, &new.number).await {
        Ok(()) => Ok(redirect(PATH, "Code sent")),
        Err(error) => {
            let again = |form| render(&context, &post, &viewer, form);
            form.refused(error, again).await
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Code {
    #[serde(default)]
    code: String,
}

/// `POST /settings/notifications/phone/verify`.
pub(super) async fn verify(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    ProvenInPerson(viewer): ProvenInPerson,
    Filled(new, form): Filled<Code>,
) -> Result<Response, PageError> {
    match actions::verify_phone(&context, &viewer, &new.code).await {
        Ok(()) => Ok(redirect(
            "/settings/notifications",
            "Phone verified. Choose the notifications that are sent to it",
        )),
        Err(error) => {
            let again = |form| render(&context, &post, &viewer, form);
            form.refused(error, again).await
        }
    }
}

/// `POST /settings/notifications/phone/remove`.
pub(super) async fn remove(
    State(context): State<Context>,
    ProvenInPerson(viewer): ProvenInPerson,
) -> Result<Response, PageError> {
    if !actions::remove_phone(&context, &viewer).await? {
        let detail = "You have no phone. Add one at /settings/notifications/phone.";
        return Err(Problem::not_found(detail).into());
    }
    Ok(redirect(PATH, "Phone removed"))
}
