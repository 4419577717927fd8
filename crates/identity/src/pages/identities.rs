//! A person's linked accounts, and their previous logins.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response},
};
use kernel::Problem;
use platform::web::WebError;
use ui::{
    Address, PageError, PageResult,
    format::{Instant, tame},
    redirect, show,
};
use uuid::Uuid;

use super::{
    flow::SignIn,
    link_claim::{CLAIM, LIST, claimed},
    sign_in_away::begin_linking,
};
use crate::{
    access::{ProvenInPerson, SignedIn},
    actions,
    gateway::{OauthApp, Provider},
    model::{GithubConnection, Identity, ProvenAccount, SeenLogin, SignInMethods, Viewer},
    reads, rules,
};

#[derive(Template)]
#[template(path = "identities.html")]
struct IdentitiesPage {
    rows: Vec<Row>,
    /// The verified address that sign-in links are sent to, if the server sends email.
    email: Option<String>,
    /// Providers that can be linked, with their display names.
    offers: Vec<(Provider, String)>,
    logins: Vec<Login>,
    is_fresh: bool,
    /// True if people can connect GitHub for repositories.
    can_connect: bool,
    connection: Option<Connection>,
    /// True if the person can link an account on GitHub by a text in its bio, because no one can sign in with GitHub.
    can_prove: bool,
}

/// The connection to GitHub for repositories.
struct Connection {
    login: String,
    connected: Instant,
    revoked: Option<Instant>,
}

impl From<GithubConnection> for Connection {
    fn from(connection: GithubConnection) -> Self {
        Self {
            login: tame(&connection.login),
            connected: Instant(connection.connected_at),
            revoked: connection.revoked_at.map(Instant),
        }
    }
}

struct Row {
    id: Uuid,
    name: String,
    label: String,
    linked: Instant,
    used: Option<Instant>,
    is_unlinked: bool,
    is_set_up: bool,
    is_github: bool,
}

struct Login {
    login: String,
    seen: Instant,
}

impl Row {
    fn of(identity: &Identity, methods: &SignInMethods) -> Self {
        Self {
            id: identity.id,
            name: methods.name_of(&identity.provider).to_owned(),
            label: tame(identity.label.as_deref().unwrap_or("–")),
            linked: Instant(identity.created_at),
            used: identity.used_at.map(Instant),
            is_unlinked: identity.unlinked_at.is_some(),
            is_set_up: methods.has(&identity.provider),
            is_github: identity.provider == Provider::Github.as_str(),
        }
    }
}

impl From<SeenLogin> for Login {
    fn from(seen: SeenLogin) -> Self {
        Self { login: seen.login, seen: Instant(seen.created_at) }
    }
}

/// `GET /settings/identities`.
pub(super) async fn list(
    State(flow): State<Arc<SignIn>>,
    Extension(methods): Extension<Arc<SignInMethods>>,
    SignedIn(viewer): SignedIn,
) -> PageResult {
    let (db, now) = (&flow.context.db, flow.context.now());
    let own = reads::identities(db, viewer.user_id).await?;
    let signed_in_at = reads::signed_in_at(db, &viewer).await?;
    let logins = reads::seen_logins(db, viewer.user_id).await?;
    let connection = reads::github_connection(db, viewer.user_id).await?;
    let email = match methods.by_email {
        true => reads::verified_email(db, viewer.user_id).await?,
        false => None,
    };
    let rows: Vec<Row> = own.iter().map(|own| Row::of(own, &methods)).collect();
    show(&IdentitiesPage {
        can_prove: !methods.has_github()
            && !rows.iter().any(|row| row.is_github && !row.is_unlinked),
        rows,
        email: email.as_deref().map(tame),
        offers: offers(&flow, &own),
        logins: logins
            .into_iter()
            .filter(|seen| seen.login != viewer.login)
            .map(Into::into)
            .collect(),
        is_fresh: signed_in_at.is_some_and(|at| rules::is_fresh(at, now)),
        can_connect: flow.github.is_some(),
        connection: connection.map(Into::into),
    })
}

