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
    db::DbError,
    outbox::{EMAIL, Post},
    web,
};
use serde::Deserialize;
use ui::{Filled, Form, PageError, PageResult, QueryString, Who, format, redirect, show};

use super::flow::{Return, SignIn, Visitor, set};
use crate::{
    access::{self, MaybePerson},
    actions,
    gateway::{GithubSignIn, OpenIdSignIn},
    model::{DemoPerson, ProvenAccount},
    reads,
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
    /// True when links can be emailed.
    can_send: bool,
    /// False on a server that is not set up yet.
    has_admin: bool,
    demo: Vec<DemoFace>,
    form: Form,
}

impl SignInPage {
    /// Returns true if only who is invited gets an account.
    fn is_by_invitation(&self) -> bool {
        let is_open = self.has_github || self.openid.is_some() || !self.demo.is_empty();
        self.can_send && self.has_admin && self.login.is_none() && !is_open
    }

    fn has_no_method(&self) -> bool {
        !self.has_github && self.openid.is_none() && !self.can_send && self.demo.is_empty()
    }
}

/// A person of the demo to sign in as, with their name and face.
struct DemoFace {
    part: &'static str,
    sees: &'static str,
    who: Who,
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
    render(&flow, &post, login, path, Form::default()).await
}

/// Renders the sign-in page with an empty or rejected form.
pub(super) async fn render(
    flow: &SignIn,
    post: &Post,
    login: Option<String>,
    path: &str,
    form: Form,
) -> PageResult {
    let demo = demo_faces(flow).await?;
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
        has_admin: flow.is_demo() || reads::has_admin(&flow.context.db).await?,
        demo,
        form,
    })
}

/// Returns the people of the demo. Who never signed in yet has a drawn face.
async fn demo_faces(flow: &SignIn) -> Result<Vec<DemoFace>, DbError> {
    if !flow.is_demo() {
        return Ok(Vec::new());
    }
    let db = &flow.context.db;
    let accounts = flow.demo.iter().map(|person| person.account.github_id);
    let known = reads::known(db, accounts).await?;
    let faces = reads::who(db, known.values().map(|known| known.user_id)).await?;
    let face = |person: &DemoPerson| {
        let known = known.get(&person.account.github_id);
        let who = known.and_then(|known| faces.get(&known.user_id)).cloned();
        let who = who.unwrap_or_else(|| Who::of(&person.account.login));
        DemoFace { part: person.part, sees: person.sees, who }
    };
    Ok(flow.demo.iter().map(face).collect())
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
        let detail = "Unknown demo account. Choose a person at /sign-in.";
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
