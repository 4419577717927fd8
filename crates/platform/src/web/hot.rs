//! Public reads: compressed, told apart by a strong ETag, and kept while the data is the same.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{self, HeaderName},
    },
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse as _, Response},
};
use moka::{policy::EvictionPolicy, sync::Cache};
use sha2::{Digest as _, Sha256};
use tower_http::{CompressionLevel, compression::CompressionLayer};

use super::{WebError, coding::Coding};
use crate::{
    Context,
    db::{Version, Versions},
    flags::Sight,
};

/// Bytes of answers that are kept.
const ROOM: u64 = 16 * 1024 * 1024;
/// What an answer costs beside its body and its address.
const OVERHEAD: usize = 1024;

/// What is kept of an answer's address.
type Key = (String, Coding);

/// Answers to those who are not signed in, by address and coding, each with the version of the data
/// that was read before it was rendered.
#[derive(Clone)]
pub struct Hot {
    versions: Versions,
    context: Context,
    kept: Cache<Key, Arc<Kept>>,
    is_public: fn(&str) -> bool,
}

/// When an answer holds: while the data is the same and what flags show, which follow the data a little
/// later, and within the minute, for pages tell times.
#[derive(Clone, PartialEq)]
struct Moment {
    version: Version,
    minute: i64,
    /// What flags show to everybody.
    flags: u64,
}

struct Kept {
    moment: Moment,
    whole: Whole,
}

/// An answer in one piece.
#[derive(Clone)]
struct Whole {
    headers: HeaderMap,
    body: Bytes,
}

impl Hot {
    /// Keeps answers at addresses that `is_public` says to be the same for everybody who is not signed
    /// in.
    #[must_use]
    pub fn new(context: &Context, is_public: fn(&str) -> bool) -> Self {
        let weight = |(address, _): &Key, kept: &Arc<Kept>| {
            let weight = address.len() + kept.whole.body.len() + OVERHEAD;
            u32::try_from(weight).unwrap_or(u32::MAX)
        };
        let kept = Cache::builder()
            .max_capacity(ROOM)
            .weigher(weight)
            .eviction_policy(EvictionPolicy::lru());
        Self {
            versions: context.db.versions(),
            context: context.clone(),
            kept: kept.build(),
            is_public,
        }
    }

    /// Compresses what `router` answers, and keeps what may be kept.
    pub fn around<S: Clone + Send + Sync + 'static>(self, router: Router<S>) -> Router<S> {
        router
            .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
            .layer(from_fn_with_state(self, keep))
    }

    /// The version is read before anything is rendered: what changes meanwhile makes another one.
    async fn moment(&self, flags: u64) -> Option<Moment> {
        Some(Moment {
            flags,
            version: self.versions.now().await?,
            minute: self.context.now().timestamp().div_euclid(60),
        })
    }

    async fn shared(
        &self,
        request: Request,
        coding: Coding,
        next: Next,
    ) -> Result<Whole, Response> {
        let sight = request.extensions().get::<Sight>();
        let flags = sight.map_or(0, Sight::edition);
        let Some(moment) = self.moment(flags).await else {
            return whole(next.run(request).await).await;
        };
        let address = request.uri().path_and_query();
        let key = (
            address.map_or_else(String::new, ToString::to_string),
            coding,
        );
        if let Some(kept) = self.kept.get(&key).filter(|kept| kept.moment == moment) {
            return Ok(kept.whole.clone());
        }
        let whole = whole(next.run(request).await).await?;
        if is_the_same_for_all(&whole.headers) {
            let whole = whole.clone();
            self.kept.insert(key, Arc::new(Kept { moment, whole }));
        }
        Ok(whole)
    }
}

async fn keep(State(hot): State<Hot>, mut request: Request, next: Next) -> Response {
    let coding = Coding::of(request.headers());
    let headers = request.headers_mut();
    headers.insert(header::ACCEPT_ENCODING, coding.alone());
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    if !is_read || !(hot.is_public)(request.uri().path()) {
        return next.run(request).await;
    }
    // The route's own answer to HEAD is that to GET; the server leaves the body out.
    *request.method_mut() = Method::GET;
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let answer = if is_somebody(request.headers()) {
        let mut answer = whole(next.run(request).await).await;
        if let Ok(whole) = &mut answer {
            let private = HeaderValue::from_static("private, no-cache");
            whole.headers.insert(header::CACHE_CONTROL, private);
        }
        answer
    } else {
        hot.shared(request, coding, next).await
    };
    match answer {
        Ok(whole) => whole.unless(known.as_ref()),
        Err(other) => other,
    }
}

