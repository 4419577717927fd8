//! Networks that are exempt from rate limits by client address for a time: those of places where many people work behind one address.
//! A module states them with [`set`]; limits by person and by token still hold. A process reads them again only when it would refuse
//! a request, at most every two seconds.

mod network;
mod store;
mod tables;

use std::{
    fmt,
    net::IpAddr,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

pub use network::read;
pub use store::{ExemptNetwork, in_effect, set};
pub(crate) use tables::migration;

use crate::{Context, config::Network};

/// How long the networks are used before they are read again.
const LOOKS_EVERY: Duration = Duration::from_secs(2);

/// The exempt networks as last read; clones share them.
#[derive(Clone)]
pub struct ExemptNetworks {
    context: Context,
    seen: Arc<RwLock<LoadedNetworks>>,
}

#[derive(Default)]
struct LoadedNetworks {
    networks: Arc<[Network]>,
    read_at: Option<Instant>,
}

impl ExemptNetworks {
    /// Returns the exempt networks of a database, which are not read yet.
    #[must_use]
    pub fn of(context: &Context) -> Self {
        Self { context: context.clone(), seen: Arc::default() }
    }

    /// Returns whether an address is in an exempt network now. When the database fails, the networks that were read last count.
    pub async fn contains(&self, address: IpAddr) -> bool {
        if self.is_due() {
            match in_effect(&self.context.db, self.context.now()).await {
                Ok(found) => self.write(|seen| {
                    seen.networks = found.into_iter().map(|it| it.network).collect();
                }),
                Err(error) => {
                    tracing::warn!(%error, "cannot read the exempt networks; using the last known ones");
                }
            }
        }
        let seen = self.seen.read().unwrap_or_else(PoisonError::into_inner);
        let networks = Arc::clone(&seen.networks);
        networks.iter().any(|network| network.contains(address))
    }

    /// Returns whether the networks are read again now. Of requests at once, one reads them.
    fn is_due(&self) -> bool {
        let now = Instant::now();
        let mut is_due = false;
        self.write(|seen| {
            is_due = seen.read_at.is_none_or(|at| now - at >= LOOKS_EVERY);
            if is_due {
                seen.read_at = Some(now);
            }
        });
        is_due
    }

    fn write(&self, change: impl FnOnce(&mut LoadedNetworks)) {
        change(&mut self.seen.write().unwrap_or_else(PoisonError::into_inner));
    }
}

impl fmt::Debug for ExemptNetworks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExemptNetworks").finish_non_exhaustive()
    }
}
