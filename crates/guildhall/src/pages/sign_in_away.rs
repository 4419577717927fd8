//! Signing in where somebody else says who one is: at GitHub, or at the OpenID Connect issuer.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};
use identity::{
    gateway::{ATTEMPT_LASTS, Attempt, GatewayError, GithubSignIn, OpenIdSignIn, Way},
    model::{Means, Shown, Viewer},
    rules::return_path,
};
use kernel::{Problem, ProblemKind};
use platform::web::WebError;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    PageError,
    extract::Asked,
    identities,
    sign_in::{Desk, Return, Visitor, set},
};

/// The cookie of a sign-in under way.
const ATTEMPT: &str = "sign-in";

/// Routes there and back.
pub(super) fn routes() -> Router<Arc<Desk>> {
    let mut routes = Router::new();
    for way in Way::ALL {
        let begun = move |desk, headers, asked| begin(way, desk, headers, asked);
        let came = move |desk, visitor, answer| callback(way, desk, visitor, answer);
        routes = routes
            .route(&format!("/sign-in/{way}"), get(begun))
            .route(&format!("/sign-in/{way}/callback"), get(came));
    }
    routes
}

/// `GET /sign-in/{way}`: sends the person there.
async fn begin(
    way: Way,
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Asked(asked): Asked<Return>,
) -> Result<Response, PageError> {
    let (path, callback) = (
        return_path(asked.path.as_deref()),
        desk.callback(way, &headers),
    );
    let attempt = Attempt::new(way, path, callback, desk.context.now()).map_err(failed)?;
    Ok(send(&desk, &attempt).await?)
}

/// Sends a person there who is signed in already and adds a way in.
pub(super) async fn begin_linking(
    desk: &Desk,
    way: Way,
    headers: &HeaderMap,
    session: Uuid,
) -> Result<Response, WebError> {
    let callback = desk.callback(way, headers);
    let attempt = Attempt::new(way, identities::PATH, callback, desk.context.now());
    send(desk, &attempt.map_err(failed)?.to_link(session)).await
}

/// Sends a person where an attempt leads.
async fn send(desk: &Desk, attempt: &Attempt) -> Result<Response, WebError> {
    let (flags, now) = (&desk.context.flags, desk.context.now());
    let to = match attempt.way {
        Way::Github => {
            let github = desk.github()?;
            flags.permit::<GithubSignIn>()?;
            let (state, challenge) = (attempt.state(), attempt.challenge());
            let to = github.authorize_url(&attempt.callback, state, &challenge);
            to.ok_or_else(|| misconfigured("GitHub"))?
        }
        Way::OpenId => {
            let openid = desk.openid()?;
            let to = openid.authorize_url(flags.permit::<OpenIdSignIn>()?, attempt, now);
            to.await.map_err(|error| told(desk, attempt.way, error))?
        }
    };
    let sealed = attempt.seal(desk.ring.keys().newest()).map_err(failed)?;
    let age = ATTEMPT_LASTS.to_std().unwrap_or_default();
    let cookie = desk.cookies.set(ATTEMPT, &sealed, age);
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
    way: Way,
    State(desk): State<Arc<Desk>>,
    visitor: Visitor,
    Asked(answer): Asked<Answer>,
) -> Response {
    let came = come_back(way, &desk, &visitor, &answer).await;
    let mut response = came.map_err(PageError::from).into_response();
    let clear = desk.cookies.clear(ATTEMPT);
    response.headers_mut().append(header::SET_COOKIE, clear);
    response
}

async fn come_back(
    way: Way,
    desk: &Desk,
    visitor: &Visitor,
    answer: &Answer,
) -> Result<Response, WebError> {
    match way {
        Way::Github => drop(desk.github()?),
        Way::OpenId => drop(desk.openid()?),
    }
    let sealed = desk.cookies.read(&visitor.headers, ATTEMPT);
    let attempt = sealed.and_then(|sealed| opened(desk, sealed, &answer.state));
    let attempt = attempt.filter(|attempt| attempt.way == way);
    let attempt = attempt.ok_or_else(not_begun_here)?;
    if answer.error.is_some() {
        return Err(declined(desk.name_of(way)).into());
    }
    if let Some(session) = attempt.linking {
        // Whoever signed in as somebody else meanwhile adds nothing to them.
        let is_there = |viewer: &&Viewer| viewer.by == Means::Session(session);
        let viewer = visitor.viewer.as_ref().filter(is_there);
        viewer.ok_or_else(not_begun_here)?;
        let shown = shown(desk, &attempt, answer).await?;
        return identities::shown(desk, shown, session);
    }
    let shown = shown(desk, &attempt, answer).await?;
    desk.welcome(shown, visitor, &attempt.return_to).await
}

/// The sign-in that a cookie of this house says is under way.
fn opened(desk: &Desk, sealed: &str, state: &str) -> Option<Attempt> {
    let now = desk.context.now();
    desk.ring.find(|keys| {
        let mut keys = keys.all().iter();
        keys.find_map(|key| Attempt::open(key, sealed, state, now))
    })
}

/// Who came back.
async fn shown(desk: &Desk, attempt: &Attempt, answer: &Answer) -> Result<Shown, WebError> {
    let (flags, now) = (&desk.context.flags, desk.context.now());
    let (code, verifier, callback) = (&answer.code, &attempt.verifier, &attempt.callback);
    let shown = match attempt.way {
        Way::Github => {
            let (github, permit) = (desk.github()?, flags.permit()?);
            let account = github.account(permit, code, verifier, callback, now);
            account.await.map(Shown::Github)
        }
        Way::OpenId => {
            let (openid, permit) = (desk.openid()?, flags.permit()?);
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
    Ok(shown.map_err(|error| told(desk, attempt.way, error))?)
}

fn told(desk: &Desk, way: Way, error: GatewayError) -> Problem {
    match error {
        GatewayError::Refused(problem) => problem,
        GatewayError::App(error) => {
            tracing::error!(error, "nobody can sign in by one of the ways");
            misconfigured(desk.name_of(way))
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
        "{name} and this house do not agree, so that nobody can sign in by it. Tell whoever runs this house; the log says more."
    );
    Problem::new(ProblemKind::Internal, "SIGN_IN_MISCONFIGURED", detail)
}
