//! Doors: what a handler asks for to be sure who is looking. A session or a token is looked up once a request,
//! before any handler ([`recognized`]), with the role and the ban of that moment; a door only reads
//! what was found, so that no handler can forget to ask.

use std::time::Duration;

use axum::{
    extract::FromRequestParts,
    http::{Extensions, HeaderMap, HeaderValue, header, request::Parts},
};
use kernel::{Problem, ProblemKind};
use platform::{
    Context,
    db::DbError,
    web::{Cookies, WebError},
};

use crate::{
    actions::{self, Recognized, SESSION_LASTS},
    model::{Role, Scope, Viewer},
    rules,
};

const SESSION: &str = "session";

/// The code of the refusal of somebody who is not signed in: a page sends them to sign in instead.
pub const SIGN_IN_REQUIRED: &str = "SIGN_IN_REQUIRED";

/// The token of the session that a request carries.
#[must_use]
pub fn token(cookies: Cookies, headers: &HeaderMap) -> Option<&str> {
    cookies.read(headers, SESSION)
}

/// Hands a session's token to the browser.
#[must_use]
pub fn hand_over(cookies: Cookies, token: &str) -> HeaderValue {
    let age = SESSION_LASTS.to_std().unwrap_or(Duration::ZERO);
    cookies.set(SESSION, token, age)
}

/// Takes the token from the browser.
#[must_use]
pub fn take_back(cookies: Cookies) -> HeaderValue {
    cookies.clear(SESSION)
}

/// Who a request comes from, by its session. Without a cookie the database is not asked.
pub async fn recognized(
    context: &Context,
    cookies: Cookies,
    headers: &HeaderMap,
) -> Result<Option<Recognized>, DbError> {
    match token(cookies, headers) {
        Some(token) if !token.is_empty() => actions::recognize(context, token).await,
        _ => Ok(None),
    }
}

/// What a request shows as `Authorization: Bearer`; what cannot be read is a token that is none.
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    const SCHEME: &[u8] = b"bearer";
    let shown = headers.get(header::AUTHORIZATION)?.as_bytes();
    let (scheme, token) = shown.split_at_checked(SCHEME.len())?;
    let token = str::from_utf8(token).unwrap_or_default().trim();
    scheme.eq_ignore_ascii_case(SCHEME).then_some(token)
}

/// Who is looking, if anybody is signed in. Somebody banned, or by a token that may not read, is nobody:
/// they see what all see.
#[derive(Clone, Debug)]
pub struct MaybePerson(pub Option<Viewer>);

/// A person who is signed in and not banned.
#[derive(Clone, Debug)]
pub struct SignedIn(pub Viewer);

/// A person who is signed in by a browser's session, for what no token may do.
#[derive(Clone, Debug)]
pub struct InPerson(pub Viewer);

/// Somebody who looks after reports, disputes and people; an admin is one as well.
#[derive(Clone, Debug)]
pub struct Moderator(pub Viewer);

/// Somebody who may do everything.
#[derive(Clone, Debug)]
pub struct Admin(pub Viewer);

impl MaybePerson {
    /// Who was found to be looking.
    #[must_use]
    pub fn of(found: &Extensions) -> Self {
        let may_see = |viewer: &&Viewer| viewer.ban.is_none() && viewer.by.allows(Scope::Read);
        let viewer = found.get::<Viewer>().filter(may_see);
        Self(viewer.cloned())
    }
}

/// Takes from a request who was found to send it.
pub fn forget(found: &mut Extensions) {
    found.remove::<Viewer>();
}

/// The person who is signed in, when they may act, and what they came by lets them do what this request
/// asks: to see something or to change it.
///
/// # Errors
/// A sentence when nobody is signed in, they are banned, or their token lacks the scope.
pub fn signed_in(parts: &Parts) -> Result<&Viewer, Problem> {
    let viewer = acting(&parts.extensions)?;
    let scope = match parts.method.is_safe() {
        true => Scope::Read,
        false => Scope::Write,
    };
    rules::may(&viewer.by, scope)?;
    Ok(viewer)
}

fn acting(found: &Extensions) -> Result<&Viewer, Problem> {
    let Some(viewer) = found.get::<Viewer>() else {
        let detail = "This is open to people who are signed in. Sign in at /sign-in and try again.";
        let kind = ProblemKind::Unauthenticated;
        return Err(Problem::new(kind, SIGN_IN_REQUIRED, detail));
    };
    match &viewer.ban {
        Some(ban) => Err(rules::banned(ban)),
        None => Ok(viewer),
    }
}

fn with_role(found: &Extensions, least: Role) -> Result<Viewer, Problem> {
    let viewer = acting(found)?;
    if viewer.role >= least {
        rules::may(&viewer.by, Scope::Admin)?;
        return Ok(viewer.clone());
    }
    let whom = match least {
        Role::Admin => "admins",
        _ => "moderators and admins",
    };
    let detail = format!("This is open to {whom} of this server. Ask one of them.");
    Err(Problem::new(
        ProblemKind::Forbidden,
        "ROLE_REQUIRED",
        detail,
    ))
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

impl<S: Send + Sync> FromRequestParts<S> for InPerson {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        let viewer = acting(&parts.extensions)?;
        rules::in_person(viewer)?;
        Ok(Self(viewer.clone()))
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
