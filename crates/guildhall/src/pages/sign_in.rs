//! Signing in and out. What fails on the way is told on a page and leaves nothing behind.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Router,
    extract::{FromRequestParts, State},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use identity::{
    access::{self, MaybePerson},
    actions,
    gateway::{ATTEMPT_LASTS, Attempt, GatewayError, Github, GithubSignIn},
    model::{Device, GithubAccount},
    rules::{address_prefix, device, return_path},
};
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    Context,
    crypto::KeyRing,
    outbox::{EMAIL, Post},
    web::{self, Client, Cookies, WebError},
};
use serde::Deserialize;

use super::{
    PageError,
    extract::{Asked, Filled},
    format,
    layout::{PageResult, Section, show},
    sign_in_link,
};
use crate::doors;

/// The cookie of a sign-in under way.
const ATTEMPT: &str = "sign-in";

/// Somebody whom the demo lets people be.
#[derive(Clone, Debug)]
pub struct DemoPerson {
    /// `contributor`, `maintainer`, `moderator` or `admin`.
    pub part: &'static str,
    /// What they may do here.
    pub what: &'static str,
    /// Who they are.
    pub account: GithubAccount,
}

/// What signing in needs.
pub struct Desk {
    pub(super) context: Context,
    ring: KeyRing,
    pub(super) cookies: Cookies,
    public_url: Option<String>,
    github: Option<Github>,
    demo: Arc<[DemoPerson]>,
}

impl Desk {
    /// The desk of a house.
    #[must_use]
    pub fn new(house: &crate::House) -> Self {
        let config = &house.config;
        Self {
            context: house.context.clone(),
            ring: house.ring.clone(),
            cookies: Cookies::new(doors::is_secure(config)),
            public_url: config.public_url.clone(),
            github: Github::of(config),
            demo: Arc::clone(&house.demo),
        }
    }

    pub(super) fn is_demo(&self) -> bool {
        !self.demo.is_empty()
    }

    fn github(&self) -> Result<&Github, Problem> {
        let absent = || {
            let detail = "Sign-in with GitHub is not set up here. Whoever runs this house sets GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET.";
            Problem::new(ProblemKind::NotFound, "SIGN_IN_NOT_SET_UP", detail)
        };
        self.github.as_ref().ok_or_else(absent)
    }

    /// Where GitHub sends people back to: GitHub itself refuses a host that the app does not name.
    fn callback(&self, headers: &HeaderMap) -> String {
        let host = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok());
        let site = match (&self.public_url, host) {
            (Some(url), _) => url.clone(),
            (None, host) => format!("http://{}", host.unwrap_or("localhost")),
        };
        format!("{site}/sign-in/github/callback")
    }

    /// The sign-in that a cookie of this house says is under way.
    fn opened(&self, sealed: &str, state: &str, now: Timestamp) -> Option<Attempt> {
        self.ring.find(|keys| {
            let mut keys = keys.all().iter();
            keys.find_map(|key| Attempt::open(key, sealed, state, now))
        })
    }

    /// Begins a session and goes on to a path of this house.
    async fn welcome(
        &self,
        account: GithubAccount,
        visitor: &Visitor,
        path: &str,
    ) -> Result<Response, WebError> {
        let former = access::token(self.cookies, &visitor.headers);
        let device = visitor.device();
        let welcome = actions::sign_in(&self.context, account, &device, former);
        let welcome = welcome.await?;
        let cookie = access::hand_over(self.cookies, &welcome.token);
        Ok((set(cookie), Redirect::to(path)).into_response())
    }
}

/// Routes of signing in and out; the demo's only where there is a demo.
pub(super) fn routes<S: Clone + Send + Sync + 'static>(desk: Arc<Desk>) -> Router<S> {
    let mut routes = Router::new()
        .route("/sign-in", get(page))
        .route("/sign-in/github", get(begin))
        .route("/sign-in/github/callback", get(callback))
        .route("/sign-out", post(sign_out))
        .merge(sign_in_link::routes());
    if desk.is_demo() {
        routes = routes.route("/sign-in/demo", post(demo));
    }
    routes.with_state(desk)
}

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
struct Return {
    #[serde(rename = "return")]
    path: Option<String>,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    section: Section,
    login: Option<String>,
    /// The path to go to afterwards, encoded.
    back: String,
    path: String,
    has_github: bool,
    /// Why nobody can sign in with GitHub just now.
    paused: Option<String>,
    /// Whether links can be mailed.
    can_send: bool,
    demo: Arc<[DemoPerson]>,
}

/// `GET /sign-in`.
async fn page(
    State(desk): State<Arc<Desk>>,
    Extension(post): Extension<Post>,
    MaybePerson(viewer): MaybePerson,
    headers: HeaderMap,
    Asked(asked): Asked<Return>,
) -> PageResult {
    let came_from = web::came_from(&headers, desk.public_url.as_deref());
    let path = return_path(asked.path.as_deref().or(came_from));
    let permit = desk.context.flags.permit::<GithubSignIn>();
    let paused = desk.github.as_ref().and(permit.err());
    show(&SignInPage {
        section: Section::Elsewhere,
        login: viewer.map(|viewer| viewer.login),
        back: format::segment(path),
        path: path.to_owned(),
        has_github: desk.github.is_some(),
        paused: paused.map(|problem| problem.detail),
        can_send: post.channels.has(EMAIL),
        demo: Arc::clone(&desk.demo),
    })
}

