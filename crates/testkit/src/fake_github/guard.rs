use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use chrono::TimeDelta;
use kernel::Timestamp;
use sha2::{Digest, Sha256};

use super::{
    Shared,
    answer::Refusal,
    apps::suspended,
    calls::{AtLimit, kind},
    switches::after,
    world::{Role, World},
};
use crate::payloads::Account;

/// The sender of a request, with a valid token or none.
#[derive(Clone)]
pub(super) struct Caller(Option<TokenOwner>, Option<AppCaller>);

/// The App, or an installation of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AppCaller {
    App,
    Installation(i64),
}

#[derive(Clone)]
struct TokenOwner {
    user: i64,
    scopes: Vec<String>,
    /// True if an OAuth app got the token.
    is_oauth: bool,
}

impl Caller {
    /// Returns the caller's account; 401 without a token.
    pub(super) fn account(&self, world: &World) -> Result<Account, Refusal> {
        if self.1.is_some() {
            return Err(Refusal::new(403, "Resource not accessible by integration"));
        }
        let known = self.0.as_ref().ok_or_else(Refusal::unauthenticated)?;
        world.person_by_id(known.user).cloned()
    }

    /// Refuses a caller without a token of a person or an installation.
    pub(super) fn authenticated(&self, world: &World) -> Result<(), Refusal> {
        match self.1 {
            Some(AppCaller::Installation(_)) => Ok(()),
            _ => self.account(world).map(drop),
        }
    }

    /// Refuses everyone but the App itself.
    pub(super) fn is_app(&self) -> Result<(), Refusal> {
        match self.1 {
            Some(AppCaller::App) => Ok(()),
            _ => Err(Refusal::new(401, "A JSON web token could not be decoded")),
        }
    }

    /// Returns the caller's installation of the App.
    pub(super) fn installation(&self) -> Result<i64, Refusal> {
        match self.1 {
            Some(AppCaller::Installation(id)) => Ok(id),
            _ => Err(Refusal::new(
                403,
                "You must authenticate with an installation access token in order to list repositories for an installation.",
            )),
        }
    }

    /// Returns true if the caller's installation includes a repository.
    fn is_installed(&self, world: &World, place: usize) -> bool {
        let id = self.installation().ok();
        let installation = id.and_then(|id| world.installation(id).ok());
        installation.is_some_and(|own| own.repositories.contains(&world.places[place].repo.id))
    }

    /// Refuses a caller who may not see the roles of people in a repository.
    pub(super) fn reads_roles(&self, world: &World, place: usize) -> Result<(), Refusal> {
        if world.switches.hidden_roles {
            return Err(Refusal::new(403, "Resource not accessible by integration"));
        }
        if self.is_installed(world, place) {
            return Ok(());
        }
        let account = self.account(world)?;
        if world.places[place].role(account.id) >= Some(Role::Write) {
            Ok(())
        } else {
            Err(Refusal::new(403, "Must have push access to view collaborator permission."))
        }
    }

    pub(super) fn has_scope(&self, wanted: &[&str]) -> bool {
        let scopes = self.0.iter().flat_map(|known| &known.scopes);
        scopes.into_iter().any(|own| wanted.contains(&own.as_str()))
    }

    /// Returns the repository; 404 when the caller may not see it.
    pub(super) fn place(&self, world: &World, full_name: &str) -> Result<usize, Refusal> {
        let place = world.place(full_name)?;
        if self.is_barred(world, place) {
            return Err(Refusal::single_sign_on(&world.places[place].repo.owner.login));
        }
        if self.sees(world, place) { Ok(place) } else { Err(Refusal::not_found()) }
    }

    /// Returns true if the caller may see a repository. Tokens of OAuth apps see private ones only with the scope `repo`.
    pub(super) fn sees(&self, world: &World, place: usize) -> bool {
        if self.is_installed(world, place) {
            return true;
        }
        let place = &world.places[place];
        let user = self.0.as_ref().map_or(0, |known| known.user);
        let is_oauth = self.0.as_ref().is_some_and(|known| known.is_oauth);
        let is_hidden = place.repo.private && is_oauth && !self.has_scope(&["repo"]);
        place.role(user).is_some() && !is_hidden
    }

    /// Returns true if the repository's organization requires single sign-on, for which no token is authorized.
    pub(super) fn is_barred(&self, world: &World, place: usize) -> bool {
        let owner = &world.places[place].repo.owner.login;
        let required = world.switches.single_sign_on.as_deref();
        self.0.is_some() && required == Some(owner.as_str())
    }

    /// Returns the repository and the caller, who needs the role admin and a scope for webhooks; 404 without either.
    pub(super) fn with_hooks(
        &self,
        world: &World,
        full_name: &str,
    ) -> Result<(usize, Account), Refusal> {
        let found = self.with_role(world, full_name, Role::Admin)?;
        if self.has_scope(&["admin:repo_hook", "repo"]) {
            Ok(found)
        } else {
            Err(Refusal::not_found())
        }
    }

