//! What stands before every route: nobody else's site acts for a person, whoever is signed in is
//! known, and each answer carries the headers that guard it.
//!
//! From without: [`guard`], the gate, [`recognize`], then what is kept of public pages. So a refusal at
//! the gate is guarded as well, and from where too much is asked nobody is looked up. Who was recognized
//! is counted once more, as a person and by the token they came by.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{Extensions, HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use identity::{
    access::{self, MaybePerson},
    actions::{Recognized, recognize_bearer},
    model::{Credential, Viewer},
    rules::{Signer, address_prefix},
};
use kernel::{Problem, ProblemKind};
use platform::{
    Context,
    audit::Origin,
    db::DbError,
    flags::{FlagView, Who},
    module::Services,
    web::{self, Caller, Client, Cookies, Gate, RequestId, Tally, WebError},
};

/// What the doors need to know.
#[derive(Clone)]
pub(crate) struct Auth {
    context: Context,
    cookies: Cookies,
    is_secure: bool,
    public_url: Option<Arc<str>>,
    signer: Arc<Signer>,
    navigation: ui::Navigation,
}

impl Auth {
    pub(crate) fn new(services: &Services) -> Self {
        Self {
            context: services.context.clone(),
            cookies: services.cookies(),
            is_secure: services.is_secure(),
            public_url: services.config.public_url.as_deref().map(Arc::from),
            signer: Arc::new(Signer::of(services)),
            navigation: ui::Navigation::of(services.modules),
        }
    }

    /// A program's call without a cookie acts for nobody: other sites' pages may make it for all we
    /// care, and webhooks are signed. Nor does a browser show a token by itself.
    fn refuses(&self, request: &Request, has_cookie: bool) -> bool {
        let (method, headers) = (request.method(), request.headers());
        let is_programs = Audience::of(request) == Audience::Programs;
        let acts = has_cookie || !is_programs && access::bearer(headers).is_none();
        let own = self.public_url.as_deref();
        acts && web::is_from_elsewhere(method, headers, own, has_cookie)
    }

    /// The session's cookie once more, to be kept as long as the session lasts.
    fn handed_over(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let token = access::token(self.cookies, headers)?;
        Some(access::hand_over(self.cookies, token))
    }

    fn has_session(&self, request: &Request) -> bool {
        access::token(self.cookies, request.headers()).is_some()
    }

    /// Who a request comes from: by the token that it shows, or else by its session. A token that is none
    /// is refused, never taken for nobody.
    async fn recognized(&self, headers: &HeaderMap) -> Result<Option<Recognized>, WebError> {
        if let Some(token) = access::bearer(headers) {
            let viewer = recognize_bearer(&self.context, &self.signer, token).await?;
            return Ok(Some(viewer.into()));
        }
        Ok(access::recognized(&self.context, self.cookies, headers).await?)
    }
}

impl Auth {
    /// Returns the viewer as pages know them, with the counts beside their links.
    async fn reader(&self, viewer: &Viewer) -> Result<ui::Reader, DbError> {
        let (person, audience) = (viewer.user_id.into(), viewer.role.audience());
        let mut counts = BTreeMap::new();
        for item in self
            .navigation
            .iter()
            .filter(|item| item.audience <= audience)
        {
            if let Some(count) = item.count {
                counts.insert(item.address, count(&self.context, person).await?);
            }
        }
        Ok(ui::Reader {
            person,
            login: viewer.login.clone(),
            audience,
            counts,
        })
    }
}

/// Whom an address is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Audience {
    /// People.
    People,
    /// Programs.
    Programs,
    /// Browsers: files that are the same for everybody.
    Browsers,
}

impl Audience {
    fn of(request: &Request) -> Self {
        let path = request.uri().path();
        if path.starts_with("/api/") {
            Self::Programs
        } else if path.starts_with("/assets/") {
            Self::Browsers
        } else {
            Self::People
        }
    }
}

