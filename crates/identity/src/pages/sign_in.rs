//! Signing in and out.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse as _, Response},
};
use kernel::{Problem, ProblemKind};
use platform::{
    outbox::{EMAIL, Post},
    web,
};
use serde::Deserialize;
use ui::{Filled, Form, PageError, PageResult, QueryString, format, redirect, show};

use super::flow::{Return, SignIn, Visitor, set};
use crate::{
    access::{self, MaybePerson},
    actions,
    gateway::{GithubSignIn, OpenIdSignIn},
    model::{DemoPerson, ProvenAccount},
    rules::return_path,
};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    login: Option<String>,
    /// The path to return to, percent-encoded.
    back: String,
    path: String,
    has_github: bool,
    /// The reason that sign-in with GitHub is switched off.
    paused: Option<String>,
    /// The name of the OpenID Connect issuer.
    openid: Option<String>,
    /// The reason that sign-in with the issuer is switched off.
    openid_paused: Option<String>,
    /// True when links can be e-mailed.
    can_send: bool,
    demo: Arc<[DemoPerson]>,
    form: Form,
}

/// `GET /sign-in`.
pub(super) async fn page(
    State(flow): State<Arc<SignIn>>,
    Extension(post): Extension<Post>,
    MaybePerson(viewer): MaybePerson,
    headers: HeaderMap,
    QueryString(asked): QueryString<Return>,
) -> PageResult {
    let came_from = web::came_from(&headers, flow.public_url.as_deref());
    let path = return_path(asked.path.as_deref().or(came_from));
    let login = viewer.map(|viewer| viewer.login);
    render(&flow, &post, login, path, Form::default())
}

/// Renders the sign-in page with an empty or rejected form.
pub(super) fn render(
    flow: &SignIn,
    post: &Post,
    login: Option<String>,
    path: &str,
    form: Form,
) -> PageResult {
    let flags = &flow.context.flags;
    let permit = flags.permit::<GithubSignIn>();
    let paused = flow.github.as_ref().and(permit.err());
    let openid_paused = flags.permit::<OpenIdSignIn>().err();
    show(&SignInPage {
        login,
        back: format::segment(path),
        path: path.to_owned(),
        has_github: flow.github.is_some(),
        paused: paused.map(|problem| problem.detail),
        openid: flow.openid.as_ref().map(|openid| openid.name().to_owned()),
        openid_paused: openid_paused.map(|problem| problem.detail),
        can_send: post.channels.has(EMAIL),
        demo: Arc::clone(&flow.demo),
        form,
    })
}

/// The demo person to sign in as.
#[derive(Debug, Deserialize)]
pub(super) struct DemoSignIn {
    #[serde(rename = "as")]
    part: String,
    #[serde(rename = "return")]
    path: Option<String>,
}

/// `POST /sign-in/demo`: signs in as a demo person, from this computer only.
pub(super) async fn demo(
    State(flow): State<Arc<SignIn>>,
    visitor: Visitor,
    Filled(part, _): Filled<DemoSignIn>,
) -> Result<Response, PageError> {
    if !visitor.client.is_some_and(|client| client.0.is_loopback()) {
        let detail = "Demo accounts can only be used on the computer that runs the server.";
        return Err(Problem::new(ProblemKind::Forbidden, "NOT_THIS_MACHINE", detail).into());
    }
    let unknown = || {
        let detail =
            "Unknown demo account. Choose the contributor, maintainer, moderator or admin.";
        Problem::new(ProblemKind::Invalid, "NO_SUCH_PART", detail)
    };
    let person = flow.demo.iter().find(|person| person.part == part.part);
    let account = person.ok_or_else(unknown)?.account.clone();
    let path = return_path(part.path.as_deref());
    Ok(flow.welcome(ProvenAccount::Github(account), &visitor, path).await?)
}

/// `POST /sign-out`.
pub(super) async fn sign_out(
    State(flow): State<Arc<SignIn>>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    if let Some(token) = access::token(flow.cookies, &headers) {
        actions::sign_out(&flow.context, token).await?;
    }
    let cookie = access::take_back(flow.cookies);
    Ok((set(cookie), redirect("/", "You are signed out")).into_response())
}
