//! The cache of public pages. A page is rendered once for everyone, compressed, identified by a strong ETag, and
//! cached while the data is unchanged.

pub(super) mod finished;
mod freeing;
mod own_part;
mod parameters;
mod replica;
mod slots;
mod turns;

use std::{
    io,
    sync::{Arc, atomic::AtomicBool, atomic::Ordering},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{MatchedPath, Request},
    http::{
        Extensions, HeaderMap, HeaderValue, Method, StatusCode, Uri,
        header::{self, HeaderName},
    },
    response::{IntoResponse as _, Response},
};
use futures_util::future::BoxFuture;
use moka::{policy::EvictionPolicy, sync::Cache};
use sha2::{Digest as _, Sha256};
use tower_http::{CompressionLevel, compression::CompressionLayer};
use uuid::Uuid;

use super::{Cookies, Loading, Next, Stack, WebError, coding::Coding};
use crate::{
    Context,
    db::{Version, Versions},
    flags::FlagView,
};

use parameters::with_only;
use replica::Source;
use slots::cut;
use turns::Turns;

pub use own_part::OwnPart;
pub use slots::slot;

/// The maximum number of bytes of rendered pages, and of finished responses, in the cache.
const LARGEST: u64 = 16 * 1024 * 1024;
/// The memory overhead of a cached entry besides its body and key, in bytes.
const OVERHEAD: usize = 1024;

/// How long a page can be valid: pages show times in minutes.
const LIFETIME: Duration = Duration::from_secs(60);

/// A request extension: render the page for everyone, with a [`slot`] for each part that differs.
#[derive(Clone, Copy, Debug)]
pub struct ForEverybody;

/// A request extension: the URL of a public page without the query parameters that it does not read, which is also what the page
/// is cached under. A slot may contain it.
#[derive(Clone, Debug)]
pub struct Asked(pub Uri);

/// A request extension: the version of the data, which a layer further out read.
#[derive(Clone, Debug)]
pub struct KnownVersion(pub Version);

/// The policy for which pages are cached.
pub trait PagePolicy: Send + Sync + 'static {
    /// Returns true if a route responds the same to everyone who is not signed in.
    fn is_public(&self, route: &str) -> bool;

    /// Returns true if a route responds the same to everyone who is signed in, except for its slots.
    fn is_shared(&self, route: &str) -> bool;

    /// Returns the query parameters that a route reads; `None` if it refuses those that it does not know. Others are removed from
    /// the request, so that they make no other page of it.
    fn parameters(&self, route: &str) -> Option<&[&'static str]>;

    /// Removes the viewer from a request.
    fn forget(&self, found: &mut Extensions);

    /// Renders the slots of the layout for the viewer, in their order.
    fn slots(&self, found: &Extensions) -> Vec<String>;

    /// Returns the viewer's id.
    fn viewer(&self, found: &Extensions) -> Option<Uuid>;

    /// Renders the viewer's own part of a page. It fills the slot after those of the layout.
    fn own_part<'a>(
        &'a self,
        context: &'a Context,
        asked: &'a OwnPart,
    ) -> BoxFuture<'a, Result<String, WebError>>;
}

/// A cache of public pages, each stored with the version of the data that was read before it was rendered.
pub struct PageCache(Inner);

struct Inner {
    versions: Versions,
    /// The versions of the replica, from which pages are read while it is near enough to the primary.
    replica: Option<Versions>,
    cookies: Cookies,
    context: Context,
    policy: Arc<dyn PagePolicy>,
    pages: PageStore<Arc<str>, Page>,
    answers: PageStore<(Arc<str>, Coding), FinishedPage>,
    own_parts: PageStore<(Arc<str>, Uuid), String>,
    turns: Turns,
    /// True while a task waits to free outdated pages.
    is_freeing: AtomicBool,
}

type PageStore<K, V> = Cache<K, Arc<Cached<V>>>;

struct Cached<T> {
    moment: Validity,
    what: T,
}

/// The validity of a cached page: while the data is unchanged, and within the same minute, since pages show
/// times.
#[derive(Clone, PartialEq)]
struct Validity {
    version: Version,
    minute: i64,
}

/// A page for everyone, split at its slots.
struct Page {
    headers: HeaderMap,
    parts: Vec<Bytes>,
}

/// A finished response.
#[derive(Clone)]
struct FinishedPage {
    headers: HeaderMap,
    body: Bytes,
}

/// The properties of a request that determine its response.
struct PageKey {
    /// The URL, prefixed with the state of the flags, and with the data that is still loading.
    address: Arc<str>,
    coding: Coding,
    /// True if the viewer may be signed in; the response is then private.
    is_personal: bool,
    source: Source,
    /// True once the page was rendered for this request.
    is_rendered: AtomicBool,
}

impl PageCache {
    /// Creates a cache for the pages that the policy allows.
    #[must_use]
    pub fn new(context: &Context, cookies: Cookies, policy: Arc<dyn PagePolicy>) -> Self {
        Self(Inner {
            versions: context.db.versions(),
            replica: context.db.replica_versions(),
            cookies,
            context: context.clone(),
            policy,
            pages: store(|address, page| {
                address.len() + page.parts.iter().map(Bytes::len).sum::<usize>()
            }),
            answers: store(|(address, _), whole| address.len() + whole.body.len()),
            own_parts: store(|(address, _), part| address.len() + part.len()),
            turns: Turns::default(),
            is_freeing: AtomicBool::new(false),
        })
    }

