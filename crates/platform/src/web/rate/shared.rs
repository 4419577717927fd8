use std::{
    sync::{Arc, LazyLock, Mutex, PoisonError, RwLock},
    time::Duration,
};

use redis::{AsyncConnectionConfig, Client, RedisError, Script, aio::MultiplexedConnection};
use secrecy::{ExposeSecret as _, SecretString};

use super::{Charge, Who, breaker::Breaker, rule::Quota};

/// How long a request waits for Redis before this process counts by itself.
const PATIENCE: Duration = Duration::from_millis(10);
/// How long a new connection may take: longer than any request would wait.
const CONNECTING: Duration = Duration::from_secs(3);
/// Between two looks at a Redis that answers.
const LOOKS_EVERY: Duration = Duration::from_secs(1);
/// Between two looks at one that does not.
const TRIES_EVERY: Duration = Duration::from_millis(250);
/// Prefix of all keys: other programs may have theirs in the same Redis.
const PREFIX: &str = "guildhall:rate";

/// One script for a request, so that no other comes between its read and its write.
static COUNT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("shared.lua")));

/// Counts of all processes together, in Redis or a server with its protocol.
pub(super) struct Shared {
    client: Client,
    /// Made and renewed by [`manage`] alone: no request waits for a connection.
    connection: RwLock<Option<MultiplexedConnection>>,
    breaker: Mutex<Breaker>,
}

/// Why a call gave nothing.
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

/// Asks the Redis at an address once, as every request would.
///
/// # Errors
/// When it is gone, slow or wrong; says how.
pub async fn redis_answers(url: &SecretString) -> Result<(), String> {
    let shared = Shared::at(url).ok_or("REDIS_URL is not a valid Redis URL")?;
    let asked = async {
        shared.connect().await?;
        shared.probe().await
    };
    asked.await.map_err(|error| error.to_string())
}

impl Shared {
    fn at(url: &SecretString) -> Option<Self> {
        Some(Self {
            client: Client::open(url.expose_secret()).ok()?,
            connection: RwLock::default(),
            breaker: Mutex::default(),
        })
    }

    /// Begins to connect, and keeps the connection alive for as long as the result is held. Gives nothing
    /// for a bad address, which the configuration refuses.
    pub(super) fn start(url: &SecretString) -> Option<Arc<Self>> {
        let shared = Arc::new(Self::at(url)?);
        tokio::spawn(manage(Arc::downgrade(&shared)));
        Some(shared)
    }

    pub(super) fn goes_well(&self) -> bool {
        self.breaker().goes_well()
    }

    /// Counts a request for all processes; nothing when Redis is gone, slow or wrong. Then, and until it
    /// goes well again, no request waits for it.
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
            metrics::gauge!("guildhall_redis_up").set(if goes_well { 1.0 } else { 0.0 });
        }
        match (turn, outcome) {
            (Some(true), _) => {
                tracing::info!("Redis is available; requests are counted across all processes");
            }
            (Some(false), Err(error)) => tracing::warn!(
                %error,
                "cannot use Redis (REDIS_URL); each process counts requests on its own"
            ),
            _ => {}
        }
    }

    fn breaker(&self) -> std::sync::MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, connection: Option<MultiplexedConnection>) {
        let mut held = self
            .connection
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *held = connection;
    }

    /// Does what requests do, with a key that no request uses.
    async fn probe(&self) -> Result<(), Unusable> {
        let quota = Quota {
            name: "probe",
            per_minute: std::num::NonZeroU32::MAX,
        };
        let outcome = self.run(vec![(quota, format!("{PREFIX}:probe"))]).await;
        self.note(&outcome);
        outcome.map(drop)
    }

    async fn connect(&self) -> Result<(), Unusable> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECTING))
            .set_response_timeout(Some(CONNECTING));
        let connecting = self
            .client
            .get_multiplexed_async_connection_with_config(&config);
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

/// Connects, and connects anew when the connection is of no use, until it is no longer held.
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
        let rest = match shared.goes_well() {
            true => LOOKS_EVERY,
            false => TRIES_EVERY,
        };
        drop(shared);
        tokio::time::sleep(rest).await;
    }
}

fn key(charge: &Charge) -> String {
    let name = charge.quota.name;
    match charge.who {
        Who::Household(address) => format!("{PREFIX}:{name}:{address}"),
        Who::Person(id) | Who::Token(id) => format!("{PREFIX}:{name}:{id}"),
    }
}

/// Reads the script's answer: 1 or 0, and a debt for each key.
fn read(answer: &[i64], keys: usize) -> Option<(Vec<u64>, bool)> {
    let (let_in, debts) = answer.split_first()?;
    let debts: Option<Vec<u64>> = debts.iter().map(|debt| (*debt).try_into().ok()).collect();
    let debts = debts.filter(|debts| debts.len() == keys)?;
    matches!(let_in, 0 | 1).then_some((debts, *let_in == 1))
}

#[cfg(test)]
mod tests;
