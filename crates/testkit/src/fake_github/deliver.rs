use std::{io, sync::Arc, time::Duration};

use tokio::sync::{mpsc::UnboundedReceiver, watch};

use super::Shared;
use crate::delivery::sign;

/// GitHub's timeout for a delivery.
const PATIENCE: Duration = Duration::from_secs(10);
/// Time for which an overtaken delivery is held back.
const HOLD: Duration = Duration::from_millis(200);

/// A delivery to send.
#[derive(Clone)]
pub(super) struct Parcel {
    /// The ID of the repository, or of the App.
    pub(super) repo: i64,
    pub(super) hook: i64,
    /// True for a delivery of the App.
    pub(super) is_of_app: bool,
    pub(super) id: i64,
    pub(super) url: String,
    pub(super) secret: Option<String>,
    pub(super) guid: uuid::Uuid,
    pub(super) event: String,
    pub(super) body: Arc<str>,
    pub(super) redelivery: bool,
}

impl Parcel {
    fn target(&self) -> &'static str {
        if self.is_of_app { "integration" } else { "repository" }
    }
}

/// The number of deliveries that are queued or in flight.
#[derive(Clone)]
pub(super) struct Pending(Arc<watch::Sender<usize>>);

impl Pending {
    pub(super) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }

    pub(super) fn more(&self) {
        self.0.send_modify(|count| *count += 1);
    }

    pub(super) fn less(&self) {
        self.0.send_modify(|count| *count = count.saturating_sub(1));
    }

    /// Waits until no delivery is queued or in flight.
    pub(super) async fn none(&self) {
        let mut count = self.0.subscribe();
        // The sender lives in `self`, so waiting cannot fail.
        let _ = count.wait_for(|count| *count == 0).await;
    }
}

/// The random faults of one delivery.
struct Luck {
    dropped: bool,
    doubled: bool,
    held: bool,
}

/// Sends the queue, in order unless the switches say otherwise. Like GitHub, it never retries.
pub(super) async fn run(
    shared: Arc<Shared>,
    client: reqwest::Client,
    mut queue: UnboundedReceiver<Parcel>,
) {
    let mut held: Vec<Parcel> = Vec::new();
    loop {
        let next = if held.is_empty() {
            queue.recv().await
        } else {
            tokio::time::timeout(HOLD, queue.recv()).await.ok().flatten()
        };
        match next {
            Some(parcel) => {
                let luck = shared.luck(&parcel);
                if luck.held {
                    held.push(parcel);
                    continue;
                }
                deliver(&shared, &client, &parcel, &luck).await;
                shared.pending.less();
            }
            None if held.is_empty() => return,
            None => {}
        }
        for parcel in shared.shuffled(std::mem::take(&mut held)) {
            let luck = Luck { held: false, ..shared.luck(&parcel) };
            deliver(&shared, &client, &parcel, &luck).await;
            shared.pending.less();
        }
    }
}

impl Shared {
    fn luck(&self, parcel: &Parcel) -> Luck {
        let mut world = self.world();
        let switches = world.switches.clone();
        let mut happens = |share: f64| world.rng.fraction() < share;
        Luck {
            // An explicitly requested redelivery is never dropped.
            dropped: happens(switches.dropped) && !parcel.redelivery,
            doubled: happens(switches.doubled),
            held: happens(switches.shuffled),
        }
    }

    fn shuffled(&self, mut parcels: Vec<Parcel>) -> Vec<Parcel> {
        self.world().rng.shuffle(&mut parcels);
        parcels
    }
}

async fn deliver(shared: &Shared, client: &reqwest::Client, parcel: &Parcel, luck: &Luck) {
    if luck.dropped {
        return;
    }
    let mut status = post(client, parcel).await;
    if luck.doubled {
        status = post(client, parcel).await;
    }
    shared.world().sent(parcel, status);
}

async fn post(client: &reqwest::Client, parcel: &Parcel) -> u16 {
    let mut request = client
        .post(&parcel.url)
        .header("Accept", "*/*")
        .header("Content-Type", "application/json")
        .header("User-Agent", "GitHub-Hookshot/0f4k3d0")
        .header("X-GitHub-Event", &parcel.event)
        .header("X-GitHub-Delivery", parcel.guid.to_string())
        .header("X-GitHub-Hook-ID", parcel.hook.to_string())
        .header("X-GitHub-Hook-Installation-Target-ID", parcel.repo.to_string())
        .header("X-GitHub-Hook-Installation-Target-Type", parcel.target());
    if let Some(secret) = &parcel.secret {
        request = request.header("X-Hub-Signature-256", sign(secret, parcel.body.as_bytes()));
    }
    let answer = request.body(parcel.body.to_string()).send().await;
    answer.map_or(0, |answer| answer.status().as_u16())
}

/// Creates the client that posts deliveries.
pub(super) fn client() -> io::Result<reqwest::Client> {
    // Installing fails when a provider is already installed, which is just as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .timeout(PATIENCE)
        .retry(reqwest::retry::never())
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .map_err(io::Error::other)
}
