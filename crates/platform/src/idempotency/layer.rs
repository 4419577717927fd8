use std::{collections::BTreeSet, fmt, sync::Arc};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{MatchedPath, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use kernel::{Problem, ProblemKind};
use serde::{Deserialize, Serialize};
use utoipa::openapi::OpenApi;

use super::{
    HEADER,
    rule::{self, Fate},
    store::{self, ClaimOutcome, KeyedRequest},
};
use crate::{
    ActionError, Context,
    audit::Origin,
    crypto::{KeyRing, digest},
    db::Claim,
    web::{Caller, Next, Stack, TIMEOUT, WebError, operations},
};

const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// The maximum size of request bodies that are fingerprinted and of responses that are stored, in bytes.
const LARGEST: usize = 2 * 1024 * 1024;
/// Response headers that are stored.
const KEPT_HEADERS: [HeaderName; 2] = [header::CONTENT_TYPE, header::LOCATION];

/// A middleware that processes each idempotent request only once.
#[derive(Clone)]
pub struct Idempotency(Arc<Inner>);

struct Inner {
    context: Context,
    ring: KeyRing,
    /// Methods and path patterns, such as `POST /api/v1/me/tokens`.
    routes: BTreeSet<String>,
}

/// A stored response.
#[derive(Serialize, Deserialize)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    /// The body in hexadecimal digits.
    body: String,
}

impl Idempotency {
    /// Creates the middleware for the described operations that take an `Idempotency-Key` and need a session or a
    /// token. Other operations look up their keys themselves, as responses are replayed to people only.
    #[must_use]
    pub fn of(context: Context, ring: KeyRing, description: &OpenApi) -> Self {
        let repeatable = operations(description)
            .filter(|operation| operation.takes_header(HEADER) && !operation.serves_strangers())
            .map(|operation| route_of(&operation.method, operation.path));
        Self::new(context, ring, repeatable.collect())
    }

    /// Creates the middleware for these routes, each a method and a path pattern: `POST /api/v1/me/tokens`.
    #[must_use]
    pub fn new(context: Context, ring: KeyRing, routes: BTreeSet<String>) -> Self {
        Self(Arc::new(Inner { context, ring, routes }))
    }

