//! Signing in where somebody else says who one is: at GitHub, or at the OpenID Connect issuer.

use std::sync::Arc;
use ui::{Asked, PageError};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};
use identity::{
    gateway::{ATTEMPT_LASTS, Attempt, GatewayError, GithubSignIn, OpenIdSignIn, Provider},
    model::{Credential, Shown, Viewer},
    rules::return_path,
};
use kernel::{Problem, ProblemKind};
use platform::web::WebError;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    identities,
    sign_in::{Return, SignIn, Visitor, set},
};

/// The cookie of a sign-in under way.
const ATTEMPT: &str = "sign-in";

/// Routes there and back.
pub(super) fn routes() -> Router<Arc<SignIn>> {
    let mut routes = Router::new();
    for way in Provider::ALL {
        let begun = move |flow, headers, asked| begin(way, flow, headers, asked);
        let came = move |flow, visitor, answer| callback(way, flow, visitor, answer);
        routes = routes
            .route(&format!("/sign-in/{way}"), get(begun))
            .route(&format!("/sign-in/{way}/callback"), get(came));
    }
    routes
}

/// `GET /sign-in/{way}`: sends the person there.
async fn begin(
    way: Provider,
    State(flow): State<Arc<SignIn>>,
    headers: HeaderMap,
    Asked(asked): Asked<Return>,
) -> Result<Response, PageError> {
    let (path, callback) = (
        return_path(asked.path.as_deref()),
        flow.callback(way, &headers),
    );
    let attempt = Attempt::new(way, path, callback, flow.context.now()).map_err(failed)?;
    Ok(send(&flow, &attempt).await?)
}

/// Sends a person there who is signed in already and adds a way in.
pub(super) async fn begin_linking(
    flow: &SignIn,
    way: Provider,
    headers: &HeaderMap,
    session: Uuid,
) -> Result<Response, WebError> {
    let callback = flow.callback(way, headers);
    let attempt = Attempt::new(way, identities::PATH, callback, flow.context.now());
    send(flow, &attempt.map_err(failed)?.to_link(session)).await
}

/// Sends a person where an attempt leads.
async fn send(flow: &SignIn, attempt: &Attempt) -> Result<Response, WebError> {
    let (flags, now) = (&flow.context.flags, flow.context.now());
    let to = match attempt.way {
        Provider::Github => {
            let github = flow.github()?;
            flags.permit::<GithubSignIn>()?;
            let (state, challenge) = (attempt.state(), attempt.challenge());
            let to = github.authorize_url(&attempt.callback, state, &challenge);
            to.ok_or_else(|| misconfigured("GitHub"))?
        }
        Provider::OpenId => {
            let openid = flow.openid()?;
            let to = openid.authorize_url(flags.permit::<OpenIdSignIn>()?, attempt, now);
            to.await.map_err(|error| told(flow, attempt.way, error))?
        }
    };
    let sealed = attempt.seal(flow.ring.keys().newest()).map_err(failed)?;
    let age = ATTEMPT_LASTS.to_std().unwrap_or_default();
    let cookie = flow.cookies.set(ATTEMPT, &sealed, age);
    Ok((set(cookie), Redirect::to(&to)).into_response())
}

/// What the person is sent back with.
#[derive(Debug, Default, Deserialize)]
struct Answer {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
    error: Option<String>,
    /// Who sends them (RFC 9207).
    iss: Option<String>,
}

/// `GET /sign-in/{way}/callback`: whatever comes of it, this attempt is over.
async fn callback(
    way: Provider,
    State(flow): State<Arc<SignIn>>,
    visitor: Visitor,
    Asked(answer): Asked<Answer>,
) -> Response {
    let came = come_back(way, &flow, &visitor, &answer).await;
    let mut response = came.map_err(PageError::from).into_response();
    let clear = flow.cookies.clear(ATTEMPT);
    response.headers_mut().append(header::SET_COOKIE, clear);
    response
}