    /// Returns the repository and the person in whose name an installation or a person acts in it.
    pub(super) fn actor(
        &self,
        world: &World,
        full_name: &str,
    ) -> Result<(usize, Account), Refusal> {
        match self.1 {
            Some(_) if world.switches.read_only_app => {
                Err(Refusal::new(403, "Resource not accessible by integration"))
            }
            Some(_) => self.writer(world, full_name),
            None => Ok((self.place(world, full_name)?, self.account(world)?)),
        }
    }

    /// Returns the repository and the person in whose name an installation or a person with push access writes to it.
    pub(super) fn writer(
        &self,
        world: &World,
        full_name: &str,
    ) -> Result<(usize, Account), Refusal> {
        let place = self.place(world, full_name)?;
        if self.is_installed(world, place) {
            Ok((place, world.places[place].repo.owner.clone()))
        } else {
            self.with_role(world, full_name, Role::Write)
        }
    }

    /// Returns the repository and the caller, who needs at least `role`.
    pub(super) fn with_role(
        &self,
        world: &World,
        full_name: &str,
        role: Role,
    ) -> Result<(usize, Account), Refusal> {
        let place = self.place(world, full_name)?;
        let account = self.account(world)?;
        let enough = world.places[place].role(account.id) >= Some(role);
        match (enough, role) {
            (true, _) => Ok((place, account)),
            (false, Role::Admin) => Err(Refusal::not_found()),
            (false, _) => Err(Refusal::new(403, "Must have push access to the repository.")),
        }
    }
}

/// Waits as long as the switch says.
pub(super) async fn delay(shared: &Shared) {
    let latency = shared.world().switches.latency_ms;
    if latency > 0 {
        tokio::time::sleep(Duration::from_millis(latency)).await;
    }
}

/// The outermost layer of the API, which counts the calls.
pub(super) async fn guard(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let kind = kind(&request);
    let answer = guarded(&shared, request, next).await;
    shared.world().calls.count(kind, &answer);
    answer
}

/// Latency, faults, rate limits, tokens and entity tags.
async fn guarded(shared: &Shared, mut request: Request, next: Next) -> Response {
    delay(shared).await;
    // Requests for the rate limit are free and never limited.
    if request.uri().path().ends_with("/rate_limit") {
        let caller = shared.world().caller(request.headers());
        return match caller {
            Ok(_) => next.run(request).await,
            Err(refusal) => refusal.into_response(),
        };
    }
    let of =
        if request.uri().path().contains("/search/") { Resource::Search } else { Resource::Core };
    // A separate statement, so that the lock is released before the response is built.
    let trouble = shared.world().trouble(of);
    if let Some(answer) = trouble {
        return shared.world().with_limits(answer, of);
    }
    let caller = shared.world().caller(request.headers());
    let caller = match caller {
        Ok(caller) => caller,
        Err(refusal) => return shared.world().with_limits(refusal.into_response(), of),
    };
    let scopes = caller.0.as_ref().map(|known| known.scopes.join(", "));
    let asked = request.headers().get(header::IF_NONE_MATCH).cloned();
    let (reads, changes) = (request.method() == Method::GET, request.method() == Method::PATCH);
    request.extensions_mut().insert(caller);
    let mut answer =
        if changes { changed(shared, request, next).await } else { next.run(request).await };
    if reads && answer.status() == StatusCode::OK {
        answer = tagged(answer, asked.as_ref()).await;
    }
    if let Some(scopes) = scopes.and_then(|text| HeaderValue::try_from(text).ok()) {
        answer.headers_mut().insert("x-oauth-scopes", scopes);
    }
    let mut world = shared.world();
    // An unchanged conditional request does not count toward the limit.
    if answer.status() != StatusCode::NOT_MODIFIED {
        world.count(of);
    }
    world.with_limits(answer, of)
}

/// Handles a request to change something, with the faults of such requests.
async fn changed(shared: &Shared, request: Request, next: Next) -> Response {
    let (fails, is_lost) = {
        let world = shared.world();
        (world.switches.failing_changes, world.switches.lost_answers)
    };
    if fails {
        return Refusal::new(500, "Server Error").into_response();
    }
    let answer = next.run(request).await;
    if is_lost { Refusal::new(502, "Server Error").into_response() } else { answer }
}

fn at_limit(mut refusal: Response) -> Response {
    refusal.extensions_mut().insert(AtLimit);
    refusal
}

/// The limit that a request counts toward.
#[derive(Clone, Copy)]
enum Resource {
    Core,
    Search,
}

