//! A simulated GitHub: sign-in, people, repositories, pull requests, reviews and hooks share one state, so that a merge
//! shows in its API and delivers a signed hook. Faults of the real GitHub can be simulated: see [`Switches`].

mod ages;
mod answer;
mod apps;
mod bios;
mod calls;
mod change;
pub mod code;
mod community;
mod deliver;
mod demo;
mod finished;
mod graphql;
mod guard;
mod handle;
mod hooks;
mod installing;
mod issue_acts;
mod issue_texts;
mod issues;
mod labels;
mod manifest;
mod oauth;
mod past;
mod people;
mod pulls;
mod repos;
mod reviews;
mod routes;
mod search;
mod seeds;
mod stock;
mod switches;
mod world;

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use kernel::Clock;
use tokio::{net::TcpListener, sync::mpsc, task::JoinHandle};

pub use ages::usual_creation;
pub use answer::Refusal;
pub use apps::{APP_ID, APP_KEY};
pub use community::Community;
pub use finished::Finished;
pub use handle::FakeGithub;
pub use issues::IssueAct;
pub use seeds::{Start, introduction};
pub use switches::Switches;
pub use world::{ChangedFile, Role};

use deliver::Pending;
use world::World;

/// The initial state of a fake.
pub struct Options {
    /// The seed for delivery IDs, tokens and random faults.
    pub seed: u64,
    /// The source of its timestamps.
    pub clock: Arc<dyn Clock>,
    /// The OAuth app's name.
    pub client_id: String,
    /// The OAuth app's secret.
    pub client_secret: String,
    /// True to start with the demo season's projects, people and a few pull requests.
    pub seeded: bool,
    /// A large community to start with.
    pub community: Community,
    /// The initial faults.
    pub switches: Switches,
}

impl Options {
    /// Creates options for an empty fake without faults, with the app `guildhall` and the secret `fake-secret`.
    pub fn new(clock: impl Clock) -> Self {
        Self {
            seed: 1,
            clock: Arc::new(clock),
            client_id: String::from("guildhall"),
            client_secret: String::from("fake-secret"),
            seeded: false,
            community: Community::default(),
            switches: Switches::default(),
        }
    }
}

/// State that all routes share.
struct Shared {
    world: Mutex<World>,
    /// The address of the fake, without a trailing slash.
    base: String,
    client_id: String,
    client_secret: String,
    pending: Pending,
}

impl Shared {
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces the real API's address in JSON by the fake's.
    fn rebased(&self, json: &str) -> String {
        json.replace(crate::payloads::API, &self.base)
    }
}

/// A running fake. Dropping it ends both tasks.
struct Running {
    shared: Arc<Shared>,
    server: JoinHandle<io::Result<()>>,
    sender: JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.server.abort();
        self.sender.abort();
    }
}

fn start(listener: TcpListener, options: Options) -> io::Result<Running> {
    let base = format!("http://{}", listener.local_addr()?);
    let client = deliver::client()?;
    let (queue, parcels) = mpsc::unbounded_channel();
    let pending = Pending::new();
    let Options { seed, clock, client_id, client_secret, seeded, community, switches } = options;
    let mut world = World::new(seed, switches, clock, queue, pending.clone());
    if seeded {
        world.seed();
    }
    world.settle(community, seed).map_err(io::Error::other)?;
    let world = Mutex::new(world);
    let shared = Arc::new(Shared { world, base, client_id, client_secret, pending });
    let router = routes::router(Arc::clone(&shared));
    Ok(Running {
        server: tokio::spawn(async move { axum::serve(listener, router).await }),
        sender: tokio::spawn(deliver::run(Arc::clone(&shared), client, parcels)),
        shared,
    })
}

/// Serves a fake until the future is dropped.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener, options: Options) -> io::Result<()> {
    let mut running = start(listener, options)?;
    (&mut running.server).await.map_err(io::Error::other)?
}

#[cfg(test)]
mod tests;
