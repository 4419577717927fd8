//! Signing in and out. What fails on the way is told on a page and leaves nothing behind.

use std::sync::Arc;
use ui::{Asked, Filled, PageError, PageResult, format, show};

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
    gateway::{Github, GithubSignIn, OpenId, OpenIdSignIn, Provider},
    model::{DemoPeople, DemoPerson, Device, Shown, SignInMethods, Viewer},
    rules::{address_prefix, device, return_path},
};
use kernel::{Problem, ProblemKind};
use platform::{
    Context,
    crypto::KeyRing,
    module::Services,
    outbox::{EMAIL, Post},
    web::{self, Client, Cookies, WebError},
};
use serde::Deserialize;

use super::{identities, sign_in_away, sign_in_link};

/// What signing in needs.
pub(crate) struct SignIn {
    pub(super) context: Context,
    pub(super) ring: KeyRing,
    pub(super) cookies: Cookies,
    public_url: Option<String>,
    github: Option<Github>,
    openid: Option<OpenId>,
    demo: Arc<[DemoPerson]>,
}

impl SignIn {
    /// The desk of a server.
    #[must_use]
    pub(crate) fn new(services: &Services) -> Self {
        let config = &services.config;
        Self {
            context: services.context.clone(),
            ring: services.ring.clone(),
            cookies: services.cookies(),
            public_url: config.public_url.clone(),
            github: Github::of(config),
            openid: OpenId::of(config),
            demo: services
                .extensions
                .get::<DemoPeople>()
                .cloned()
                .unwrap_or_default()
                .0,
        }
    }

    pub(super) fn cookies(&self) -> Cookies {
        self.cookies
    }

    pub(super) fn is_demo(&self) -> bool {
        !self.demo.is_empty()
    }

    pub(super) fn github(&self) -> Result<&Github, Problem> {
        let absent = || {
            let detail = "Sign-in with GitHub is not set up here. The administrator sets GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET.";
            Problem::new(ProblemKind::NotFound, "SIGN_IN_NOT_SET_UP", detail)
        };
        self.github.as_ref().ok_or_else(absent)
    }

    pub(super) fn openid(&self) -> Result<&OpenId, Problem> {
        let absent = || {
            let detail = "Sign-in with an OpenID Connect issuer is not set up here. The administrator sets GUILDHALL_OPENID_ISSUER, GUILDHALL_OPENID_CLIENT_ID and GUILDHALL_OPENID_CLIENT_SECRET.";
            Problem::new(ProblemKind::NotFound, "SIGN_IN_NOT_SET_UP", detail)
        };
        self.openid.as_ref().ok_or_else(absent)
    }

    /// How identities name a provider that is set up here.
    pub(super) fn provider_of(&self, way: Provider) -> Option<&str> {
        match way {
            Provider::Github => self.github.as_ref().map(|_| way.as_str()),
            Provider::OpenId => self.openid.as_ref().map(OpenId::issuer),
        }
    }

    /// The ways in that are set up here.
    #[must_use]
    pub(crate) fn ways(&self, by_mail: bool) -> SignInMethods {
        let set_up = |way| {
            Some((
                self.provider_of(way)?.to_owned(),
                self.name_of(way).to_owned(),
            ))
        };
        SignInMethods {
            providers: Provider::ALL.into_iter().filter_map(set_up).collect(),
            by_mail,
        }
    }

    /// What people call whoever says who they are.
    pub(super) fn name_of(&self, way: Provider) -> &str {
        match (way, &self.openid) {
            (Provider::OpenId, Some(openid)) => openid.name(),
            (Provider::OpenId, None) => "OpenID Connect",
            (Provider::Github, _) => "GitHub",
        }
    }

    /// Where people are sent back to: who sends them refuses a host that the app does not name.
    pub(super) fn callback(&self, way: Provider, headers: &HeaderMap) -> String {
        let host = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok());
        let site = match (&self.public_url, host) {
            (Some(url), _) => url.clone(),
            (None, host) => format!("http://{}", host.unwrap_or("localhost")),
        };
        format!("{site}/sign-in/{way}/callback")
    }

    /// Begins a session and goes on to a path of this server.
    pub(super) async fn welcome(
        &self,
        shown: Shown,
        visitor: &Visitor,
        path: &str,
    ) -> Result<Response, WebError> {
        let former = access::token(self.cookies, &visitor.headers);
        let (context, device) = (&self.context, visitor.device());
        let welcome = match shown {
            Shown::Github(account) => actions::sign_in(context, account, &device, former).await,
            Shown::OpenId(account) => {
                actions::sign_in_openid(context, &account, &device, former).await
            }
        };
        let cookie = access::hand_over(self.cookies, &welcome?.token);
        Ok((set(cookie), Redirect::to(path)).into_response())
    }
}

