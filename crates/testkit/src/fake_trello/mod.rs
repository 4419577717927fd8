//! A simulated Trello with the part of its API that boards of teams are exported by: lists and cards of boards. Faults can be simulated: see
//! [`Switches`].

mod answer;
#[cfg(test)]
mod tests;

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

/// The API key that the fake accepts.
pub const KEY: &str = "fakekey";
/// The token that the fake accepts.
pub const TOKEN: &str = "faketoken";
/// The ID of the board that exists from the beginning.
pub const BOARD: &str = "harborboard";

/// How to use the fake, for the command line.
pub const HELP: &str = "Example:\n  guildhall fake trello\n  GUILDHALL_TRELLO_API_URL=http://127.0.0.1:8093 guildhall serve\n\nThe key is fakekey, the token faketoken, and the board harborboard. GET /_cards shows the cards. GET /_switches shows the simulated faults, and POST /_switches changes them: {\"limited\": 3} refuses the next three requests with 429.";

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
    /// Created cards whose response is lost
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub lost: u64,
    /// Reject the token with 401
    #[arg(long)]
    pub rejected: bool,
    /// Refuse changes with 403
    #[arg(long)]
    pub read_only: bool,
    /// Largest page of cards
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
            largest_page: 1_000,
        }
    }
}

/// A list of the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct List {
    /// The ID.
    pub id: String,
    /// The name.
    pub name: String,
}

/// A card of the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Card {
    /// The ID.
    pub id: String,
    /// The name.
    pub name: String,
    /// The description.
    pub desc: String,
    /// When it is due.
    pub due: Option<String>,
    /// True if it is archived.
    pub closed: bool,
    /// The list.
    #[serde(rename = "idList")]
    pub list: String,
}

/// The board, the faults and what was counted.
#[derive(Debug, Default)]
struct World {
    switches: Switches,
    lists: Vec<List>,
    cards: Vec<Card>,
    made: u64,
    calls: u64,
}

impl World {
    /// Returns an ID that is greater than all before it.
    fn next_id(&mut self) -> String {
        self.made += 1;
        format!("{:024x}", self.made)
    }
}

/// State that all routes share.
#[derive(Debug, Default)]
struct Shared(Mutex<World>);

impl Shared {
    fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A running fake for tests: its address, and methods that change its state. Dropping it stops the server.
pub struct FakeTrello {
    shared: Arc<Shared>,
    url: String,
    server: JoinHandle<io::Result<()>>,
}

impl FakeTrello {
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
        Ok(Self {
            shared,
            url,
            server,
        })
    }

    /// Returns its address, for `GUILDHALL_TRELLO_API_URL`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Changes the simulated faults.
    pub fn switch(&self, change: impl FnOnce(&mut Switches)) {
        change(&mut self.shared.world().switches);
    }

    /// Returns the lists of the board.
    #[must_use]
    pub fn lists(&self) -> Vec<List> {
        self.shared.world().lists.clone()
    }

    /// Returns the cards of the board, also those that are archived.
    #[must_use]
    pub fn cards(&self) -> Vec<Card> {
        self.shared.world().cards.clone()
    }

    /// Changes the cards, as a person at Trello would.
    pub fn edit(&self, change: impl FnMut(&mut Card)) {
        self.shared.world().cards.iter_mut().for_each(change);
    }

    /// Returns the number of requests.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.shared.world().calls
    }
}

impl Drop for FakeTrello {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Serves a fake with faults until the future is dropped.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener, switches: Switches) -> io::Result<()> {
    let shared = Arc::new(Shared::default());
    shared.world().switches = switches;
    platform::command::say(format_args!(
        "Fake Trello listening\n  GUILDHALL_TRELLO_API_URL=http://{}\n  Key {KEY}, token {TOKEN}, board {BOARD}",
        listener.local_addr()?
    ));
    axum::serve(listener, routes(shared)).await
}

fn routes(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/_switches", get(switches).post(switch))
        .route("/_cards", get(cards))
        .fallback(answer::answer)
        .with_state(shared)
}

async fn switches(State(shared): State<Arc<Shared>>) -> Response {
    Json(shared.world().switches.clone()).into_response()
}

async fn switch(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
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

async fn cards(State(shared): State<Arc<Shared>>) -> Response {
    Json(shared.world().cards.clone()).into_response()
}