    /// Wraps `router`: compresses its responses, and caches those that may be cached.
    pub fn around<S: Clone + Send + Sync + 'static>(self, router: Router<S>) -> Router<S> {
        let compressed = CompressionLayer::new().quality(CompressionLevel::Fastest);
        let cache = Stack::default().with_state(self.0, keep);
        cache.around(router.layer(compressed))
    }
}

impl Inner {
    fn moment_of(&self, version: Version) -> Validity {
        Validity { version, minute: self.context.now().timestamp().div_euclid(60) }
    }

    fn asked(&self, request: &Request, viewer: (Coding, bool), source: Source) -> PageKey {
        let ((coding, is_personal), found) = (viewer, request.extensions());
        let address = request.uri().path_and_query();
        let address = address.map_or("/", |address| address.as_str());
        let seen = found.get::<FlagView>().map_or_else(String::new, FlagView::picture);
        // The banner about it ends without a change of the data.
        let coming = found.get::<Loading>().and_then(Loading::coming).unwrap_or_default();
        let place = if source == Source::Replica { "replica " } else { "" };
        let address = format!("{place}{seen}{coming} {address}").into();
        PageKey { address, coding, is_personal, source, is_rendered: AtomicBool::new(false) }
    }

    async fn answer(
        &self,
        asked: &PageKey,
        request: Request,
        next: Next,
    ) -> Result<FinishedPage, Response> {
        let Some(asked_at) = self.moment(asked.source, request.extensions()).await else {
            let own = self.own_part(asked, &request);
            let mut slots = self.policy.slots(request.extensions());
            let page = self.page(asked, &slots, request, next).await?;
            self.add_own_part(asked, own.as_ref(), (&page, None), &mut slots).await?;
            return page.filled(asked, &slots).map_err(failed);
        };
        let key = (Arc::clone(&asked.address), asked.coding);
        if !asked.is_personal
            && let Some(kept) = find(&self.answers, &key, &asked_at)
        {
            return Ok(kept.what.clone());
        }
        let mut moment = asked_at.clone();
        let mut turn = None;
        if !asked.is_personal || find(&self.pages, &asked.address, &moment).is_none() {
            turn = self.turn(asked, &mut moment).await;
            if !asked.is_personal
                && let Some(kept) = find(&self.answers, &key, &moment)
            {
                return Ok(kept.what.clone());
            }
        }
        let mut slots = self.policy.slots(request.extensions());
        let (kept, own) = match find(&self.pages, &asked.address, &moment) {
            Some(kept) if kept.what.has_own_part(&slots) => {
                let own = self.own_part(asked, &request);
                (kept, own)
            }
            Some(kept) => (kept, None),
            None => {
                let own = self.own_part(asked, &request);
                let what = self.page(asked, &slots, request, next).await?;
                let moment = moment.clone();
                let kept = Arc::new(Cached { moment, what });
                if is_the_same_for_all(&kept.what.headers) {
                    let address = Arc::clone(&asked.address);
                    self.pages.insert(address, Arc::clone(&kept));
                }
                (kept, own)
            }
        };
        if asked.is_personal {
            drop(turn.take());
        }
        // The viewer is the one of the time of the request.
        let page = (&kept.what, Some(&asked_at));
        self.add_own_part(asked, own.as_ref(), page, &mut slots).await?;
        let whole = kept.what.filled(asked, &slots).map_err(failed)?;
        if !asked.is_personal && is_the_same_for_all(&kept.what.headers) {
            let what = whole.clone();
            self.answers.insert(key, Arc::new(Cached { moment, what }));
        }
        Ok(whole)
    }

    /// Renders a page for everyone. Returns `Err` with the finished response for errors, and for anything but a
    /// document.
    async fn page(
        &self,
        asked: &PageKey,
        slots: &[String],
        mut request: Request,
        next: Next,
    ) -> Result<Page, Response> {
        asked.is_rendered.store(true, Ordering::Relaxed);
        self.policy.forget(request.extensions_mut());
        request.extensions_mut().insert(ForEverybody);
        let response = next.run(request).await;
        if !is_document(response.headers()) {
            return Err(response);
        }
        let (mut head, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.map_err(failed)?;
        head.headers.remove(header::CONTENT_LENGTH);
        let page = Page { headers: head.headers.clone(), parts: cut(&head.headers, &body) };
        if head.status == StatusCode::OK {
            return Ok(page);
        }
        let FinishedPage { headers, body } = page.sent(asked, slots).map_err(failed)?;
        head.headers = headers;
        Err(Response::from_parts(head, Body::from(body)))
    }
}

fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Response {
    WebError::Failed(error.into()).into_response()
}

/// Creates a store that evicts the least recently used entries.
fn store<K, V>(size: fn(&K, &V) -> usize) -> PageStore<K, V>
where
    K: std::hash::Hash + Eq + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    let weight = move |key: &K, kept: &Arc<Cached<V>>| {
        u32::try_from(size(key, &kept.what) + OVERHEAD).unwrap_or(u32::MAX)
    };
    let store = Cache::builder().max_capacity(LARGEST).weigher(weight);
    let store = store.time_to_live(LIFETIME);
    store.eviction_policy(EvictionPolicy::lru()).build()
}