/// Returns the providers that are set up and that the person has not linked.
fn offers(flow: &SignIn, own: &[Identity]) -> Vec<(Provider, String)> {
    let is_new = |provider: &Provider| {
        let has = |key: &str| {
            let mut linked = own.iter().filter(|own| own.unlinked_at.is_none());
            linked.any(|own| own.provider == key)
        };
        flow.key_of(*provider).is_some_and(|key| !has(key))
    };
    let offered = Provider::ALL.into_iter().filter(is_new);
    offered.map(|provider| (provider, flow.name_of(provider).to_owned())).collect()
}

/// `GET /settings/identities/link/{provider}`: redirects to the provider.
pub(super) async fn begin(
    State(flow): State<Arc<SignIn>>,
    ProvenInPerson(viewer): ProvenInPerson,
    headers: HeaderMap,
    Address(provider): Address<String>,
) -> Result<Response, PageError> {
    let unknown = || Problem::not_found("Unknown sign-in method. See /settings/identities.");
    let provider = Provider::named(&provider).ok_or_else(unknown)?;
    let signed_in_at = reads::signed_in_at(&flow.context.db, &viewer).await?;
    rules::freshly(signed_in_at, flow.context.now())?;
    Ok(begin_linking(&flow, provider, &headers, viewer.by.id()).await?)
}

#[derive(Template)]
#[template(path = "identity_link.html")]
struct LinkPage {
    login: String,
    name: String,
    label: String,
    has_activity: bool,
}

/// `GET /settings/identities/link`: asks whether to link the account.
pub(super) async fn confirm(
    State(flow): State<Arc<SignIn>>,
    SignedIn(viewer): SignedIn,
    headers: HeaderMap,
) -> PageResult {
    let shown = claimed(&flow, &headers, &viewer)?;
    let provider = match shown {
        ProvenAccount::Github(_) => Provider::Github,
        ProvenAccount::OpenId(_) => Provider::OpenId,
    };
    show(&LinkPage {
        login: viewer.login,
        name: flow.name_of(provider).to_owned(),
        label: tame(shown.label().unwrap_or("without a name")),
        has_activity: matches!(shown, ProvenAccount::Github(_)),
    })
}

/// `POST /settings/identities/link`.
pub(super) async fn link(
    State(flow): State<Arc<SignIn>>,
    ProvenInPerson(viewer): ProvenInPerson,
    headers: HeaderMap,
) -> Response {
    let linked = linked(&flow, &viewer, &headers).await;
    let mut response = linked.map_err(PageError::from).into_response();
    let clear = flow.cookies.clear(CLAIM);
    response.headers_mut().append(header::SET_COOKIE, clear);
    response
}

async fn linked(flow: &SignIn, viewer: &Viewer, headers: &HeaderMap) -> Result<Response, WebError> {
    let shown = claimed(flow, headers, viewer)?;
    actions::link_identity(&flow.context, viewer, &shown).await?;
    Ok(redirect(LIST, "Account linked"))
}

/// `POST /settings/identities/{id}/unlink`.
pub(super) async fn unlink(
    State(flow): State<Arc<SignIn>>,
    Extension(methods): Extension<Arc<SignInMethods>>,
    Extension(app): Extension<OauthApp>,
    ProvenInPerson(viewer): ProvenInPerson,
    Address(id): Address<Uuid>,
) -> Result<Response, PageError> {
    let unlinked = actions::unlink_identity(&flow.context, &app, &viewer, &methods, id).await;
    if !unlinked.map_err(WebError::from)? {
        let detail = "This account is not linked to yours. See /settings/identities.";
        return Err(Problem::not_found(detail).into());
    }
    Ok(redirect(LIST, "Account unlinked"))
}