    /// Wraps `router`, which must time out slow requests itself.
    pub fn around<S: Clone + Send + Sync + 'static>(self, router: Router<S>) -> Router<S> {
        Stack::default().with_state(self, once).around(router)
    }

    /// Returns the keyed request, if a signed-in caller sends a key to a route that accepts one.
    async fn keyed(&self, request: Request) -> Result<(Option<KeyedRequest>, Request), WebError> {
        let (parts, body) = request.into_parts();
        let route = parts.extensions.get::<MatchedPath>();
        let route = route.map(|path| route_of(&parts.method, path.as_str()));
        let route = route.filter(|route| self.0.routes.contains(route));
        let caller = parts.extensions.get::<Caller>().copied();
        let (Some(route), Some(caller)) = (route, caller) else {
            return Ok((None, Request::from_parts(parts, body)));
        };
        let Some(key) = rule::key(&parts.headers)? else {
            return Ok((None, Request::from_parts(parts, body)));
        };
        let body = read(body).await?;
        let address = parts.uri.path_and_query();
        // Replay the stored response, which may be a secret, only to the same credential in the same role.
        let rights = format!("{} {} {}", caller.credential, caller.credential_id, caller.role);
        let identity: [&[u8]; 4] = [
            address.map_or("", |address| address.as_str()).as_bytes(),
            rights.as_bytes(),
            parts.headers.get(header::CONTENT_TYPE).map_or(b"".as_slice(), HeaderValue::as_bytes),
            &body,
        ];
        let keyed = KeyedRequest {
            person: caller.person,
            route,
            key_hash: digest(key.as_bytes()),
            fingerprint: digest(&identity.map(digest).concat()),
        };
        Ok((Some(keyed), Request::from_parts(parts, Body::from(body))))
    }

    /// Processes the request of a claim. Stores its response, or releases the key if the request failed without
    /// effect.
    async fn work(self, claim: Claim, request: Request, next: Next) -> Response {
        let response = claim.scope(next.run(request)).await;
        let (parts, body) = response.into_parts();
        let Ok(body) = to_bytes(body, LARGEST).await else {
            return WebError::Failed(
                "the response is too large to store for its Idempotency-Key".into(),
            )
            .into_response();
        };
        let kept = self.settle(claim, parts.status, &parts.headers, &body);
        if let Err(error) = kept.await {
            tracing::error!(%error, "cannot store the response for its Idempotency-Key");
        }
        Response::from_parts(parts, Body::from(body))
    }

    async fn settle(
        &self,
        claim: Claim,
        status: StatusCode,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Result<(), ActionError> {
        let Inner { context, ring, .. } = &*self.0;
        if !rule::went_well(status) && store::release(context, claim).await? {
            return Ok(());
        }
        let text = |name: &HeaderName| {
            let value = headers.get(name)?.to_str().ok()?;
            Some((name.as_str().to_owned(), value.to_owned()))
        };
        let answer = Answer {
            status: status.as_u16(),
            headers: KEPT_HEADERS.iter().filter_map(text).collect(),
            body: hex::encode(body),
        };
        let answer = serde_json::to_vec(&answer).unwrap_or_default();
        store::keep(context, ring, claim, &answer).await
    }

    fn replay(&self, sealed: &[u8]) -> Response {
        // Responses sealed with a removed key can no longer be opened.
        let opened = self.0.ring.open(sealed).ok();
        let answer = opened.and_then(|plain| serde_json::from_slice::<Answer>(&plain).ok());
        let replayed = answer.and_then(|answer| {
            let mut response = Response::builder().status(answer.status);
            for (name, value) in &answer.headers {
                response = response.header(name, value);
            }
            let response = response.header(REPLAYED, "true");
            response.body(hex::decode(&answer.body).ok()?.into()).ok()
        });
        replayed.unwrap_or_else(|| WebError::from(rule::lost()).into_response())
    }
}

/// Formats a route as [`Idempotency::new`] expects it.
#[must_use]
fn route_of(method: &Method, pattern: &str) -> String {
    format!("{method} {pattern}")
}

async fn once(idempotency: Arc<Idempotency>, request: Request, next: Next) -> Response {
    let (keyed, request) = match idempotency.keyed(request).await {
        Ok(asked) => asked,
        Err(error) => return error.into_response(),
    };
    let Some(keyed) = keyed else {
        return next.run(request).await;
    };
    match store::claim(&idempotency.0.context, &keyed).await {
        Err(error) => WebError::from(error).into_response(),
        Ok(ClaimOutcome::Fate(Fate::Replayed(sealed))) => idempotency.replay(&sealed),
        Ok(ClaimOutcome::Fate(Fate::Refused(problem))) => WebError::from(problem).into_response(),
        Ok(ClaimOutcome::Fate(Fate::Begins)) => WebError::from(rule::under_way()).into_response(),
        Ok(ClaimOutcome::Claimed(claim)) => {
            // Runs in its own task, so that the response is stored even if the client disconnects.
            let origin = Origin::of_this();
            let idempotency = Idempotency::clone(&idempotency);
            let work = origin.scope(idempotency.work(claim, request, next));
            let done = tokio::spawn(work).await;
            done.unwrap_or_else(|error| WebError::Failed(Box::new(error)).into_response())
        }
    }
}

async fn read(body: Body) -> Result<Bytes, WebError> {
    let Ok(read) = tokio::time::timeout(TIMEOUT, to_bytes(body, LARGEST)).await else {
        let detail = "The body did not arrive in time. Send it again.";
        return Err(Problem::new(ProblemKind::TooSlow, "BODY_TOO_SLOW", detail).into());
    };
    read.map_err(|_| {
        let detail = "The body is too large. Send a smaller one.";
        Problem::new(ProblemKind::TooLarge, "TOO_LARGE", detail).into()
    })
}

impl fmt::Debug for Idempotency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Repeats").field("routes", &self.0.routes).finish_non_exhaustive()
    }
}
