use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::header,
    response::{IntoResponse as _, Redirect, Response},
};
use platform::{Context, outbox::Post, web::Cookies};
use serde::Deserialize;
use ui::{Filled, Form, PageError, PageResult, format::Instant, redirect, show};

use crate::{
    access::{ProvenInPerson, SignedIn, take_back},
    actions,
    gateway::OauthApp,
    model::Viewer,
    reads, rules,
};

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    login: String,
    export: Option<Export>,
    is_fresh: bool,
    form: Form,
}

struct Export {
    asked: Instant,
    made: Option<Instant>,
    ends: Instant,
}

/// `GET /settings/account`.
pub(super) async fn page(State(context): State<Context>, SignedIn(viewer): SignedIn) -> PageResult {
    render(&context, &viewer, Form::default()).await
}

async fn render(context: &Context, viewer: &Viewer, form: Form) -> PageResult {
    let now = context.now();
    let export = reads::export_state(&context.db, viewer.user_id, now).await?;
    let signed_in_at = reads::signed_in_at(&context.db, viewer).await?;
    show(&AccountPage {
        login: viewer.login.clone(),
        export: export.map(|export| Export {
            asked: Instant(export.asked_at),
            made: export.made_at.map(Instant),
            ends: Instant(export.ends_at),
        }),
        is_fresh: signed_in_at.is_some_and(|at| rules::is_fresh(at, now)),
        form,
    })
}

/// `POST /settings/account/export`.
pub(super) async fn export(
    State(context): State<Context>,
    ProvenInPerson(viewer): ProvenInPerson,
) -> Result<Response, PageError> {
    match actions::ask_for_export(&context, &viewer).await {
        Ok(()) => Ok(redirect(
            "/settings/account",
            "Your download is being prepared. Reload this page in a moment.",
        )),
        Err(error) => {
            let page = async |form| render(&context, &viewer, form).await;
            Form::default().refused(error, page).await
        }
    }
}

/// The login that confirms the closing of an account.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Closing {
    #[serde(default)]
    login: String,
}

/// `POST /settings/account/close`.
pub(super) async fn close(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    Extension(app): Extension<OauthApp>,
    Extension(cookies): Extension<Cookies>,
    ProvenInPerson(viewer): ProvenInPerson,
    Filled(closing, form): Filled<Closing>,
) -> Result<Response, PageError> {
    match actions::close_account(&context, &post, &app, &viewer, &closing.login).await {
        Ok(()) => {
            let mut response = Redirect::to("/").into_response();
            let cookie = take_back(cookies);
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(error) => {
            let page = async |form| render(&context, &viewer, form).await;
            form.refused(error, page).await
        }
    }
}
