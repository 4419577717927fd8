//! Signing in by a mailed link. Looking at the link changes nothing, because programs that look at mail open
//! links as well: the button on its page signs in.

use std::sync::Arc;
use ui::{Address, Filled, PageError, PageResult, format, show};

use askama::Template;
use axum::{
    Extension, Router,
    extract::State,
    http::header,
    response::{AppendHeaders, IntoResponse as _, Redirect, Response},
    routing::get,
};
use identity::{
    access,
    actions::{self, EMAIL_LINK_LASTS},
    rules::return_path,
};
use platform::{outbox::Post, web::WebError};
use serde::Deserialize;

use super::sign_in::{SignIn, Visitor, set};

/// The cookie of the browser that asked for a link.
const ASKED: &str = "sign-in-link";

/// Routes of a mailed link.
pub(super) fn routes() -> Router<Arc<SignIn>> {
    Router::new()
        .route("/sign-in/email", get(mailed).post(ask))
        .route("/sign-in/email/{token}", get(confirm).post(enter))
}

/// Where the link is mailed, and where to go afterwards.
#[derive(Debug, Deserialize)]
struct LinkInput {
    address: String,
    #[serde(rename = "return")]
    path: Option<String>,
}

/// `POST /sign-in/email`: the same answer whoever's the address is.
async fn ask(
    State(flow): State<Arc<SignIn>>,
    Extension(post): Extension<Post>,
    Filled(wish, _): Filled<LinkInput>,
) -> Result<Response, PageError> {
    let path = return_path(wish.path.as_deref());
    let asked = actions::ask_to_sign_in(&flow.context, &post, &wish.address, path).await;
    let browser = asked.map_err(WebError::from)?;
    let age = EMAIL_LINK_LASTS.to_std().unwrap_or_default();
    let cookie = flow.cookies.set(ASKED, &browser, age);
    Ok((set(cookie), Redirect::to("/sign-in/email")).into_response())
}

#[derive(Template)]
#[template(path = "sign_in_mailed.html")]
struct MailedPage {
    is_demo: bool,
}

/// `GET /sign-in/email`: what to do now.
async fn mailed(State(flow): State<Arc<SignIn>>) -> PageResult {
    show(&MailedPage {
        is_demo: flow.is_demo(),
    })
}

#[derive(Template)]
#[template(path = "sign_in_link.html")]
struct LinkPage {
    /// Encoded.
    token: String,
}

/// `GET /sign-in/email/{token}`: one button.
async fn confirm(Address(token): Address<String>) -> PageResult {
    show(&LinkPage {
        token: format::segment(&token),
    })
}

/// `POST /sign-in/email/{token}`.
async fn enter(
    State(flow): State<Arc<SignIn>>,
    visitor: Visitor,
    Address(token): Address<String>,
) -> Result<Response, PageError> {
    let browser = flow.cookies.read(&visitor.headers, ASKED);
    let browser = browser.unwrap_or_default();
    let former = access::token(flow.cookies, &visitor.headers);
    let device = visitor.device();
    let entered = actions::sign_in_by_link(&flow.context, &token, browser, &device, former).await;
    let (welcome, path) = entered.map_err(WebError::from)?;
    let cookies = AppendHeaders([
        (
            header::SET_COOKIE,
            access::hand_over(flow.cookies, &welcome.token),
        ),
        (header::SET_COOKIE, flow.cookies.clear(ASKED)),
    ]);
    Ok((cookies, Redirect::to(&path)).into_response())
}
