//! Authenticates every request: rejects changes requested by other sites, looks up the viewer, and adds
//! security headers to each response.
//!
//! The layers, from the outside in: [`guard`], the rate limiter, [`authenticate`], then the cache of public
//! pages. A request that the limiter rejects still gets the headers, but looks up no account. An
//! authenticated request is counted once more, by person and by token.

use std::sync::Arc;

use axum::{
    extract::Request,
    http::{Extensions, HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use kernel::{Problem, ProblemKind};
use platform::{
    Context,
    audit::Origin,
    config::Config,
    db::DbError,
    flags::{FlagView, FlagViewer},
    module::Services,
    telemetry::request,
    theme::Theme,
    web::{
        self, Caller, Client, Cookies, Gate, KnownVersion, Next, QuotaUsage, RequestId, WebError,
    },
};

use super::{
    MaybePerson, NeedFactor,
    counts::{Counts, Onlooker},
};
use crate::{
    actions::{Recognized, recognize_bearer},
    model::{Credential, Factor, Role, Viewer},
    rules::{Signer, address_prefix, factor_required},
};

/// The state of the authentication middleware.
pub struct Auth {
    context: Context,
    cookies: Cookies,
    is_secure: bool,
    public_url: Option<String>,
    signer: Signer,
    counts: Counts,
    /// The roles that require a second factor.
    factor_roles: Vec<Role>,
    need_factor: NeedFactor,
    /// Routes without limits, at which no credential is looked up: trying tokens there would not be counted.
    unlimited: Vec<&'static str>,
}

impl Auth {
    /// Builds the state from the application's services.
    #[must_use]
    pub fn new(services: &Services) -> Self {
        Self {
            context: services.context.clone(),
            cookies: services.cookies(),
            is_secure: services.is_secure(),
            public_url: services.config.public_url.clone(),
            signer: Signer::of(services),
            counts: Counts::new(&services.context, services.modules()),
            factor_roles: factor_roles(&services.config),
            need_factor: NeedFactor(services.config.require_second_factor.as_slice().into()),
            unlimited: services.modules().unlimited_routes(),
        }
    }

    /// Returns whether a request comes from a page of another site and could act for a person. An API
    /// call without a cookie could not: webhooks are signed, and a browser adds no token by itself.
    fn refuses(&self, request: &Request) -> bool {
        let (method, headers) = (request.method(), request.headers());
        let has_cookie = self.has_session(request);
        let is_program = Audience::of(request) == Audience::Programs;
        let acts = has_cookie || !is_program && super::bearer(headers).is_none();
        let own = self.public_url.as_deref();
        acts && web::is_from_elsewhere(method, headers, own, has_cookie)
    }

    /// Renews the session's cookie, so that it lasts as long as the session.
    fn renewed(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let token = super::token(self.cookies, headers)?;
        Some(super::hand_over(self.cookies, token))
    }

    /// Returns the color scheme that a person chose, or a visitor in this browser.
    fn theme(&self, request: &Request) -> Option<Theme> {
        match request.extensions().get::<Viewer>() {
            Some(viewer) => viewer.theme,
            None => ui::theme::of_visitor(self.cookies, request.headers()),
        }
    }

    fn has_session(&self, request: &Request) -> bool {
        super::token(self.cookies, request.headers()).is_some()
    }

    /// Looks up the sender of a request by its token, or else by its session. An unknown token is
    /// rejected, never ignored.
    async fn recognized(&self, headers: &HeaderMap) -> Result<Option<Recognized>, WebError> {
        if let Some(token) = super::bearer(headers) {
            let viewer = recognize_bearer(&self.context, &self.signer, token).await?;
            return Ok(Some(viewer.into()));
        }
        Ok(super::recognized(&self.context, self.cookies, headers).await?)
    }
}

impl Auth {
    /// Adds the viewer for the page layout to a request, with the counts next to links and the work that waits for them.
    async fn add_reader(&self, viewer: &Viewer, request: &mut Request) -> Result<(), DbError> {
        let path = request.uri().path();
        // The links of a role are shown before its second factor is proven, because they lead to where it is.
        let (person, audience) = (viewer.user_id.into(), viewer.granted.audience());
        let onlooker = Onlooker { person, audience: viewer.role.audience() };
        let lists_work = matches!(path, "/" | "/work" | "/admin/overview");
        let (numbers, version) = self.counts.of(&self.context, onlooker, lists_work).await?;
        let reader = ui::Reader {
            person,
            login: viewer.login.clone(),
            who: viewer.who.clone(),
            audience,
            counts: numbers.links,
            owes_code: viewer.factor == Factor::Due,
            work: ui::frame::Work::of(&numbers.work),
        };
        let found = request.extensions_mut();
        found.insert(reader);
        numbers.listed.map(|listed| found.insert(listed));
        // The page cache need not look the version up again.
        version.map(|version| found.insert(KnownVersion(version)));
        Ok(())
    }
}

/// The audience of a path.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Audience {
    People,
    Programs,
    /// Assets and pictures, which are the same for everyone.
    Browsers,
}

impl Audience {
    fn of(request: &Request) -> Self {
        let path = request.uri().path();
        if path.starts_with("/api/") {
            Self::Programs
        } else if ["/assets/", "/pictures/"].iter().any(|root| path.starts_with(root)) {
            Self::Browsers
        } else {
            Self::People
        }
    }
}

/// Returns the roles that require a second factor, among the names of the configuration.
fn factor_roles(config: &Config) -> Vec<Role> {
    config.require_second_factor.iter().filter_map(|name| name.parse().ok()).collect()
}

/// Rejects changes requested by other sites.
pub async fn refuse_other_sites(auth: Arc<Auth>, request: Request, next: Next) -> Response {
    if auth.refuses(&request) {
        refuse(&request, elsewhere().into())
    } else {
        next.run(request).await
    }
}

/// Rejects changes requested by other sites, and looks up the viewer and the flags they see.
pub async fn authenticate(auth: Arc<Auth>, mut request: Request, next: Next) -> Response {
    if auth.refuses(&request) {
        return refuse_form(request, elsewhere().into()).await;
    }
    if web::is_among(&auth.unlimited, &request) {
        return next.run(request).await;
    }
    let (mut renewed, mut tally) = (None, QuotaUsage::default());
    match auth.recognized(request.headers()).await {
        Ok(Some(mut found)) => {
            found.viewer.require_factor(&auth.factor_roles);
            let caller = caller(&found.viewer);
            request::sent_by(caller.person);
            tally = Gate::admit(request.extensions(), caller).await;
            // A banned person's requests count toward limits, but their responses are not
            // stored.
            if found.viewer.ban.is_none() {
                request.extensions_mut().insert(caller);
            }
            renewed = found.is_prolonged.then(|| auth.renewed(request.headers())).flatten();
            request.extensions_mut().insert(found.viewer);
            request.extensions_mut().insert(auth.need_factor.clone());
        }
        Ok(None) => {}
        Err(error) => return refuse_form(request, error).await,
    }
    if let MaybePerson(Some(viewer)) = MaybePerson::of(request.extensions())
        && Audience::of(&request) == Audience::People
        && let Err(error) = auth.add_reader(&viewer, &mut request).await
    {
        return refuse_form(request, error.into()).await;
    }
    if let Some(theme) = auth.theme(&request) {
        request.extensions_mut().insert(theme);
    }
    let flag_view = FlagView::of(&auth.context.flags, who(request.extensions()));
    request.extensions_mut().insert(flag_view);
    let mut response = match tally.may_enter() {
        Err(problem) => refuse_form(request, problem.into()).await,
        Ok(()) if request.method().is_safe() => next.run(request).await,
        Ok(()) => {
            let origin = origin(request.extensions());
            origin.scope(next.run(request)).await
        }
    };
    tally.tell(&mut response);
    // A cookie set by the handler wins, because the session may have just ended.
    if let (Some(cookie), false) = (renewed, sets_cookie(response.headers())) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The codes of refusals that a second factor does not lift.
const NOT_FOR_ROLES: [&str; 3] = ["SCOPE_REQUIRED", "SESSION_REQUIRED", "SIGN_IN_AGAIN"];

/// Answers a refusal of a person whose role waits for a second factor with how to prove it, because the role may allow what
/// was refused.
pub async fn ask_for_factor(request: Request, next: Next) -> Response {
    let MaybePerson(viewer) = MaybePerson::of(request.extensions());
    let waiting = viewer.filter(|viewer| viewer.role != viewer.granted);
    let response = next.run(request).await;
    let is_refused = |problem: &Problem| {
        problem.kind == ProblemKind::Forbidden && !NOT_FOR_ROLES.contains(&problem.code)
    };
    match waiting {
        Some(viewer) if response.extensions().get().is_some_and(is_refused) => {
            WebError::from(factor_required(&viewer)).into_response()
        }
        _ => response,
    }
}

/// Returns the `WWW-Authenticate` challenge of a rejected API request (RFC 6750).
fn challenge(status: StatusCode, has_token: bool) -> Option<HeaderValue> {
    let says = match (status, has_token) {
        (StatusCode::UNAUTHORIZED, true) => "Bearer error=\"invalid_token\"",
        (StatusCode::UNAUTHORIZED, false) => "Bearer",
        _ => return None,
    };
    Some(HeaderValue::from_static(says))
}

fn sets_cookie(headers: &HeaderMap) -> bool {
    headers.get_all(header::SET_COOKIE).iter().any(|cookie| !web::remembers_change(cookie))
}

/// Returns the origin of a change, for the audit log.
fn origin(found: &Extensions) -> Origin {
    let id = found.get::<RequestId>();
    let id = id.and_then(|id| id.0.to_str().ok()).map(str::to_owned);
    let client = found.get::<Client>();
    Origin { request_id: id, ip_prefix: client.map(|client| address_prefix(client.0)) }
}

/// Returns the caller whose requests are counted.
fn caller(viewer: &Viewer) -> Caller {
    let (credential, token) = match viewer.by {
        Credential::Token { id, .. } => ("token", Some(id)),
        Credential::Session(_) => ("session", None),
        Credential::Access(_) => ("access", None),
    };
    Caller {
        person: viewer.user_id.into(),
        token,
        credential,
        credential_id: viewer.by.id(),
        role: viewer.role.as_str(),
    }
}

/// Returns the person that flags are evaluated for.
fn who(found: &Extensions) -> Option<FlagViewer> {
    let MaybePerson(viewer) = MaybePerson::of(found);
    viewer.map(|viewer| FlagViewer::new(viewer.user_id.into(), Some(viewer.role.as_str())))
}

/// Adds security headers to every response. Only the request log is further out.
pub async fn guard(auth: Arc<Auth>, mut request: Request, next: Next) -> Response {
    // Requests that are refused before their sender is known get the navigation of visitors.
    request.extensions_mut().insert(FlagView::of(&auth.context.flags, None));
    let audience = Audience::of(&request);
    let has_token = super::bearer(request.headers()).is_some();
    let is_identified = has_token || auth.has_session(&request);
    let mut response = next.run(request).await;
    let status = response.status();
    let headers = response.headers_mut();
    if audience == Audience::People {
        // The layout of a page shows the viewer.
        for name in ["Cookie", "Authorization"] {
            headers.append(header::VARY, HeaderValue::from_static(name));
        }
    }
    if let Some(challenge) = challenge(status, has_token) {
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    let is_personal = audience != Audience::Browsers || status.is_client_error();
    if is_personal && (is_identified || sets_cookie(headers)) {
        keep_private(headers);
    }
    web::put_guards(headers, auth.is_secure);
    response
}

/// Forbids caches to store a personal response, so that it cannot be shown after sign-out.
fn keep_private(headers: &mut HeaderMap) {
    let private = HeaderValue::from_static("private, no-store");
    headers.insert(header::CACHE_CONTROL, private);
    headers.remove(header::ETAG);
}

/// Renders an error: a page for people, a problem document for programs.
pub fn refuse(request: &Request, error: WebError) -> Response {
    match Audience::of(request) {
        Audience::Programs => error.into_response(),
        _ => ui::problem_page(request, error),
    }
}

/// Renders an error like [`refuse`], with what was typed into the form of the request.
async fn refuse_form(request: Request, error: WebError) -> Response {
    match Audience::of(&request) {
        Audience::Programs => error.into_response(),
        _ => ui::refused_page(request, error).await,
    }
}

fn elsewhere() -> Problem {
    let detail = "This request came from another site or has no `Origin` header, so nothing was changed. Open the page on this server and try again. Apps must send this server's URL as `Origin`.";
    Problem::new(ProblemKind::Forbidden, "CROSS_SITE_REQUEST", detail)
}
