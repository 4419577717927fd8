use std::{
    cell::RefCell,
    collections::HashMap,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::Request,
    http::{
        HeaderValue, StatusCode,
        header::{self, HeaderName},
    },
    response::{IntoResponse, Response},
};
use futures_util::FutureExt as _;
use kernel::{Ids as _, Problem, ProblemKind};
use uuid::Uuid;

use super::{Next, Stack, WebError, from_cache::FromCache};
use crate::{
    RandomIds,
    telemetry::{Metric, MetricLabel, errors, request::ThisRequest, traces},
    traffic::{SLOW, Traffic},
};

/// The durations of requests.
pub(crate) const REQUESTS: Metric = Metric::histogram(
    "guildhall_http_request_duration_seconds",
    "HTTP request duration, by route, method and status class.",
)
.by(&[
    MetricLabel::open("route"),
    MetricLabel::of("method", &METHODS),
    MetricLabel::of("status", &CLASSES),
]);

/// The id of a request, in the `X-Request-Id` header of its response and in log lines about it.
#[derive(Clone, Debug)]
pub struct RequestId(pub HeaderValue);

/// The means with which every answer is observed.
#[derive(Debug, Default)]
pub struct Observation {
    /// Counts the answers for alerts.
    pub traffic: Arc<Traffic>,
    /// The contact for failures: an email address or the URL of a page.
    pub contact: Option<Arc<str>>,
}

/// An extension of a response that the operator ordered, such as a refusal during maintenance: it says nothing of how the server works, so
/// it is neither counted, in metrics and for alerts, nor reported as a failure, whatever its status.
#[derive(Clone, Copy, Debug)]
pub struct Ordered;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The time limit of a request: webhook senders wait ten seconds for the response.
pub const TIMEOUT: Duration = Duration::from_secs(9);

/// Returns the sender's id if it is short and plain, otherwise a random one. A process id would not do: in
/// containers, all processes have the same.
fn request_id(request: &Request) -> HeaderValue {
    let given = request.headers().get(REQUEST_ID);
    let is_plain = |value: &&HeaderValue| {
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (8..=64).contains(&value.len()) && value.as_bytes().iter().all(plain)
    };
    if let Some(given) = given.filter(is_plain) {
        return given.clone();
    }
    let mut buffer = Uuid::encode_buffer();
    let id = RandomIds.next().simple().encode_lower(&mut buffer);
    HeaderValue::from_str(id).unwrap_or_else(|_| HeaderValue::from_static("unknown"))
}

/// Assigns each request an id, measures it by route, counts it for alerts, and logs it; slow ones as warnings.
pub async fn observe(with: Arc<Observation>, mut request: Request, next: Next) -> Response {
    let id = request_id(&request);
    request.extensions_mut().insert(RequestId(id.clone()));
    let this = ThisRequest::new(id.clone(), &request, with.contact.clone());
    let answer = observed(&this, &with.traffic, next.run(request));
    let mut response = Arc::clone(&this).scope(answer).await;
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

async fn observed(
    this: &ThisRequest,
    traffic: &Traffic,
    answer: impl Future<Output = Response>,
) -> Response {
    let start = Instant::now();
    let mut response = traces::of_request(this, answer).await;
    let took = start.elapsed();
    let (method, route, status) = (&this.method, this.route(), response.status());
    let is_kept = response.extensions().get::<FromCache>().map(|FromCache(is_kept)| *is_kept);
    if response.extensions().get::<Ordered>().is_none() {
        count(route, method.as_str(), status, took);
        errors::of_answer(this, status);
        traffic.count(route, status, took, is_kept);
    }
    if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
        // Answers without a problem document, such as `/readyz`.
        let waiting = response.headers_mut().entry(header::RETRY_AFTER);
        waiting.or_insert(HeaderValue::from_static("1"));
    }
    let shown = this.id();
    let milliseconds = took.as_secs_f64() * 1000.0;
    if took >= SLOW {
        tracing::warn!(request_id = shown, %method, route, status = status.as_u16(), milliseconds, "slow request");
    } else {
        tracing::debug!(request_id = shown, %method, route, status = status.as_u16(), milliseconds, "request");
    }
    response
}

