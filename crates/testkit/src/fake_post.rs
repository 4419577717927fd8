//! Stand-ins for the services that carry messages, on one address: Resend's API. What goes wrong there
//! now and then happens here on demand, in the shapes in which it was recorded.

use std::{
    collections::{HashMap, VecDeque},
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

/// What a service does instead of taking a message.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// It answers with a status, and perhaps with how many seconds to wait.
    Status(u16, Option<u64>),
    /// It never answers.
    Silence,
}

/// A message that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    /// What came before the body.
    pub headers: HeaderMap,
    /// The body.
    pub body: Value,
}

#[derive(Default)]
struct Inner {
    faults: VecDeque<Fault>,
    taken: Vec<Taken>,
    by_key: HashMap<String, (Value, String)>,
}

type Shared = Arc<Mutex<Inner>>;

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
        let shared = Shared::default();
        let routes = routes(Arc::clone(&shared));
        let server = tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(Self {
            url,
            shared,
            server,
        })
    }

    /// Where it is reached, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What happens to the next messages, one after another.
    pub fn next(&self, faults: impl IntoIterator<Item = Fault>) {
        lock(&self.shared).faults.extend(faults);
    }

    /// What was taken so far.
    #[must_use]
    pub fn taken(&self) -> Vec<Taken> {
        lock(&self.shared).taken.clone()
    }
}

impl Drop for FakePost {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn lock(shared: &Shared) -> MutexGuard<'_, Inner> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn routes(shared: Shared) -> Router {
    Router::new()
        .route("/emails", post(resend))
        .with_state(shared)
}

/// Resend: takes a message with the same key once, and refuses the key for another message.
async fn resend(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    if let Some(refusal) = fault(&shared, resend_refusal).await {
        return refusal;
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if !text("authorization").is_some_and(|key| key.starts_with("Bearer re_")) {
        return resend_refusal(401, None);
    }
    let Ok(body) = serde_json::from_slice::<Value>(&body) else {
        return resend_refusal(422, None);
    };
    let key = text("idempotency-key").unwrap_or_default().to_owned();
    let mut inner = lock(&shared);
    match inner.by_key.get(&key) {
        Some((same, id)) if *same == body => Json(json!({ "id": id })).into_response(),
        Some(_) => resend_refusal(409, None),
        None => {
            let id = format!("49a3999c-0ce1-4ea6-ab68-{:012}", inner.taken.len());
            inner.by_key.insert(key, (body.clone(), id.clone()));
            inner.taken.push(Taken { headers, body });
            Json(json!({ "id": id })).into_response()
        }
    }
}

fn resend_refusal(status: u16, wait: Option<u64>) -> Response {
    let (name, message) = match status {
        401 => (
            "missing_api_key",
            "Missing API key in the authorization header",
        ),
        409 => (
            "invalid_idempotent_request",
            "This idempotency key has been used with a different payload",
        ),
        422 => (
            "validation_error",
            "Invalid `to` field. The email address needs to follow the `email@example.com` format",
        ),
        429 => (
            "rate_limit_exceeded",
            "Too many requests. You can only make 2 requests per second",
        ),
        _ => ("application_error", "An unexpected error occurred"),
    };
    let body = json!({ "statusCode": status, "name": name, "message": message });
    refused(status, wait, body)
}

fn refused(status: u16, wait: Option<u64>, body: Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Json(body)).into_response();
    if let Some(wait) = wait {
        response.headers_mut().insert("retry-after", wait.into());
    }
    response
}

/// What goes wrong with this message, if anything does.
async fn fault(shared: &Shared, refusal: fn(u16, Option<u64>) -> Response) -> Option<Response> {
    let fault = lock(shared).faults.pop_front();
    match fault? {
        Fault::Status(status, wait) => Some(refusal(status, wait)),
        Fault::Silence => std::future::pending().await,
    }
}
