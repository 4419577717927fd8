//! Extractors that authorize handlers. The session or the token is looked up once per request, before any
//! handler ([`auth::authenticate`]), with the current role and ban; an extractor only reads the result.

pub mod auth;
mod counts;
pub mod first_run;
mod invitee;
pub mod maintenance;
mod next_work;
mod visitor;

use std::{sync::Arc, time::Duration};

use axum::{
    extract::FromRequestParts,
    http::{Extensions, HeaderMap, HeaderValue, header, request::Parts},
    response::Response,
};
use kernel::{Problem, ProblemKind};
use platform::{
    Context,
    db::DbError,
    web::{Cookies, SIGN_IN_REQUIRED, WebError},
};

use crate::{
    actions::{self, Recognized},
    model::{Factor, Role, Scope, Viewer},
    rules::{self, SESSION_LASTS},
};

pub use invitee::Invitee;
pub use next_work::NextWork;
pub use visitor::Visitor;

const SESSION: &str = "session";

/// Returns the session token in a request's cookie.
#[must_use]
pub fn token(cookies: Cookies, headers: &HeaderMap) -> Option<&str> {
    cookies.read(headers, SESSION)
}

/// Returns a cookie that stores a session's token in the browser.
#[must_use]
pub fn hand_over(cookies: Cookies, token: &str) -> HeaderValue {
    let age = SESSION_LASTS.to_std().unwrap_or(Duration::ZERO);
    cookies.set(SESSION, token, age)
}

/// Adds the cookie of a new session to a response.
#[must_use]
pub fn with_session(cookies: Cookies, token: &str, mut response: Response) -> Response {
    response.headers_mut().append(header::SET_COOKIE, hand_over(cookies, token));
    response
}

/// Returns a cookie that removes the session's token from the browser.
#[must_use]
pub fn take_back(cookies: Cookies) -> HeaderValue {
    cookies.clear(SESSION)
}

/// Looks up the sender of a request by its session. Without a cookie, it runs no query.
pub(crate) async fn recognized(
    context: &Context,
    cookies: Cookies,
    headers: &HeaderMap,
) -> Result<Option<Recognized>, DbError> {
    match token(cookies, headers) {
        Some(token) if !token.is_empty() => actions::recognize(context, token).await,
        _ => Ok(None),
    }
}

/// Returns the token in `Authorization: Bearer`. A token that is not UTF-8 counts as empty.
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    const SCHEME: &[u8] = b"bearer";
    let shown = headers.get(header::AUTHORIZATION)?.as_bytes();
    let (scheme, token) = shown.split_at_checked(SCHEME.len())?;
    let token = str::from_utf8(token).unwrap_or_default().trim();
    scheme.eq_ignore_ascii_case(SCHEME).then_some(token)
}

/// The viewer, if one is signed in. A banned person, or a token without the scope `read`, counts as signed
/// out.
#[derive(Clone, Debug)]
pub struct MaybePerson(pub Option<Viewer>);

/// A person who is signed in and not banned.
#[derive(Clone, Debug)]
pub struct SignedIn(pub Viewer);

/// A person who is signed in, even if they are banned: for their ban and their disputes. While a person is banned, their
/// role counts for nothing ([`Viewer::acts_as`]), and they have access to nothing but what is their own.
#[derive(Clone, Debug)]
pub struct EvenBanned(pub Viewer);

/// A person who is signed in with a browser session, for changes that no token may make.
#[derive(Clone, Debug)]
pub struct InPerson(pub Viewer);

/// A person like [`InPerson`], whose session has proven their second factor if they have one: for what lets a stolen session
/// outlast its end, or takes the account from its owner. This is whatever changes where the person is reached and how they
/// sign in, makes credentials, or gives out or closes the whole account.
#[derive(Clone, Debug)]
pub struct ProvenInPerson(pub Viewer);

/// A moderator, who can view people, roles and bans. Admins are moderators too.
#[derive(Clone, Debug)]
pub struct Moderator(pub Viewer);

/// An admin, who may do everything.
#[derive(Clone, Debug)]
pub struct Admin(pub Viewer);

/// An admin with a browser session, for settings of the server that no token may change.
#[derive(Clone, Debug)]
pub struct AdminInPerson(pub Viewer);

/// An admin who has proven a second factor, even if their role requires none.
#[derive(Clone, Debug)]
pub struct ProvenAdmin(pub Viewer);

