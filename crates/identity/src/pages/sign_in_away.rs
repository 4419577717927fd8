//! Signing in with a provider: GitHub, or the OpenID Connect issuer.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};
use kernel::{Problem, ProblemKind};
use platform::web::WebError;
use serde::Deserialize;
use ui::{PageError, QueryString, redirect};
use uuid::Uuid;

use super::{
    flow::{Return, SignIn, Visitor, failed, set},
    link_claim,
};
use crate::{
    actions,
    gateway::{
        ATTEMPT_LASTS, GatewayError, GithubSignIn, Grant, OpenIdSignIn, Provider, SignInAttempt,
    },
    model::{Credential, HOOK_SCOPE, ProvenAccount, Viewer},
    rules::return_path,
};

/// The cookie of a sign-in in progress.
const ATTEMPT: &str = "sign-in";

/// Routes to each provider and its callback.
pub(super) fn routes() -> Router<Arc<SignIn>> {
    let mut routes = Router::new();
    for provider in Provider::ALL {
        let leave = move |flow, headers, asked| begin(provider, flow, headers, asked);
        let come = move |flow, visitor, answer| callback(provider, flow, visitor, answer);
        routes = routes
            .route(&format!("/sign-in/{provider}"), get(leave))
            .route(&format!("/sign-in/{provider}/callback"), get(come));
    }
    routes
}

/// `GET /sign-in/{provider}`: redirects to the provider.
async fn begin(
    provider: Provider,
    State(flow): State<Arc<SignIn>>,
    headers: HeaderMap,
    QueryString(asked): QueryString<Return>,
) -> Result<Response, PageError> {
    let path = return_path(asked.path.as_deref());
    let callback = flow.callback(provider, &headers);
    let attempt =
        SignInAttempt::new(provider, path, callback, flow.context.now()).map_err(failed)?;
    Ok(send(&flow, &attempt).await?)
}

/// Redirects a signed-in person to a provider, to link an account.
pub(super) async fn begin_linking(
    flow: &SignIn,
    provider: Provider,
    headers: &HeaderMap,
    session: Uuid,
) -> Result<Response, WebError> {
    let callback = flow.callback(provider, headers);
    let attempt = SignInAttempt::new(provider, link_claim::LIST, callback, flow.context.now());
    send(flow, &attempt.map_err(failed)?.to_link(session)).await
}

/// The URL at a provider, and the cookie of the attempt.
pub(super) struct ProviderRedirect {
    pub(super) to: String,
    pub(super) cookie: HeaderValue,
}

/// Begins to connect GitHub of a signed-in person for repositories, to return to `path`.
pub(super) async fn begin_connecting(
    flow: &SignIn,
    headers: &HeaderMap,
    session: Uuid,
    path: &str,
) -> Result<ProviderRedirect, WebError> {
    let callback = flow.callback(Provider::Github, headers);
    let attempt = SignInAttempt::new(Provider::Github, path, callback, flow.context.now());
    away(flow, &attempt.map_err(failed)?.to_connect(session)).await
}

/// Redirects to the provider of an attempt.
async fn send(flow: &SignIn, attempt: &SignInAttempt) -> Result<Response, WebError> {
    let ProviderRedirect { to, cookie } = away(flow, attempt).await?;
    Ok((set(cookie), Redirect::to(&to)).into_response())
}

/// Returns the URL at the provider of an attempt, and the cookie of the attempt.
async fn away(flow: &SignIn, attempt: &SignInAttempt) -> Result<ProviderRedirect, WebError> {
    let (flags, now) = (&flow.context.flags, flow.context.now());
    let to = match attempt.provider {
        Provider::Github => {
            let github = flow.github()?;
            flags.permit::<GithubSignIn>()?;
            let (state, challenge) = (attempt.state(), attempt.challenge());
            let scope = if attempt.is_connection { HOOK_SCOPE } else { "" };
            let to = github.authorize_url(&attempt.callback, state, &challenge, scope);
            to.ok_or_else(|| misconfigured("GitHub"))?
        }
        Provider::OpenId => {
            let openid = flow.openid()?;
            let to = openid.authorize_url(flags.permit::<OpenIdSignIn>()?, attempt, now);
            to.await.map_err(|error| problem_of(flow, attempt.provider, error))?
        }
    };
    let sealed = attempt.seal(flow.ring.keys().newest()).map_err(failed)?;
    let age = ATTEMPT_LASTS.to_std().unwrap_or_default();
    let cookie = flow.cookies.set(ATTEMPT, &sealed, age);
    Ok(ProviderRedirect { to, cookie })
}

/// The parameters that a provider adds to the callback URL.
#[derive(Debug, Default, Deserialize)]
struct Answer {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
    error: Option<String>,
    /// The issuer that responds (RFC 9207).
    iss: Option<String>,
}

/// `GET /sign-in/{provider}/callback`: ends this attempt, whatever the result.
async fn callback(
    provider: Provider,
    State(flow): State<Arc<SignIn>>,
    visitor: Visitor,
    QueryString(answer): QueryString<Answer>,
) -> Response {
    let came = come_back(provider, &flow, &visitor, &answer).await;
    let mut response = came.map_err(PageError::from).into_response();
    let clear = flow.cookies.clear(ATTEMPT);
    response.headers_mut().append(header::SET_COOKIE, clear);
    response
}

