use std::{
    sync::{Arc, LazyLock, Mutex, PoisonError, RwLock},
    time::Duration,
};

use redis::{AsyncConnectionConfig, Client, RedisError, Script, aio::MultiplexedConnection};
use secrecy::{ExposeSecret as _, SecretString};

use super::{Charge, RateSubject, breaker::Breaker, rule::Quota};
use crate::telemetry::Metric;

/// The gauge of Redis: 1 while it is available, 0 otherwise.
pub(crate) const UP: Metric = Metric::gauge(
    "guildhall_redis_up",
    "1 while Redis is available, 0 otherwise; absent without Redis.",
);

/// How long a request waits for Redis before this process counts it alone.
const PATIENCE: Duration = Duration::from_millis(10);
/// How long connecting may take. This is longer than a request would wait.
const CONNECTING: Duration = Duration::from_secs(3);
/// How often a responding Redis is probed.
const LOOKS_EVERY: Duration = Duration::from_secs(1);
/// How often an unresponsive Redis is probed.
const TRIES_EVERY: Duration = Duration::from_millis(250);
/// Prefix of all keys, since other programs may share the Redis.
const PREFIX: &str = "guildhall:rate";

/// A script, so that the read and the write of a request are atomic.
static COUNT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("shared.lua")));

/// Request counts shared by all processes, in Redis or a compatible server.
pub(super) struct Shared {
    client: Client,
    /// Created and renewed only by [`manage`], so that no request waits for a connection.
    connection: RwLock<Option<MultiplexedConnection>>,
    breaker: Mutex<Breaker>,
}

/// The reason why a call failed.
#[derive(Debug, thiserror::Error)]
enum Unusable {
    #[error("Redis error: {0}")]
    Redis(#[from] RedisError),
    #[error("not connected")]
    Unconnected,
    #[error("no response within {PATIENCE:?}")]
    Slow,
    #[error("unexpected response")]
    Strange,
}

/// Checks the Redis at a URL once, in the same way as a request uses it.
///
/// # Errors
/// When it is unreachable, slow or incompatible. The error names its host and the cause.
pub async fn redis_answers(url: &SecretString) -> Result<(), String> {
    let shared = Shared::at(url).ok_or("(REDIS_URL is not a valid Redis URL)")?;
    let asked = async {
        shared.connect().await?;
        shared.probe().await
    };
    let place = shared.place();
    asked.await.map_err(|error| format!("at {place}: {error}"))
}

impl Shared {
    fn at(url: &SecretString) -> Option<Self> {
        Some(Self {
            client: Client::open(url.expose_secret()).ok()?,
            connection: RwLock::default(),
            breaker: Mutex::default(),
        })
    }

    /// Starts connecting, and maintains the connection for as long as the result is held. `None` if the URL is
    /// invalid, which the configuration rejects.
    pub(super) fn start(url: &SecretString) -> Option<Arc<Self>> {
        let shared = Arc::new(Self::at(url)?);
        tokio::spawn(manage(Arc::downgrade(&shared)));
        Some(shared)
    }

    /// Returns the host and port, never the password.
    fn place(&self) -> String {
        self.client.get_connection_info().addr().to_string()
    }

    pub(super) fn goes_well(&self) -> bool {
        self.breaker().goes_well()
    }

    /// Counts a request across all processes. `None` if Redis is unreachable, slow or incompatible; until it has
    /// recovered, no further request waits for it.
    pub(super) async fn count(&self, charges: &[Charge]) -> Option<(Vec<u64>, bool)> {
        if !self.goes_well() {
            return None;
        }
        let keys = charges.iter().map(|charge| (charge.quota, key(charge)));
        let counted = self.run(keys.collect()).await;
        self.note(&counted);
        counted.ok()
    }

    async fn run(&self, keys: Vec<(Quota, String)>) -> Result<(Vec<u64>, bool), Unusable> {
        let connection = self.connection.read();
        let connection = connection.unwrap_or_else(PoisonError::into_inner).clone();
        let mut connection = connection.ok_or(Unusable::Unconnected)?;
        let mut call = COUNT.prepare_invoke();
        for (quota, key) in &keys {
            call.key(key).arg(quota.per_minute.get());
        }
        let asked = tokio::time::timeout(PATIENCE, call.invoke_async(&mut connection)).await;
        let answer: Vec<i64> = asked.map_err(|_| Unusable::Slow)??;
        read(&answer, keys.len()).ok_or(Unusable::Strange)
    }

    fn note<T>(&self, outcome: &Result<T, Unusable>) {
        let turn = self.breaker().note(outcome.is_ok());
        if let Some(goes_well) = turn {
            UP.set(&[], if goes_well { 1.0 } else { 0.0 });
        }
        match (turn, outcome) {
            (Some(true), _) => {
                tracing::info!("Redis is available; requests are counted across all processes");
            }
            (Some(false), Err(error)) => tracing::warn!(
                "Cannot connect to Redis at {}: {error}; each process counts requests on its own",
                self.place()
            ),
            _ => {}
        }
    }

    fn breaker(&self) -> std::sync::MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, connection: Option<MultiplexedConnection>) {
        let mut held = self.connection.write().unwrap_or_else(PoisonError::into_inner);
        *held = connection;
    }

    /// Runs the script of a request, with a key that no request uses.
    async fn probe(&self) -> Result<(), Unusable> {
        let quota = Quota { name: "probe", per_minute: std::num::NonZeroU32::MAX };
        let outcome = self.run(vec![(quota, format!("{PREFIX}:probe"))]).await;
        self.note(&outcome);
        outcome.map(drop)
    }

    async fn connect(&self) -> Result<(), Unusable> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECTING))
            .set_response_timeout(Some(CONNECTING));
        let connecting = self.client.get_multiplexed_async_connection_with_config(&config);
        match connecting.await {
            Ok(connection) => {
                self.put(Some(connection));
                Ok(())
            }
            Err(error) => {
                let outcome = Err(error.into());
                self.note(&outcome);
                outcome
            }
        }
    }
}

/// Maintains the connection, and replaces it when it fails, until `shared` is dropped.
async fn manage(shared: std::sync::Weak<Shared>) {
    let mut is_connected = false;
    while let Some(shared) = shared.upgrade() {
        if !is_connected {
            is_connected = shared.connect().await.is_ok();
        }
        if is_connected && shared.probe().await.is_err() {
            is_connected = false;
            shared.put(None);
        }
        let rest = if shared.goes_well() { LOOKS_EVERY } else { TRIES_EVERY };
        drop(shared);
        tokio::time::sleep(rest).await;
    }
}

fn key(charge: &Charge) -> String {
    let name = charge.quota.name;
    match charge.who {
        RateSubject::Network(address) => format!("{PREFIX}:{name}:{address}"),
        RateSubject::Person(id) | RateSubject::Token(id) => format!("{PREFIX}:{name}:{id}"),
    }
}

/// Parses the script's response: 1 or 0, and a debt for each key.
fn read(answer: &[i64], keys: usize) -> Option<(Vec<u64>, bool)> {
    let (let_in, debts) = answer.split_first()?;
    let debts: Option<Vec<u64>> = debts.iter().map(|debt| (*debt).try_into().ok()).collect();
    let debts = debts.filter(|debts| debts.len() == keys)?;
    matches!(let_in, 0 | 1).then_some((debts, *let_in == 1))
}

#[cfg(test)]
mod tests;