impl World {
    /// Returns the fault that the switches cause for this request.
    fn trouble(&mut self, of: Resource) -> Option<Response> {
        let now = self.now();
        self.rate.roll(&mut self.switches, now);
        if let Some(seconds) = self.secondary(now) {
            let message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
            let mut answer = Refusal::new(403, message).into_response();
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            return Some(at_limit(answer));
        }
        if self.rng.fraction() < self.switches.errors {
            let status = *self.rng.pick(&[500, 502, 503]);
            return Some(Refusal::new(status, "Server Error").into_response());
        }
        (self.left(of) == 0).then(|| {
            let refusal = Refusal::new(403, "API rate limit exceeded.");
            at_limit(refusal.into_response())
        })
    }

    /// Returns for how long a secondary rate limit lasts, if there is one.
    fn secondary(&mut self, now: Timestamp) -> Option<u64> {
        if let Some(seconds) = self.switches.secondary_limit {
            return Some(seconds);
        }
        if let Some(left) = self.rate.limited_until.map(|until| until - now)
            && left > TimeDelta::zero()
        {
            return u64::try_from(left.num_seconds()).ok();
        }
        let seconds = self.switches.secondary_seconds;
        let begins = self.switches.secondary > 0.0 && self.rng.fraction() < self.switches.secondary;
        self.rate.limited_until = begins.then(|| after(now, seconds));
        begins.then_some(seconds)
    }

    fn count(&mut self, of: Resource) {
        let (left, counted) = match of {
            Resource::Core => (&mut self.switches.rate_remaining, &mut self.counted),
            Resource::Search => (&mut self.switches.search_remaining, &mut self.searched),
        };
        *left = left.saturating_sub(1);
        *counted += 1;
    }

    fn left(&self, of: Resource) -> u64 {
        match of {
            Resource::Core => self.switches.rate_remaining,
            Resource::Search => self.switches.search_remaining,
        }
    }

    fn with_limits(&self, mut answer: Response, of: Resource) -> Response {
        let Self { switches, rate, .. } = self;
        let (limit, resets_at, name) = match of {
            Resource::Core => (switches.rate_limit, rate.resets_at, "core"),
            Resource::Search => (switches.search_limit, rate.search_resets_at, "search"),
        };
        let left = self.left(of);
        let headers = answer.headers_mut();
        headers.insert("x-ratelimit-limit", HeaderValue::from(limit));
        headers.insert("x-ratelimit-remaining", HeaderValue::from(left));
        let used = HeaderValue::from(limit.saturating_sub(left));
        headers.insert("x-ratelimit-used", used);
        let resets_at = HeaderValue::from(resets_at.timestamp());
        headers.insert("x-ratelimit-reset", resets_at);
        headers.insert("x-ratelimit-resource", HeaderValue::from_static(name));
        answer
    }

    fn caller(&self, headers: &HeaderMap) -> Result<Caller, Refusal> {
        let Some(value) = headers.get(header::AUTHORIZATION) else {
            return Ok(Caller(None, None));
        };
        let (kind, token) = value.to_str().ok().and_then(|text| text.split_once(' ')).unzip();
        let name = token.unwrap_or_default().trim();
        let known = match kind.unwrap_or_default().to_ascii_lowercase().as_str() {
            // Basic authentication carries the app's ID and secret, which the routes check themselves.
            "basic" => return Ok(Caller(None, None)),
            "bearer" if name.matches('.').count() == 2 => {
                self.check_app_token(name)?;
                return Ok(Caller(None, Some(AppCaller::App)));
            }
            "bearer" | "token" if name.starts_with("ghs_") => return self.of_installation(name),
            "bearer" | "token" => self.tokens.get(name),
            _ => None,
        };
        match known.filter(|token| !token.revoked) {
            Some(token) => {
                let known = TokenOwner {
                    user: token.user,
                    scopes: token.scopes.clone(),
                    is_oauth: name.starts_with("gho_"),
                };
                Ok(Caller(Some(known), None))
            }
            None => Err(Refusal::new(401, "Bad credentials")),
        }
    }

    /// Finds the installation that a token belongs to.
    fn of_installation(&self, name: &str) -> Result<Caller, Refusal> {
        let token = self.app_tokens.get(name);
        let token = token.filter(|token| self.now() < token.expires_at);
        let id = token.map(|token| token.installation);
        let id = id.ok_or_else(|| Refusal::new(401, "Bad credentials"))?;
        if self.installation(id)?.suspended_at.is_some() {
            return Err(suspended());
        }
        Ok(Caller(None, Some(AppCaller::Installation(id))))
    }
}

/// Adds an entity tag to the response, or returns 304 when it matches the caller's.
async fn tagged(answer: Response, asked: Option<&HeaderValue>) -> Response {
    let (mut parts, body) = answer.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return Refusal::new(500, "Server Error").into_response();
    };
    let tag = format!("W/\"{}\"", hex::encode(Sha256::digest(&bytes)));
    let same = asked.and_then(|value| value.to_str().ok()).is_some_and(|value| {
        value == "*" || value.split(',').any(|one| one.trim().trim_start_matches("W/") == &tag[2..])
    });
    if let Ok(tag) = HeaderValue::try_from(tag) {
        parts.headers.insert(header::ETAG, tag);
    }
    if same {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}