async fn come_back(
    provider: Provider,
    flow: &SignIn,
    visitor: &Visitor,
    answer: &Answer,
) -> Result<Response, WebError> {
    match provider {
        Provider::Github => drop(flow.github()?),
        Provider::OpenId => drop(flow.openid()?),
    }
    let sealed = flow.cookies.read(&visitor.headers, ATTEMPT);
    let attempt = sealed.and_then(|sealed| opened(flow, sealed, &answer.state));
    let attempt = attempt.filter(|attempt| attempt.provider == provider);
    let attempt = attempt.ok_or_else(not_begun_here)?;
    if answer.error.is_some() && attempt.is_connection {
        return Ok(redirect(
            &attempt.return_to,
            "You did not allow this on GitHub, so it is not connected",
        ));
    }
    if answer.error.is_some() {
        return Err(declined(flow.name_of(provider)).into());
    }
    if let Some(session) = attempt.linking {
        // If the browser has since signed in as another person, nothing is linked.
        let is_there = |viewer: &&Viewer| viewer.by == Credential::Session(session);
        let viewer = visitor.viewer.as_ref().filter(is_there);
        let viewer = viewer.ok_or_else(not_begun_here)?;
        if attempt.is_connection {
            let grant = grant(flow, &attempt, answer).await?;
            let (account, token) = (&grant.account, &grant.token);
            actions::connect_github(&flow.context, viewer, account, token, &grant.scopes).await?;
            return Ok(redirect(&attempt.return_to, "GitHub is connected"));
        }
        let shown = shown(flow, &attempt, answer).await?;
        return link_claim::ask(flow, shown, session);
    }
    if attempt.provider == Provider::Github {
        let Grant { account, profile, .. } = grant(flow, &attempt, answer).await?;
        let id = account.github_id;
        let proven = ProvenAccount::Github(account);
        let welcome = flow.welcome(proven, visitor, &attempt.return_to).await?;
        actions::seed_profile(&flow.context, id, &profile).await?;
        return Ok(welcome);
    }
    let shown = shown(flow, &attempt, answer).await?;
    flow.welcome(shown, visitor, &attempt.return_to).await
}

/// Decrypts the attempt in a cookie.
fn opened(flow: &SignIn, sealed: &str, state: &str) -> Option<SignInAttempt> {
    let now = flow.context.now();
    flow.ring.find(|keys| {
        let mut keys = keys.all().iter();
        keys.find_map(|key| SignInAttempt::open(key, sealed, state, now))
    })
}

/// Requests the account from the provider.
async fn shown(
    flow: &SignIn,
    attempt: &SignInAttempt,
    answer: &Answer,
) -> Result<ProvenAccount, WebError> {
    let (flags, now) = (&flow.context.flags, flow.context.now());
    let shown = match attempt.provider {
        Provider::Github => Ok(ProvenAccount::Github(grant(flow, attempt, answer).await?.account)),
        Provider::OpenId => {
            let (openid, permit) = (flow.openid()?, flags.permit()?);
            if answer.iss.as_ref().is_some_and(|iss| iss != openid.issuer()) {
                return Err(not_begun_here().into());
            }
            let account = openid.account(permit, &answer.code, attempt, now);
            account.await.map(ProvenAccount::OpenId)
        }
    };
    Ok(shown.map_err(|error| problem_of(flow, attempt.provider, error))?)
}

/// Exchanges GitHub's code for the account and its token.
async fn grant(flow: &SignIn, attempt: &SignInAttempt, answer: &Answer) -> Result<Grant, WebError> {
    let (github, permit) = (flow.github()?, flow.context.flags.permit()?);
    let (code, verifier, callback) = (&answer.code, &attempt.verifier, &attempt.callback);
    let grant = github.grant(permit, code, verifier, callback, flow.context.now());
    let grant = grant.await;
    Ok(grant.map_err(|error| problem_of(flow, attempt.provider, error))?)
}

fn problem_of(flow: &SignIn, provider: Provider, error: GatewayError) -> Problem {
    match error {
        GatewayError::Refused(problem) => problem,
        GatewayError::App(error) => {
            tracing::error!(error, "sign-in with a provider failed");
            misconfigured(flow.name_of(provider))
        }
    }
}

fn not_begun_here() -> Problem {
    let detail = "This sign-in was started in another browser or more than ten minutes ago. Start again at /sign-in.";
    Problem::new(ProblemKind::Malformed, "SIGN_IN_NOT_BEGUN_HERE", detail)
}

fn declined(name: &str) -> Problem {
    let detail = format!(
        "You did not allow {name} to share your account. You can still view public pages, or start again at /sign-in."
    );
    Problem::new(ProblemKind::Forbidden, "SIGN_IN_DECLINED", detail)
}

fn misconfigured(name: &str) -> Problem {
    let detail = format!(
        "Sign-in with {name} is not set up correctly. Ask an admin to check the server's log."
    );
    Problem::new(ProblemKind::Internal, "SIGN_IN_MISCONFIGURED", detail)
}
