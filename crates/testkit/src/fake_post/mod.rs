//! Simulated message services on one address: Resend, Slack's incoming webhooks, Telnyx, a browser vendor's push
//! service and receivers of people's webhooks. Faults can be simulated, with responses as recorded from the real services.

mod push;
mod resend;
mod slack;
mod telnyx;
mod webhook;

use std::{
    collections::{HashMap, VecDeque},
    fmt, io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Json, Router,
    body::{Body, Bytes},
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

/// A simulated fault, instead of accepting a message.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostFault {
    /// The service answers with this status, and optionally the number of seconds to wait.
    Status(u16, Option<u64>),
    /// The service accepts the message after this number of milliseconds.
    Slow(u64),
    /// The service accepts the message, but its response is complete only after this number of milliseconds.
    Drip(u64),
    /// The service redirects to another address.
    Elsewhere,
    /// The service never answers.
    Silence,
}

#[derive(Clone, Debug)]
pub struct TakenMessage {
    /// The service: `resend`, `slack`, `telnyx`, `push` or `webhook`.
    pub service: &'static str,
    pub path: String,
    pub headers: HeaderMap,
    /// The body, if it is JSON.
    pub body: Value,
    /// The body's bytes.
    pub raw: Bytes,
}

impl fmt::Display for TakenMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: ", self.service, self.path)?;
        match self.service {
            "push" => write!(f, "{} encrypted bytes", self.raw.len()),
            _ => write!(f, "{}", self.body),
        }
    }
}

/// Returns how to use a fake at this address, for the person who started it.
#[must_use]
pub fn introduction(at: &str) -> String {
    let at = at.trim_end_matches('/');
    format!(
        "Fake message services listening at {at}
  Push    GUILDHALL_PUSH_SERVICES={at}, endpoints {at}/push/NAME
  Webhook GUILDHALL_WEBHOOK_RECEIVERS={at}, URLs {at}/webhook/NAME, secrets by POST {at}/_secrets
  Slack   SLACK_WEBHOOK_URL={at}/services/T0/B0/X
  Telnyx  GUILDHALL_TELNYX_URL={at} TELNYX_API_KEY=KEY
  Resend  GUILDHALL_RESEND_URL={at} RESEND_API_KEY=re_"
    )
}

type Show = dyn Fn(&TakenMessage) + Send + Sync;

struct PostState {
    faults: VecDeque<PostFault>,
    taken: Vec<TakenMessage>,
    /// Messages that Resend accepted, by idempotency key.
    by_key: HashMap<String, (Value, String)>,
    /// The key that each browser's subscription is bound to.
    bound: HashMap<String, String>,
    /// The clock for the expiry of push tokens; without it they never expire.
    clock: Option<Arc<dyn Clock>>,
    /// The secrets that receivers of webhooks know; without any, they verify no signatures.
    secrets: Vec<String>,
    show: Arc<Show>,
}

#[derive(Clone)]
struct Shared(Arc<Mutex<PostState>>);

impl Shared {
    fn new(show: Arc<Show>) -> Self {
        Self(Arc::new(Mutex::new(PostState {
            faults: VecDeque::new(),
            taken: Vec::new(),
            by_key: HashMap::new(),
            bound: HashMap::new(),
            clock: None,
            secrets: Vec::new(),
            show,
        })))
    }

    fn lock(&self) -> MutexGuard<'_, PostState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, service: &'static str, path: &str, headers: HeaderMap, raw: Bytes) {
        let taken = TakenMessage {
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

    /// Applies the next fault, if any.
    async fn fault(&self, refusal: fn(u16, Option<u64>) -> Response) -> Option<Response> {
        let fault = self.lock().faults.pop_front();
        match fault? {
            PostFault::Status(status, wait) => Some(refusal(status, wait)),
            PostFault::Slow(milliseconds) => {
                tokio::time::sleep(Duration::from_millis(milliseconds)).await;
                None
            }
            PostFault::Drip(milliseconds) => {
                let end = async move {
                    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
                    Ok::<_, io::Error>(Bytes::from_static(b"slowly received"))
                };
                Some(Body::from_stream(futures_util::stream::once(end)).into_response())
            }
            PostFault::Elsewhere => {
                let mut response = StatusCode::TEMPORARY_REDIRECT.into_response();
                let there = HeaderValue::from_static("http://169.254.169.254/latest/meta-data/");
                response.headers_mut().insert("location", there);
                Some(response)
            }
            PostFault::Silence => std::future::pending().await,
        }
    }
}

/// A running fake.
pub struct FakePost {
    url: String,
    shared: Shared,
    server: JoinHandle<io::Result<()>>,
}

impl FakePost {
    /// Starts a fake on a free local port.
    ///
    /// # Errors
    /// When no port is available.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let shared = Shared::new(Arc::new(|_| {}));
        let routes = routes(shared.clone());
        let server = tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(Self { url, shared, server })
    }

    /// Returns its address, without a trailing slash.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Sets the clock for the expiry of push tokens.
    pub fn keep(&self, clock: impl Clock) {
        self.shared.lock().clock = Some(Arc::new(clock));
    }

    /// Sets the secrets that receivers of webhooks know.
    pub fn trust<'a>(&self, secrets: impl IntoIterator<Item = &'a str>) {
        self.shared.lock().secrets = secrets.into_iter().map(str::to_owned).collect();
    }

    /// Sets the faults of the next messages, in order.
    pub fn next(&self, faults: impl IntoIterator<Item = PostFault>) {
        self.shared.lock().faults.extend(faults);
    }

    /// Returns the messages accepted so far.
    #[must_use]
    pub fn taken(&self) -> Vec<TakenMessage> {
        self.shared.lock().taken.clone()
    }

    /// Returns the messages that one service accepted so far.
    #[must_use]
    pub fn taken_by(&self, service: &str) -> Vec<TakenMessage> {
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

/// Serves on a listener until the future is dropped, and passes each accepted message to `show`.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    clock: impl Clock,
    show: impl Fn(&TakenMessage) + Send + Sync + 'static,
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
        .route("/webhook/{name}", post(webhook::take))
        .route("/_secrets", post(webhook::trust))
        .route("/_next", post(next))
        .route("/_taken", get(taken))
        .with_state(shared)
}

/// Sets the faults of the next messages over HTTP, as a list of [`PostFault`]s.
async fn next(State(shared): State<Shared>, Json(faults): Json<Vec<PostFault>>) -> StatusCode {
    shared.lock().faults.extend(faults);
    StatusCode::NO_CONTENT
}

/// Lists the accepted messages over HTTP, with bodies in base64.
async fn taken(State(shared): State<Shared>) -> Json<Value> {
    let line = |taken: &TakenMessage| {
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
