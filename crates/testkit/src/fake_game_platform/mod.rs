//! A simulated game platform with `MetaCTF`'s API: accounts, teams, solves and Flash CTFs share one state. Faults of the real
//! platform can be simulated: see [`Switches`].

#![expect(clippy::result_large_err, reason = "a refusal is a response")]

mod api;
mod book;
mod control;
mod guard;
mod handle;
mod sample;
mod switches;
#[cfg(test)]
mod tests;
mod world;

use std::{
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

pub use book::{Booking, FlashBooking};
pub use handle::FakeGamePlatform;
pub use sample::{EVENTS, FLASH_SOLVES, ODL_SOLVES, SampleTeam};
pub use switches::Switches;

use world::World;

/// The path of the API, below the address of the fake.
pub const API: &str = "/integrations/syned/v1";

/// The token that the fake accepts, unless its options name another.
pub const TOKEN: &str = "fake-token";

/// How to use the fake, for the command line.
pub const HELP: &str = "Example:\n  guildhall fake game-platform --latency-ms 200 --limited 0.1\n\nGET /_switches shows the simulated faults, and POST /_switches changes them: {\"drops\": 0.5} loses the answers of half of the POST requests that it has done. POST /_solves books solves: {\"syned_user_id\": ID, \"count\": 3}, or with the fields of a solve. POST /_flash books a Flash CTF. POST /_users/approve approves accounts. POST /_correct and /_vanish change and remove a solve by its challenge_solve_id. GET /_calls counts the calls.";

/// The initial state of a fake.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Seed for IDs, challenges and random faults
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Token that clients must send
    #[arg(long, default_value = TOKEN)]
    pub token: String,
    /// The initial faults.
    #[command(flatten)]
    pub switches: Switches,
}

impl Default for Options {
    fn default() -> Self {
        Self { seed: 1, token: TOKEN.to_owned(), switches: Switches::default() }
    }
}

/// Returns how to use a fake at this address, for the person who started it.
fn introduction(at: &str, options: &Options) -> String {
    let at = at.trim_end_matches('/');
    format!(
        "Fake game platform listening at {at}
  GAME_PLATFORM_API_BASE_URL={at}{API} GAME_PLATFORM_API_TOKEN={} GAME_PLATFORM_INTEGRATION_ENABLED=true",
        options.token
    )
}

/// State that all routes share.
struct Shared {
    world: Mutex<World>,
    token: String,
    clock: Box<dyn Clock>,
}

impl Shared {
    fn new(options: Options, clock: impl Clock) -> Arc<Self> {
        Arc::new(Self {
            world: Mutex::new(World::new(options.seed, options.switches)),
            token: options.token,
            clock: Box::new(clock),
        })
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the seconds since 1970.
    fn now(&self) -> i64 {
        self.clock.now().timestamp()
    }
}

/// Prints how to use a fake, and serves it until the future is dropped.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener, options: Options) -> io::Result<()> {
    let at = format!("http://{}/", listener.local_addr()?);
    platform::command::say(introduction(&at, &options));
    axum::serve(listener, routes(Shared::new(options, SystemClock))).await
}

fn routes(shared: Arc<Shared>) -> Router {
    let api = Router::new()
        .route("/", get(api::root))
        .route("/users", get(api::user).post(api::create_user))
        .route("/teams", post(api::create_team))
        .route("/teams/delete", post(api::delete_team))
        .route("/users/assign_team", post(api::assign))
        .route("/users/delete_assignment", post(api::unassign))
        .route("/users/get_team_assignments", get(api::assignments))
        .route("/scores/get_odl_scores", get(api::scores))
        .route("/scores/get_flash_ctf_progress", get(api::progress))
        .route("/auth/send_password_reset_email", post(api::reset))
        .layer(from_fn_with_state(Arc::clone(&shared), guard::guard));
    let with_slash = get(api::root).layer(from_fn_with_state(Arc::clone(&shared), guard::guard));
    let control = Router::new()
        .route("/integrations/syned/v1/", with_slash)
        .route("/_switches", get(control::switches).post(control::switch))
        .route("/_solves", post(control::solves))
        .route("/_flash", post(control::flash))
        .route("/_users/approve", post(control::approve))
        .route("/_correct", post(control::correct))
        .route("/_vanish", post(control::vanish))
        .route("/_calls", get(control::calls));
    Router::new().nest(API, api).merge(control).fallback(api::nowhere).with_state(shared)
}
