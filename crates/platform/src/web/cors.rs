use std::sync::Arc;

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};

use super::Next;

/// Request headers that cross-origin pages may send, besides the safelisted ones.
const MAY_SEND: &str = "if-none-match";

/// Response headers that cross-origin pages may read, besides the safelisted ones.
const MAY_READ: &str = "etag, link, ratelimit, ratelimit-policy, retry-after, x-request-id";

/// How long browsers cache the response to a preflight, in seconds.
const KEPT: &str = "600";

/// CORS for the configured origins. It covers only public data that is the same for everyone, and never allows
/// credentials: browsers withhold such responses from those pages.
pub struct Cors {
    origins: Vec<String>,
    is_open: Box<dyn Fn(&str) -> bool + Send + Sync>,
}

impl Cors {
    /// Allows pages of `origins`, such as `https://guild.example`, to read routes for which `is_open` is true.
    #[must_use]
    pub fn new(origins: &[String], is_open: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        Self { origins: origins.to_vec(), is_open: Box::new(is_open) }
    }

    fn opens(&self, request: &Request) -> bool {
        let route = request.extensions().get::<MatchedPath>();
        !self.origins.is_empty() && route.is_some_and(|route| (self.is_open)(route.as_str()))
    }

    /// Returns the page's origin, if it is allowed.
    fn named(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let origin = headers.get(header::ORIGIN)?;
        let is_named = self.origins.iter().any(|named| *named == *origin);
        is_named.then(|| origin.clone())
    }
}

/// Responds to preflights, and adds the CORS headers to responses.
pub async fn cors(cors: Arc<Cors>, request: Request, next: Next) -> Response {
    if !cors.opens(&request) {
        return next.run(request).await;
    }
    let origin = cors.named(request.headers());
    let is_preflight = origin.is_some() && asks_to_read(&request);
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response =
        if is_preflight { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    let Some(origin) = origin.filter(|_| is_preflight || is_read) else {
        return response;
    };
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    let headers_of: &[_] = if is_preflight {
        &[
            (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD"),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, MAY_SEND),
            (header::ACCESS_CONTROL_MAX_AGE, KEPT),
        ]
    } else {
        &[(header::ACCESS_CONTROL_EXPOSE_HEADERS, MAY_READ)]
    };
    for (name, value) in headers_of {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Returns true for a preflight of a request that reads.
fn asks_to_read(request: &Request) -> bool {
    let method = request.headers().get(header::ACCESS_CONTROL_REQUEST_METHOD);
    let is_read = method.is_some_and(|method| method == "GET" || method == "HEAD");
    request.method() == Method::OPTIONS && is_read
}
