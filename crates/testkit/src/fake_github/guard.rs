use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

use super::{
    Shared,
    answer::Refusal,
    world::{Role, World},
};
use crate::payloads::Account;

/// The sender of a request, with a valid token or none.
#[derive(Clone)]
pub(super) struct Caller(Option<Known>);

#[derive(Clone)]
struct Known {
    user: i64,
    scopes: Vec<String>,
}

impl Caller {
    /// Returns the caller's account; 401 without a token.
    pub(super) fn account(&self, world: &World) -> Result<Account, Refusal> {
        let known = self.0.as_ref().ok_or_else(Refusal::unauthenticated)?;
        world.person_by_id(known.user).cloned()
    }

    pub(super) fn has_scope(&self, wanted: &[&str]) -> bool {
        let scopes = self.0.iter().flat_map(|known| &known.scopes);
        scopes.into_iter().any(|own| wanted.contains(&own.as_str()))
    }

    /// Returns the repository; 404 when the caller may not see it.
    pub(super) fn place(&self, world: &World, full_name: &str) -> Result<usize, Refusal> {
        let place = world.place(full_name)?;
        let user = self.0.as_ref().map_or(0, |known| known.user);
        world.places[place]
            .role(user)
            .map(|_| place)
            .ok_or_else(Refusal::not_found)
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
            (false, _) => Err(Refusal::new(
                403,
                "Must have push access to the repository.",
            )),
        }
    }
}

/// The outermost layer of the API: latency, faults, rate limits, tokens and entity tags.
pub(super) async fn guard(
    State(shared): State<Arc<Shared>>,
    mut request: Request,
    next: Next,
) -> Response {
    let latency = shared.world().switches.latency_ms;
    if latency > 0 {
        tokio::time::sleep(Duration::from_millis(latency)).await;
    }
    // Requests for the rate limit are free and never limited.
    if request.uri().path().ends_with("/rate_limit") {
        return next.run(request).await;
    }
    // A separate statement, so that the lock is released before the response is built.
    let trouble = shared.world().trouble();
    if let Some(answer) = trouble {
        return shared.world().with_limits(answer);
    }
    let caller = shared.world().caller(request.headers());
    let caller = match caller {
        Ok(caller) => caller,
        Err(refusal) => return shared.world().with_limits(refusal.into_response()),
    };
    let scopes = caller.0.as_ref().map(|known| known.scopes.join(", "));
    let asked = request.headers().get(header::IF_NONE_MATCH).cloned();
    let reads = request.method() == Method::GET;
    request.extensions_mut().insert(caller);
    let mut answer = next.run(request).await;
    if reads && answer.status() == StatusCode::OK {
        answer = tagged(answer, asked.as_ref()).await;
    }
    if let Some(scopes) = scopes.and_then(|text| HeaderValue::try_from(text).ok()) {
        answer.headers_mut().insert("x-oauth-scopes", scopes);
    }
    let mut world = shared.world();
    // An unchanged conditional request does not count toward the limit.
    if answer.status() != StatusCode::NOT_MODIFIED {
        let left = &mut world.switches.rate_remaining;
        *left = left.saturating_sub(1);
        world.counted += 1;
    }
    world.with_limits(answer)
}

impl World {
    /// Returns the fault that the switches cause for this request.
    fn trouble(&mut self) -> Option<Response> {
        let now = self.now();
        self.rate.roll(&mut self.switches, now);
        if let Some(seconds) = self.switches.secondary_limit {
            let message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
            let mut answer = Refusal::new(403, message).into_response();
            answer
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            return Some(answer);
        }
        if self.rng.fraction() < self.switches.errors {
            let status = *self.rng.pick(&[500, 502, 503]);
            return Some(Refusal::new(status, "Server Error").into_response());
        }
        (self.switches.rate_remaining == 0)
            .then(|| Refusal::new(403, "API rate limit exceeded.").into_response())
    }

    fn with_limits(&self, mut answer: Response) -> Response {
        let Self { switches, rate, .. } = self;
        let used = switches.rate_limit.saturating_sub(switches.rate_remaining);
        let headers = answer.headers_mut();
        headers.insert("x-ratelimit-limit", HeaderValue::from(switches.rate_limit));
        headers.insert(
            "x-ratelimit-remaining",
            HeaderValue::from(switches.rate_remaining),
        );
        headers.insert("x-ratelimit-used", HeaderValue::from(used));
        headers.insert(
            "x-ratelimit-reset",
            HeaderValue::from(rate.resets_at.timestamp()),
        );
        headers.insert("x-ratelimit-resource", HeaderValue::from_static("core"));
        answer
    }

    fn caller(&self, headers: &HeaderMap) -> Result<Caller, Refusal> {
        let Some(value) = headers.get(header::AUTHORIZATION) else {
            return Ok(Caller(None));
        };
        let (kind, token) = value
            .to_str()
            .ok()
            .and_then(|text| text.split_once(' '))
            .unzip();
        let known = match kind.unwrap_or_default().to_ascii_lowercase().as_str() {
            // Basic authentication carries the app's ID and secret, which the routes check themselves.
            "basic" => return Ok(Caller(None)),
            "bearer" | "token" => self.tokens.get(token.unwrap_or_default().trim()),
            _ => None,
        };
        match known.filter(|token| !token.revoked) {
            Some(token) => Ok(Caller(Some(Known {
                user: token.user,
                scopes: token.scopes.clone(),
            }))),
            None => Err(Refusal::new(401, "Bad credentials")),
        }
    }
}

/// Adds an entity tag to the response, or returns 304 when it matches the caller's.
async fn tagged(answer: Response, asked: Option<&HeaderValue>) -> Response {
    let (mut parts, body) = answer.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return Refusal::new(500, "Server Error").into_response();
    };
    let tag = format!("W/\"{}\"", hex::encode(Sha256::digest(&bytes)));
    let same = asked
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| {
            value == "*"
                || value
                    .split(',')
                    .any(|one| one.trim().trim_start_matches("W/") == &tag[2..])
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
