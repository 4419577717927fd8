//! Signing in with an e-mailed link. Opening the link changes nothing, because mail scanners also open
//! links: the button on its page signs in.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::header,
    response::{AppendHeaders, IntoResponse as _, Redirect, Response},
};
use platform::{outbox::Post, web::WebError};
use serde::Deserialize;
use ui::{Address, Filled, PageError, PageResult, format, show};

use super::{
    flow::{SignIn, Visitor, next_page, set},
    sign_in,
};
use crate::{
    access,
    actions::{self, EMAIL_LINK_LASTS},
    rules::return_path,
};

/// The cookie of the browser that requested a link.
const ASKED: &str = "sign-in-link";

/// The address that the link is sent to, and the page to return to.
#[derive(Debug, Deserialize)]
pub(super) struct LinkInput {
    address: String,
    #[serde(rename = "return")]
    path: Option<String>,
}

/// `POST /sign-in/email`: responds the same way for known and unknown addresses.
pub(super) async fn ask(
    State(flow): State<Arc<SignIn>>,
    Extension(post): Extension<Post>,
    visitor: Visitor,
    Filled(input, form): Filled<LinkInput>,
) -> Result<Response, PageError> {
    let path = return_path(input.path.as_deref());
    match actions::ask_to_sign_in(&flow.context, &post, &input.address, path).await {
        Ok(browser) => {
            let age = EMAIL_LINK_LASTS.to_std().unwrap_or_default();
            let cookie = flow.cookies.set(ASKED, &browser, age);
            Ok((set(cookie), Redirect::to("/sign-in/email")).into_response())
        }
        Err(error) => {
            let login = visitor.viewer.map(|viewer| viewer.login);
            let page = async |form| sign_in::render(&flow, &post, login, path, form);
            form.refused(error, page).await
        }
    }
}

#[derive(Template)]
#[template(path = "sign_in_mailed.html")]
struct SentPage {
    is_demo: bool,
}

/// `GET /sign-in/email`: the next step after requesting a link.
pub(super) async fn sent(State(flow): State<Arc<SignIn>>) -> PageResult {
    show(&SentPage { is_demo: flow.is_demo() })
}

#[derive(Template)]
#[template(path = "sign_in_confirm.html")]
struct LinkPage {
    /// Percent-encoded.
    token: String,
}

/// `GET /sign-in/email/{token}`: shows the button that signs in.
pub(super) async fn confirm(Address(token): Address<String>) -> PageResult {
    show(&LinkPage { token: format::segment(&token) })
}

/// `POST /sign-in/email/{token}`.
pub(super) async fn enter(
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
        (header::SET_COOKIE, access::hand_over(flow.cookies, &welcome.token)),
        (header::SET_COOKIE, flow.cookies.clear(ASKED)),
    ]);
    let path = next_page(&welcome, &path);
    Ok((cookies, Redirect::to(path)).into_response())
}
