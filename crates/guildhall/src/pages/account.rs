use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::header,
    response::{IntoResponse as _, Redirect, Response},
};
use identity::{
    access::{InPerson, SignedIn, take_back},
    actions, reads, rules,
};
use platform::{
    Context,
    outbox::Post,
    web::{Cookies, WebError},
};
use serde::Deserialize;
use ui::{Asked, Filled, PageError, PageResult, format::Instant, show};

use super::Done;

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    login: String,
    export: Option<Export>,
    is_fresh: bool,
    said: &'static str,
}

struct Export {
    asked: Instant,
    made: Option<Instant>,
    ends: Instant,
}

/// `GET /settings/account`.
pub(super) async fn page(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Asked(done): Asked<Done>,
) -> PageResult {
    let now = context.now();
    let export = reads::export_state(&context.db, viewer.user_id, now).await?;
    let signed_in_at = reads::signed_in_at(&context.db, &viewer).await?;
    show(&AccountPage {
        login: viewer.login,
        export: export.map(|export| Export {
            asked: Instant(export.asked_at),
            made: export.made_at.map(Instant),
            ends: Instant(export.ends_at),
        }),
        is_fresh: signed_in_at.is_some_and(|at| rules::is_fresh(at, now)),
        said: match done.done.as_str() {
            "asked" => "It is made after a moment. Open this page again to fetch it.",
            _ => "",
        },
    })
}

/// `POST /settings/account/export`.
pub(super) async fn export(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
) -> Result<Response, PageError> {
    let asked = actions::ask_for_export(&context, &viewer).await;
    asked.map_err(WebError::from)?;
    Ok(Redirect::to("/settings/account?done=asked").into_response())
}

/// What somebody writes who closes their account.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Closing {
    #[serde(default)]
    login: String,
}

/// `POST /settings/account/close`.
pub(super) async fn close(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    Extension(cookies): Extension<Cookies>,
    InPerson(viewer): InPerson,
    Filled(closing, _): Filled<Closing>,
) -> Result<Response, PageError> {
    let closed = actions::close_account(&context, &post, &viewer, &closing.login).await;
    closed.map_err(WebError::from)?;
    let mut response = Redirect::to("/").into_response();
    let cookie = take_back(cookies);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}