impl MaybePerson {
    /// Reads the viewer from the request's extensions.
    #[must_use]
    pub fn of(found: &Extensions) -> Self {
        let may_see = |viewer: &&Viewer| viewer.ban.is_none() && viewer.by.allows(Scope::Read);
        let viewer = found.get::<Viewer>().filter(may_see);
        Self(viewer.cloned())
    }
}

/// Removes the viewer from the request.
pub fn forget(found: &mut Extensions) {
    found.remove::<Viewer>();
}

/// Returns the signed-in person, if they are not banned and their credential has the scope: `read` for safe
/// methods, `write` for all others.
///
/// # Errors
/// When the request has no viewer, they are banned, or their token lacks the scope.
pub fn signed_in(parts: &Parts) -> Result<&Viewer, Problem> {
    acting(&parts.extensions)?;
    even_banned(parts)
}

/// Returns the signed-in person like [`signed_in`], even if they are banned.
///
/// # Errors
/// When the request has no viewer, or their token lacks the scope.
pub fn even_banned(parts: &Parts) -> Result<&Viewer, Problem> {
    let viewer = recognized_viewer(&parts.extensions)?;
    let scope = if parts.method.is_safe() { Scope::Read } else { Scope::Write };
    rules::may(&viewer.by, scope)?;
    Ok(viewer)
}

/// The names in `GUILDHALL_REQUIRE_SECOND_FACTOR`, as a request extension.
#[derive(Clone, Debug)]
struct NeedFactor(Arc<[String]>);

/// Returns the signed-in person like [`signed_in`], if they have proven the second factor that they have or need. They need one
/// if the configuration names their role or `kind`, such as `coach`.
///
/// # Errors
/// When they have not, or the request has no viewer, they are banned, or their token lacks the scope.
pub fn proven<'a>(parts: &'a Parts, kind: &str) -> Result<&'a Viewer, Problem> {
    let viewer = signed_in(parts)?;
    rules::factor_proven(viewer)?;
    let need = parts.extensions.get::<NeedFactor>();
    let needs = need.is_some_and(|need| need.0.iter().any(|name| name == kind));
    match viewer.factor {
        Factor::Proven => Ok(viewer),
        _ if needs => Err(rules::factor_required(viewer)),
        _ => Ok(viewer),
    }
}

fn recognized_viewer(found: &Extensions) -> Result<&Viewer, Problem> {
    let absent = || {
        let detail = "You must be signed in to do this. Sign in at /sign-in and try again.";
        Problem::new(ProblemKind::Unauthenticated, SIGN_IN_REQUIRED, detail)
    };
    found.get::<Viewer>().ok_or_else(absent)
}

fn acting(found: &Extensions) -> Result<&Viewer, Problem> {
    let viewer = recognized_viewer(found)?;
    match &viewer.ban {
        Some(ban) => Err(rules::banned(ban)),
        None => Ok(viewer),
    }
}

fn with_role(found: &Extensions, least: Role) -> Result<Viewer, Problem> {
    let viewer = acting(found)?;
    if viewer.granted >= least {
        rules::may(&viewer.by, Scope::Admin)?;
        rules::factor_proven(viewer)?;
        return Ok(viewer.clone());
    }
    let whom = match least {
        Role::Admin => "admins",
        _ => "moderators and admins",
    };
    let detail = format!("Only {whom} can do this. Ask an admin of this server.");
    Err(Problem::new(ProblemKind::Forbidden, "ROLE_REQUIRED", detail))
}

impl<S: Send + Sync> FromRequestParts<S> for MaybePerson {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        Ok(Self::of(&parts.extensions))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        Ok(Self(signed_in(parts)?.clone()))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for EvenBanned {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        Ok(Self(even_banned(parts)?.clone()))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for InPerson {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        let viewer = acting(&parts.extensions)?;
        rules::in_person(viewer)?;
        Ok(Self(viewer.clone()))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ProvenInPerson {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        let InPerson(viewer) = InPerson::from_request_parts(parts, state).await?;
        rules::factor_not_due(&viewer)?;
        Ok(Self(viewer))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Moderator {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        Ok(Self(with_role(&parts.extensions, Role::Moderator)?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Admin {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        Ok(Self(with_role(&parts.extensions, Role::Admin)?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for AdminInPerson {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        let viewer = with_role(&parts.extensions, Role::Admin)?;
        rules::in_person(&viewer)?;
        Ok(Self(viewer))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ProvenAdmin {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        let viewer = with_role(&parts.extensions, Role::Admin)?;
        match viewer.factor {
            Factor::Proven => Ok(Self(viewer)),
            _ => Err(rules::factor_required(&viewer).into()),
        }
    }
}
