//! A simulated code host besides GitHub: Gitea, GitLab or Bitbucket Cloud, with the part of its API that reads code. Repositories come
//! from the stories of [`crate::fake_github::code`], with git's own SHAs. Faults can be simulated: see [`Switches`].

mod bitbucket;
mod control;
mod gitea;
mod gitlab;
mod guard;
mod handle;
mod reply;
mod switches;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{get, post},
};
use kernel::Clock;
use platform::SystemClock;
use tokio::net::TcpListener;

use crate::{fake_github::code::Library, rng::Rng};

pub use handle::FakeCodeHost;
pub use switches::Switches;

/// The token that the fake accepts, unless its options name another.
pub const TOKEN: &str = "fake-token";

/// How to use the fake, for the command line.
pub const HELP: &str = "Example:\n  guildhall fake code-host --kind gitea --limited 0.1\n\nPOST /_code adds a repository with its history: {\"repository\": \"gannet-crew/berthlist\", \"created_at\": \"2026-11-14T18:30:00Z\", \"pushes\": [{\"by\": \"ada\", \"commits\": [{\"author\": \"ada\", \"at\": \"2026-11-14T19:00:00Z\", \"message\": \"Begin\", \"files\": {\"README.md\": \"# Berths\"}}]}]}. POST /_code/OWNER/NAME pushes. GET /_switches shows the simulated faults, and POST /_switches changes them: {\"limited\": 0.5} refuses half of the requests. GET /_calls counts the calls.";

/// The API of a code host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum CodeHostKind {
    /// Gitea or Forgejo.
    Gitea,
    /// GitLab.
    Gitlab,
    /// Bitbucket Cloud.
    Bitbucket,
}

impl CodeHostKind {
    /// Returns its name in `GUILDHALL_CODE_HOSTS`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gitea => "gitea",
            Self::Gitlab => "gitlab",
            Self::Bitbucket => "bitbucket",
        }
    }
}

/// The initial state of a fake.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// API that is simulated
    #[arg(long, value_enum)]
    pub kind: CodeHostKind,
    /// Token with which private repositories are shown
    #[arg(long, default_value = TOKEN)]
    pub token: String,
    /// Seed for random faults
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The initial faults.
    #[command(flatten)]
    pub switches: Switches,
}

impl Options {
    /// Creates options for an empty fake without faults.
    #[must_use]
    pub fn new(kind: CodeHostKind) -> Self {
        Self { kind, token: TOKEN.to_owned(), seed: 1, switches: Switches::default() }
    }
}

/// Returns how to use a fake at this address, for the person who started it.
fn introduction(at: &str, options: &Options) -> String {
    let (at, kind) = (at.trim_end_matches('/'), options.kind.as_str());
    let host = at.split_once("://").map_or(at, |(_, host)| host);
    format!(
        "Fake {kind} listening at {at}
  GUILDHALL_CODE_HOSTS={kind}={at} GUILDHALL_CODE_HOST_TOKENS={host}={}",
        options.token
    )
}

/// State that all routes share.
struct Shared {
    kind: CodeHostKind,
    token: String,
    /// The address of the fake, without a trailing slash.
    base: String,
    library: Library,
    state: Mutex<CodeHostState>,
}

/// The faults and what was counted.
struct CodeHostState {
    switches: Switches,
    rng: Rng,
    calls: BTreeMap<String, u64>,
}

impl Shared {
    fn new(options: Options, base: String, clock: impl Clock) -> Arc<Self> {
        let state = CodeHostState {
            switches: options.switches,
            rng: Rng::new(options.seed),
            calls: BTreeMap::new(),
        };
        Arc::new(Self {
            kind: options.kind,
            token: options.token,
            base,
            library: Library::new(Arc::new(clock)),
            state: Mutex::new(state),
        })
    }

    fn state(&self) -> MutexGuard<'_, CodeHostState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Prints how to use a fake, and serves it until the future is dropped.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener, options: Options) -> io::Result<()> {
    let at = format!("http://{}/", listener.local_addr()?);
    platform::command::say(introduction(&at, &options));
    let base = format!("http://{}", listener.local_addr()?);
    axum::serve(listener, routes(Shared::new(options, base, SystemClock))).await
}

fn routes(shared: Arc<Shared>) -> Router {
    let api = Router::new()
        .fallback(guard::answer)
        .layer(from_fn_with_state(Arc::clone(&shared), guard::guard));
    Router::new()
        .route("/_switches", get(control::switches).post(control::switch))
        .route("/_code", post(control::create))
        .route("/_code/{*repository}", post(control::push))
        .route("/_calls", get(control::calls))
        .fallback_service(api.with_state(Arc::clone(&shared)))
        .with_state(shared)
}