/// Refuses what another site's page would do, and looks up who is signed in and what they may see.
pub(crate) async fn recognize(
    State(auth): State<Auth>,
    mut request: Request,
    next: Next,
) -> Response {
    let has_cookie = auth.has_session(&request);
    if auth.refuses(&request, has_cookie) {
        return refuse(&request, elsewhere().into());
    }
    let (mut prolonged, mut tally) = (None, Tally::default());
    match auth.recognized(request.headers()).await {
        Ok(Some(found)) => {
            let caller = caller(&found.viewer);
            tally = Gate::admit(request.extensions(), caller).await;
            // Who is banned is counted, but nothing is kept for them or given back to them.
            if found.viewer.ban.is_none() {
                request.extensions_mut().insert(caller);
            }
            prolonged = found
                .is_prolonged
                .then(|| auth.handed_over(request.headers()))
                .flatten();
            request.extensions_mut().insert(found.viewer);
        }
        Ok(None) => {}
        Err(error) => return refuse(&request, error),
    }
    if let MaybePerson(Some(viewer)) = MaybePerson::of(request.extensions())
        && Audience::of(&request) == Audience::People
    {
        match auth.reader(&viewer).await {
            Ok(reader) => drop(request.extensions_mut().insert(reader)),
            Err(error) => return refuse(&request, error.into()),
        }
    }
    let flag_view = FlagView::of(&auth.context.flags, who(request.extensions()));
    request.extensions_mut().insert(flag_view);
    let mut response = match tally.may_enter() {
        Err(problem) => refuse(&request, problem.into()),
        Ok(()) if request.method().is_safe() => next.run(request).await,
        Ok(()) => {
            let origin = origin(request.extensions());
            origin.scope(next.run(request)).await
        }
    };
    tally.tell(&mut response);
    // What the page itself says of the session counts: it may be over now.
    if let (Some(cookie), false) = (prolonged, sets_cookie(response.headers())) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// By what a refused program may come (RFC 6750).
fn challenge(status: StatusCode, has_token: bool) -> Option<HeaderValue> {
    let says = match (status, has_token) {
        (StatusCode::UNAUTHORIZED, true) => "Bearer error=\"invalid_token\"",
        (StatusCode::UNAUTHORIZED, false) => "Bearer",
        _ => return None,
    };
    Some(HeaderValue::from_static(says))
}

fn sets_cookie(headers: &HeaderMap) -> bool {
    headers.contains_key(header::SET_COOKIE)
}

/// From where what is changed comes, for the audit log.
fn origin(found: &Extensions) -> Origin {
    let id = found.get::<RequestId>();
    let id = id.and_then(|id| id.0.to_str().ok()).map(str::to_owned);
    let client = found.get::<Client>();
    Origin {
        request_id: id,
        ip_prefix: client.map(|client| address_prefix(client.0)),
    }
}

/// Who sends a request, as far as rates care.
fn caller(viewer: &Viewer) -> Caller {
    let token = match viewer.by {
        Credential::Token { id, .. } => Some(id),
        Credential::Session(_) | Credential::Access(_) => None,
    };
    Caller {
        person: viewer.user_id.into(),
        token,
        role: viewer.role.as_str(),
    }
}

/// Who is looking, as far as flags care.
fn who(found: &Extensions) -> Who {
    let MaybePerson(viewer) = MaybePerson::of(found);
    let seen = |viewer: Viewer| Who {
        person: Some(viewer.user_id.into()),
        role: Some(viewer.role.as_str()),
    };
    viewer.map(seen).unwrap_or_default()
}

/// The outermost layer but the log: guards every answer.
pub(crate) async fn guard(State(auth): State<Auth>, request: Request, next: Next) -> Response {
    let audience = Audience::of(&request);
    let has_token = access::bearer(request.headers()).is_some();
    let is_somebody = has_token || auth.has_session(&request);
    let mut response = next.run(request).await;
    let status = response.status();
    let headers = response.headers_mut();
    if audience == Audience::People {
        // The frame of a page says who is signed in.
        for name in ["Cookie", "Authorization"] {
            headers.append(header::VARY, HeaderValue::from_static(name));
        }
    }
    if let Some(challenge) = challenge(status, has_token) {
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    if (is_somebody || sets_cookie(headers)) && audience != Audience::Browsers {
        keep_private(headers);
    }
    web::put_guards(headers, auth.is_secure);
    response
}

/// What somebody signed in is shown is theirs: no cache keeps it, neither on the way nor behind them
/// when they have signed out.
fn keep_private(headers: &mut HeaderMap) {
    let private = HeaderValue::from_static("private, no-store");
    headers.insert(header::CACHE_CONTROL, private);
    headers.remove(header::ETAG);
}

/// A refusal at the gate or the door: a page for people, a problem document for programs.
pub(crate) fn refuse(request: &Request, error: WebError) -> Response {
    match Audience::of(request) {
        Audience::Programs => error.into_response(),
        _ => ui::problem_page(request, error),
    }
}

fn elsewhere() -> Problem {
    let detail = "This request was made by a page of another site, or by a program that does not say where it comes from, so that nothing was done. Open the page of this server and do it there; a program sends this server's address as `Origin`.";
    Problem::new(ProblemKind::Forbidden, "OTHER_SITE", detail)
}
