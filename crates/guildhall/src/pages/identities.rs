//! The ways in that a person has, and what they were called. Coming back from elsewhere changes nothing,
//! because another site can send a browser there: the button on the page that follows links.

use std::sync::Arc;
use ui::{
    Address, Asked, PageError, PageResult,
    format::{Instant, tame},
    show,
};

use askama::Template;
use axum::{
    Extension, Router,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use identity::{
    access::{InPerson, SignedIn},
    actions,
    gateway::{ATTEMPT_LASTS, Claim, Provider},
    model::{Identity, SeenLogin, Shown, SignInMethods, Viewer},
    reads, rules,
};
use kernel::{Problem, ProblemKind};
use platform::web::WebError;
use uuid::Uuid;

use super::{
    Done,
    sign_in::{SignIn, set},
    sign_in_away::{begin_linking, failed},
};

/// Where they stand.
pub(super) const PATH: &str = "/settings/identities";

/// The cookie of what was shown elsewhere and is not linked yet.
const CLAIM: &str = "link";

/// Routes of ways in.
pub(super) fn routes() -> Router<Arc<SignIn>> {
    Router::new()
        .route(PATH, get(list))
        .route("/settings/identities/link/{way}", get(begin))
        .route("/settings/identities/link", get(confirm).post(link))
        .route("/settings/identities/{id}/unlink", post(unlink))
}

#[derive(Template)]
#[template(path = "identities.html")]
struct IdentitiesPage {
    rows: Vec<Row>,
    /// What can be linked: its part of an address, and what people call it.
    offers: Vec<(Provider, String)>,
    logins: Vec<Login>,
    is_fresh: bool,
    said: &'static str,
}

struct Row {
    id: Uuid,
    name: String,
    label: String,
    linked: Instant,
    used: Option<Instant>,
    is_unlinked: bool,
    is_way_in: bool,
}

struct Login {
    login: String,
    seen: Instant,
}

impl Row {
    fn of(identity: &Identity, ways: &SignInMethods) -> Self {
        Self {
            id: identity.id,
            name: ways.name_of(&identity.provider).to_owned(),
            label: tame(identity.label.as_deref().unwrap_or("–")),
            linked: Instant(identity.created_at),
            used: identity.used_at.map(Instant),
            is_unlinked: identity.unlinked_at.is_some(),
            is_way_in: ways.has(&identity.provider),
        }
    }
}

impl From<SeenLogin> for Login {
    fn from(seen: SeenLogin) -> Self {
        Self {
            login: seen.login,
            seen: Instant(seen.created_at),
        }
    }
}

/// `GET /settings/identities`.
async fn list(
    State(flow): State<Arc<SignIn>>,
    Extension(ways): Extension<Arc<SignInMethods>>,
    SignedIn(viewer): SignedIn,
    Asked(done): Asked<Done>,
) -> PageResult {
    let (db, now) = (&flow.context.db, flow.context.now());
    let own = reads::identities(db, viewer.user_id).await?;
    let signed_in_at = reads::signed_in_at(db, &viewer).await?;
    let offers = offers(&flow, &own);
    let logins = reads::seen_logins(db, viewer.user_id).await?;
    show(&IdentitiesPage {
        rows: own.iter().map(|own| Row::of(own, &ways)).collect(),
        offers,
        logins: logins.into_iter().map(Into::into).collect(),
        is_fresh: signed_in_at.is_some_and(|at| rules::is_fresh(at, now)),
        said: match done.done.as_str() {
            "linked" => "The account is a way in now.",
            "unlinked" => "The account is no way in any more.",
            _ => "",
        },
    })
}

/// What is set up here and not a way in for the person yet.
fn offers(flow: &SignIn, own: &[Identity]) -> Vec<(Provider, String)> {
    let is_new = |way: &Provider| {
        let provider = flow.provider_of(*way);
        let has = |provider: &str| {
            let mut own = own.iter().filter(|own| own.unlinked_at.is_none());
            own.any(|own| own.provider == provider)
        };
        provider.is_some_and(|provider| !has(provider))
    };
    let offered = Provider::ALL.into_iter().filter(is_new);
    offered
        .map(|way| (way, flow.name_of(way).to_owned()))
        .collect()
}

/// `GET /settings/identities/link/{way}`: sends the person there.
async fn begin(
    State(flow): State<Arc<SignIn>>,
    InPerson(viewer): InPerson,
    headers: HeaderMap,
    Address(way): Address<String>,
) -> Result<Response, PageError> {
    let unknown =
        || Problem::not_found("There is no such way in. /settings/identities lists them.");
    let way = Provider::named(&way).ok_or_else(unknown)?;
    let signed_in_at = reads::signed_in_at(&flow.context.db, &viewer).await?;
    rules::freshly(signed_in_at, flow.context.now())?;
    Ok(begin_linking(&flow, way, &headers, viewer.by.id()).await?)
}

/// Keeps what somebody showed elsewhere, and asks them once more.
pub(super) fn shown(flow: &SignIn, shown: Shown, session: Uuid) -> Result<Response, WebError> {
    let claim = Claim::new(shown, session, flow.context.now());
    let sealed = claim.seal(flow.ring.keys().newest()).map_err(failed)?;
    let age = ATTEMPT_LASTS.to_std().unwrap_or_default();
    let cookie = flow.cookies.set(CLAIM, &sealed, age);
    Ok((set(cookie), Redirect::to("/settings/identities/link")).into_response())
}

/// What was shown in this session.
fn claimed(flow: &SignIn, headers: &HeaderMap, viewer: &Viewer) -> Result<Shown, Problem> {
    let sealed = flow.cookies.read(headers, CLAIM).unwrap_or_default();
    let (session, now) = (viewer.by.id(), flow.context.now());
    let claim = flow.ring.find(|keys| {
        let mut keys = keys.all().iter();
        keys.find_map(|key| Claim::open(key, sealed, session, now))
    });
    let nothing = || {
        let detail = "Nothing waits to be linked in this session, or it waited for more than ten minutes. Begin again at /settings/identities.";
        Problem::new(ProblemKind::Conflict, "NOTHING_TO_LINK", detail)
    };
    claim.map(|claim| claim.shown).ok_or_else(nothing)
}

#[derive(Template)]
#[template(path = "identity_link.html")]
struct LinkPage {
    login: String,
    name: String,
    label: String,
}

/// `GET /settings/identities/link`: asks whether that account shall be a way in.
async fn confirm(
    State(flow): State<Arc<SignIn>>,
    SignedIn(viewer): SignedIn,
    headers: HeaderMap,
) -> PageResult {
    let shown = claimed(&flow, &headers, &viewer)?;
    let way = match shown {
        Shown::Github(_) => Provider::Github,
        Shown::OpenId(_) => Provider::OpenId,
    };
    show(&LinkPage {
        login: viewer.login,
        name: flow.name_of(way).to_owned(),
        label: tame(shown.label().unwrap_or("without a name")),
    })
}

/// `POST /settings/identities/link`.
async fn link(
    State(flow): State<Arc<SignIn>>,
    InPerson(viewer): InPerson,
    headers: HeaderMap,
) -> Response {
    let linked = linked(&flow, &viewer, &headers).await;
    let mut response = linked.map_err(PageError::from).into_response();
    let clear: HeaderValue = flow.cookies.clear(CLAIM);
    response.headers_mut().append(header::SET_COOKIE, clear);
    response
}

async fn linked(flow: &SignIn, viewer: &Viewer, headers: &HeaderMap) -> Result<Redirect, WebError> {
    let shown = claimed(flow, headers, viewer)?;
    actions::link_identity(&flow.context, viewer, &shown).await?;
    Ok(Redirect::to("/settings/identities?done=linked"))
}

/// `POST /settings/identities/{id}/unlink`.
async fn unlink(
    State(flow): State<Arc<SignIn>>,
    Extension(ways): Extension<Arc<SignInMethods>>,
    InPerson(viewer): InPerson,
    Address(id): Address<Uuid>,
) -> Result<Response, PageError> {
    let unlinked = actions::unlink_identity(&flow.context, &viewer, &ways, id).await;
    if !unlinked.map_err(WebError::from)? {
        let detail = "You have no such way in. /settings/identities lists yours.";
        return Err(Problem::not_found(detail).into());
    }
    Ok(Redirect::to("/settings/identities?done=unlinked").into_response())
}
