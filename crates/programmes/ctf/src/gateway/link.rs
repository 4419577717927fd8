use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use platform::{
    config::Config,
    crypto::digest,
    outside::{Circuit, Http},
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::{sync::Semaphore, time::Instant};

use super::{measure, throttle::Throttle};

/// The time limit of a whole answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The consecutive failures after which the platform is not called for a while, and that while.
const CIRCUIT: (u32, Duration) = (10, Duration::from_secs(30));

/// The shared state of all clients of one platform in a process: the connections, the token and the limits.
pub(super) struct Link {
    pub(super) base: String,
    /// Prefix of IDs of this server on the platform.
    pub(super) id_prefix: String,
    pub(super) token: SecretString,
    pub(super) http: Http,
    /// The largest answer, in bytes.
    pub(super) limit: usize,
    pub(super) throttle: Throttle,
    pub(super) slots: Semaphore,
    pub(super) circuit: Circuit,
    /// True once an answer with a cursor was seen to count solves from before it.
    pub(super) counts_all: AtomicBool,
    /// True while a task measures how the throttle fills.
    is_measured: AtomicBool,
}

/// How often it is measured how the throttle fills while nothing is sent.
const MEASURES_EVERY: Duration = Duration::from_secs(1);

/// The links in use, by the digest of their settings, so that the server, its workers and the health page share the limits.
static LINKS: Mutex<BTreeMap<Vec<u8>, Weak<Link>>> = Mutex::new(BTreeMap::new());

impl Link {
    /// Returns the link of the configured platform, if there is one.
    pub(super) fn of(config: &Config) -> Option<Arc<Self>> {
        let base = config.game_platform_api_base_url.as_deref()?;
        let token = config.game_platform_api_token.as_ref()?;
        let (rate, at_once) =
            (config.game_platform_requests_per_minute, config.game_platform_concurrency);
        let limit = config.game_platform_answer_bytes;
        let prefix = &config.game_platform_id_prefix;
        let settings =
            format!("{base}\n{}\n{prefix}\n{rate}\n{at_once}\n{limit}", token.expose_secret());
        let key = digest(settings.as_bytes());
        let mut links = LINKS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(link) = links.get(&key).and_then(Weak::upgrade) {
            return Some(link);
        }
        let link =
            Self { id_prefix: prefix.clone(), ..Self::new(base, token, rate, at_once, limit) };
        let link = Arc::new(link);
        measure::remaining(link.throttle.full());
        links.retain(|_, link| link.strong_count() > 0);
        links.insert(key, Arc::downgrade(&link));
        Some(link)
    }

    /// Creates a link with a number of requests per minute and at once, and the largest answer in bytes.
    pub(super) fn new(
        base: &str,
        token: &SecretString,
        rate: u64,
        at_once: usize,
        limit: usize,
    ) -> Self {
        Self {
            base: base.to_owned(),
            id_prefix: String::new(),
            token: token.clone(),
            http: Http::new(PATIENCE),
            limit,
            throttle: Throttle::new(rate),
            slots: Semaphore::new(at_once.clamp(1, Semaphore::MAX_PERMITS)),
            circuit: Circuit::new(CIRCUIT.0, CIRCUIT.1),
            counts_all: AtomicBool::new(false),
            is_measured: AtomicBool::new(false),
        }
    }

    /// States how many requests may be sent at once, now and until the throttle is full: a call states it once, and nothing else
    /// would after the last one.
    pub(super) fn measure(self: &Arc<Self>) {
        measure::remaining(self.throttle.left(Instant::now()));
        if self.is_measured.swap(true, Relaxed) {
            return;
        }
        let link = Arc::downgrade(self);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(MEASURES_EVERY).await;
                let Some(link) = link.upgrade() else { return };
                // A call from here on starts another task, or is seen by this one.
                link.is_measured.store(false, Relaxed);
                let left = link.throttle.left(Instant::now());
                measure::remaining(left);
                if left >= link.throttle.full() || link.is_measured.swap(true, Relaxed) {
                    return;
                }
            }
        });
    }
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link").field("base", &self.base).finish_non_exhaustive()
    }
}