/// Routes of signing in and out; the demo's only where there is a demo.
pub(super) fn routes<S: Clone + Send + Sync + 'static>(flow: Arc<SignIn>) -> Router<S> {
    let mut routes = Router::new()
        .route("/sign-in", get(page))
        .route("/sign-out", post(sign_out))
        .merge(sign_in_away::routes())
        .merge(identities::routes())
        .merge(sign_in_link::routes());
    if flow.is_demo() {
        routes = routes.route("/sign-in/demo", post(demo));
    }
    routes.with_state(flow)
}

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Return {
    #[serde(rename = "return")]
    pub(super) path: Option<String>,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    login: Option<String>,
    /// The path to go to afterwards, encoded.
    back: String,
    path: String,
    has_github: bool,
    /// Why nobody can sign in with GitHub just now.
    paused: Option<String>,
    /// What people call the OpenID Connect issuer.
    openid: Option<String>,
    /// Why nobody can sign in with it just now.
    openid_paused: Option<String>,
    /// Whether links can be mailed.
    can_send: bool,
    demo: Arc<[DemoPerson]>,
}

/// `GET /sign-in`.
async fn page(
    State(flow): State<Arc<SignIn>>,
    Extension(post): Extension<Post>,
    MaybePerson(viewer): MaybePerson,
    headers: HeaderMap,
    Asked(asked): Asked<Return>,
) -> PageResult {
    let came_from = web::came_from(&headers, flow.public_url.as_deref());
    let path = return_path(asked.path.as_deref().or(came_from));
    let flags = &flow.context.flags;
    let permit = flags.permit::<GithubSignIn>();
    let paused = flow.github.as_ref().and(permit.err());
    let openid_paused = flags.permit::<OpenIdSignIn>().err();
    show(&SignInPage {
        login: viewer.map(|viewer| viewer.login),
        back: format::segment(path),
        path: path.to_owned(),
        has_github: flow.github.is_some(),
        paused: paused.map(|problem| problem.detail),
        openid: flow.openid.as_ref().map(|openid| openid.name().to_owned()),
        openid_paused: openid_paused.map(|problem| problem.detail),
        can_send: post.channels.has(EMAIL),
        demo: Arc::clone(&flow.demo),
    })
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
    State(flow): State<Arc<SignIn>>,
    visitor: Visitor,
    Filled(part, _): Filled<Part>,
) -> Result<Response, PageError> {
    if !visitor.client.is_some_and(|client| client.0.is_loopback()) {
        let detail = "The demo's people are for whoever sits at this machine.";
        return Err(Problem::new(ProblemKind::Forbidden, "NOT_THIS_MACHINE", detail).into());
    }
    let unknown = || {
        let detail = "The demo has a contributor, a maintainer, a moderator and an admin. Choose one of them.";
        Problem::new(ProblemKind::Invalid, "NO_SUCH_PART", detail)
    };
    let person = flow.demo.iter().find(|person| person.part == part.part);
    let account = person.ok_or_else(unknown)?.account.clone();
    let path = return_path(part.path.as_deref());
    Ok(flow.welcome(Shown::Github(account), &visitor, path).await?)
}

/// `POST /sign-out`.
async fn sign_out(
    State(flow): State<Arc<SignIn>>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    if let Some(token) = access::token(flow.cookies, &headers) {
        actions::sign_out(&flow.context, token).await?;
    }
    let cookie = access::take_back(flow.cookies);
    Ok((set(cookie), Redirect::to("/")).into_response())
}

/// From where a person comes.
pub(super) struct Visitor {
    /// Who they are here already.
    pub(super) viewer: Option<Viewer>,
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
            viewer: MaybePerson::of(&parts.extensions).0,
            headers: parts.headers.clone(),
            client: parts.extensions.get::<Client>().copied(),
        })
    }
}

pub(super) fn set(cookie: HeaderValue) -> AppendHeaders<[(header::HeaderName, HeaderValue); 1]> {
    AppendHeaders([(header::SET_COOKIE, cookie)])
}
