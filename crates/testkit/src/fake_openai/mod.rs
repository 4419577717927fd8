//! A simulated service with the part of OpenAI's API that discovery uses: chat completions with a JSON schema, and
//! embeddings. Faults can be simulated: see [`Switches`].

mod answer;
mod embed;
mod switches;
#[cfg(test)]
mod tests;

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

pub use embed::{DIMENSIONS, vector};
pub use switches::Switches;

/// The key that the fake accepts.
pub const KEY: &str = "sk-fake-key-of-the-testkit";

/// How to use the fake, for the command line.
pub const HELP: &str = "Example:\n  guildhall fake openai\n  OPENAI_BASE_URL=http://127.0.0.1:8095/v1 OPENAI_API_KEY=sk-fake-key-of-the-testkit guildhall serve\n\nGET /_usage shows the counts of requests and tokens. GET /_switches shows the simulated faults, and POST /_switches changes them: {\"limited\": 3} refuses the next three requests with 429.";

/// The counts of requests and tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Usage {
    /// The requests, also those that were refused.
    pub requests: u64,
    pub completions: u64,
    /// The texts that became vectors.
    pub embeddings: u64,
    pub read: u64,
    pub written: u64,
}

#[derive(Debug, Default)]
struct World {
    switches: Switches,
    usage: Usage,
    /// The bodies of the requests.
    asked: Vec<Value>,
}

type Shared = Arc<Mutex<World>>;

fn world(shared: &Shared) -> MutexGuard<'_, World> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A running fake for tests. Dropping it stops the server.
pub struct FakeOpenai {
    shared: Shared,
    url: String,
    server: JoinHandle<io::Result<()>>,
}

impl FakeOpenai {
    /// Starts a fake on a free local port.
    ///
    /// # Errors
    /// When no port is available.
    pub async fn start() -> io::Result<Self> {
        // Clients in tests need it before their first call; installing it again has no effect.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}/v1", listener.local_addr()?);
        let shared = Shared::default();
        let routes = routes(Arc::clone(&shared));
        let server = tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(Self { shared, url, server })
    }

    /// Returns the address of its API, for the configuration.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Changes the simulated faults.
    pub fn switch(&self, change: impl FnOnce(&mut Switches)) {
        change(&mut world(&self.shared).switches);
    }

    #[must_use]
    pub fn usage(&self) -> Usage {
        world(&self.shared).usage
    }

    /// Returns the bodies of all requests.
    #[must_use]
    pub fn asked(&self) -> Vec<Value> {
        world(&self.shared).asked.clone()
    }
}

impl Drop for FakeOpenai {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Serves a fake with faults until the future is dropped.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener, switches: Switches) -> io::Result<()> {
    let shared = Shared::default();
    world(&shared).switches = switches;
    let at = format!("http://{}/v1", listener.local_addr()?);
    platform::command::say(format_args!(
        "Fake language model listening\n  OPENAI_BASE_URL={at} OPENAI_API_KEY={KEY}"
    ));
    axum::serve(listener, routes(shared)).await
}

fn routes(shared: Shared) -> Router {
    Router::new()
        .route("/v1/chat/completions", post(complete))
        .route("/v1/embeddings", post(embeddings))
        .route("/v1/models", get(models))
        .route("/_switches", get(switches::show).post(switches::change))
        .route("/_usage", get(usage))
        .fallback(|| async { refused(StatusCode::NOT_FOUND, "unknown_url", "Unknown URL.") })
        .with_state(shared)
}

/// Lists the models, which only shows that the key is accepted.
async fn models(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    let body = Bytes::from_static(b"{}");
    let list = json!({ "object": "list", "data": [] });
    let admitted = admitted(&shared, &headers, &body).await;
    admitted.map_or_else(|refused| refused, |_| Json(list).into_response())
}

async fn usage(State(shared): State<Shared>) -> Json<Usage> {
    Json(world(&shared).usage)
}

async fn complete(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let body = match admitted(&shared, &headers, &body).await {
        Ok(body) => body,
        Err(refused) => return refused,
    };
    answer::complete(&mut world(&shared), &body, &headers)
}

async fn embeddings(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let body = match admitted(&shared, &headers, &body).await {
        Ok(body) => body,
        Err(refused) => return refused,
    };
    answer::embeddings(&mut world(&shared), &body)
}

/// Returns the body of a request after the simulated wait, or the refusal that the switches cause.
async fn admitted(shared: &Shared, headers: &HeaderMap, body: &Bytes) -> Result<Value, Response> {
    let wait = world(shared).switches.latency;
    if wait > 0 {
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
    let mut world = world(shared);
    world.usage.requests += 1;
    let given = headers.get(header::AUTHORIZATION);
    let expected = format!("Bearer {KEY}");
    if world.switches.rejected || given.is_none_or(|given| given != expected.as_str()) {
        let says = "Incorrect API key provided: sk-fak***********kit.";
        return Err(refused(StatusCode::UNAUTHORIZED, "invalid_api_key", says));
    }
    if let Some(fault) = world.switches.fault() {
        return Err(fault);
    }
    let unreadable = || {
        let says = "We could not parse the JSON body of your request.";
        refused(StatusCode::BAD_REQUEST, "invalid_json", says)
    };
    let body: Value = serde_json::from_slice(body).map_err(|_| unreadable())?;
    world.asked.push(body.clone());
    Ok(body)
}

/// Returns an error as the API states it.
fn refused(status: StatusCode, code: &str, message: &str) -> Response {
    let error =
        json!({ "message": message, "type": "invalid_request_error", "param": null, "code": code });
    (status, Json(json!({ "error": error }))).into_response()
}