const METHODS: [&str; 7] = ["GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "other"];
const CLASSES: [&str; 4] = ["2xx", "3xx", "4xx", "5xx"];

type Histograms = [[Option<metrics::Histogram>; CLASSES.len()]; METHODS.len()];

thread_local! {
    /// Cached per thread, because looking up a histogram by its labels takes several allocations on every
    /// request.
    static HISTOGRAMS: RefCell<HashMap<String, Histograms>> = RefCell::default();
}

fn count(route: &str, method: &str, status: StatusCode, took: Duration) {
    let method = METHODS.iter().position(|known| *known == method).unwrap_or(METHODS.len() - 1);
    let class = usize::from(status.as_u16() / 100).clamp(2, 5) - 2;
    HISTOGRAMS.with_borrow_mut(|routes| {
        if !routes.contains_key(route) {
            routes.insert(route.to_owned(), Histograms::default());
        }
        if let Some(histograms) = routes.get_mut(route) {
            let make = || histogram(route, METHODS[method], CLASSES[class]);
            histograms[method][class].get_or_insert_with(make).record(took);
        }
    });
}

fn histogram(route: &str, method: &'static str, class: &'static str) -> metrics::Histogram {
    REQUESTS.series(&[route, method, class])
}

fn on_panic(panic: &(dyn std::any::Any + Send)) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    WebError::Failed(text.unwrap_or_else(|| "a panic".to_owned()).into()).into_response()
}

/// The time limit of a request, as an extension. A handler that waits for a job extends it.
#[derive(Clone, Debug)]
pub struct Patience(Arc<Mutex<Duration>>);

impl Patience {
    fn new(limit: Duration) -> Self {
        Self(Arc::new(Mutex::new(limit)))
    }

    /// Extends the limit, which counts from the start of the request. A shorter one changes nothing.
    pub fn extend(&self, limit: Duration) {
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *current = limit.max(*current);
    }

    /// Waits until the limit is reached, also if it is extended in the meantime.
    async fn exhausted(&self) {
        let began = tokio::time::Instant::now();
        loop {
            let limit = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if began.elapsed() >= limit {
                return;
            }
            tokio::time::sleep_until(began + limit).await;
        }
    }
}

async fn guarded(limit: Duration, mut request: Request, next: Next) -> Response {
    let patience = Patience::new(limit);
    request.extensions_mut().insert(patience.clone());
    // The handler is called within the future, so that its panics are caught as well.
    let answer = AssertUnwindSafe(async { next.run(request).await }).catch_unwind();
    let answered = tokio::select! {
        biased;
        answered = answer => Some(answered),
        () = patience.exhausted() => None,
    };
    match answered {
        Some(Ok(response)) => response,
        Some(Err(panic)) => on_panic(&*panic),
        None => {
            let detail = "The request took too long and was stopped. Try again in a moment.";
            WebError::from(Problem::new(ProblemKind::Overloaded, "TOO_SLOW", detail))
                .into_response()
        }
    }
}

/// Responds with a problem if `router` takes longer than `limit` or panics. Must not be nested, since the
/// shortest limit would apply.
pub fn guard<S: Clone + Send + Sync + 'static>(router: Router<S>, limit: Duration) -> Router<S> {
    let guard = Stack::default().with(move |request, next| guarded(limit, request, next));
    guard.around(router)
}

/// Returns the problem for a method that a path does not support. The `Allow` header of the response lists the
/// supported ones.
#[must_use]
pub fn method_not_allowed() -> Problem {
    Problem::new(
        ProblemKind::MethodNotAllowed,
        "METHOD_NOT_ALLOWED",
        "This URL does not allow this method. See the Allow header for the methods that it allows.",
    )
}

/// Returns the problem for a path that no route serves.
#[must_use]
pub fn not_found() -> Problem {
    Problem::new(
        ProblemKind::NotFound,
        "NOT_FOUND",
        "This page does not exist. Check the URL, or search for what you expected.",
    )
}