/// Whether the request may be that of somebody: then the answer is theirs alone.
fn is_somebody(headers: &HeaderMap) -> bool {
    headers.contains_key(header::COOKIE) || headers.contains_key(header::AUTHORIZATION)
}

/// Whether an answer says nothing of the one who asked.
fn is_the_same_for_all(headers: &HeaderMap) -> bool {
    let says = |name: HeaderName, words: &[&str]| {
        let mut values = headers.get_all(name).iter();
        values.any(|value| {
            let value = value.to_str().unwrap_or_default();
            words.iter().any(|word| value.contains(word))
        })
    };
    let mut vary = headers.get_all(header::VARY).iter();
    !headers.contains_key(header::SET_COOKIE)
        && !says(header::CACHE_CONTROL, &["private", "no-store"])
        && vary.all(|value| value.as_bytes().eq_ignore_ascii_case(b"accept-encoding"))
}

/// The answer in one piece, with its ETag; what is no page or document is handed on as it is.
async fn whole(response: Response) -> Result<Whole, Response> {
    if response.status() != StatusCode::OK || !is_document(response.headers()) {
        return Err(response);
    }
    let (parts, body) = response.into_parts();
    let mut headers = parts.headers;
    let body = to_bytes(body, usize::MAX).await;
    let body = body.map_err(|error| WebError::Failed(error.into()).into_response())?;
    let digest = hex::encode(&Sha256::digest(&body)[..16]);
    if let Ok(tag) = HeaderValue::try_from(format!("\"{digest}\"")) {
        headers.insert(header::ETAG, tag);
    }
    let revalidate = HeaderValue::from_static("no-cache");
    headers.entry(header::CACHE_CONTROL).or_insert(revalidate);
    headers.remove(header::CONTENT_LENGTH);
    Ok(Whole { headers, body })
}

fn is_document(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    ["text/", "application/json"]
        .iter()
        .any(|document| kind.starts_with(document))
        && !kind.starts_with("text/event-stream")
}

impl Whole {
    /// The answer, or word that it is the one that is `known`.
    fn unless(self, known: Option<&HeaderValue>) -> Response {
        let tag = self.headers.get(header::ETAG);
        if let (Some(tag), Some(known)) = (tag, known)
            && names(known, tag)
        {
            return self.unchanged();
        }
        let mut response = Response::new(Body::from(self.body));
        *response.headers_mut() = self.headers;
        response
    }

    /// Without what describes a body. The rest goes along: a cache brings what it keeps up to date with
    /// it, the policy of a page too.
    fn unchanged(self) -> Response {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        *response.headers_mut() = self.headers;
        for name in [header::CONTENT_TYPE, header::CONTENT_ENCODING] {
            response.headers_mut().remove(name);
        }
        response
    }
}

/// Whether `If-None-Match` names the tag.
fn names(known: &HeaderValue, tag: &HeaderValue) -> bool {
    let (Ok(known), Ok(tag)) = (known.to_str(), tag.to_str()) else {
        return false;
    };
    let mut known = known.split(',').map(str::trim);
    known.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_among_others() {
        let names = |known: &str| {
            let header = |text: &str| HeaderValue::try_from(text).expect("a header");
            names(&header(known), &header("\"ab\""))
        };
        assert!(names("\"ab\"") && names("\"x\", W/\"ab\"") && names("*"));
        assert!(!names("\"a\"") && !names("ab") && !names(""));
    }

    #[test]
    fn what_is_for_one_person_is_not_kept() {
        let may = |name: HeaderName, value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_static(value));
            is_the_same_for_all(&headers)
        };
        assert!(may(header::VARY, "accept-encoding") && may(header::CACHE_CONTROL, "no-cache"));
        assert!(!may(header::SET_COOKIE, "a=b") && !may(header::VARY, "cookie"));
        assert!(!may(header::CACHE_CONTROL, "private, no-cache"));
    }
}
