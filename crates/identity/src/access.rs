//! Doors: what a handler asks for to be sure who is looking. A session is looked up once a request,
//! before any handler ([`recognized`]), with the role and the ban of that moment; a door only reads
//! what was found, so that no handler can forget to ask.

use std::time::Duration;

use axum::{
    extract::FromRequestParts,
    http::{Extensions, HeaderMap, HeaderValue, request::Parts},
};
use kernel::{Problem, ProblemKind};
use platform::{
    Context,
    db::DbError,
    web::{Cookies, WebError},
};

use crate::{
    actions::{self, Recognized, SESSION_LASTS},
    model::{Role, Viewer},
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
///
/// # Errors
/// When the database fails.
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

/// Who is looking, if anybody is signed in. Somebody banned is nobody: they see what all see.
#[derive(Clone, Debug)]
pub struct MaybePerson(pub Option<Viewer>);

/// A person who is signed in and not banned.
#[derive(Clone, Debug)]
pub struct SignedIn(pub Viewer);

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
        let viewer = found.get::<Viewer>().filter(|viewer| viewer.ban.is_none());
        Self(viewer.cloned())
    }
}

/// Takes from a request who was found to send it.
pub fn forget(found: &mut Extensions) {
    found.remove::<Viewer>();
}

/// The person who is signed in, when they may act.
///
/// # Errors
/// A sentence when nobody is signed in, or they are banned.
pub fn signed_in(found: &Extensions) -> Result<&Viewer, Problem> {
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
    let viewer = signed_in(found)?;
    if viewer.role >= least {
        return Ok(viewer.clone());
    }
    let whom = match least {
        Role::Admin => "admins",
        _ => "moderators and admins",
    };
    let detail = format!("This is open to {whom} of this house. Ask one of them.");
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
        Ok(Self(signed_in(&parts.extensions)?.clone()))
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
