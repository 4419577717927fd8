//! Stand-ins for the services that carry messages, on one address: Resend, Slack's incoming webhooks,
//! Telnyx and a browser maker's push service. What goes wrong there now and then happens here on demand,
//! in the shapes in which it was recorded.

mod push;
mod resend;
mod slack;
mod telnyx;

use std::{
    collections::{HashMap, VecDeque},
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use kernel::Clock;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

/// Fault of a service instead of accepting a message.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// It answers with a status, and perhaps with how many seconds to wait.
    Status(u16, Option<u64>),
    /// It accepts the message, after this number of milliseconds.
    Slow(u64),
    /// It sends whoever calls elsewhere.
    Elsewhere,
    /// It never answers.
    Silence,
}

/// A message that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The service: `resend`, `slack`, `telnyx` or `push`.
    pub service: &'static str,
    /// The path that it came to.
    pub path: String,
    /// Headers of the request.
    pub headers: HeaderMap,
    /// The body, where it is JSON.
    pub body: Value,
    /// The body as it came.
    pub raw: Bytes,
}

type Show = dyn Fn(&Taken) + Send + Sync;

struct Inner {
    faults: VecDeque<Fault>,
    taken: Vec<Taken>,
    /// Messages that Resend accepted, by their key.
    by_key: HashMap<String, (Value, String)>,
    /// The key that each browser's subscription is bound to.
    bound: HashMap<String, String>,
    /// Clock for the lifetime of push tokens; without it they never end.
    clock: Option<Arc<dyn Clock>>,
    show: Arc<Show>,
}

#[derive(Clone)]
struct Shared(Arc<Mutex<Inner>>);

impl Shared {
    fn new(show: Arc<Show>) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            faults: VecDeque::new(),
            taken: Vec::new(),
            by_key: HashMap::new(),
            bound: HashMap::new(),
            clock: None,
            show,
        })))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, service: &'static str, path: &str, headers: HeaderMap, raw: Bytes) {
        let taken = Taken {
            service,
            path: path.to_owned(),
            headers,
            body: serde_json::from_slice(&raw).unwrap_or_default(),
            raw,
        };
        let mut inner = self.lock();
        (inner.show)(&taken);
        inner.taken.push(taken);
    }

    /// The fault of this message, if any.
    async fn fault(&self, refusal: fn(u16, Option<u64>) -> Response) -> Option<Response> {
        let fault = self.lock().faults.pop_front();
        match fault? {
            Fault::Status(status, wait) => Some(refusal(status, wait)),
            Fault::Slow(milliseconds) => {
                tokio::time::sleep(Duration::from_millis(milliseconds)).await;
                None
            }
            Fault::Elsewhere => {
                let mut response = StatusCode::TEMPORARY_REDIRECT.into_response();
                let there = HeaderValue::from_static("http://169.254.169.254/latest/meta-data/");
                response.headers_mut().insert("location", there);
                Some(response)
            }
            Fault::Silence => std::future::pending().await,
        }
    }
}

/// A running stand-in.
pub struct FakePost {
    url: String,
    shared: Shared,
    server: JoinHandle<io::Result<()>>,
}

impl FakePost {
    /// Begins on a port of its own.
    ///
    /// # Errors
    /// When there is no port to be had.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let shared = Shared::new(Arc::new(|_| {}));
        let routes = routes(shared.clone());
        let server = tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(Self {
            url,
            shared,
            server,
        })
    }

    /// Its address, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Has push tokens hold by this clock.
    pub fn keep(&self, clock: impl Clock) {
        self.shared.lock().clock = Some(Arc::new(clock));
    }

    /// Sets the faults of the next messages, one after another.
    pub fn next(&self, faults: impl IntoIterator<Item = Fault>) {
        self.shared.lock().faults.extend(faults);
    }

    /// Messages accepted so far.
    #[must_use]
    pub fn taken(&self) -> Vec<Taken> {
        self.shared.lock().taken.clone()
    }

    /// Messages that one of the services accepted so far.
    #[must_use]
    pub fn taken_by(&self, service: &str) -> Vec<Taken> {
        let mut taken = self.taken();
        taken.retain(|taken| taken.service == service);
        taken
    }
}

impl Drop for FakePost {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Serves on a listener until it is dropped, and tells `show` of each message that is taken.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    clock: impl Clock,
    show: impl Fn(&Taken) + Send + Sync + 'static,
) -> io::Result<()> {
    let shared = Shared::new(Arc::new(show));
    shared.lock().clock = Some(Arc::new(clock));
    axum::serve(listener, routes(shared)).await
}

fn routes(shared: Shared) -> Router {
    Router::new()
        .route("/emails", post(resend::take))
        .route("/services/{team}/{hook}/{secret}", post(slack::take))
        .route("/v2/messages", post(telnyx::take))
        .route("/push/{browser}", post(push::take))
        .route("/_next", post(next))
        .route("/_taken", get(taken))
        .with_state(shared)
}

/// Sets the faults of the next messages over HTTP: a list of [`Fault`]s.
async fn next(State(shared): State<Shared>, Json(faults): Json<Vec<Fault>>) -> StatusCode {
    shared.lock().faults.extend(faults);
    StatusCode::NO_CONTENT
}

/// Lists the accepted messages over HTTP; bodies in base64.
async fn taken(State(shared): State<Shared>) -> Json<Value> {
    let line = |taken: &Taken| {
        let headers: HashMap<_, _> = taken
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
            .collect();
        json!({
            "service": taken.service, "path": taken.path, "headers": headers,
            "body": STANDARD.encode(&taken.raw),
        })
    };
    Json(shared.lock().taken.iter().map(line).collect())
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn refused(status: u16, wait: Option<u64>, body: impl IntoResponse) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, body).into_response();
    if let Some(wait) = wait {
        response.headers_mut().insert("retry-after", wait.into());
    }
    response
}
