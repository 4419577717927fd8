//! Signing in with an emailed link. Opening the link changes nothing, because mail scanners also open
//! links: the button on its page signs in.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, header},
    response::{AppendHeaders, IntoResponse as _, Redirect, Response},
};
use platform::{outbox::Post, web::WebError};
use serde::Deserialize;
use ui::{Address, Filled, Form, PageError, PageResult, format, redirect, show};

use super::{
    flow::{SignIn, Visitor, next_page, set},
    sign_in,
};
use crate::{
    access,
    actions::{self, EMAIL_LINK_LASTS, Welcome},
    reads,
    rules::{names_no_one, return_path},
};

/// The message to a person who has an account from now on.
pub(super) const CREATED: &str = "Your account was created";

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
            let page = async |form| sign_in::render(&flow, &post, login, path, form).await;
            form.refused(error, page).await
        }
    }
}

#[derive(Template)]
#[template(path = "sign_in_mailed.html")]
struct SentPage {
    is_demo: bool,
    /// True in a browser that requested a link, where its code can be typed.
    has_asked: bool,
    form: Form,
}

impl SentPage {
    fn of(flow: &SignIn, headers: &HeaderMap, form: Form) -> Self {
        let has_asked = flow.cookies.read(headers, ASKED).is_some();
        Self { is_demo: flow.is_demo(), has_asked, form }
    }
}

/// `GET /sign-in/email`: the next step after requesting a link.
pub(super) async fn sent(State(flow): State<Arc<SignIn>>, headers: HeaderMap) -> PageResult {
    show(&SentPage::of(&flow, &headers, Form::default()))
}

/// A typed code.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct CodeInput {
    code: String,
}

/// `POST /sign-in/email/code`: signs in with the code of the latest link.
pub(super) async fn enter_by_code(
    State(flow): State<Arc<SignIn>>,
    visitor: Visitor,
    Filled(input, form): Filled<CodeInput>,
) -> Result<Response, PageError> {
    let headers = &visitor.headers;
    let browser = flow.cookies.read(headers, ASKED).unwrap_or_default();
    let former = access::token(flow.cookies, headers);
    let device = visitor.device();
    match actions::sign_in_by_code(&flow.context, &input.code, browser, &device, former).await {
        Ok((welcome, path)) => entered(&flow, &welcome, &path).await,
        Err(error) => {
            let page = async |form| show(&SentPage::of(&flow, headers, form));
            form.refused(error, page).await
        }
    }
}

/// Redirects a browser that has signed in. Whoever has no name yet is asked for it, first if they wanted no other page. The page says so
/// if this created the account.
async fn entered(flow: &SignIn, welcome: &Welcome, path: &str) -> Result<Response, PageError> {
    let cookies = AppendHeaders([
        (header::SET_COOKIE, access::hand_over(flow.cookies, &welcome.token)),
        (header::SET_COOKIE, flow.cookies.clear(ASKED)),
    ]);
    let people = reads::who(&flow.context.db, [welcome.user_id]).await?;
    let nameless = people.get(&welcome.user_id).filter(|who| who.name.is_none());
    let nameless = nameless.filter(|who| names_no_one(&who.login) && !welcome.is_banned);
    let to = match (nameless, next_page(welcome, path)) {
        (Some(_), "/") if welcome.is_first => redirect("/settings/profile", CREATED),
        (Some(_), "/") => Redirect::to("/settings/profile").into_response(),
        (Some(_), path) => {
            let created = if welcome.is_first { format!("{CREATED}. ") } else { String::new() };
            let said = format!(
                "{created}Others do not know who you are yet. Enter your name in Settings, under Profile."
            );
            redirect(path, &said)
        }
        (None, path) => Redirect::to(path).into_response(),
    };
    Ok((cookies, to).into_response())
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
    let signed_in = actions::sign_in_by_link(&flow.context, &token, browser, &device, former).await;
    let (welcome, path) = signed_in.map_err(WebError::from)?;
    entered(&flow, &welcome, &path).await
}

#[derive(Template)]
#[template(path = "sign_in_not_me.html")]
struct NotMePage {
    /// Percent-encoded.
    token: String,
}

/// `GET /sign-in/email/{token}/not-me`: shows the button that ends the link.
pub(super) async fn ask_to_end(Address(token): Address<String>) -> PageResult {
    show(&NotMePage { token: format::segment(&token) })
}

/// `POST /sign-in/email/{token}/not-me`: ends the link, in any browser. The response is the same for one that has ended.
pub(super) async fn end(
    State(flow): State<Arc<SignIn>>,
    Address(token): Address<String>,
) -> Result<Response, PageError> {
    actions::end_sign_in_link(&flow.context, &token).await?;
    Ok(redirect("/", "The link and its code no longer work"))
}