async fn come_back(
    way: Provider,
    flow: &SignIn,
    visitor: &Visitor,
    answer: &Answer,
) -> Result<Response, WebError> {
    match way {
        Provider::Github => drop(flow.github()?),
        Provider::OpenId => drop(flow.openid()?),
    }
    let sealed = flow.cookies.read(&visitor.headers, ATTEMPT);
    let attempt = sealed.and_then(|sealed| opened(flow, sealed, &answer.state));
    let attempt = attempt.filter(|attempt| attempt.way == way);
    let attempt = attempt.ok_or_else(not_begun_here)?;
    if answer.error.is_some() {
        return Err(declined(flow.name_of(way)).into());
    }
    if let Some(session) = attempt.linking {
        // Whoever signed in as somebody else meanwhile adds nothing to them.
        let is_there = |viewer: &&Viewer| viewer.by == Credential::Session(session);
        let viewer = visitor.viewer.as_ref().filter(is_there);
        viewer.ok_or_else(not_begun_here)?;
        let shown = shown(flow, &attempt, answer).await?;
        return identities::shown(flow, shown, session);
    }
    let shown = shown(flow, &attempt, answer).await?;
    flow.welcome(shown, visitor, &attempt.return_to).await
}

/// The sign-in that a cookie of this server says is under way.
fn opened(flow: &SignIn, sealed: &str, state: &str) -> Option<Attempt> {
    let now = flow.context.now();
    flow.ring.find(|keys| {
        let mut keys = keys.all().iter();
        keys.find_map(|key| Attempt::open(key, sealed, state, now))
    })
}

/// Who came back.
async fn shown(flow: &SignIn, attempt: &Attempt, answer: &Answer) -> Result<Shown, WebError> {
    let (flags, now) = (&flow.context.flags, flow.context.now());
    let (code, verifier, callback) = (&answer.code, &attempt.verifier, &attempt.callback);
    let shown = match attempt.way {
        Provider::Github => {
            let (github, permit) = (flow.github()?, flags.permit()?);
            let account = github.account(permit, code, verifier, callback, now);
            account.await.map(Shown::Github)
        }
        Provider::OpenId => {
            let (openid, permit) = (flow.openid()?, flags.permit()?);
            if answer
                .iss
                .as_ref()
                .is_some_and(|iss| iss != openid.issuer())
            {
                return Err(not_begun_here().into());
            }
            let account = openid.account(permit, code, attempt, now);
            account.await.map(Shown::OpenId)
        }
    };
    Ok(shown.map_err(|error| told(flow, attempt.way, error))?)
}

fn told(flow: &SignIn, way: Provider, error: GatewayError) -> Problem {
    match error {
        GatewayError::Refused(problem) => problem,
        GatewayError::App(error) => {
            tracing::error!(error, "nobody can sign in by one of the ways");
            misconfigured(flow.name_of(way))
        }
    }
}

pub(super) fn failed(error: impl std::error::Error + Send + Sync + 'static) -> WebError {
    WebError::Failed(Box::new(error))
}

fn not_begun_here() -> Problem {
    let detail = "This sign-in was not begun in this browser, or more than ten minutes ago, so that nobody was signed in. Begin again at /sign-in.";
    Problem::new(ProblemKind::Malformed, "SIGN_IN_NOT_BEGUN_HERE", detail)
}

fn declined(name: &str) -> Problem {
    let detail = format!(
        "You did not let {name} say who you are, so that nobody was signed in. Everything public is open to you all the same."
    );
    Problem::new(ProblemKind::Forbidden, "SIGN_IN_DECLINED", detail)
}

fn misconfigured(name: &str) -> Problem {
    let detail = format!(
        "{name} and this server do not agree, so that nobody can sign in by it. Tell the administrator; the log says more."
    );
    Problem::new(ProblemKind::Internal, "SIGN_IN_MISCONFIGURED", detail)
}