/// Returns the entry of a key, if it is still valid.
fn find<K, V>(store: &PageStore<K, V>, key: &K, moment: &Validity) -> Option<Arc<Cached<V>>>
where
    K: std::hash::Hash + Eq + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    store.get(key).filter(|kept| kept.moment == *moment)
}

impl Page {
    /// Fills the slots and compresses the page.
    fn sent(&self, asked: &PageKey, slots: &[String]) -> io::Result<FinishedPage> {
        let body = asked.coding.compressed(self.with(slots))?;
        let mut headers = self.headers.clone();
        let vary = HeaderValue::from_static("accept-encoding");
        headers.append(header::VARY, vary);
        if let Some(name) = asked.coding.name() {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        Ok(FinishedPage { headers, body })
    }

    /// Builds the finished response, identified by an ETag.
    fn filled(&self, asked: &PageKey, slots: &[String]) -> io::Result<FinishedPage> {
        let FinishedPage { mut headers, body } = self.sent(asked, slots)?;
        let digest = hex::encode(&Sha256::digest(&body)[..16]);
        if let Ok(tag) = HeaderValue::try_from(format!("\"{digest}\"")) {
            headers.insert(header::ETAG, tag);
        }
        if asked.is_personal {
            let private = HeaderValue::from_static("private, no-cache");
            headers.insert(header::CACHE_CONTROL, private);
        }
        let revalidate = HeaderValue::from_static("no-cache");
        headers.entry(header::CACHE_CONTROL).or_insert(revalidate);
        Ok(FinishedPage { headers, body })
    }

    fn with(&self, slots: &[String]) -> Bytes {
        if let [whole] = &*self.parts {
            return whole.clone();
        }
        let mut page = Vec::with_capacity(self.parts.iter().map(Bytes::len).sum::<usize>() + 1024);
        for (index, part) in self.parts.iter().enumerate() {
            if let Some(before) = index.checked_sub(1) {
                page.extend_from_slice(slots.get(before).map_or(&[], |slot| slot.as_bytes()));
            }
            page.extend_from_slice(part);
        }
        page.into()
    }
}

async fn keep(page_cache: Arc<Inner>, mut request: Request, next: Next) -> Response {
    let coding = Coding::of(request.headers());
    let is_personal = may_be_signed_in(request.headers());
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let route = request.extensions().get::<MatchedPath>().cloned();
    let is_for_everybody = route.as_ref().is_some_and(|route| {
        if is_personal {
            page_cache.policy.is_shared(route.as_str())
        } else {
            page_cache.policy.is_public(route.as_str())
        }
    });
    if !is_read || !is_for_everybody {
        let headers = request.headers_mut();
        headers.insert(header::ACCEPT_ENCODING, coding.alone());
        return page_cache.pass_on(is_read, request, next).await;
    }
    // Routes treat HEAD like GET; the server leaves out the body.
    *request.method_mut() = Method::GET;
    let read = route.and_then(|route| page_cache.policy.parameters(route.as_str()));
    if let Some(address) = read.and_then(|read| with_only(request.uri(), read)) {
        *request.uri_mut() = address;
    }
    let cleaned = Asked(request.uri().clone());
    request.extensions_mut().insert(cleaned);
    let headers = request.headers_mut();
    headers.insert(header::ACCEPT_ENCODING, Coding::Identity.alone());
    let known = headers.remove(header::IF_NONE_MATCH);
    page_cache.free_later();
    let (viewer, known) = ((coding, is_personal), known.as_ref());
    if page_cache.may_read_replica(request.headers()) {
        let asked = page_cache.asked(&request, viewer, Source::Replica);
        let copy = replica::copy_of(&request);
        let answer = page_cache.answer_of_replica(&asked, copy, next.clone()).await;
        if let Some(answer) = answer {
            return asked.answered(answer, known);
        }
    }
    let asked = page_cache.asked(&request, viewer, Source::Primary);
    asked.answered(page_cache.answer(&asked, request, next).await, known)
}

/// Returns true if the viewer may be signed in; the response is then private.
fn may_be_signed_in(headers: &HeaderMap) -> bool {
    headers.contains_key(header::COOKIE) || headers.contains_key(header::AUTHORIZATION)
}

/// Returns true if a response does not depend on its viewer.
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

/// Returns the content type.
fn kind(headers: &HeaderMap) -> &str {
    let kind = headers.get(header::CONTENT_TYPE);
    kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default()
}

fn is_document(headers: &HeaderMap) -> bool {
    let kind = kind(headers);
    ["text/", "application/json", "application/atom+xml", "image/svg+xml"]
        .iter()
        .any(|document| kind.starts_with(document))
        && !kind.starts_with("text/event-stream")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_responses_are_not_cached() {
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
