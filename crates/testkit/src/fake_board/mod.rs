//! The common part of simulated services that boards are exported to: a server with faults, see [`Switches`], and what was counted.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

/// Deliberate faults of the fake. `POST /_switches` changes the named ones at run time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, clap::Args)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    /// Requests that are refused with 429
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub limited: u64,
    /// Seconds in `Retry-After`
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub retry_after: u64,
    /// Requests that fail with 503
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub errors: u64,
    /// Created cards or pages whose response is lost
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub lost: u64,
    /// Reject the token with 401
    #[arg(long)]
    pub rejected: bool,
    /// Refuse changes with 403
    #[arg(long)]
    pub read_only: bool,
    /// Hide the board or database with 404
    #[arg(long)]
    pub unshared: bool,
    /// Largest part of a list of cards or pages
    #[arg(long, value_name = "NUMBER", default_value_t = 1_000)]
    pub largest_page: usize,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            limited: 0,
            retry_after: 10,
            errors: 0,
            lost: 0,
            rejected: false,
            read_only: false,
            unshared: false,
            largest_page: 1_000,
        }
    }
}

/// A request to the API of a service.
#[derive(Debug)]
pub struct BoardRequest {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

pub trait Service: Default + Send + 'static {
    /// The path that shows the cards.
    const CARDS: &'static str;
    /// The header `Authorization` that it accepts.
    const AUTHORIZATION: &'static str;

    /// Returns how to use it at an address.
    fn introduction(at: &str) -> String;

    fn cards(&self) -> Value;

    /// Returns whether a request changes something.
    fn changes(asked: &BoardRequest) -> bool;

    /// Returns the answer with an error.
    fn error(status: StatusCode) -> Response;

    /// Answers a request that is not refused.
    fn answer(world: &mut World<Self>, asked: &BoardRequest) -> Response;
}

/// The service, its faults and what was counted.
#[derive(Debug, Default)]
pub struct World<S> {
    pub(crate) service: S,
    pub(crate) switches: Switches,
    made: u64,
    calls: u64,
}

impl<S: Service> World<S> {
    /// Returns a number that is greater than all before it.
    pub(crate) fn next(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    /// Returns the answer to the creation of a card, unless it is lost.
    pub(crate) fn created(&mut self, answer: Response) -> Response {
        if self.switches.lost > 0 {
            self.switches.lost -= 1;
            return S::error(StatusCode::BAD_GATEWAY);
        }
        answer
    }

    /// Returns the fault that the switches cause for a request.
    fn refused(&mut self, asked: &BoardRequest) -> Option<Response> {
        let switches = &mut self.switches;
        if switches.errors > 0 {
            switches.errors -= 1;
            return Some(S::error(StatusCode::SERVICE_UNAVAILABLE));
        }
        if switches.limited > 0 {
            switches.limited -= 1;
            let mut refused = S::error(StatusCode::TOO_MANY_REQUESTS);
            let wait = HeaderValue::from(switches.retry_after);
            refused.headers_mut().insert(header::RETRY_AFTER, wait);
            return Some(refused);
        }
        let given = asked.headers.get(header::AUTHORIZATION);
        if switches.rejected || given.is_none_or(|given| given != S::AUTHORIZATION) {
            return Some(S::error(StatusCode::UNAUTHORIZED));
        }
        if switches.unshared {
            return Some(S::error(StatusCode::NOT_FOUND));
        }
        let is_refused = switches.read_only && S::changes(asked);
        is_refused.then(|| S::error(StatusCode::FORBIDDEN))
    }
}

/// State that all routes share.
#[derive(Debug, Default)]
struct Shared<S>(Mutex<World<S>>);

impl<S> Shared<S> {
    fn world(&self) -> MutexGuard<'_, World<S>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A running fake for tests: its address, and methods that change its state. Dropping it stops the server.
pub struct Fake<S> {
    shared: Arc<Shared<S>>,
    url: String,
    server: JoinHandle<io::Result<()>>,
}

impl<S: Service> Fake<S> {
    /// Starts a fake on a free local port.
    ///
    /// # Errors
    /// When no port is available.
    pub async fn start() -> io::Result<Self> {
        // Clients in tests need it before their first call; installing it again has no effect.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let shared = Arc::new(Shared::default());
        let routes = routes(Arc::clone(&shared));
        let server = tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(Self { shared, url, server })
    }

    /// Returns its address, for the configuration.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Changes the simulated faults.
    pub fn switch(&self, change: impl FnOnce(&mut Switches)) {
        change(&mut self.shared.world().switches);
    }

    /// Returns the number of requests.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.shared.world().calls
    }

    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut S) -> T) -> T {
        act(&mut self.shared.world().service)
    }
}

impl<S> Drop for Fake<S> {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Serves a fake with faults until the future is dropped.
pub(crate) async fn serve<S: Service>(listener: TcpListener, switches: Switches) -> io::Result<()> {
    let shared = Arc::new(Shared::<S>::default());
    shared.world().switches = switches;
    let at = format!("http://{}", listener.local_addr()?);
    platform::command::say(S::introduction(&at));
    axum::serve(listener, routes(shared)).await
}

fn routes<S: Service>(shared: Arc<Shared<S>>) -> Router {
    Router::new()
        .route("/_switches", get(switches::<S>).post(switch::<S>))
        .route(S::CARDS, get(cards::<S>))
        .fallback(answer::<S>)
        .with_state(shared)
}

/// Answers a request to the API.
async fn answer<S: Service>(
    State(shared): State<Arc<Shared<S>>>,
    (method, uri, headers): (Method, Uri, HeaderMap),
    body: Bytes,
) -> Response {
    let asked = BoardRequest {
        method,
        uri,
        headers,
        body: serde_json::from_slice(&body).unwrap_or_default(),
    };
    let mut world = shared.world();
    world.calls += 1;
    match world.refused(&asked) {
        Some(refused) => refused,
        None => S::answer(&mut world, &asked),
    }
}

async fn switches<S: Service>(State(shared): State<Arc<Shared<S>>>) -> Response {
    Json(shared.world().switches.clone()).into_response()
}

async fn switch<S: Service>(State(shared): State<Arc<Shared<S>>>, body: Bytes) -> Response {
    let mut world = shared.world();
    let mut all = json!(world.switches);
    let changes: Option<Value> = serde_json::from_slice(&body).ok();
    if let (Some(all), Some(Value::Object(changes))) = (all.as_object_mut(), changes) {
        all.extend(changes);
    }
    match serde_json::from_value(all) {
        Ok(changed) => {
            world.switches = changed;
            Json(world.switches.clone()).into_response()
        }
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()).into_response(),
    }
}

async fn cards<S: Service>(State(shared): State<Arc<Shared<S>>>) -> Response {
    Json(shared.world().service.cards()).into_response()
}