/// `GET /sign-in/github`: sends the person to GitHub.
async fn begin(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Asked(asked): Asked<Return>,
) -> Result<Response, PageError> {
    let github = desk.github()?;
    desk.context.flags.permit::<GithubSignIn>()?;
    let path = return_path(asked.path.as_deref());
    let attempt =
        Attempt::new(path, desk.callback(&headers), desk.context.now()).map_err(failed)?;
    let (state, challenge) = (attempt.state(), attempt.challenge());
    let to = github
        .authorize_url(&attempt.callback, state, &challenge)
        .ok_or_else(misconfigured)?;
    let sealed = attempt.seal(desk.ring.keys().newest()).map_err(failed)?;
    let age = ATTEMPT_LASTS.to_std().unwrap_or_default();
    let cookie = desk.cookies.set(ATTEMPT, &sealed, age);
    Ok((set(cookie), Redirect::to(&to)).into_response())
}

/// What GitHub sends the person back with.
#[derive(Debug, Default, Deserialize)]
struct Answer {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
    error: Option<String>,
}

/// `GET /sign-in/github/callback`: whatever comes of it, this attempt is over.
async fn callback(
    State(desk): State<Arc<Desk>>,
    visitor: Visitor,
    Asked(answer): Asked<Answer>,
) -> Response {
    let came = come_back(&desk, &visitor, &answer).await;
    let mut response = came.map_err(PageError::from).into_response();
    let clear = desk.cookies.clear(ATTEMPT);
    response.headers_mut().append(header::SET_COOKIE, clear);
    response
}

async fn come_back(desk: &Desk, visitor: &Visitor, answer: &Answer) -> Result<Response, WebError> {
    let github = desk.github()?;
    let (sealed, now) = (
        desk.cookies.read(&visitor.headers, ATTEMPT),
        desk.context.now(),
    );
    let attempt = sealed.and_then(|sealed| desk.opened(sealed, &answer.state, now));
    let attempt = attempt.ok_or_else(not_begun_here)?;
    if answer.error.is_some() {
        return Err(declined().into());
    }
    let permit = desk.context.flags.permit()?;
    let account = github.account(
        permit,
        &answer.code,
        &attempt.verifier,
        &attempt.callback,
        now,
    );
    let account = account.await.map_err(|error| match error {
        GatewayError::Refused(problem) => problem,
        GatewayError::App(error) => {
            tracing::error!(error, "nobody can sign in: GitHub refuses this house's app");
            misconfigured()
        }
    })?;
    desk.welcome(account, visitor, &attempt.return_to).await
}

/// Whom to be.
#[derive(Debug, Deserialize)]
struct Part {
    #[serde(rename = "as")]
    part: String,
    #[serde(rename = "return")]
    path: Option<String>,
}

/// `POST /sign-in/demo`: being one of the demo's people, on this machine only.
async fn demo(
    State(desk): State<Arc<Desk>>,
    visitor: Visitor,
    Filled(part): Filled<Part>,
) -> Result<Response, PageError> {
    if !visitor.client.is_some_and(|client| client.0.is_loopback()) {
        let detail = "The demo's people are for whoever sits at this machine.";
        return Err(Problem::new(ProblemKind::Forbidden, "NOT_THIS_MACHINE", detail).into());
    }
    let unknown = || {
        let detail = "The demo has a contributor, a maintainer, a moderator and an admin. Choose one of them.";
        Problem::new(ProblemKind::Invalid, "NO_SUCH_PART", detail)
    };
    let person = desk.demo.iter().find(|person| person.part == part.part);
    let account = person.ok_or_else(unknown)?.account.clone();
    let path = return_path(part.path.as_deref());
    Ok(desk.welcome(account, &visitor, path).await?)
}

/// `POST /sign-out`.
async fn sign_out(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    if let Some(token) = access::token(desk.cookies, &headers) {
        actions::sign_out(&desk.context, token).await?;
    }
    let cookie = access::take_back(desk.cookies);
    Ok((set(cookie), Redirect::to("/")).into_response())
}

/// From where a person comes.
pub(super) struct Visitor {
    pub(super) headers: HeaderMap,
    client: Option<Client>,
}

impl Visitor {
    pub(super) fn device(&self) -> Device {
        let name = self.headers.get(header::USER_AGENT);
        Device {
            user_agent: name.and_then(|name| name.to_str().ok()).map(device),
            address_prefix: self.client.map(|client| address_prefix(client.0)),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self {
            headers: parts.headers.clone(),
            client: parts.extensions.get::<Client>().copied(),
        })
    }
}

pub(super) fn set(cookie: HeaderValue) -> AppendHeaders<[(header::HeaderName, HeaderValue); 1]> {
    AppendHeaders([(header::SET_COOKIE, cookie)])
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> WebError {
    WebError::Failed(Box::new(error))
}

fn not_begun_here() -> Problem {
    let detail = "This sign-in was not begun in this browser, or more than ten minutes ago, so that nobody was signed in. Begin again at /sign-in.";
    Problem::new(ProblemKind::Malformed, "SIGN_IN_NOT_BEGUN_HERE", detail)
}

fn declined() -> Problem {
    let detail = "You did not let GitHub say who you are, so that nobody was signed in. Everything public is open to you all the same.";
    Problem::new(ProblemKind::Forbidden, "SIGN_IN_DECLINED", detail)
}

fn misconfigured() -> Problem {
    let detail = "GitHub does not know this house's app, so that nobody can sign in. Tell whoever runs this house; the log says more.";
    Problem::new(ProblemKind::Internal, "SIGN_IN_MISCONFIGURED", detail)
}
